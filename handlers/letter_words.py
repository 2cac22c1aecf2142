"""How letters say things: dates as dates, lists as a person would say them, links and numbers that a phone can dial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from classifiers.taxonomy import Category

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TAKEN_FOR = {
    Category.COMPLAINT: "a complaint about us",
    Category.ASB_REPORT: "a report of antisocial behaviour",
    Category.SERVICE_REQUEST: "a request for us to do something",
    Category.OUT_OF_SCOPE: "a question for another service",
}
"""What a message was taken for, as a letter puts it."""


def day(when: date) -> str:
    """Write a date as "Friday 8 January 2027", whatever the machine's language."""
    return f"{_DAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}"


def listed(things: Sequence[str]) -> str:
    """Write "a", "a and b" or "a, b and c"."""
    return " and ".join((", ".join(things[:-1]), things[-1])) if len(things) > 1 else "".join(things)


def numbered(numbers: Sequence[int]) -> str:
    """Write "Point 2" or "Points 1 and 3"."""
    return f"{'Point' if len(numbers) == 1 else 'Points'} {listed([str(number) for number in numbers])}"


def call(phone: str) -> str:
    """Return the address which makes a telephone dial this number (RFC 3966)."""
    return "tel:" + "".join(char for char in phone if char in "+0123456789")


def link(website: str) -> str:
    """Return the address of a website that may be written without its scheme."""
    return website if "://" in website else f"https://{website}"
