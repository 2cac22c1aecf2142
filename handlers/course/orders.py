"""What an ombudsman told the landlord about a case: kept with its date, followed to its end, shown in a register (Code 2.4, 9.7).

An instruction to take a complaint on opens it again, with its dates from the day of the instruction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.managers import liaison_for
from handlers.course.order_kinds import KINDS, TAKE_ON, offices
from handlers.course.reopening import Again, taken_on
from handlers.deadlines import end_of
from handlers.landlord import Office
from handlers.letter_words import day
from handlers.named import NamedPerson, known
from handlers.rows import Row
from store.act_rows import close_tasks_by_ids
from store.course_models import OmbudsmanOrder
from store.marks import close_tasks
from store.models import Task

DATED = frozenset({"order", "information"})
"""Kinds that have a date."""
NOTHING_TO_DO = frozenset({"determination", TAKE_ON})
"""Kinds that are done as they are kept."""
TASK, OVERDUE = "ombudsman_order", "ombudsman_overdue"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What we were told: by which office, what kind of thing, when, in words, and by when."""

    office: str
    kind: str
    told_on: date
    what: str
    due_on: date | None = None


def record(course: Course, case_id: int, by: NamedPerson, told: Told) -> int:
    """Keep what an ombudsman told us; where something is to be done, a task is due on its date."""
    what = reasoned(told.what, "what")
    office = offices(course.acts.landlord).get(told.office)
    if office is None:
        raise Refused("Choose the ombudsman", "office")
    if told.kind not in KINDS:
        raise Refused("Choose what they told us", "kind")
    with course.acts.on(case_id, by.username) as act:
        known(act.unit, by)
        _require_dates(told, london_day(act.now))
        if told.kind == TAKE_ON:
            return _instructed(course, act, told, office)
        number = _kept(act, told, what)
        act.tell("ombudsman_told", what, office=office.name, order_kind=told.kind, due_on=_iso(told.due_on), order=number)
        return act.done(f"Kept what the {office.name} told us.")


def finish(course: Course, case_id: int, by: NamedPerson, order_id: int, outcome: str) -> int:
    """Keep that what was ordered is done, and what shows it; its tasks are finished with it."""
    outcome = reasoned(outcome, "outcome")
    with course.acts.on(case_id, by.username) as act:
        known(act.unit, by)
        found = act.unit.find(OmbudsmanOrder, id=order_id, case_id=case_id)
        if not found:
            raise Refused("There is no such order on this case")
        if found[0].done_at is not None:
            raise Stale(f"{found[0].done_by} kept already that it is done")
        act.unit.update(OmbudsmanOrder, order_id, done_at=act.now, done_by=act.by, outcome=outcome)
        _finish_tasks(act, found[0])
        late = found[0].due_on is not None and london_day(act.now) > found[0].due_on
        act.tell("ombudsman_order_done", outcome, order=order_id, late=late)
        return act.done("Kept that it is done.")


def _instructed(course: Course, act: Act, told: Told, office: Office) -> int:
    """Take the complaint on, as we were told to (Code 2.4): its dates run from the day of the instruction."""
    _kept(act, told, told.what.strip())
    act.tell("ombudsman_told", told.what.strip(), office=office.name, order_kind=told.kind)
    said = taken_on(course, act, Again(source="ombudsman", told_on=told.told_on, why=told.what.strip(), office=office.name))
    return act.done(f"{act.case.reference} is open again, as the {office.name} told us. {said}")


def _require_dates(told: Told, today: date) -> None:
    if told.told_on > today:
        raise Refused("Give a day that has come", "told_on")
    if told.kind in DATED and told.due_on is None:
        raise Refused("Say by when it is to be done", "due_on")
    if told.due_on is not None and told.due_on < told.told_on:
        raise Refused("It cannot be due before we were told", "due_on")


def _kept(act: Act, told: Told, what: str) -> int:
    done = told.kind in NOTHING_TO_DO
    row: dict[str, Any] = {
        "case_id": act.case_id,
        "office": told.office,
        "kind": told.kind,
        "told_on": told.told_on,
        "what": what,
        "due_on": told.due_on,
        "task_id": None if done else _task(act, told, what),
        "by": act.by,
        "at": act.now,
        "done_at": act.now if done else None,
        "done_by": act.by if done else None,
        "outcome": "kept" if done else None,
    }
    (number,) = act.unit.insert(OmbudsmanOrder, [row])
    return number


def _task(act: Act, told: Told, what: str) -> int:
    due = end_of(told.due_on) if told.due_on is not None else act.now
    why = f"the Ombudsman told us on {day(told.told_on)}: {what}"
    row: Row = {"kind": TASK, "case_id": act.case_id, "team": act.case.team, "why": why}
    row |= {"assigned_to": liaison_for(act.unit, act.case, act.now) or act.case.assigned_to}
    (number,) = act.unit.insert(Task, [row | {"opened_at": act.now, "due_at": due}])
    return number


def _finish_tasks(act: Act, order: OmbudsmanOrder) -> None:
    if order.task_id is not None:
        close_tasks_by_ids(act.unit, [order.task_id], at=act.now, by=act.by, outcome="done as ordered")
    left = act.unit.find(OmbudsmanOrder, case_id=act.case_id, done_at=None)
    if not any(one.warned_at is not None for one in left):
        close_tasks(act.unit, act.case_id, (OVERDUE,), at=act.now, by=act.by, outcome="done as ordered")


def _iso(on: date | None) -> str:
    return on.isoformat() if on is not None else ""
