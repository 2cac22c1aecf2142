"""Which judgements a person might check, and what came of those that were checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from store.models import Case, CaseStatus, Disposition, Message, Task, Verdicting
from store.rows import any_of, columns, core
from store.unit import Glance

KIND = "spot_check"
COMPLAINT = "complaint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """A judgement as sampling needs it."""

    id: int
    message_id: int
    case_id: int | None
    at: datetime
    by: str
    route: str
    category: str
    confidence: float | None
    input_sha256: str


def judgements_after(glance: Glance, last: int, limit: int) -> list[Judgement]:
    """Return the judgements that follow this number, in order; the primary key finds them."""
    return [Judgement(**row) for row in glance.run(_after(), {"last": last, "at_most": limit}).mappings()]


@cache
def _after() -> Select[Any]:
    verdict = columns(Verdicting)
    wanted = [verdict[name] for name in Judgement.__dataclass_fields__]
    statement = select(*wanted).where(verdict.id > bindparam("last", type_=verdict.id.type)).order_by(verdict.id)
    return statement.limit(bindparam("at_most", type_=verdict.id.type))


def where_to_begin(glance: Glance, since: datetime) -> int:
    """Return the number of the judgement after which sampling goes on: that of the last check, or of the last before then.

    Whoever opened the last check had looked at all before it.
    """
    task, verdict = columns(Task), columns(Verdicting)
    lately = select(task.message_id).where(task.kind == KIND).order_by(task.opened_at.desc(), task.id.desc()).limit(1)
    message_id = glance.run(lately).scalar()
    checked = select(func.min(verdict.id)).where(verdict.message_id == message_id)
    before = select(func.max(verdict.id)).where(verdict.at < since)
    found = (glance.run(checked).scalar() if message_id is not None else None, glance.run(before).scalar())
    return max(number or 0 for number in found)


def still_unchecked(glance: Glance, message_ids: Sequence[int], not_people: Collection[str]) -> set[int]:
    """Return which of these messages opened a case that still stands as judged, and that no person has judged or is to check."""
    if not message_ids:
        return set()
    message, case, verdict, task = columns(Message), columns(Case), columns(Verdicting), columns(Task)
    asked = select(task.id).where(task.message_id == message.id, task.kind == KIND)
    judged = select(verdict.id).where(verdict.message_id == message.id, verdict.by.not_in(list(not_people)))
    standing = case.status != CaseStatus.CLOSED, case.category != COMPLAINT, message.disposition == Disposition.CASE
    joined = core(Message).join(core(Case), case.id == message.case_id)
    statement = select(message.id).select_from(joined).where(message.id.in_(any_of("ids")), *standing)
    return set(glance.run(statement.where(~asked.exists(), ~judged.exists()), {"ids": list(message_ids)}).scalars())
