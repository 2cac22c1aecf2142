"""What the sweep does for stage 2: a request that nobody took up begins it, and its acknowledgement leaves in time (Code 6.11).

Doubt counts for the resident. Nothing is decided by it but that somebody else looks again; no request is ever refused here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from handlers.calendar import CalendarGap
from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.stage2 import NOBODY_BEGAN, Asked, begun
from handlers.course.stage2_acknowledging import acknowledge
from handlers.course.stage2_clock import stood_at
from handlers.deadlines import Due, acknowledge_by
from handlers.going_on import goes_on_in
from handlers.rows import SWEEP
from handlers.stage2_requests import ASKS, EVENT, PROPOSED, WAITS
from store.course_models import Refusal
from store.lookups import hold_case
from store.models import Case, CaseEvent, Deadline, Message, Stage, Task
from store.stage_rows import not_acknowledged_at_stage2, stage2_requests
from store.unit import Glance

log = structlog.get_logger(__name__)
FURTHEST = timedelta(days=14)
"""More than five working days ever take."""
PLAIN = "the resident asked for it by a button or on their own page, and had our stage 1 answer (Code 6.10, 6.12)"
BY_DAY = 4
"""The working day of five by which a request is begun, and acknowledged: the last but one."""


def begin_what_was_asked(course: Course) -> int:
    """Begin stage 2 where it was asked for plainly after our answer, or where nobody did so in time; return how many."""
    with course.acts.store.glance() as glance:
        waiting = stage2_requests(glance)
    return sum(_tried(course, task) for task in waiting)


def acknowledge_what_waits(course: Course) -> int:
    """Write the acknowledgements that wait for somebody to confirm, on the working day before they are late; return how many."""
    now = course.acts.clock.now()
    with course.acts.store.glance() as glance:
        near = [row for row in not_acknowledged_at_stage2(glance, now + FURTHEST) if _is_near(row.counted, now)]
    return sum(_acknowledged(course, row) for row in near)


def _is_near(counted: list[str], now: datetime) -> bool:
    return len(counted) < BY_DAY or london_day(now) >= date.fromisoformat(counted[BY_DAY - 1])


def _acknowledged(course: Course, row: Deadline) -> int:
    with course.acts.store.unit("T6") as unit:
        case = hold_case(unit, row.case_id)
        if case is None or case.stage is not Stage.TWO:
            return 0
        act = Act(unit=unit, case=case, now=course.acts.clock.now(), by=SWEEP)
        try:
            acknowledge(course.posting, act, course.acts.calendar)
        except Refused as refused:
            log.warning("stage 2 could not be acknowledged", case=case.reference, why=str(refused))
            return 0
        unit.commit()
    return 1


def _tried(course: Course, task: Task) -> int:
    try:
        return _begun(course, task)
    except (Refused, CalendarGap) as error:
        # Its task stands, and keeps being asked; one that cannot begin must not keep the others waiting.
        log.warning("stage 2 could not begin", case=task.case_id, why=str(error))
        return 0


def _begun(course: Course, task: Task) -> int:
    now = course.acts.clock.now()
    with course.acts.store.glance() as glance:
        found = _waiting(course, glance, task, now)
        if found is None or (task.why != WAITS and found.why_now(glance, now) is None):
            return 0
    with course.acts.store.unit("T6") as unit:
        # Held and looked at anew: somebody may be at it at this moment.
        case, again = hold_case(unit, task.case_id or 0), unit.get(Task, task.id)
        waiting = _waiting(course, unit, again, now) if again is not None and again.closed_at is None else None
        if case is None or waiting is None:
            return 0
        act, why = Act(unit=unit, case=case, now=now, by=SWEEP), waiting.why_now(unit, now)
        if why is None:
            _offered(act, task, waiting.due)
        else:
            begun(course, act, waiting.message, Asked(message_id=waiting.message.id or 0, why=why), at_once=True)
        unit.commit()
    return 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    """A request on a complaint that has had its stage 1 answer, and by when stage 2 of it must be acknowledged."""

    task: Task
    message: Message
    answered_at: datetime
    due: Due

    def why_now(self, glance: Glance, now: datetime) -> str | None:
        """Return why the sweep begins stage 2 now; None while a person may still come first."""
        if _is_near([day.isoformat() for day in self.due.counted], now):
            return NOBODY_BEGAN
        outright = self.message.received_at >= self.answered_at and _told_so(glance, self.task, EVENT, "outright")
        return PLAIN if outright else None


def _waiting(course: Course, glance: Glance, task: Task, now: datetime) -> _Waiting | None:
    """Return a request that could begin; None while it waits for the answer, where people refused it, and where it goes on elsewhere."""
    case, message = glance.get(Case, task.case_id), glance.get(Message, task.message_id)
    if case is None or message is None:
        return None
    if message.case_id != case.id and not _told_so(glance, task, PROPOSED, "of_the_answer"):
        return None  # a complaint of its own, with its own clock, that does not speak of our answer: a person says what it is
    stood = stood_at(glance, case.id or 0)
    if stood.answered_at is None or goes_on_in(glance, case) is not None:
        return None
    if glance.find(Refusal, case_id=case.id, stage=Stage.TWO, state="refused"):
        return None
    due = acknowledge_by(stood.runs_from(message.received_at, now), 2, course.acts.calendar)
    return _Waiting(task=task, message=message, answered_at=stood.answered_at, due=due)


def _told_so(glance: Glance, task: Task, kind: str, what: str) -> bool:
    """Tell whether an event of this kind says so of the message that the task is about."""
    events = [json.loads(event.details) for event in glance.find(CaseEvent, case_id=task.case_id, kind=kind)]
    return any(told.get(what) and told.get("message") == task.message_id for told in events)


def _offered(act: Act, task: Task, due: Due) -> None:
    """Let a request that waited for the answer offer itself, now that it has gone."""
    act.unit.update(Task, task.id, why=ASKS, due_at=due.due_at)
    act.tell("stage2_can_begin", "our stage 1 answer has gone, and stage 2 was asked for before (Code 6.10)", task=task.id)
