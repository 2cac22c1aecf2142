"""Who does the work that residents ask for: a partner, what they take, and the way by which they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Way = Literal["mail", "csv", "open311"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Partner:
    """A team or firm that takes cases; ``publishes`` says that others can read what it is given."""

    key: str
    name: str
    takes: tuple[str, ...] = ("service_request",)
    way: Way = "mail"
    address: str = ""
    answers_from: tuple[str, ...] = ()
    """Further addresses from which they answer, such as their ticket system's."""
    folder: Path | None = None
    url: str = ""
    api_key_file: Path | None = None
    jurisdiction_id: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    """Their service codes by our categories (Open311)."""
    publishes: bool = False
    automatic: bool = False
    """Whether the sweep hands plain cases over to them without a person."""
    chase_days: int = 5
    phone: str = ""
    """Where people ring them, for what no machine can tell them."""
    tell_residents: bool = True
    """Whether the resident gets a letter that says who has it."""
    reach: str = ""
    """How residents reach them, as the letter says it."""
    format: Literal["json", "xml"] = "json"
    """What their endpoint speaks (Open311 GeoReport v2: XML always, JSON where they offer it)."""

    @property
    def senders(self) -> tuple[str, ...]:
        """Return the addresses from which their word on a status is believed."""
        return tuple(address.lower() for address in (self.address, *self.answers_from) if address)

    @property
    def to_ring(self) -> str:
        """Return whom to ring, with the number where the settings give one."""
        return f"{self.name} ({self.phone})" if self.phone else self.name
