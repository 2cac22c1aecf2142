"""Stage 2 of a complaint begins: by one short act of an officer, or by the sweep where doubt counts for the resident (Code 6.10).

Nobody has to give reasons (Code 6.12), no window bars anybody (policy 4.3.6), and nothing is decided by it but that somebody
else looks again (Code 6.13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.case_acts import LONGEST_WHY, Act, Refused, Stale
from handlers.course import stages
from handlers.course.acting import Course
from handlers.course.stage2_acknowledging import acknowledge
from handlers.course.stage2_clock import Stood, stood_at
from handlers.course.stage2_offers import offer_to_join
from handlers.deadlines import acknowledge_by, respond_by
from handlers.rows import definition_of
from store.case_rows import give_back
from store.course_models import StageRecord
from store.marks import close_tasks
from store.models import Case, CaseStatus, Message, Stage, Task

REQUESTS = ("stage2_request", "stage2")
"""Tasks that a request for stage 2 makes: on the complaint itself, and on a new one that asks for it."""
GIVE, CONFIRM = "give_stage2", "confirm_definition"
ASKED = "the resident asked for stage 2: no reasons are needed (Code 6.10, 6.12)"
NOBODY_BEGAN = (
    "nobody had begun stage 2 before the date of its acknowledgement neared: begun for the resident (Code 6.10, 6.11)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What was asked for: the message that asked, some points (none: all of it), and what the resident disagrees with, if they said.

    ``version`` is that of the definition in which the points were chosen; ``why`` is for an answer that is overdue.
    """

    message_id: int
    points: tuple[int, ...] = ()
    disagreement: str = ""
    why: str = ""
    version: int | None = None


def begin(course: Course, case_id: int, by: str, asked: Asked, *, came_to: int | None = None) -> int:
    """Begin stage 2 of a complaint; ``came_to`` is the case that the request itself opened, where it came as a new one."""
    if len(asked.disagreement) > LONGEST_WHY:
        raise Refused(f"Make it {LONGEST_WHY:,} characters or fewer; it has {len(asked.disagreement):,}", "disagreement")
    with course.acts.on(case_id, by, also=came_to) as act:
        if asked.version not in (None, act.case.definition_version):
            raise Stale("Somebody else changed the definition since you opened the page: choose the points again", "points")
        message = act.unit.get(Message, asked.message_id)
        if message is None or message.case_id not in (case_id, came_to):
            raise Refused("Choose the message that asked for it", "of")
        stood = stood_at(act.unit, case_id)
        if stood.late(act.now) and not asked.why.strip():
            raise Refused("Say why stage 2 begins without an answer at stage 1", "why")
        said = begun(course, act, message, asked, at_once=False)
        return act.done(f"{act.case.reference} is at stage 2. {said}")


def begun(course: Course, act: Act, message: Message, asked: Asked, *, at_once: bool) -> str:
    """Begin it in an act that is under way; return what became of the letter. ``at_once`` writes it whatever the landlord waits for."""
    if stages.stage_of(act.case) is Stage.TWO:
        raise Stale("It is at stage 2 already.")
    stood = stood_at(act.unit, act.case_id)
    if against := stood.against(act.now):
        raise Refused(against)
    points = _points(act.case, asked.points)
    runs_from = stood.runs_from(message.received_at, act.now)
    _stage_1_ends(act, stood)
    _kept(act, message, replace(asked, points=points), runs_from)
    act.tell(
        "stage2_begun",
        asked.why.strip() or ASKED,
        message=message.id,
        asked_at=message.received_at.isoformat(),
        runs_from=runs_from.isoformat(),
        points=list(points),
    )
    writes = at_once or course.surroundings.acknowledge_automatically
    _dates(course, act, runs_from, answered=stood.answered_at is not None, acknowledged_at=act.now if writes else None)
    offer_to_join(act, message, course.acts.calendar)
    if not writes:
        return "It is acknowledged once somebody else has confirmed what is looked at again."
    return acknowledge(course.posting, act, course.acts.calendar).said


def _points(case: Case, chosen: Sequence[int]) -> tuple[int, ...]:
    """Return the points in question; none where it is all of them."""
    definition = definition_of(case.definition)
    there = range(1, len(definition.points) + 1) if definition is not None else range(0)
    if any(number not in there for number in chosen):
        raise Refused("Choose points that the complaint has", "points")
    some = tuple(sorted(set(chosen)))
    return () if len(some) == len(there) else some


def _stage_1_ends(act: Act, stood: Stood) -> None:
    """Keep how stage 1 went, and who had it: they have it no more, nor any task of it (Code 6.13)."""
    case = act.case
    if case.assigned_to:
        stages.worked(act, Stage.ONE, stages.HAD, case.assigned_to)
    first = stages.begun(act, Stage.ONE)
    went = {"acknowledged_at": case.acknowledged_at, "defined_at": case.defined_at}
    act.unit.update(StageRecord, first.id, **went, answered_at=first.answered_at or stood.answered_at)
    for username in stages.workers_of(act.unit, act.case_id, Stage.ONE):
        give_back(act.unit, act.case_id, username)


def _kept(act: Act, message: Message, asked: Asked, runs_from: datetime) -> None:
    unit, case_id = act.unit, act.case_id
    row: dict[str, Any] = {
        "received_at": runs_from,
        "asked_at": message.received_at,
        "message_id": message.id,
        "points": list(asked.points),
        "disagreement": asked.disagreement.strip() or None,
        "begun_at": act.now,
        "begun_by": act.by,
    }
    before = stages.record_of(unit, case_id, Stage.TWO)
    if before is None:
        unit.add(StageRecord, [{"case_id": case_id, "stage": Stage.TWO} | row])
    else:  # it was put right as no complaint once, and is one after all
        ended = {"letter_id": None, "acknowledged_at": None, "defined_at": None, "answered_at": None, "answered_by": None}
        unit.update(StageRecord, before.id, **row, **ended)
    changed = {"stage": Stage.TWO, "status": CaseStatus.OPEN, "assigned_to": None, "defined_at": None}
    unit.update(Case, case_id, **changed)
    if act.case.status is CaseStatus.CLOSED:
        act.tell("reopened", "stage 2 of it was asked for")


def _dates(course: Course, act: Act, runs_from: datetime, *, answered: bool, acknowledged_at: datetime | None) -> None:
    """Set both dates, in place of what stage 1 still owed; open the tasks to give it to somebody else and to confirm it."""
    calendar, why = course.acts.calendar, "stage 2 was asked for (Code 6.11, 6.14)"
    first, answer = acknowledge_by(runs_from, 2, calendar), respond_by(runs_from, acknowledged_at, 2, calendar)
    stages.set_deadline(act, first, why, replaces=("acknowledge_1",))
    left = () if answered else stages.RESPONDS[Stage.ONE]
    stages.set_deadline(act, answer, why if answered else f"{why}, and stage 1 was not answered in time", replaces=left)
    close_tasks(act.unit, act.case_id, (*REQUESTS, CONFIRM), at=act.now, by=act.by, outcome="stage 2 has begun")
    told = {"case_id": act.case_id, "team": act.case.team, "opened_at": act.now, "due_at": first.due_at}
    give = "give it to somebody who did not work on it at stage 1 (Code 6.13)"
    confirm = "confirm what is looked at again at stage 2 (Code 5.6, 6.11): not for anybody who worked on it at stage 1"
    act.unit.add(Task, [told | {"kind": GIVE, "why": give}, told | {"kind": CONFIRM, "why": confirm}])
