"""A grievance that came into an open complaint: taken into it, given a case of its own, or neither (Code 6.8, policy 4.3.3).

Once the answer of stage 1 is issued nothing is added any more: then it is a complaint of its own, or asks for stage 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.answered import is_answered
from handlers.course.matters_letters import joined
from handlers.defining import LONGEST_POINT, MOST, require, write
from handlers.definition import Definition, Point, draft, for_letter
from handlers.logging_apart import LoggingApart
from handlers.responsibility import whose
from handlers.rows import definition_of
from handlers.stage2_requests import ASKS
from handlers.stage2_requests import KIND as STAGE_2
from store.act_rows import close_tasks_by_ids, hold_task
from store.models import Case, Message, Task
from store.staff_rows import called
from store.unit import Glance

TASK = "new_matter"
CHOICES = {
    "add": "Add it to this complaint: it is related, and would not delay the answer",
    "own": "A complaint of its own, with its own reference and dates",
    "neither": "Neither: it is nothing new, or no complaint",
    "stage2": "It asks to look again at our answer: stage 2",
}
BEFORE, AFTER = ("add", "own", "neither"), ("own", "stage2")
"""What may be chosen before the answer of stage 1 is issued, and after (Code 6.8)."""
TOO_LATE = "The answer has been issued, so nothing is added to it any more: log a complaint of its own, or take it to stage 2"


def choices(glance: Glance, case: Case) -> tuple[str, ...]:
    """Return what may be chosen now."""
    return AFTER if is_answered(glance, case) else BEFORE


def drafted(course: Course, message: Message) -> list[str]:
    """Return the points of a message as they would be drafted, for a person to keep or to change."""
    made = draft(message.new_text or "", message.subject or "", course.acts.landlord)
    return [point.words for point in made.points]


def add(course: Course, task_id: int, case_id: int, by: str, *, version: int, points: Sequence[str]) -> int:
    """Add points to the definition as its next version; a letter tells the resident, and no date is moved."""
    words = [" ".join(point.split()) for point in points if point.strip()]
    if not words:
        raise Refused("Write each new point on a line of its own", "points")
    long = next((number for number, point in enumerate(words, 1) if len(point) > LONGEST_POINT), None)
    if long:
        raise Refused(f"Make point {long} {LONGEST_POINT} characters or fewer, or two points", "points")
    with course.acts.on(case_id, by) as act:
        task, message = _asked(act, task_id)
        if is_answered(act.unit, act.case):
            raise Refused(TOO_LATE, "choice")
        require(act, version)
        before = definition_of(act.case.definition)
        if before is None or len(before.points) + len(words) > MOST:
            raise Refused(f"A complaint has {MOST} points at most: log this as a complaint of its own", "choice")
        new = tuple(_point(course, one) for one in words)
        after = Definition(points=(*before.points, *new), outcomes=before.outcomes, question=before.question)
        number = write(act, after, "a new matter was added before our answer (Code 6.8)")
        act.unit.update(Case, case_id, defined_at=act.case.defined_at or act.now)
        shown = for_letter(replace(after, points=new)).points  # a resident's words: no links, addresses or numbers
        more = joined(shown, len(before.points) + 1, london_day(message.received_at), course.acts.landlord)
        posted = course.posting.put(act, "matter_joined", more, of=number)
        _decided(act, task, "add", "it is related, and does not delay the answer", version=number)
        return act.done(f"Added to the complaint. {posted.said}")


def apart(logging: LoggingApart, task_id: int, by: str) -> int | None:
    """Give the message a complaint of its own: its acknowledgement tells the new reference."""
    return logging.log(task_id, by, "complaint")


def neither(course: Course, task_id: int, case_id: int, by: str, why: str) -> int:
    """Leave the complaint as it is, for a reason: the message says nothing new, or nothing to complain of."""
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        task, _message = _asked(act, task_id)
        if is_answered(act.unit, act.case):
            raise Refused(TOO_LATE, "choice")
        _decided(act, task, "neither", why)
        return act.done("Left as it is. What was decided stands on the case.")


def to_stage2(course: Course, task_id: int, case_id: int, by: str) -> int:
    """Take the message for what asks for stage 2: the task of every such request waits then, and no reason is needed."""
    with course.acts.on(case_id, by) as act:
        task, message = _asked(act, task_id)
        if not is_answered(act.unit, act.case):
            raise Refused("The complaint has no answer yet, so there is nothing to look at again", "choice")
        row = {"kind": STAGE_2, "case_id": case_id, "message_id": message.id, "team": act.case.team, "why": ASKS}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": task.due_at, "assigned_to": task.assigned_to}])
        _decided(act, task, "stage2", ASKS)
        return act.done("A task asks for stage 2 now.")


def _point(course: Course, words: str) -> Point:
    responsibility, who = whose(words, course.acts.landlord)
    return Point(words=words, responsibility=responsibility, who=who)


def _asked(act: Act, task_id: int) -> tuple[Task, Message]:
    """Return the open task, held, with the message that it is about."""
    task = hold_task(act.unit, task_id)
    if task is None or task.case_id != act.case_id or task.kind != TASK:
        raise Refused("There is no such task on this case")
    if task.closed_at is not None:
        raise Stale(f"{called(act.unit, task.closed_by)} has decided this already: {task.outcome}")
    message = act.unit.get(Message, task.message_id)
    if message is None:
        raise Refused("The message that it is about is not there")
    return task, message


def _decided(act: Act, task: Task, choice: str, why: str, **details: int) -> None:
    outcome = CHOICES[choice].split(":")[0]
    close_tasks_by_ids(act.unit, [task.id or 0], at=act.now, by=act.by, outcome=outcome)
    act.tell("new_matter_decided", why, choice=choice, message=task.message_id, **details)
