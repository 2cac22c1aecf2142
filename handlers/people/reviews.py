"""What the sweep does about adjustments and restrictions: it asks for reviews, and ends a restriction whose time is over.

It never agrees, restricts or prolongs anything; that a restriction ends by itself favours the resident, who is told (Code 5.14).
"""

from __future__ import annotations

from datetime import date

from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.people import open_task
from handlers.deadlines import end_of
from handlers.letter_words import day
from handlers.people.adjustments import REVIEW as ADJUSTMENT_REVIEW
from handlers.people.adjustments import review_words as of_adjustment
from handlers.people.restriction_words import REVIEW as RESTRICTION_REVIEW
from handlers.people.restriction_words import review_words as of_restriction
from handlers.people.restrictions import close_asked, tell_over
from handlers.rows import SWEEP, Row, event_row
from store.chain import append_events
from store.lookups import hold_case
from store.models import Case, Task
from store.people_due import adjustments_due, restrictions_due
from store.people_models import Adjustment, Restriction
from store.unit import Unit

OVER = "its time was over"


def ask_for_reviews(course: Course) -> int:
    """Open a task, once, for each adjustment that is to be looked at again by today (Code 5.10)."""
    today = london_day(course.acts.clock.now())
    with course.acts.store.glance() as glance:
        due = [row.id or 0 for row in adjustments_due(glance, today)]
    return sum(_adjustment(course, number, today) for number in due)


def mind_restrictions(course: Course) -> int:
    """End each restriction whose last day has passed, and open a task, once, for each that is to be reviewed (Code 5.14)."""
    today = london_day(course.acts.clock.now())
    with course.acts.store.glance() as glance:
        due = [row.id or 0 for row in restrictions_due(glance, today)]
    return sum(_restriction(course, number, today) for number in due)


def _adjustment(course: Course, number: int, today: date) -> int:
    with course.acts.store.unit("T6") as unit:
        row = unit.get(Adjustment, number)
        case = hold_case(unit, row.case_id) if row is not None else None
        row = unit.get(Adjustment, number)  # as it is now that nobody else can act on the case
        if row is None or case is None or row.ended_at or row.warned_at or row.review_on > today:
            return 0
        unit.update(Adjustment, number, warned_at=course.acts.clock.now())
        _ask(course, unit, case, {"kind": ADJUSTMENT_REVIEW, "why": of_adjustment(row)}, row.review_on)
        unit.commit()
    return 1


def _restriction(course: Course, number: int, today: date) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        row = unit.get(Restriction, number)
        case = hold_case(unit, row.case_id) if row is not None else None
        row = unit.get(Restriction, number)
        if row is None or case is None or row.state != "active":
            return 0
        if row.ends_on < today:
            _end(course, Act(unit=unit, case=case, now=now, by=SWEEP), row)
        elif row.warned_at is None and row.review_on <= today:
            unit.update(Restriction, number, warned_at=now)
            _ask(course, unit, case, {"kind": RESTRICTION_REVIEW, "why": of_restriction(row)}, row.review_on)
        else:
            return 0
        unit.commit()
    return 1


def _end(course: Course, act: Act, row: Restriction) -> None:
    """End it and tell the resident; where no letter can be written it ends all the same, and a task asks somebody to tell them."""
    act.unit.update(Restriction, row.id, state="ended", ended_at=act.now, ended_by=SWEEP, ended_why=OVER)
    close_asked(act, row, OVER)
    act.tell("limit_ended", f"{OVER}: it was to {day(row.ends_on)}", restriction=row.id, kind_of=row.kind)
    try:
        tell_over(course, act, row, early=False)
    except Refused as refused:
        open_task(act, "contact_resident", f"tell the resident that restriction {row.id} is over (policy 7.3): {refused}")


def _ask(course: Course, unit: Unit, case: Case, asked: Row, on: date) -> None:
    now = course.acts.clock.now()
    row = {"case_id": case.id, "team": case.team, "assigned_to": case.assigned_to, "opened_at": now, "due_at": end_of(on)}
    unit.add(Task, [row | asked])
    append_events(unit, [event_row(case.id or 0, "review_asked", asked["why"], now, SWEEP, due_on=on.isoformat())])
