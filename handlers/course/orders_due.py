"""The sweep shows an ombudsman's order whose day has passed to a manager, once; it does nothing else about it."""

from __future__ import annotations

from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.letter_words import day
from handlers.rows import SWEEP, Row, event_row
from store.chain import append_events
from store.course_models import OmbudsmanOrder
from store.lookups import hold_case
from store.models import Task
from store.order_rows import overdue_orders

KIND = "ombudsman_overdue"


def show_overdue_orders(course: Course) -> int:
    """Open a task for each order that is overdue and was not shown yet; return how many."""
    today = london_day(course.acts.clock.now())
    with course.acts.store.glance() as glance:
        late = overdue_orders(glance, today)
    return sum(_show(course, order) for order in late)


def _show(course: Course, seen: OmbudsmanOrder) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case = hold_case(unit, seen.case_id)
        found = unit.find(OmbudsmanOrder, id=seen.id, done_at=None, warned_at=None)
        if case is None or not found or seen.due_on is None:
            return 0
        why = f"what the Ombudsman told us to do by {day(seen.due_on)} is not done: {seen.what}"
        row: Row = {"kind": KIND, "case_id": case.id, "team": case.team, "why": why, "opened_at": now, "due_at": now}
        unit.add(Task, [row | {"assigned_to": manager_for(unit, case, case.team, now)}])
        unit.update(OmbudsmanOrder, seen.id, warned_at=now)
        told = event_row(seen.case_id, "ombudsman_order_overdue", why, now, SWEEP, order=seen.id)
        append_events(unit, [told])
        unit.commit()
    return 1
