"""What it means that a letter about time has left: an extension was told, an update went; in time or not (Code 6.4, 5.9)."""

from __future__ import annotations

from datetime import datetime

from handlers.deadlines import end_of
from handlers.rows import Row, event_row
from store.course_models import Extension, ProgressUpdate
from store.unit import Unit

NOTICE, UPDATE = "extension_notice", "progress_update"
DUE, MISSED = "progress_update", "update_missed"
UPDATE_TASKS = (DUE, MISSED)
"""Kinds of task: an update is owed, and one did not go in time."""


def extension_told(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Note when the letter of an extension left: before the old date's end, or too late to count (Code 6.4)."""
    rows = unit.find(Extension, letter_id=letter_id)
    unit.update_many(Extension, [{"id": row.id, "told_at": at} for row in rows])
    late = any(at > end_of(row.old_due_on) for row in rows)
    kind = "extension_told_late" if late else "extension_told"
    why = (
        "the resident was told of the new date after the old one had ended" if late else "the resident was told of the new date"
    )
    return [event_row(case_id, kind, why, at)] if rows else []


def update_sent(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Note when the letter of an update left."""
    rows = unit.find(ProgressUpdate, letter_id=letter_id)
    unit.update_many(ProgressUpdate, [{"id": row.id, "sent_at": at} for row in rows])
    late = any(at > end_of(row.due_on) for row in rows)
    return [event_row(case_id, "update_sent", f"an update went{' late' if late else ''} (Code 5.9)", at)] if rows else []


SENT = {NOTICE: extension_told, UPDATE: update_sent}
"""What follows when such a letter has gone, by its kind."""
