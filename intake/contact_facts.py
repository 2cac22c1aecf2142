"""What a colleague writes down of a telephone call, a letter on paper, a visit or a walkabout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

WAYS = ("telephone", "letter", "visit", "walkabout")
"""How a contact can have come; each is a channel of its own, under the account ``desk``."""
PART = "part"
"""What was taken out of another case: no way of coming in, but kept like a contact, so that its case has its own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedContact:
    """A contact as it was logged; ``received_at`` is the true receipt, from which deadlines run (Code 1.2, 6.2).

    ``name``, ``email`` and ``phone`` are of whoever spoke or wrote, ``behalf`` names the resident if that is another.
    ``category``, ``reason`` and ``flags`` are what the colleague takes it for, ``belongs_to`` the reference of the case
    that the colleague says it belongs to; all of these may be missing.
    """

    id: str
    way: str
    words: str
    logged_by: str
    logged_by_name: str
    logged_at: datetime
    received_at: datetime
    late_why: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    home: str | None = None
    behalf: str | None = None
    category: str | None = None
    reason: str | None = None
    flags: tuple[str, ...] = ()
    belongs_to: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be stored under a stable name or a legal clock."""
        if not self.id or self.way not in (*WAYS, PART):
            raise ValueError("a contact needs its id and one of the ways in which contacts come")
        if self.logged_at.tzinfo is None or self.received_at.tzinfo is None:
            raise ValueError("the times of a contact need a zone")
