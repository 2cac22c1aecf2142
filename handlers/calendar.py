"""The working days of England, for the years whose bank holidays are proclaimed and for no others.

The dates come from the ``holidays`` library (GB, ENG), which would compute rules for any year; a landlord may trust
only what is published. ``PUBLISHED`` says how many bank holidays GOV.UK lists for each year, and is what bounds the
calendar's reach: beyond it a sum is refused, never guessed (obligations B1.2 rule 5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.metadata import version

import holidays

PUBLISHED = {2020: 8, 2021: 8, 2022: 10, 2023: 9, 2024: 8, 2025: 8, 2026: 8, 2027: 8, 2028: 8}
"""Bank holidays (Monday to Friday) in GOV.UK's list for England and Wales, by year: one row more for each year published."""
USUAL = 8
"""Bank holidays that every year has, by the Banking and Financial Dealings Act 1971 and common law."""
SATURDAY = 5


class CalendarGap(LookupError):
    """A sum would need days of a year without trusted bank holidays: extend the calendar, never guess."""


def _year(year: int) -> set[date]:
    """Return the year's bank holidays from Monday to Friday, or raise ``CalendarGap`` when some are missing."""
    days = {day for day in holidays.country_holidays("GB", subdiv="ENG", years=year) if day.weekday() < SATURDAY}
    expected = PUBLISHED.get(year, USUAL)
    if len(days) < expected:
        raise CalendarGap(
            f"holidays {version('holidays')} has {len(days)} bank holidays for {year} where {expected} are published"
        )
    return days


def _days(first: int, last: int) -> Iterator[date]:
    day, end = date(first, 1, 1), date(last, 12, 31)
    while day <= end:
        yield day
        day += timedelta(days=1)


class WorkingCalendar:
    """Says which days are working days, and counts them; made once, never changed, safe to share between threads.

    ``extra_holidays`` are days proclaimed after this release: they count as bank holidays. ``closed_days`` are the
    landlord's own (a Christmas shutdown): kept to be shown, they never extend a clock of the Code, which gives no
    discount for them. ``trusted_until`` is the last year whose published list somebody has compared with the library.
    """

    def __init__(
        self, *, extra_holidays: Iterable[date] = (), closed_days: Iterable[date] = (), trusted_until: int = max(PUBLISHED)
    ) -> None:
        self._first, self._last = min(PUBLISHED), trusted_until
        if trusted_until < self._first:
            raise ValueError(f"the calendar begins in {self._first}, so it cannot end in {trusted_until}")
        self.extra_holidays = tuple(sorted(set(extra_holidays)))
        self.closed_days = frozenset(closed_days)
        self.bank_holidays = frozenset(self.extra_holidays).union(*map(_year, range(self._first, trusted_until + 1)))
        off = self.bank_holidays
        self._working = [day for day in _days(self._first, trusted_until) if day.weekday() < SATURDAY and day not in off]
        extra = "".join(f" +{day.isoformat()}" for day in self.extra_holidays)
        self.version = f"holidays {version('holidays')} GB-ENG {self._first}-{trusted_until}{extra}"

    def reach(self) -> tuple[date, date]:
        """Return the first and the last day that the calendar knows."""
        return date(self._first, 1, 1), date(self._last, 12, 31)

    def is_working_day(self, day: date) -> bool:
        """Say whether the day is neither at a weekend nor a bank holiday; raise ``CalendarGap`` beyond the reach."""
        if not self._first <= day.year <= self._last:
            raise CalendarGap(self._gap(day))
        return day.weekday() < SATURDAY and day not in self.bank_holidays

    def count(self, start: date, n: int) -> tuple[date, ...]:
        """Return the n working days after ``start`` (day 0, itself never counted), or raise ``CalendarGap``."""
        if n < 1:
            raise ValueError("count at least one working day")
        if start < date(self._first - 1, 12, 31):
            raise CalendarGap(self._gap(start))
        # The days are few and sorted: looking the start up costs half a microsecond and needs no cache to go stale.
        at = bisect_right(self._working, start)
        counted = tuple(self._working[at : at + n])
        if len(counted) < n:
            raise CalendarGap(self._gap(start))
        return counted

    def _gap(self, day: date) -> str:
        return (
            f"a sum at {day.isoformat()} goes beyond the bank holidays known from {self._first} to {self._last}: "
            "install a newer release, or compare the published list and set the calendar's trusted year"
        )
