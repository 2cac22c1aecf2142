"""What the answer's letter means once it has left: the stage is answered, and nothing more is waited for (Code 6.3, 6.6, 6.14)."""

from __future__ import annotations

from datetime import datetime

from handlers.course.stages import RESPONDS, met, record_of
from handlers.course.time_sent import UPDATE_TASKS
from handlers.rows import SWEEP, Row, event_row
from store.answer_rows import end_updates
from store.course_models import Answer, StageRecord
from store.marks import close_tasks
from store.models import Stage
from store.unit import Unit

WHY = "the full answer left"


def first_answered(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Mark stage 1 as answered by the letter that left."""
    return _answered(unit, case_id, letter_id, Stage.ONE, at)


def finally_answered(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Mark stage 2 as answered by the final response that left."""
    return _answered(unit, case_id, letter_id, Stage.TWO, at)


def _answered(unit: Unit, case_id: int, letter_id: int, stage: Stage, at: datetime) -> list[Row]:
    found = unit.find(Answer, case_id=case_id, stage=stage)
    if not found or found[0].issued_at is None or found[0].sent_at is not None:
        return []
    answer, record = found[0], record_of(unit, case_id, stage)
    unit.update(Answer, answer.id, sent_at=at)
    if record is not None:
        unit.update(StageRecord, record.id, answered_at=at, answered_by=answer.signed_by)
    events = met(unit, case_id, RESPONDS[stage], at, WHY)
    ended = end_updates(unit, case_id, at)
    close_tasks(unit, case_id, UPDATE_TASKS, at=at, by=SWEEP, outcome="The answer left")
    told = {"stage": str(stage), "in_time": _in_time(events), "letter_number": letter_id, "updates_ended": ended}
    return [*events, event_row(case_id, "stage_answered", WHY, at, answer.signed_by or answer.by, **told)]


def _in_time(events: list[Row]) -> str:
    """Return whether the date that was owed was kept; a case that owed none says so."""
    if not events:
        return "no date was owed"
    return "no" if any(event["details"]["late"] for event in events) else "yes"


ON_SENT = {"complaint_answered": first_answered, "final_response": finally_answered}
