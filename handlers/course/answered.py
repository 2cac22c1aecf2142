"""Whether a complaint still takes more in: until its stage 1 answer is issued (Code 6.8)."""

from __future__ import annotations

from store.course_models import Answer, StageRecord
from store.models import Case, CaseStatus, Deadline, Stage
from store.unit import Glance

ANSWERS = ("respond_1", "extend_1")


def is_answered(glance: Glance, case: Case) -> bool:
    """Say whether the complaint takes nothing more in: answered at stage 1, at stage 2, or closed (Code 6.8)."""
    if case.stage == Stage.TWO or case.status is CaseStatus.CLOSED:
        return True
    answers = glance.find(Answer, case_id=case.id, stage=Stage.ONE)
    records = glance.find(StageRecord, case_id=case.id, stage=Stage.ONE)
    lines = glance.find(Deadline, case_id=case.id, rule=list(ANSWERS), superseded_at=None)
    given = (*(row.issued_at for row in answers), *(row.answered_at for row in records), *(line.met_at for line in lines))
    return any(at is not None for at in given)
