"""What it means that the acknowledgement of stage 2 has gone, or did not arrive after all (Code 6.11)."""

from __future__ import annotations

from datetime import datetime

from handlers.course.stages import met, record_of
from handlers.rows import Row, event_row
from store.course_models import StageRecord
from store.models import Deadline, OutboxEntry, Stage
from store.unit import Unit

RULE = "acknowledge_2"


def acknowledged(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Note when stage 2 was acknowledged, and meet its deadline; an earlier note stands."""
    record = record_of(unit, case_id, Stage.TWO)
    if record is None or record.letter_id != letter_id:
        return []  # it acknowledged what was put right since
    if record.acknowledged_at is None:
        unit.update(StageRecord, record.id, acknowledged_at=at)
    return met(unit, case_id, (RULE,), at, "the acknowledgement of stage 2 has gone (Code 6.11)")


def not_arrived(unit: Unit, letter: OutboxEntry, why: str, now: datetime) -> list[Row]:
    """Take back that a letter acknowledged stage 2, for it came back: its deadline runs again; return the event of it."""
    record = record_of(unit, letter.case_id, Stage.TWO)
    if record is None or record.letter_id != letter.id or letter.sent_at is None:
        return []
    rows = unit.find(Deadline, case_id=letter.case_id, rule=RULE, met_at=letter.sent_at)
    unit.update_many(Deadline, [{"id": row.id, "met_at": None} for row in rows])
    if record.acknowledged_at == letter.sent_at:
        unit.update(StageRecord, record.id, acknowledged_at=None)
    told = {"letter": letter.kind, "header_id": letter.header_id}
    return [event_row(letter.case_id, "acknowledgement_not_delivered", why, now, **told)] if rows else []
