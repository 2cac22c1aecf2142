"""The reading side: cases, queues and figures for the terminal and the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from store.lookups import open_deadline
from store.models import (
    Case,
    CaseEvent,
    CaseStatus,
    Deadline,
    Message,
    MessageState,
    OutboxEntry,
    Party,
    RawContent,
    Task,
    Verdicting,
)
from store.rows import columns, core, whole
from store.unit import Glance
from store.worklist import message_is

ENDED = (CaseStatus.CLOSED, CaseStatus.SIGNPOSTED)
"""States in which nothing more is owed unless the resident comes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeCase:
    """A case with all that hangs on it, each list in the order in which it happened."""

    case: Case
    messages: list[Message]
    verdictings: list[Verdicting]
    deadlines: list[Deadline]
    events: list[CaseEvent]
    letters: list[OutboxEntry]
    tasks: list[Task]
    parties: list[Party]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCase:
    """A case in a list, with the nearest date by which something is owed on it."""

    case: Case
    next_due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTask:
    """Work that waits for a person, with the case it belongs to."""

    task: Task
    reference: str | None
    subject: str | None


def case_by_reference(glance: Glance, reference: str) -> Case | None:
    """Return the case that bears this reference (already in its canonical spelling)."""
    found = glance.find(Case, reference=reference)
    return found[0] if found else None


def case_whole(glance: Glance, case_id: int) -> WholeCase | None:
    """Return a case with everything that hangs on it."""
    case = glance.get(Case, case_id)
    if case is None:
        return None
    return WholeCase(
        case=case,
        messages=glance.find(Message, case_id=case_id),
        verdictings=glance.find(Verdicting, case_id=case_id),
        deadlines=glance.find(Deadline, case_id=case_id),
        events=glance.find(CaseEvent, case_id=case_id),
        letters=glance.find(OutboxEntry, case_id=case_id),
        tasks=glance.find(Task, case_id=case_id),
        parties=glance.find(Party, case_id=case_id),
    )


def list_cases(
    glance: Glance, *, open_only: bool = False, due_only: bool = False, now: datetime, limit: int = 200
) -> list[ListedCase]:
    """List cases, the nearest open deadline first, then those without one, latest first.

    ``open_only`` leaves out the closed and the signposted; ``due_only`` keeps those with an open deadline at or before ``now``.
    """
    case, deadline = columns(Case), columns(Deadline)
    nearest = select(deadline.case_id, func.min(deadline.due_at).label("next_due_at")).where(*open_deadline())
    due = nearest.group_by(deadline.case_id).subquery()
    statement = whole(Case).add_columns(due.c.next_due_at).select_from(core(Case).outerjoin(due, due.c.case_id == case.id))
    if open_only:
        statement = statement.where(case.status.not_in(ENDED))
    if due_only:
        statement = statement.where(due.c.next_due_at <= now)
    order = due.c.next_due_at.is_(None), due.c.next_due_at, case.received_at.desc(), case.id.desc()
    return [_listed(dict(row)) for row in glance.run(statement.order_by(*order).limit(limit)).mappings()]


def open_tasks(glance: Glance, limit: int = 500) -> list[OpenTask]:
    """Return what waits for a person: danger first, then the nearest date."""
    task, case = columns(Task), columns(Case)
    joined = core(Task).outerjoin(core(Case), case.id == task.case_id)
    statement = whole(Task).add_columns(case.reference, case.subject).select_from(joined).where(task.closed_at.is_(None))
    rows = glance.run(statement.order_by(task.danger.desc(), task.due_at, task.id).limit(limit)).mappings()
    return [_open_task(dict(row)) for row in rows]


def shunted(glance: Glance, limit: int = 500) -> list[Message]:
    """Return the messages in the quarantine queue, oldest first."""
    message = columns(Message)
    statement = whole(Message).where(message_is(MessageState.SHUNTED))
    return glance.models(Message, statement.order_by(message.received_at, message.id).limit(limit))


def raw_of(glance: Glance, message_id: int) -> bytes | None:
    """Return the bytes of an arrival as they came."""
    kept = glance.get(RawContent, message_id)
    return None if kept is None else kept.body


def _listed(row: dict[str, Any]) -> ListedCase:
    next_due_at = row.pop("next_due_at")
    return ListedCase(case=Case(**row), next_due_at=next_due_at)


def _open_task(row: dict[str, Any]) -> OpenTask:
    reference, subject = row.pop("reference"), row.pop("subject")
    return OpenTask(task=Task(**row), reference=reference, subject=subject)
