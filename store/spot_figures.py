"""What came of the spot checks: how often people said otherwise than the machine that was sure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.models import Task, Verdicting
from store.rows import columns
from store.spot_rows import COMPLAINT, KIND
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class SpotFigures:
    """How the machine did where people looked: ``missed`` are complaints that it took for something else."""

    waiting: int
    checked: int
    changed: int
    missed: int


def spot_check_figures(glance: Glance, since: datetime, not_people: Collection[str] = ("machine", "sweep")) -> SpotFigures:
    """Count the spot checks that people finished since then, and what they made of the machine's word."""
    task, verdict = columns(Task), columns(Verdicting)
    waiting = select(func.count()).where(task.kind == KIND, task.closed_at.is_(None))
    done = select(task.message_id).where(task.kind == KIND, task.closed_at >= since)
    told = select(verdict.message_id, verdict.by, verdict.category).where(
        verdict.message_id.in_(done), verdict.undone_at.is_(None)
    )
    machine: dict[int, str] = {}
    person: dict[int, str] = {}
    for message_id, by, category in glance.all(told.order_by(verdict.id)):
        if by in not_people:
            machine.setdefault(message_id, category)
        else:
            person[message_id] = category
    # One that nobody judged, for the case was closed over it, says nothing of the machine.
    changed = [category for id_, category in person.items() if category != machine.get(id_)]
    return SpotFigures(
        waiting=int(glance.run(waiting).scalar_one()),
        checked=len(person),
        changed=len(changed),
        missed=sum(category == COMPLAINT for category in changed),
    )
