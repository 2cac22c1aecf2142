"""Who is called about an emergency, by which way, and how long after one the next; and what carries a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

Way = Literal["mail", "text", "webhook"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyOfficer:
    """Somebody on the list: ``to`` is a mail address, the address of a mail-to-text gateway, or the URL of a webhook."""

    name: str
    way: Way
    to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """The list in its order; after ``wait`` without an "I have it" the next is called, and after the last the first again."""

    officers: tuple[DutyOfficer, ...]
    wait: timedelta
    desk_url: str

    def next(self, attempts: int) -> DutyOfficer:
        """Return whom to call after so many attempts."""
        return self.officers[attempts % len(self.officers)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What is said to one person: a reference, a danger and a street; ``id`` is the same when it is said to them again."""

    id: str
    reference: str
    words: str
    page: str


class NotCalled(Exception):
    """The call could not be placed; the sentence says why and holds nothing of anybody."""


class Caller(Protocol):
    """A way by which somebody is called."""

    async def call(self, officer: DutyOfficer, said: Call) -> str:
        """Place the call and return the other side's answer, or raise ``NotCalled``."""
        ...


Callers = Mapping[Way, Caller]
