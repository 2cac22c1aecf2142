"""A petition is a general enquiry, answered within ten working days: by the letter that left, and by no other (policy 6.3)."""

from __future__ import annotations

import json
from datetime import datetime

from handlers.course.stages import met
from handlers.rows import Row
from store.models import CaseEvent, OutboxEntry, Task
from store.unit import Unit

RULE = "petition"
WHY = "the petition was answered (policy 6.3)"


def answered(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Meet the date of a petition where the letter that went is the one that finished its task; other letters meet nothing."""
    letter = unit.get(OutboxEntry, letter_id)
    if letter is None or not _finishes(unit, case_id, letter.header_id):
        return []
    return met(unit, case_id, (RULE,), at, WHY)


def _finishes(unit: Unit, case_id: int, header_id: str | None) -> bool:
    tasks = {task.id for task in unit.find(Task, case_id=case_id, kind=RULE)}
    if not tasks:
        return False
    told = [json.loads(event.details) for event in unit.find(CaseEvent, case_id=case_id, kind="letter_written")]
    return any(one.get("header_id") == header_id and tasks.intersection(one.get("closed_tasks", ())) for one in told)
