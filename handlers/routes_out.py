"""By which ways an answer can reach a resident, the best first, each with why; pure, so that the desk can show all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.addresses import usable
from handlers.people.wishes import NOTHING_AGREED, Wishes
from intake.identity import identity_of

Way = Literal["mail", "chat", "telephone", "post", "in_person"]
WAYS: tuple[Way, ...] = ("mail", "chat", "telephone", "post", "in_person")
BY_HAND: tuple[Way, ...] = ("telephone", "post", "in_person")
"""Ways on which people carry a letter; on the others a sender takes it."""
CAME_BY: dict[str, Way] = {"telephone": "telephone", "letter": "post", "visit": "in_person", "walkabout": "in_person"}
"""What answers a contact that staff wrote down; every other channel is mail or chat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A letter to an address that did not arrive: when it was known, and what the other side said."""

    at: datetime
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A conversation: until when its platform takes letters of ours, where that ends, and why it takes none now."""

    until: datetime | None = None
    closed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of the ways to a resident: addresses by name, troubles and signs of life by address (small letters).

    An address is a mail address or an identity. ``came_from`` is the one that the message asks to be answered at.
    ``parties`` are the other people of the case, ``linked`` other addresses of the resident's own; ``talks`` tells of the
    conversations. ``unproven`` says that the message failed its authenticity check. ``wishes`` is what was agreed with the
    resident: a way that it forbids is not offered (Code 5.10). ``untold`` names to whom nothing of
    the case may go, and why.
    """

    came_by: str
    came_from: str | None = None
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    home: str | None = None
    parties: Mapping[str, str | None] = field(default_factory=dict)
    linked: Sequence[str] = ()
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)
    talks: Mapping[str, Talk] = field(default_factory=dict)
    unproven: bool = False
    untold: Mapping[str, str] = field(default_factory=dict)
    wishes: Wishes = NOTHING_AGREED

    @property
    def wanted(self) -> Way:
        """Return the way by which the message came."""
        return CAME_BY.get(self.came_by) or ("mail" if identity_of(self.came_from) is None else "chat")

    @property
    def answers(self) -> str:
        """Return the address that an answer is to go to, in small letters; empty where there is none."""
        return (self.came_from or self.address or "").lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A way out: whereto, why it stands where it does, and what speaks against it; ``works`` says whether it is proposed.

    ``until`` is when its platform takes no letter any more, where there is such a time; ``closed`` says that it takes none now.
    """

    way: Way
    to: str | None
    why: str
    against: str | None = None
    until: datetime | None = None
    closed: bool = False

    @property
    def works(self) -> bool:
        """Return whether nothing is known that speaks against it."""
        return self.against is None

    @property
    def code(self) -> str:
        """Return the route as a form sends it."""
        return code_of(self.way, self.to)


def code_of(way: str, to: str | None) -> str:
    """Return how a form names a route: a way on which people carry a letter needs no address yet."""
    return way if way in BY_HAND else f"{way}:{to}"


def routes_out(known: Known) -> tuple[Route, ...]:
    """Return every way there is: the one the message came by first, those that something speaks against last.

    Telephone, post and a visit are always among them, for no resident may be out of reach because a field is empty; but for
    the telephone where it was agreed that nobody rings.
    """
    routes = [route for route in (*_written(known), *_by_hand(known)) if _offered(known, route)]
    # Sorting keeps the order of what is alike: the resident before other parties, the telephone before the post.
    return tuple(sorted(routes, key=lambda route: (not _wished(known, route), not route.works, not _as_it_came(known, route))))


def chosen(routes: tuple[Route, ...], code: str | None) -> Route | None:
    """Return the route that a form names; none where it is not among those offered."""
    return next((route for route in routes if route.code == code), None)


def _offered(known: Known, route: Route) -> bool:
    """Say whether what was agreed leaves a route open; other people of the case are written to as ever."""
    theirs = {(one or "").lower() for one in (known.address, *known.linked, *_unnamed(known))}
    return known.wishes.allow(route.way) or (route.way in ("mail", "chat") and (route.to or "").lower() not in theirs)


def _unnamed(known: Known) -> Iterator[str | None]:
    """Yield where the message came from, unless it is another person's of the case."""
    if known.came_from not in known.parties:
        yield known.came_from


def _wished(known: Known, route: Route) -> bool:
    """Say whether a route is by the way that was agreed on; people find out what is missing of one that they carry."""
    return route.way == known.wishes.first and (route.works or route.way in BY_HAND)


def _as_it_came(known: Known, route: Route) -> bool:
    return route.way == known.wanted and (route.way in BY_HAND or route.to == known.answers)


def _written(known: Known) -> Iterator[Route]:
    """Yield the ways to every address, each once: the resident's own first, then what is linked with it, then other parties'."""
    whys: dict[str, str] = {}
    for address, why in _addresses(known):
        whys.setdefault(address.lower(), why)
    for address, why in whys.items():
        if address in known.untold:
            yield Route(way=_way_to(address), to=address, why=why, against=known.untold[address], closed=True)
            continue
        yield _to_mail(known, address, why) if identity_of(address) is None else _to_chat(known, address, why)


def _way_to(address: str) -> Way:
    return "mail" if identity_of(address) is None else "chat"


def _addresses(known: Known) -> Iterator[tuple[str, str]]:
    if known.wanted == "chat" and known.came_from:
        yield known.came_from, "as they wrote"
    if known.address:
        yield known.address, _own(known, known.address)
    for address in known.linked:
        yield address, "linked with it as the same person's"
    for address, name in known.parties.items():
        yield address, f"of {name}, who belongs to the case too" if name else "belongs to the case too"


def _own(known: Known, address: str) -> str:
    if identity_of(address) is not None:
        return "their own conversation with us"
    return "the message came from here" if known.wanted == "mail" else "their email address"


def _to_mail(known: Known, address: str, why: str) -> Route:
    against = None if usable(address) else "no letter can be sent to such an address"
    against = against or _trouble(known, address)
    if against is None and known.unproven and address == (known.address or "").lower():
        against = "it could not be shown that the message truly came from here: ask them first"
    return Route(way="mail", to=address, why=why, against=against)


def _to_chat(known: Known, address: str, why: str) -> Route:
    talk = known.talks.get(address, Talk())
    against = talk.closed or _trouble(known, address)
    return Route(way="chat", to=address, why=why, against=against, until=talk.until, closed=talk.closed is not None)


def _trouble(known: Known, address: str) -> str | None:
    trouble, heard = known.troubles.get(address), known.heard.get(address)
    # An old failure never outlives a fresh message: whoever writes from an address can be reached there.
    if trouble is not None and (heard is None or heard <= trouble.at):
        return f"a letter did not arrive: {trouble.answer}"
    return None


def _by_hand(known: Known) -> list[Route]:
    own = {"telephone": known.phone, "post": known.home, "in_person": known.home}
    missing = {"telephone": "no telephone number is known", "post": "no postal address is known", "in_person": None}
    why = {"telephone": "read it out, and note when", "post": "print it and post it", "in_person": "hand it over"}
    found: list[Route] = []
    for way in BY_HAND:
        reason = f"they came to us this way: {why[way]}" if way == known.wanted else why[way]
        against = missing[way] if not own[way] else None
        found.append(Route(way=way, to=own[way], why=reason, against=against))
    return found
