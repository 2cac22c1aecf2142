"""A message of which nothing can be made now: it is a person's at once, and its clock is told as far as it is known.

No date is guessed beyond the known bank holidays. But every day of a sum falls on a weekday, so the date that counts all
weekdays is never after the true one: that date is told, and said to be no more than that.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from handlers.calendar import SATURDAY, CalendarGap, WorkingCalendar
from handlers.clock import london_day
from handlers.deadlines import RULES, acknowledge_by
from handlers.late_files import ids_of
from handlers.rows import message_facts
from handlers.understanding import Understood
from store.models import Disposition, Message, Task
from store.unit import Unit
from store.worklist import message_shunted

SHOWN = ("sender_address", "sender_name", "subject", "new_text", "attachment_names", "reading_problems")
"""What lists show of it; what would tie it to others is found when it is read anew."""


def park(unit: Unit, message: Understood, why: str, *, team: str, now: datetime, calendar: WorkingCalendar) -> None:
    """Put a message into quarantine with a task that is due at once; it has no case, so the task tells of its clock."""
    told = {"disposition": Disposition.QUARANTINED, "disposition_why": why}
    parked = [id_ for id_ in ids_of(message) if message_shunted(unit, id_, why, **told)]
    if message.arrival.id in parked:
        facts = message_facts(message)
        unit.update(Message, message.arrival.id, **{name: facts[name] for name in SHOWN})
    row = {"kind": "quarantine", "team": team, "why": f"{why}. {clock_of(message.arrival.received_at, calendar)}"}
    unit.add(Task, [row | {"message_id": id_, "opened_at": now, "due_at": now} for id_ in parked])


def clock_of(received_at: datetime, calendar: WorkingCalendar) -> str:
    """Say by when a complaint that may be in the message must be acknowledged, or the first day on which that may be."""
    try:
        return f"If it is a complaint, acknowledge it by {_said(acknowledge_by(received_at, 1, calendar).due_on)} (Code 6.2)."
    except CalendarGap:
        first = weekdays_after(london_day(received_at), RULES["acknowledge_1"].working_days)
        return f"If it is a complaint, its acknowledgement is due on {_said(first)}, or later by the bank holidays (Code 6.2)."


def weekdays_after(start: date, number: int) -> date:
    """Return the ``number``-th day after ``start`` that is no Saturday or Sunday: no sum of working days ends before it."""
    day = start
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
