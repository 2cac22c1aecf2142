"""When a contact was received, as a colleague types it: a day, perhaps a time, in London; nothing at all means now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.clock import LONDON, london_day
from handlers.deadlines import Due, acknowledge_by

JUST_NOW = timedelta(hours=1)
"""A contact received within this time needs no reason for being logged now."""
AHEAD = timedelta(minutes=1)
"""How far a colleague's watch may be ahead of ours."""
OLDEST_YEARS = 5
CENTURY = 100
TIME = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
UNCLEAR_TIME = "Write the time like 5:30pm or 17:30"
NOON = 12
"""The hour after which "pm" adds nothing."""


class Unclear(ValueError):
    """The time cannot be taken as typed; the sentence says what to mend, ``field`` where."""

    def __init__(self, field: str, sentence: str) -> None:
        """Name the field and say what to mend."""
        super().__init__(sentence)
        self.field = field


def received(day: str, month: str, year: str, clock: str, now: datetime) -> datetime:
    """Return when the contact was received, or raise ``Unclear``.

    A day without a time counts from its beginning, the earliest that it can have been: what runs in hours runs for the
    resident. In the hour that a clock going back repeats, the first is meant, for the same reason.
    """
    day, month, year = day.strip(), month.strip(), year.strip()
    given = bool(day or month or year)
    if not (given or clock.strip()):
        return now
    on = _day(day, month, year, now) if given else london_day(now)
    if on == london_day(now) and not clock.strip():
        return now
    at = datetime.combine(on, _clock(clock), LONDON).astimezone(UTC)
    if at > now + AHEAD:
        raise Unclear("received-day", "The contact cannot have been received in the future: look at the day and the time")
    if on < _years_before(london_day(now)):
        raise Unclear("received-day", f"That is more than {OLDEST_YEARS} years ago: look at the year")
    return min(at, now)


def is_late(at: datetime, now: datetime) -> bool:
    """Return whether the contact needs a reason for being logged only now."""
    return now - at > JUST_NOW


def missed(at: datetime, now: datetime, calendar: WorkingCalendar) -> Due | None:
    """Return the deadline of an acknowledgement that has passed before the contact was even logged, if it has."""
    try:
        due = acknowledge_by(at, 1, calendar)
    except CalendarGap:
        return None  # beyond the known holidays nothing is computed; the message goes to a person with that reason
    return due if due.due_at < now else None


def _day(day: str, month: str, year: str, now: datetime) -> date:
    try:
        number = int(year) if year else london_day(now).year
        return date(number + 2000 if number < CENTURY else number, int(month), int(day))
    except (ValueError, OverflowError):
        raise Unclear("received-day", "Write the day as three numbers, such as 27 3 2027") from None


def _clock(text: str) -> time:
    if not text.strip():
        return time()
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise Unclear("received-time", UNCLEAR_TIME)
    try:
        hour = _of_twelve(int(found[1]), found[3].lower()) if found[3] else int(found[1])
        return time(hour, int(found[2] or 0))
    except ValueError:
        raise Unclear("received-time", UNCLEAR_TIME) from None


def _of_twelve(hour: int, half: str) -> int:
    """Return the hour of the day for an hour of "am" or "pm"; 17pm is taken for what it says."""
    if half == "am" and hour > NOON:
        raise ValueError("there is no such hour in the morning")
    if half == "am":
        return hour % NOON
    return hour if hour >= NOON else hour + NOON


def _years_before(day: date) -> date:
    """Return the same day some years ago; 29 February has none in most years and becomes 1 March."""
    try:
        return day.replace(year=day.year - OLDEST_YEARS)
    except ValueError:
        return date(day.year - OLDEST_YEARS, 3, 1)
