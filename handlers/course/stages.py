"""The two stages of a complaint: whose turn it is, who worked at which, and deadlines that only an audited act sets (Code 6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from handlers.case_acts import Act, Refused
from handlers.deadlines import Due, explain
from handlers.rows import Row, deadline_row, event_row
from store.casefile import acknowledged
from store.course_models import StageRecord, StageWork
from store.marks import meet_deadlines, supersede_deadlines
from store.models import Case, Deadline, Stage
from store.staff_rows import called
from store.unit import Glance, Unit

RESPONDS: dict[Stage, tuple[str, str]] = {Stage.ONE: ("respond_1", "extend_1"), Stage.TWO: ("respond_2", "extend_2")}
"""The rules by which a stage's answer is owed: the first date, and the later one of an extension."""
HAD = "had the complaint"
"""What somebody did to whom a complaint was given."""
BOTH_STAGES = "worked on this complaint at stage 1, so somebody else must have it at stage 2 (Code 6.13)"


def stage_of(case: Case) -> Stage:
    """Return the stage that a complaint is at; refuse a case that is none."""
    if case.category != "complaint" or case.logged_at is None:
        raise Refused("Only a complaint that was logged has stages, and this case is not one now")
    return case.stage or Stage.ONE


def record_of(glance: Glance, case_id: int, stage: Stage) -> StageRecord | None:
    """Return what is kept of a stage; stage 1 of a complaint has a record from its first act on."""
    found = glance.find(StageRecord, case_id=case_id, stage=stage)
    return found[0] if found else None


def begun(act: Act, stage: Stage) -> StageRecord:
    """Return the record of the case's stage 1, made when it is first needed; stage 2 begins by its own act alone."""
    found = record_of(act.unit, act.case_id, stage)
    if found is not None:
        return found
    if stage is not Stage.ONE:
        raise Refused("This complaint is not at stage 2")
    case = act.case
    row = {
        "case_id": act.case_id,
        "stage": stage,
        "received_at": case.received_at,
        "begun_at": case.logged_at or act.now,
        "begun_by": "machine",
        "acknowledged_at": case.acknowledged_at,
    }
    act.unit.add(StageRecord, [row])
    made = record_of(act.unit, act.case_id, stage)
    if made is None:
        raise ValueError("a record that was just added")
    return made


def worked(act: Act, stage: Stage, what: str, username: str | None = None) -> None:
    """Keep that somebody worked on the complaint at a stage; refused at stage 2 to whoever did at stage 1 (Code 6.13)."""
    who = username or act.by
    require_other_person(act.unit, act.case_id, stage, who)
    row = {"case_id": act.case_id, "stage": stage, "username": who, "what": what, "at": act.now}
    act.unit.add_new(StageWork, [row], ("case_id", "stage", "username"))


def require_other_person(glance: Glance, case_id: int, stage: Stage, username: str) -> None:
    """Refuse stage 2 of a complaint to whoever decided, wrote or had it at stage 1 (Code 6.13)."""
    if stage is Stage.TWO and username in workers_of(glance, case_id, Stage.ONE):
        raise Refused(f"{called(glance, username)} {BOTH_STAGES}. Nothing was changed")


def workers_of(glance: Glance, case_id: int, stage: Stage) -> set[str]:
    """Return who worked on a complaint at a stage."""
    return {row.username for row in glance.find(StageWork, case_id=case_id, stage=stage)}


def fit_for_task(act: Act, username: str | None) -> str | None:
    """Return who is to have a task of this case: nobody yet where they worked at stage 1 and it is at stage 2 (Code 6.13)."""
    barred = act.case.stage is Stage.TWO and username in workers_of(act.unit, act.case_id, Stage.ONE)
    return None if barred else username


def owed(glance: Glance, case_id: int, rules: Collection[str]) -> Deadline | None:
    """Return the open deadline by one of these rules, the latest where there are several."""
    rows = glance.find(Deadline, case_id=case_id, rule=list(rules), met_at=None, superseded_at=None)
    return max(rows, key=lambda row: row.due_at, default=None)


def set_deadline(act: Act, due: Due, why: str, *, replaces: Collection[str] = ()) -> None:
    """Set a deadline in an act that is an event, with its arithmetic; what it replaces stays on the case (design section 2, 7)."""
    old = act.unit.find(Deadline, case_id=act.case_id, rule=list(replaces), met_at=None, superseded_at=None)
    supersede_deadlines(act.unit, act.case_id, replaces, act.now)
    act.unit.add(Deadline, [deadline_row(act.case_id, due, act.now)])
    before = {row.rule: row.due_on.isoformat() for row in old}
    act.tell("deadline_set", why, rule=due.rule, due_on=due.due_on.isoformat(), replaced=before, sum=explain(due))


def met(unit: Unit, case_id: int, rules: Collection[str], at: datetime, why: str) -> list[Row]:
    """Mark what is owed by these rules as met at this time; return the events that tell of it."""
    rows = unit.find(Deadline, case_id=case_id, rule=list(rules), met_at=None, superseded_at=None)
    for row in rows:
        meet_deadlines(unit, [case_id], row.rule, at)
    return [_met(row, at, why) for row in rows]


def acknowledgement_went(unit: Unit, times: Sequence[tuple[int, datetime]]) -> list[Row]:
    """Note when the acknowledgements of these cases went, which meets their date (Code 6.2); return the events that tell of it."""
    went = dict(times)
    owed = {"rule": "acknowledge_1", "met_at": None, "superseded_at": None}
    rows = unit.find(Deadline, case_id=list(went), **owed) if went else []
    acknowledged(unit, times)
    why = "the acknowledgement has gone (Code 6.2)"
    return [_met(row, went[row.case_id], why) for row in rows]


def _met(row: Deadline, at: datetime, why: str) -> Row:
    told: Row = {"rule": row.rule, "due_on": row.due_on.isoformat(), "late": at > row.due_at}
    return event_row(row.case_id, "deadline_met", why, at, **told)
