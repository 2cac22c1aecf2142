"""The written summary to the named tenant: written by a person, met when the letter has gone or was given by hand (SI 2025/1042)."""

from __future__ import annotations

from datetime import date

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.hazards.assessing import hazard_of
from handlers.hazards.catalogue import name_of
from handlers.hazards.clocks import met, moment, running
from handlers.hazards.letters import SUMMARY, HazardSummary
from handlers.hazards.sent import ended
from handlers.letter_blocks import blocks
from store.chain import append_events
from store.hazard_models import Hazard
from store.models import OutboxEntry

LONGEST_NAME = 120


def send_summary(course: Course, case_id: int, by: str, hazard_id: int, *, tenant: str, found: str, doing: str) -> int:
    """Write the summary to the tenant by name: what was found, and what is done by when; its clock is met when it has gone."""
    require_person(by)
    tenant = tenant.strip()
    if not tenant or len(tenant) > LONGEST_NAME:
        raise Refused("Give the tenant's name: the summary is owed to the named tenant", "tenant")
    found = reasoned(found, "found", "Write what was found")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        if hazard.investigated_on is None:
            raise Refused("Keep first that it was looked at, and what was found")
        if not doing.strip() and running(act.unit, hazard, ("hazard_make_safe", "hazard_emergency", "hazard_begin")):
            raise Refused("Say what will be done and by when", "doing")
        more = _summary(act, hazard, tenant, found, doing)
        posted = course.posting.put(act, SUMMARY, more, of=_number(act))
        act.unit.update(Hazard, hazard.id, letter_id=posted.letter_id)
        act.tell("hazard_summary_written", "the written summary was written", hazard=hazard.id)
        return act.done(f"Summary written. {posted.said}")


def summary_given(course: Course, case_id: int, by: str, hazard_id: int, *, on: date, how: str) -> int:
    """Keep that the tenant has the summary in writing by another way than our letters, such as on paper at the visit."""
    require_person(by)
    how = reasoned(how, "how", "Write how the tenant got it")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        if hazard.investigated_on is None:
            raise Refused("Keep first that it was looked at, and what was found")
        if hazard.summary_sent_at is not None:
            raise Refused("That the tenant has it is kept already")
        at = moment(act, on, hazard)
        act.unit.update(Hazard, hazard.id, summary_sent_at=at)
        act.tell("hazard_summary_given", how, hazard=hazard.id, on=on.isoformat())
        met(act, hazard, ("hazard_summary",), at, "the tenant has the written summary")
        append_events(act.unit, ended(act.unit, hazard.id or 0, act.now, act.by))
        return act.done("Kept: the tenant has the summary.")


def _summary(act: Act, hazard: Hazard, tenant: str, found: str, doing: str) -> HazardSummary:
    owed = {row.rule: row.due_on for row in running(act.unit, hazard)}
    # Of an emergency that still has to be made safe, the 24 hours end on a day too.
    safe_by = owed.get("hazard_make_safe") or owed.get("hazard_emergency")
    looked_on = hazard.investigated_on or london_day(act.now)
    return HazardSummary(
        tenant=tenant,
        hazard_name=name_of(hazard.kind),
        looked_on=looked_on,
        found=blocks(found),
        doing=blocks(doing),
        safe_on=london_day(hazard.safe_at) if hazard.safe_at else None,
        safe_by=safe_by if hazard.safe_at is None else None,
        begin_by=owed.get("hazard_begin"),
    )


def _number(act: Act) -> int:
    """Return a number that no earlier summary of the case has: each stands on the case by itself."""
    written = [letter for letter in act.unit.find(OutboxEntry, case_id=act.case_id) if letter.kind.startswith(SUMMARY)]
    return len(written) + 1
