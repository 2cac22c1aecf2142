"""What is asked of many complaints at once about their second stage: requests that wait, and acknowledgements not yet written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from store.course_models import StageRecord
from store.lookups import open_deadline
from store.models import Case, CaseStatus, Deadline, Stage, Task
from store.rows import columns, core
from store.unit import Glance

MOST = 500


def stage2_requests(glance: Glance) -> list[Task]:
    """Return the open requests for stage 2 of complaints that are at stage 1, the oldest first; each names its message."""
    task, case = columns(Task), columns(Case)
    joined = core(Task).join(core(Case), case.id == task.case_id)
    asked = task.kind == "stage2_request", task.closed_at.is_(None), task.message_id.is_not(None)
    fit = case.category == "complaint", case.stage == Stage.ONE
    return glance.models(Task, select(core(Task)).select_from(joined).where(*asked, *fit).order_by(task.id).limit(MOST))


def not_acknowledged_at_stage2(glance: Glance, before: datetime) -> list[Deadline]:
    """Return the open deadlines, due before then, of stage 2 complaints whose acknowledgement was not written."""
    deadline, case, record = columns(Deadline), columns(Case), columns(StageRecord)
    joined = core(Deadline).join(core(Case), case.id == deadline.case_id).join(core(StageRecord), record.case_id == case.id)
    owed = deadline.rule == "acknowledge_2", deadline.due_at < before, *open_deadline()
    fit = case.stage == Stage.TWO, case.status == CaseStatus.OPEN, record.stage == Stage.TWO, record.letter_id.is_(None)
    statement = select(core(Deadline)).select_from(joined).where(*owed, *fit).order_by(deadline.due_at).limit(MOST)
    return glance.models(Deadline, statement)
