"""Tasks about one adjustment or restriction among several: known by their words, which name it."""

from __future__ import annotations

from datetime import datetime

from store.models import Task
from store.reply_rows import close_these
from store.unit import Unit


def close_named(unit: Unit, case_id: int, kind: str, why: str, *, at: datetime, by: str, outcome: str) -> None:
    """Close the open task of this kind and these words, where there is one."""
    found = unit.find(Task, case_id=case_id, kind=kind, why=why, closed_at=None)
    close_these(unit, case_id, [task.id or 0 for task in found], at=at, by=by, outcome=outcome)
