"""The twelve months of Code 2.3: counted from the event or from knowing of it, whichever was later; late is never a bar."""

from __future__ import annotations

from datetime import date

MONTHS = 12


def counted_from(occurred_on: date, aware_on: date) -> date:
    """Return the day from which the twelve months run: the later of the two."""
    return max(occurred_on, aware_on)


def last_day(occurred_on: date, aware_on: date) -> date:
    """Return the last day on which a complaint is in time; of a 29 February, that is 1 March a year on."""
    start = counted_from(occurred_on, aware_on)
    try:
        return start.replace(year=start.year + 1)
    except ValueError:
        return date(start.year + 1, 3, 1)


def is_late(occurred_on: date, aware_on: date, received_on: date) -> bool:
    """Say whether a complaint came after its twelve months; a person then considers discretion (Code 2.3)."""
    return received_on > last_day(occurred_on, aware_on)
