"""What the course of a complaint asks of actions, remedies and promised updates, each by an index."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from store.course_models import Action, Answer, ProgressUpdate, Remedy
from store.models import Table
from store.rows import columns, core, whole
from store.unit import Glance, Unit


def slipped_actions(glance: Glance, today: date, told_before: datetime, limit: int) -> list[Action]:
    """Return open actions past their day that nobody was told of, or whose owner was told before a time and the manager not."""
    action = columns(Action)
    wanted = action.done_at.is_(None), action.dropped_at.is_(None), *_untold(action, today, told_before)
    return glance.models(Action, whole(Action).where(*wanted).order_by(action.due_on, action.id).limit(limit))


def slipped_remedies(glance: Glance, today: date, told_before: datetime, limit: int) -> list[Remedy]:
    """Return approved remedies that were not given by their day, likewise."""
    remedy = columns(Remedy)
    promised = remedy.done_at.is_(None), remedy.withdrawn_at.is_(None), remedy.approved_at.is_not(None)
    wanted = *promised, *_untold(remedy, today, told_before)
    return glance.models(Remedy, whole(Remedy).where(*wanted).order_by(remedy.due_on, remedy.id).limit(limit))


def _untold(row: Any, today: date, told_before: datetime) -> tuple[Any, ...]:
    untold = or_(row.warned_at.is_(None), and_(row.raised_at.is_(None), row.warned_at < told_before))
    return row.due_on < today, untold


def end_updates(unit: Unit, case_id: int, at: datetime) -> int:
    """End the updates that are still promised on a case, as nothing is waited for any more; return how many."""
    promised = columns(ProgressUpdate)
    wanted = promised.case_id == case_id, promised.sent_at.is_(None), promised.ended_at.is_(None)
    return unit.run(update(core(ProgressUpdate)).where(*wanted).values(ended_at=at)).rowcount


def kept_of(glance: Glance, case_id: int) -> set[type[Table]]:
    """Return which of answers, actions and remedies there are on a case, so that only these are asked for."""
    tables: tuple[type[Table], ...] = (Answer, Action, Remedy)
    (found,) = glance.all(select(*(exists().where(columns(table).case_id == case_id) for table in tables)))
    return {table for table, there in zip(tables, found, strict=True) if there}
