"""The clocks of one hazard, beside those of its case: each set, met and replaced by itself, for a case may have several hazards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from handlers.calendar import WorkingCalendar
from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.deadlines import OWN, by_rule, end_of, explain
from handlers.hazards.catalogue import hazards
from handlers.rows import Row, deadline_row, event_row
from store.hazard_models import Hazard
from store.models import Deadline
from store.unit import Unit

FIRST: dict[str, str] = {"emergency": "hazard_emergency", "significant": "hazard_investigate"}
"""The clock that runs from when we became aware, by the level (SI 2025/1042)."""
AFTER: dict[str, tuple[str, ...]] = {
    "emergency": ("hazard_summary", "hazard_begin"),
    "significant": ("hazard_summary", "hazard_make_safe", "hazard_begin"),
}
"""The clocks that run from the end of the investigation; an emergency is made safe within its 24 hours."""
SAFE = ("hazard_emergency", "hazard_make_safe")
ALL = ("hazard_emergency", "hazard_investigate", "hazard_summary", "hazard_make_safe", "hazard_begin")
Start = datetime | date


def set_clocks(act: Act, hazard: Hazard, rules: Collection[str], start: Start, calendar: WorkingCalendar) -> dict[str, date]:
    """Set these clocks from this start and keep which they are; return their dates, each told by an event."""
    law = hazards()[hazard.kind].binds(hazard.level, london_day(hazard.aware_at))
    dues = [by_rule(rule, start, calendar) for rule in rules]
    dues = dues if law else [replace(due, provision=f"{OWN}, as SI 2025/1042 would have it") for due in dues]
    ids = act.unit.insert(Deadline, [deadline_row(act.case_id, due, act.now) for due in dues])
    clocks = hazard.clocks | {due.rule: number for due, number in zip(dues, ids, strict=True)}
    act.unit.update(Hazard, hazard.id, clocks=clocks)
    hazard.clocks = clocks
    for due in dues:
        act.tell(
            "deadline_set", "a hazard's clock", rule=due.rule, due_on=due.due_on.isoformat(), hazard=hazard.id, sum=explain(due)
        )
    return {due.rule: due.due_on for due in dues}


def running(unit: Unit, hazard: Hazard, rules: Collection[str] = ALL) -> list[Deadline]:
    """Return which of a hazard's own clocks still run."""
    ids = [number for rule, number in hazard.clocks.items() if rule in rules]
    return unit.find(Deadline, id=ids, met_at=None, superseded_at=None) if ids else []


def meet(unit: Unit, hazard: Hazard, rules: Collection[str], at: datetime, why: str) -> list[Row]:
    """Mark those of a hazard's clocks that run by these rules as met at this time; return the events that tell of it."""
    rows = running(unit, hazard, rules)
    for row in rows:
        unit.update(Deadline, row.id, met_at=at)
    return [event_row(hazard.case_id, "deadline_met", why, at, **_told(hazard, row, at)) for row in rows]


def met(act: Act, hazard: Hazard, rules: Collection[str], at: datetime, why: str) -> list[str]:
    """Do the same in a person's act, and tell it; return the rules of which the date had passed."""
    rows = running(act.unit, hazard, rules)
    for row in rows:
        act.unit.update(Deadline, row.id, met_at=at)
        act.tell("deadline_met", why, **_told(hazard, row, at))
    return [row.rule for row in rows if at > row.due_at]


def end_clocks(act: Act, hazard: Hazard, rules: Collection[str], why: str) -> None:
    """Replace what still runs of a hazard by an audited act: it is owed no more, and why stands on the case."""
    for row in running(act.unit, hazard, rules):
        act.unit.update(Deadline, row.id, superseded_at=act.now)
        act.tell("deadline_ended", why, rule=row.rule, due_on=row.due_on.isoformat(), hazard=hazard.id)


def moment(act: Act, on: date, hazard: Hazard, field: str = "on") -> datetime:
    """Return the instant that a date without a time counts as: the end of that day, or now if it is today."""
    if on > london_day(act.now):
        raise Refused("Give a date that is not in the future", field)
    if on < london_day(hazard.aware_at):
        raise Refused("Give a date that is not before we knew of the hazard", field)
    return min(act.now, end_of(on))


def _told(hazard: Hazard, row: Deadline, at: datetime) -> Row:
    return {"rule": row.rule, "due_on": row.due_on.isoformat(), "late": at > row.due_at, "hazard": hazard.id}
