"""What a second reader may be asked about: messages that wait for a person in triage, each never asked about before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, literal, select

from store.models import Case, CaseEvent, CaseStatus, Message, Task, Verdicting
from store.rows import columns, core, whole
from store.types import UTCDateTime
from store.unit import Glance

KIND = "second_reader"
"""The kind of event under which an answer of the second reader is kept, a vote or none."""
TASK = "triage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A message in triage that the machine itself left to a person."""

    message_id: int
    case_id: int
    language: str | None


def waiting_in_triage(glance: Glance, machine: str, since: datetime, limit: int) -> list[Waiting]:
    """Return what may be asked about, oldest first: tasks from ``since`` on, that no person finished and nobody asked about.

    A case that is closed to some of the staff is closed to a second reader too, and what the resident took back is not read.
    """
    found = glance.run(_waiting(), {"machine": machine, "since": since, "at_most": limit}).mappings()
    return [Waiting(**row) for row in found]


def still_waits(glance: Glance, waiting: Waiting) -> bool:
    """Tell whether a person still is to look, nobody took it back, and its case is open and closed to none of the staff."""
    return glance.run(_still(), {"message": waiting.message_id, "case": waiting.case_id}).first() is not None


@cache
def _still() -> Select[Any]:
    task, message, case = columns(Task), columns(Message), columns(Case)
    joined = core(Task).join(core(Message), message.id == task.message_id).join(core(Case), case.id == task.case_id)
    statement = select(task.id).select_from(joined).where(task.kind == TASK, task.closed_at.is_(None))
    statement = statement.where(message.id == bindparam("message"), case.id == bindparam("case"))
    return statement.where(case.status != CaseStatus.CLOSED, case.restricted.is_(False), message.withdrawn_at.is_(None))


@cache
def _waiting() -> Select[Any]:
    task, message, case, verdict = columns(Task), columns(Message), columns(Case), columns(Verdicting)
    joined = core(Task).join(core(Message), message.id == task.message_id).join(core(Case), case.id == task.case_id)
    joined = joined.join(core(Verdicting), verdict.message_id == message.id)
    again = core(Verdicting).alias()
    latest = select(func.max(again.c.id)).where(again.c.message_id == message.id, again.c.by == bindparam("machine"))
    statement = select(message.id.label("message_id"), case.id.label("case_id"), verdict.language).select_from(joined)
    statement = statement.where(task.kind == TASK, task.closed_at.is_(None), task.opened_at >= _time("since"))
    statement = statement.where(verdict.id == latest.scalar_subquery(), verdict.route == TASK)
    open_to_all = case.status != CaseStatus.CLOSED, case.restricted.is_(False), message.withdrawn_at.is_(None)
    asked = select(columns(CaseEvent).id).where(columns(CaseEvent).case_id == case.id, *_about(message.id))
    statement = statement.where(*open_to_all, ~asked.exists()).order_by(task.id)
    return statement.limit(bindparam("at_most", type_=task.id.type))


def answers_since(glance: Glance, at: datetime, tasks_since: datetime) -> int:
    """Return how many answers were kept since ``at``, about tasks from ``tasks_since`` on; the tasks' index finds them."""
    task, event = columns(Task), columns(CaseEvent)
    joined = core(Task).join(core(CaseEvent), event.case_id == task.case_id)
    statement = select(func.count(event.id.distinct())).select_from(joined)
    statement = statement.where(task.kind == TASK, task.opened_at >= tasks_since, event.kind == KIND, event.at >= at)
    return int(glance.run(statement).scalar_one())


def answers_about(glance: Glance, case_id: int, message_id: int) -> list[CaseEvent]:
    """Return the answers about this message that a case keeps, oldest first; one at the most, where all goes well."""
    event = columns(CaseEvent)
    statement = whole(CaseEvent).where(event.case_id == case_id, *_about(literal(message_id)))
    return glance.models(CaseEvent, statement.order_by(event.id))


def told(event: CaseEvent) -> dict[str, Any]:
    """Return the details of an event as they were written."""
    found: dict[str, Any] = json.loads(event.details)
    return found


def _about(message_id: Any) -> tuple[Any, ...]:
    # The details are one canonical JSON text, in which "model" follows; what the reader itself says has its quotes escaped.
    event = columns(CaseEvent)
    named = literal('%"message":') + cast(message_id, String) + literal(',"model":%')
    return event.kind == KIND, event.details.like(named)


def _time(name: str) -> Any:
    return bindparam(name, type_=UTCDateTime())
