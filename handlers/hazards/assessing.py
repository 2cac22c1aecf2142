"""A person says what a reported danger is: that sets the clocks of Awaab's Law, from when we became aware (SI 2025/1042)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.dangers import ASSESS
from handlers.hazards.catalogue import LEVELS, RUNNING, TENURES, hazards, what_binds
from handlers.hazards.clocks import ALL, FIRST, end_clocks, set_clocks
from handlers.hazards.taken import take_calls
from handlers.rows import Row
from store.hazard_models import Hazard
from store.marks import close_tasks
from store.models import Message, Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessed:
    """What a person found: how dangerous, what it is, whose home it is, and why."""

    level: str
    kind: str
    tenure: str
    reasons: str

    def checked(self) -> Assessed:
        """Return it whole, or refuse what is missing or does not go together."""
        if self.level not in LEVELS:
            raise Refused("Choose how dangerous it is", "level")
        if self.kind not in hazards():
            raise Refused("Choose what kind of hazard it is", "kind")
        if self.tenure not in TENURES:
            raise Refused("Choose whose home it is", "tenure")
        if self.level in RUNNING and self.tenure == "not_tenant":
            raise Refused(
                "The law protects our tenants: for anybody else choose “outside this law”, and say what you do", "level"
            )
        reasons = reasoned(self.reasons, "reasons")
        return Assessed(level=self.level, kind=self.kind, tenure=self.tenure, reasons=reasons)


def assess(course: Course, case_id: int, by: str, found: Assessed, *, message_id: int | None = None) -> int:
    """Keep a first assessment of what a message told of; we are aware since that message was received."""
    require_person(by)
    found = found.checked()
    with course.acts.on(case_id, by) as act:
        message = _told_by(act, message_id)
        hazard = _kept(act, found, message)
        said = _set(act, course, hazard, message.received_at)
        _close(act, found)
        return act.done(f"{_said(found)} {said}".strip())


def assess_again(
    course: Course, case_id: int, by: str, found: Assessed, *, hazard_id: int, message_id: int | None = None
) -> int:
    """Assess a hazard anew after a material change: what ran for it ends, and what is owed now runs from the news of the change."""
    require_person(by)
    found = found.checked()
    with course.acts.on(case_id, by) as act:
        old = hazard_of(act, hazard_id)
        message = _told_by(act, message_id, latest=True)
        hazard = _kept(act, found, message)
        why = f"assessed again after a change: {found.reasons}"
        end_clocks(act, old, ALL, why)
        act.unit.update(Hazard, old.id, replaced_by=hazard.id, ended_at=act.now)
        act.tell("hazard_changed", why, hazard=old.id, became=hazard.id)
        said = _set(act, course, hazard, max(message.received_at, old.aware_at))
        _close(act, found)
        return act.done(f"{_said(found)} {said}".strip())


def hazard_of(act: Act, hazard_id: int) -> Hazard:
    """Return a hazard of the case that is still open, or refuse."""
    found = act.unit.find(Hazard, id=hazard_id, case_id=act.case_id)
    if not found:
        raise Refused("There is no such hazard on this case")
    if found[0].replaced_by is not None:
        raise Refused("This hazard was assessed again since: act on the later assessment")
    if found[0].level not in RUNNING:
        raise Refused("It was found to be no hazard of ours, so nothing runs for it: if that has changed, assess a new hazard")
    return found[0]


def _told_by(act: Act, message_id: int | None, *, latest: bool = False) -> Message:
    """Return the message by which we became aware: the one named, else what the open task is about, else first or latest."""
    messages = act.unit.find(Message, case_id=act.case_id)
    if message_id is None:
        tasks = act.unit.find(Task, case_id=act.case_id, kind=ASSESS, closed_at=None)
        message_id = next((task.message_id for task in tasks if task.message_id), None)
    named = [message for message in messages if message.id == message_id]
    found = named or sorted(messages, key=lambda message: message.received_at, reverse=latest)
    if not found:
        raise Refused("No message stands on this case, so nothing says since when we know")
    return found[0]


def _kept(act: Act, found: Assessed, message: Message) -> Hazard:
    aware: datetime = message.received_at
    row: Row = {
        "case_id": act.case_id,
        "message_id": message.id,
        "kind": found.kind,
        "level": found.level,
        "tenure": found.tenure,
    }
    row |= {"reasons": found.reasons, "aware_at": aware, "by": act.by, "at": act.now}
    ended = None if found.level in RUNNING else act.now
    (number,) = act.unit.insert(Hazard, [row | {"ended_at": ended}])
    details: Row = {
        "hazard": number,
        "hazard_kind": found.kind,
        "level": found.level,
        "tenure": found.tenure,
        "aware_at": aware,
    }
    act.tell("hazard_assessed", found.reasons, **details)
    kept = act.unit.get(Hazard, number)
    if kept is None:
        raise ValueError("a hazard that was just added")
    return kept


def _set(act: Act, course: Course, hazard: Hazard, aware_at: datetime) -> str:
    """Set the first clock, and say what it is; where an emergency's 24 hours are over already, the clock stands overdue."""
    if hazard.level not in RUNNING:
        return ""
    rule = FIRST[hazard.level]
    act.unit.update(Hazard, hazard.id, aware_at=aware_at)
    hazard.aware_at = aware_at
    due = set_clocks(act, hazard, (rule,), aware_at, course.acts.calendar)[rule]
    return f"It is owed by {due.day} {due:%B %Y}. {what_binds(hazard.kind, hazard.level, london_day(aware_at))}"


def _close(act: Act, found: Assessed) -> None:
    """Finish the task that asked; whoever assessed an emergency has it, so nobody else is called."""
    outcome = f"assessed as {found.level}"
    if not close_tasks(act.unit, act.case_id, (ASSESS,), at=act.now, by=act.by, outcome=outcome):
        # What nobody had asked is kept as asked and answered: the case page finds hazards by it.
        row = {"kind": ASSESS, "case_id": act.case_id, "team": act.case.team, "why": "seen by a person", "opened_at": act.now}
        row |= {"due_at": act.now, "closed_at": act.now, "closed_by": act.by, "outcome": outcome}
        act.unit.add(Task, [row])
    take_calls(act, "assessed it")


def _said(found: Assessed) -> str:
    return {
        "emergency": "Kept as an emergency hazard.",
        "significant": "Kept as a significant hazard.",
        "none": "Kept as no hazard.",
        "outside": "Kept as outside this law.",
    }[found.level]
