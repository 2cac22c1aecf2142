"""A resident asks for stage 2, or does not agree with our answer: which task that makes, and how its event keeps it (Code 6.10)."""

from __future__ import annotations

import json
from datetime import datetime

from classifiers.taxonomy import Category
from handlers.another_matter import speaks_of_answer
from handlers.calendar import WorkingCalendar
from handlers.casework import Pages
from handlers.course.stage2_clock import stood_at
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.follow_ups import says_complaint
from handlers.new_matters import asks_stage2, can_be_looked_at_again, is_grievance
from handlers.rows import MACHINE, Row, event_row, task_row
from handlers.understanding import Understood
from store.models import Case, CaseEvent, Stage, Task
from store.unit import Glance, Unit

KIND, EVENT, PROPOSED = "stage2_request", "stage2_asked", "stage2_proposed"
ASKS = "asks for stage 2: no reasons are needed (Code 6.12)"
WAITS = "asks for stage 2 before the stage 1 answer has gone: it is kept, and waits for that (Code 6.10)"
DISAGREES = "is not satisfied, in answer to our stage 1 answer: begin stage 2, unless it is another matter (Code 6.10, 6.8)"
OWN_CASE = (
    "a complaint in answer to our stage 1 answer was logged as one of its own: begin stage 2 of this one if it is the same "
    "matter (Code 6.10, 6.8)"
)
IS_THERE = "asks for stage 2, and the complaint is at stage 2 already: say so to them"
WORDS = "stage2"
"""What a button, or their own page, says of it."""


def is_plain(message: Understood) -> bool:
    """Tell whether it was asked for by a button or on their own page: nothing in it is left to judge."""
    chat = message.reading.chat
    return chat is not None and (chat.pressed or "").partition("/")[0] == WORDS


def asked_for(unit: Unit, case: Case, message: Understood) -> tuple[str, str] | None:
    """Return the task, and why, that a message of the case's own people makes, where it asks for stage 2 or disagrees."""
    asks = is_plain(message) or asks_stage2(message)
    if case.category != Category.COMPLAINT or case.stage is None:
        return (KIND, ASKS) if asks else None
    if case.stage is Stage.TWO:
        return ("reply", IS_THERE) if asks else None
    if not asks and not is_grievance(message) and not says_complaint(message.reading.new_text):
        return None
    answered = stood_at(unit, case.id or 0).answered_at is not None
    if asks:
        return KIND, ASKS if answered else WAITS
    return (KIND, DISAGREES) if answered else None


def told(case_id: int, message: Understood, why: str, now: datetime, *, outright: bool) -> Row:
    """Return the event that keeps that stage 2 was asked for, and whether ``outright``: by its own people, and plainly."""
    return event_row(case_id, EVENT, why, now, MACHINE, message=message.arrival.id, outright=outright)


def is_asked(glance: Glance, case_id: int) -> bool:
    """Tell whether a request of the resident's own waits; disagreement that a person is to weigh is none that they made."""
    tasks = glance.find(Task, case_id=case_id, kind=[KIND, WORDS], closed_at=None)
    if not tasks or any(task.kind == WORDS for task in tasks):
        return bool(tasks)
    asked = {json.loads(event.details).get("message") for event in glance.find(CaseEvent, case_id=case_id, kind=EVENT)}
    return any(task.message_id in asked for task in tasks)


def propose(unit: Unit, case: Case, message: Understood, pages: Pages, calendar: WorkingCalendar) -> None:
    """Propose stage 2 of a complaint for a message in answer to its stage 1 answer that was logged as a complaint of its own.

    Where it speaks of that answer too, its event says so: then the sweep begins stage 2 in time if nobody looks (Code 6.10).
    """
    if can_be_looked_at_again(unit, case) is None:
        return
    due = by_rule("triage", message.arrival.received_at, calendar)
    task = TaskNeeded(kind=KIND, why=OWN_CASE, due=due)
    pages.tasks.append(task_row(task, case.team, pages.now, case.id, message.arrival.id))
    asked = event_row(
        case.id or 0, PROPOSED, OWN_CASE, pages.now, message=message.arrival.id, of_the_answer=speaks_of_answer(message)
    )
    pages.events.append(asked)
