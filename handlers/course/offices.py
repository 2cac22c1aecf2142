"""Outside offices whose details nobody has checked for months become a manager's task, once a quarter (policy 2.12)."""

from __future__ import annotations

from datetime import date, datetime, time

from handlers.clock import LONDON, london_day
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.letter_words import listed
from handlers.rows import Row
from store.casefile import tasks_since
from store.models import Task

TASK = "office_check"


def months_before(day: date, months: int) -> date:
    """Return the date so many months before; the end of a shorter month for a day that it lacks."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("every month has 28 days")


def quarter_of(day: date) -> date:
    """Return the first day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def check_offices(course: Course) -> int:
    """Open the task of this quarter where the details of an office that letters name are older than the landlord allows."""
    now, habits = course.acts.clock.now(), course.habits
    oldest = months_before(london_day(now), habits.offices_months)
    old = sorted(name for name, checked in habits.offices.items() if checked < oldest)
    if not old:
        return 0
    begun = datetime.combine(quarter_of(london_day(now)), time(), LONDON)
    team = course.acts.landlord.routing["triage"]
    with course.acts.store.unit("T6") as unit:
        if tasks_since(unit, TASK, begun):
            return 0
        why = f"Nobody has checked these details for {habits.offices_months} months, and letters give them: {listed(old)}"
        row: Row = {"kind": TASK, "team": team, "why": why, "assigned_to": manager_for(unit, None, team, now)}
        unit.add(Task, [row | {"opened_at": now, "due_at": now}])
        unit.commit()
    return 1
