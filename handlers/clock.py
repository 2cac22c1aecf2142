"""The only place that reads the time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved: for tests and for reruns."""

    def __init__(self, at: datetime) -> None:
        """Start at this aware instant."""
        if at.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self.at = at

    def now(self) -> datetime:
        """Return the instant it was set to, in UTC."""
        return self.at.astimezone(UTC)


def london_day(at: datetime) -> date:
    """Return the Europe/London calendar date of an instant: the day of receipt of obligations B1.2 rule 1."""
    return at.astimezone(LONDON).date()
