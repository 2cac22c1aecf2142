"""How a complaint stands with refusals: what waits for a second person, what was refused, whose turn it is. It only looks."""

from __future__ import annotations

from handlers.case_acts import Refused
from handlers.course.refusal_grounds import Ground
from handlers.course.stages import RESPONDS, record_of, stage_of
from store.act_rows import task_kinds_ever
from store.course_models import Action, Answer, Refusal, Remedy
from store.models import Case, CaseStatus, Deadline, Stage, Task
from store.unit import Glance

PROPOSED, STANDS, SENT_BACK, WITHDRAWN, REOPENED = "proposed", "refused", "sent_back", "withdrawn", "reopened"
ASKS_STAGE_2 = frozenset({"stage2_request", "stage2"})
CHECK, ALIKE = "refusal_check", "refusals_alike"
OURS_ALONE = frozenset({ALIKE, "spot_check", "breach_cause"})
"""Tasks that are about our own work: what a resident waits for is not in them."""


def refusals_of(glance: Glance, case_id: int) -> list[Refusal]:
    """Return all refusals of a case, whatever became of them, in the order in which they were proposed."""
    return glance.find(Refusal, case_id=case_id)


def proposed(glance: Glance, case_id: int) -> Refusal | None:
    """Return the refusal that waits for a second person."""
    return next((row for row in refusals_of(glance, case_id) if row.state == PROPOSED), None)


def standing(glance: Glance, case_id: int) -> Refusal | None:
    """Return the refusal of the complaint, or of its second stage, that stands; that it was not looked at again is none."""
    found = [row for row in refusals_of(glance, case_id) if row.state == STANDS and row.ground != Ground.NO_NEW_EVIDENCE]
    return found[-1] if found else None


def answered(glance: Glance, case_id: int, stage: Stage) -> bool:
    """Say whether the answer of a stage was issued, or has gone; a date that is owed now is of one that is still to come."""
    record = record_of(glance, case_id, stage)
    if record is not None and record.answered_at is not None:
        return True
    dates = glance.find(Deadline, case_id=case_id, rule=list(RESPONDS[stage]), superseded_at=None)
    if dates and all(row.met_at is not None for row in dates):
        return True
    return any(row.issued_at for row in glance.find(Answer, case_id=case_id, stage=stage))


def to_refuse(glance: Glance, case: Case) -> Stage:
    """Return the stage that could be refused now, or refuse with the reason why there is none.

    Stage 2 can be refused only where somebody asked for it (Code 5.11); what has its final response is not refused any more.
    """
    case_id, stage = case.id or 0, stage_of(case)
    found = standing(glance, case_id)
    if found is not None:
        raise Refused("It was refused already: what can be done now is to take it on after all, or to be asked to look again")
    if stage is Stage.TWO:
        if answered(glance, case_id, Stage.TWO):
            raise Refused("It has had its final response, so there is nothing left to refuse")
        return Stage.TWO
    if not answered(glance, case_id, Stage.ONE):
        if case.status is CaseStatus.CLOSED:
            raise Refused("The case is closed")
        return Stage.ONE
    if ASKS_STAGE_2.isdisjoint(task_kinds_ever(glance, case_id)):
        raise Refused("It has its answer, and nobody has asked for stage 2: there is nothing to refuse")
    return Stage.TWO


def to_reopen(glance: Glance, case: Case) -> Stage:
    """Return the stage that could be looked into again, or refuse with the reason why there is none (policy 7.4)."""
    case_id, stage = case.id or 0, stage_of(case)
    found = standing(glance, case_id)
    if found is not None:
        return found.stage
    if stage is Stage.TWO and answered(glance, case_id, Stage.TWO):
        return Stage.TWO
    raise Refused(
        "Only a complaint that was refused, or has had its final response, is looked into again. After an answer at stage 1 "
        "the resident may have stage 2 for the asking (Code 6.10, 6.12)"
    )


def goes_on(glance: Glance, case_id: int) -> list[str]:
    """Return what is still open on a case beside its complaint, in words: it stays open for that (policy 2.4, Code 1.5)."""
    tasks = [task for task in glance.find(Task, case_id=case_id, closed_at=None) if task.kind not in OURS_ALONE]
    dates = glance.find(Deadline, case_id=case_id, met_at=None, superseded_at=None)
    actions = glance.find(Action, case_id=case_id, done_at=None, dropped_at=None)
    remedies = glance.find(Remedy, case_id=case_id, done_at=None, withdrawn_at=None)
    return [
        *(task.why for task in tasks),
        *(row.rule for row in dates),
        *(row.what for row in actions),
        *(row.what for row in remedies),
    ]
