"""What the case page asks of the store: everything that happened to one case, newest first and a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Select, and_, case, delete, or_, select, update

from store.desk_models import CaseLink, Note, Staff
from store.models import Case, CaseEvent, Disposition, Message, OutboxEntry, Table, Task
from store.queue_rows import may_see
from store.rows import built, columns, core, whole
from store.unit import Glance, Unit

T = TypeVar("T", bound=Table)

TOLD_BY_EVENTS = ("receipt", "withdrawal", "blocked", "back")
"""Acts by chat without words of their own."""
READ = "restricted_read"
"""The event of somebody opening a restricted case; it is shown in a list of its own."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Moment:
    """A place in what happened: what bears the same time is told apart by its kind's rank, then by its number."""

    at: datetime
    rank: int
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """A case that has to do with another, and who said so; ``id`` is the link's."""

    id: int
    why: str
    by: str
    at: datetime
    case_id: int
    reference: str
    subject: str
    status: str
    category: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who works at the desk, or did."""

    username: str
    name: str
    disabled_at: datetime | None


def colleagues(glance: Glance) -> list[Colleague]:
    """Return everybody who ever had an account, by name."""
    staff = columns(Staff)
    return [Colleague(**row) for row in glance.run(_colleagues(staff)).mappings()]


def _colleagues(staff: Any) -> Select[Any]:
    return select(staff.username, staff.name, staff.disabled_at).order_by(staff.name, staff.username)


def tasks_of(glance: Glance, case_id: int) -> list[Task]:
    """Return all tasks of a case, open and closed, in the order in which they were opened."""
    statement = whole(Task).where(columns(Task).case_id == case_id).order_by(columns(Task).id)
    return _to_read(glance, statement)


def _to_read(glance: Glance, statement: Select[Any]) -> list[Any]:
    """Return rows that read like objects of their table, and are none: to make such an object takes as long as ten rows."""
    return glance.all(statement)


def as_message(row: Message) -> Message:
    """Return a row that was found here as an object of its table."""
    return built(Message, cast("Any", row)._mapping)  # noqa: SLF001  # the library's own name for a row's columns by name


def messages_before(glance: Glance, case_id: int, rank: int, before: Moment | None, limit: int) -> list[Message]:
    """Return the latest messages of a case that came before a moment, without those that events tell of, or other messages hold."""
    message = columns(Message)
    said = or_(message.act.is_(None), message.act.not_in(TOLD_BY_EVENTS))
    whole_ones = or_(message.disposition.is_(None), message.disposition != Disposition.PART)
    return _before(glance, Message, message.received_at, _Asked(case_id, rank, before, limit), said, whole_ones)


def letters_before(glance: Glance, case_id: int, rank: int, before: Moment | None, limit: int) -> list[OutboxEntry]:
    """Return the latest letters of a case that were written before a moment."""
    return _before(glance, OutboxEntry, columns(OutboxEntry).created_at, _Asked(case_id, rank, before, limit))


def notes_before(glance: Glance, case_id: int, rank: int, before: Moment | None, limit: int) -> list[Note]:
    """Return the latest notes of a case from before a moment."""
    return _before(glance, Note, columns(Note).at, _Asked(case_id, rank, before, limit))


def events_before(
    glance: Glance, case_id: int, rank: int, before: Moment | None, limit: int, *, but: tuple[str, ...]
) -> list[CaseEvent]:
    """Return the latest events of a case from before a moment, those of some kinds left out."""
    asked = _Asked(case_id, rank, before, limit)
    return _before(glance, CaseEvent, columns(CaseEvent).at, asked, columns(CaseEvent).kind.not_in(but))


@dataclass(frozen=True, slots=True)
class _Asked:
    case_id: int
    rank: int
    before: Moment | None
    limit: int


def _before(glance: Glance, table: type[T], at: Any, asked: _Asked, *more: ColumnElement[bool]) -> list[T]:
    wanted = [columns(table).case_id == asked.case_id, *more]
    if asked.before is not None:
        wanted.append(_earlier(columns(table).id, at, asked.rank, asked.before))
    statement = whole(table).where(*wanted).order_by(at.desc(), columns(table).id.desc()).limit(asked.limit)
    return _to_read(glance, statement)


def _earlier(id_: Any, at: Any, rank: int, before: Moment) -> ColumnElement[bool]:
    """Return the condition under which a row of this rank stands before a moment in the one order of all ranks."""
    if rank == before.rank:
        return or_(at < before.at, and_(at == before.at, id_ < before.id))
    condition: ColumnElement[bool] = at <= before.at if rank < before.rank else at < before.at
    return condition


def reads_of(glance: Glance, case_id: int, limit: int) -> list[CaseEvent]:
    """Return who opened a restricted case, latest first."""
    event = columns(CaseEvent)
    wanted = event.case_id == case_id, event.kind == READ
    return glance.models(CaseEvent, whole(CaseEvent).where(*wanted).order_by(event.number.desc()).limit(limit))


def linked_cases(glance: Glance, case_id: int, username: str, *, sees_restricted: bool) -> list[Linked]:
    """Return the cases linked with this one, from either side; those closed to the person are left out."""
    link, kept = columns(CaseLink), columns(Case)
    other = case((link.case_id == case_id, link.other_id), else_=link.case_id)
    joined = core(CaseLink).join(core(Case), kept.id == other)
    told = (
        link.id,
        link.why,
        link.by,
        link.at,
        kept.id.label("case_id"),
        kept.reference,
        kept.subject,
        kept.status,
        kept.category,
    )
    wanted = or_(link.case_id == case_id, link.other_id == case_id), may_see(username, sees_restricted=sees_restricted)
    rows = glance.run(select(*told).select_from(joined).where(*wanted).order_by(link.id)).mappings()
    return [Linked(**row) for row in rows]


def link_between(glance: Glance, case_id: int, other_id: int) -> CaseLink | None:
    """Return the link of two cases, whichever was named first."""
    one, other = sorted((case_id, other_id))
    found = glance.find(CaseLink, case_id=one, other_id=other)
    return found[0] if found else None


def take_out(unit: Unit, table: type[Table], id_: int) -> bool:
    """Take one row out of a table that keeps no history itself (its case's events do); return whether it was there."""
    return unit.run(delete(core(table)).where(columns(table).id == id_)).rowcount > 0


def give_back(unit: Unit, case_id: int, username: str) -> int:
    """Take the open tasks of a case from somebody; return how many they had."""
    task = columns(Task)
    theirs = task.case_id == case_id, task.assigned_to == username, task.closed_at.is_(None)
    return unit.run(update(core(Task)).where(*theirs).values(assigned_to=None)).rowcount


def move_tasks(unit: Unit, case_id: int, old: str, new: str) -> int:
    """Give the open tasks that one team has on a case to another; return how many."""
    task = columns(Task)
    theirs = task.case_id == case_id, task.team == old, task.closed_at.is_(None)
    return unit.run(update(core(Task)).where(*theirs).values(team=new)).rowcount
