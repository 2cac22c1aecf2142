"""What it means that a letter about a refusal has gone: the refused case is closed where nothing else is open on it (Code 2.4).

Two people decided; this only follows their letter. Nothing here can refuse.
"""

from __future__ import annotations

from datetime import datetime

from handlers.course.refusal_letters import REFUSED, TAKEN_ON
from handlers.course.refusal_state import STANDS, goes_on
from handlers.course.stages import met, record_of
from handlers.rows import Row, event_row
from store.course_models import Refusal, StageRecord
from store.models import Case, CaseStatus, Stage
from store.unit import Unit

TOLD = "they were told why, and that they can go to the Ombudsman (Code 2.4)"
TAKEN = "they were told that we look into it after all"


def refused_left(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Close the case that was refused, in the name of who agreed; it stays open for whatever else is open on it."""
    found = unit.find(Refusal, case_id=case_id, letter_id=letter_id, state=STANDS)
    case = unit.get(Case, case_id)
    if not found or case is None or found[0].checked_by is None:
        return []
    by, left = found[0].checked_by, goes_on(unit, case_id)
    told = event_row(case_id, "refusal_told", TOLD, at, by, refusal=found[0].id, stays_open_for=len(left))
    if left or case.status is CaseStatus.CLOSED:
        return [told]
    unit.update(Case, case_id, status=CaseStatus.CLOSED)
    return [told, event_row(case_id, "closed", TOLD, at, by, outcome="refused")]


def taken_on_left(unit: Unit, case_id: int, _letter_id: int, at: datetime) -> list[Row]:
    """Count the letter as the acknowledgement of what is looked into after all (Code 6.2, 6.11)."""
    case = unit.get(Case, case_id)
    if case is None:
        return []
    two = case.stage is Stage.TWO
    record = record_of(unit, case_id, Stage.TWO if two else Stage.ONE)
    if record is not None and record.acknowledged_at is None:
        unit.update(StageRecord, record.id, acknowledged_at=at)
    if not two and case.acknowledged_at is None:
        unit.update(Case, case_id, acknowledged_at=at)
    return met(unit, case_id, ("acknowledge_2",) if two else ("acknowledge_1",), at, TAKEN)


ON_SENT = {REFUSED: refused_left, TAKEN_ON: taken_on_left}
