"""Which cases and messages a person may open; opening a restricted one is an event, and colleagues see who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import HTTPException

from desk.web.desk import Desk
from desk.web.rights import Person
from handlers import references
from handlers.rows import event_row
from store.chain import append_events
from store.desk_models import CaseStaff, Looking
from store.models import Case, Message, Task
from store.staff_rows import look_at, lookers
from store.unit import Glance

THERE = timedelta(minutes=2)
"""Somebody who asked for a case so lately is shown as looking at it."""
NOTED_AGAIN = timedelta(seconds=20)
READ_AGAIN = timedelta(minutes=15)
"""A restricted case opened again after so long is a new reading."""
NOT_FOUND = HTTPException(404)
"""The same answer whether there is no such case or one that is closed to the person: a guess teaches nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A case that a person opened, and the names of colleagues who have it open too."""

    case: Case
    others: tuple[str, ...]


def may_open(glance: Glance, case: Case, person: Person) -> bool:
    """Return whether the case is open to the person: a restricted one to those let in, managers and auditors."""
    if not case.restricted or person.sees_restricted:
        return True
    return bool(glance.find(CaseStaff, case_id=case.id, username=person.username, relation="let_in"))


def open_case(desk: Desk, person: Person, reference: str) -> Opened:
    """Open the case of this reference (as typed) for a person, or raise 404; note that they look, and a restricted reading."""
    try:
        name = str(references.parse(reference))
    except references.NotAReference as error:
        raise NOT_FOUND from error
    with desk.glance() as glance:
        found = glance.find(Case, reference=name)
    if not found:
        raise NOT_FOUND
    return opened(desk, person, found[0])


def open_case_id(desk: Desk, person: Person, case_id: int) -> Opened:
    """Do as ``open_case`` for a case's number."""
    with desk.glance() as glance:
        case = glance.get(Case, case_id)
    if case is None:
        raise NOT_FOUND
    return opened(desk, person, case)


def open_message(desk: Desk, person: Person, message_id: int) -> Message:
    """Return a message that the person may read, or raise 404; its case counts as opened."""
    with desk.glance() as glance:
        message = glance.get(Message, message_id)
    if message is None:
        raise NOT_FOUND
    if message.case_id is not None:
        open_case_id(desk, person, message.case_id)
    return message


def open_task(desk: Desk, person: Person, task_id: int) -> Task:
    """Return a task that the person may see, open or closed, or raise 404; its case counts as opened."""
    with desk.glance() as glance:
        task = glance.get(Task, task_id)
    if task is None:
        raise NOT_FOUND
    if task.case_id is not None:
        open_case_id(desk, person, task.case_id)
    elif task.message_id is not None:
        open_message(desk, person, task.message_id)
    return task


def opened(desk: Desk, person: Person, case: Case) -> Opened:
    """Return the case as opened by the person, or raise 404."""
    now, case_id = desk.now(), case.id or 0
    with desk.glance() as glance:
        if not may_open(glance, case, person):
            raise NOT_FOUND
        before = glance.get(Looking, (case_id, person.staff_id))
        others = tuple(staff.name for staff in lookers(glance, case_id, now - THERE, person.staff_id))
    seen = before.seen_at if before else None
    if seen is None or now - seen > NOTED_AGAIN:
        _note(desk, person, case, seen, now)
    return Opened(case=case, others=others)


def _note(desk: Desk, person: Person, case: Case, seen: datetime | None, now: datetime) -> None:
    with desk.house.store.unit("desk") as unit:
        look_at(unit, case.id or 0, person.staff_id, now)
        if case.restricted and (seen is None or now - seen > READ_AGAIN):
            why = "opened a restricted case"
            append_events(unit, [event_row(case.id or 0, "restricted_read", why, now, person.username)])
        unit.commit()
