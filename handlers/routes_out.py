"""By which ways an answer can reach a resident, the best first, each with why; pure, so that the desk can show all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.addresses import usable

Way = Literal["mail", "telephone", "post", "in_person"]
WAYS: tuple[Way, ...] = ("mail", "telephone", "post", "in_person")
CAME_BY: dict[str, Way] = {"telephone": "telephone", "letter": "post", "visit": "in_person", "walkabout": "in_person"}
"""What answers a contact that staff wrote down; every other channel is mail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A letter to an address that did not arrive: when it was known, and what the other side said."""

    at: datetime
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of the ways to a resident: addresses by name, troubles and signs of life by address (small letters).

    ``parties`` are the other people of the case; ``unproven`` says that the message failed its authenticity check.
    """

    came_by: str
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    home: str | None = None
    parties: Mapping[str, str | None] = field(default_factory=dict)
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)
    unproven: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A way out: whereto, why it stands where it does, and what speaks against it; ``works`` says whether it is proposed."""

    way: Way
    to: str | None
    why: str
    against: str | None = None

    @property
    def works(self) -> bool:
        """Return whether nothing is known that speaks against it."""
        return self.against is None

    @property
    def code(self) -> str:
        """Return the route as a form sends it."""
        return f"{self.way}:{self.to}" if self.way == "mail" else self.way


def routes_out(known: Known) -> tuple[Route, ...]:
    """Return every way there is: the one the message came by first, those that something speaks against last.

    Telephone, post and a visit are always among them, for no resident may be out of reach because a field is empty.
    """
    wanted = CAME_BY.get(known.came_by, "mail")
    routes = [*_mail(known, wanted), *_by_hand(known, wanted)]
    # Sorting keeps the order of what is alike: the resident before other parties, the telephone before the post.
    return tuple(sorted(routes, key=lambda route: (not route.works, route.way != wanted)))


def chosen(routes: tuple[Route, ...], code: str | None) -> Route | None:
    """Return the route that a form names; none where it is not among those offered."""
    return next((route for route in routes if route.code == code), None)


def _mail(known: Known, wanted: Way) -> list[Route]:
    found = []
    own = known.address.lower() if known.address else None
    if own:
        why = "the message came from here" if wanted == "mail" else "their email address"
        found.append(Route(way="mail", to=own, why=why, against=_against(known, own)))
    for address, name in known.parties.items():
        if address.lower() != own:
            why = f"of {name}, who belongs to the case too" if name else "belongs to the case too"
            found.append(Route(way="mail", to=address.lower(), why=why, against=_against(known, address.lower())))
    return found


def _against(known: Known, address: str) -> str | None:
    if not usable(address):
        return "no letter can be sent to such an address"
    trouble, heard = known.troubles.get(address), known.heard.get(address)
    # An old bounce never outlives a fresh message: whoever writes from an address can be reached there.
    if trouble is not None and (heard is None or heard <= trouble.at):
        return f"a letter did not arrive: {trouble.answer}"
    if known.unproven and address == (known.address or "").lower():
        return "it could not be shown that the message truly came from here: ask them first"
    return None


def _by_hand(known: Known, wanted: Way) -> list[Route]:
    own = {"telephone": known.phone, "post": known.home, "in_person": known.home}
    missing = {"telephone": "no telephone number is known", "post": "no postal address is known", "in_person": None}
    why = {"telephone": "read it out, and note when", "post": "print it and post it", "in_person": "hand it over"}
    found: list[Route] = []
    for way in WAYS[1:]:
        reason = f"they came to us this way: {why[way]}" if way == wanted else why[way]
        against = missing[way] if not own[way] else None
        found.append(Route(way=way, to=own[way], why=reason, against=against))
    return found
