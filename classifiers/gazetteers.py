"""What a landlord knows and no language does: the names of its own places, of other landlords and of other services.

Names come from CSV files (``gazetteers_reading.py``), are found in a text (``gazetteers_finding.py``), and are cues: they
decide nothing by themselves. docs/gazetteers.md says how a landlord makes its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

EXAMPLE_LISTS: Final = Path(__file__).parent / "gazetteer"
"""The packaged lists, of invented places; they are used where the landlord names no folder of its own."""
_WHOLE: Final = 2**256


class Knowledge(StrEnum):
    """What a name that was found says of the message."""

    OUR_PLACE = "our_place"
    OTHER_LANDLORD = "other_landlord"
    OTHER_SERVICE = "other_service"


class PlaceKind(StrEnum):
    """What a place of ours is."""

    ESTATE = "estate"
    BLOCK = "block"
    STREET = "street"
    OFFICE = "office"


class Known(NamedTuple):
    """A name that was found: what it says, its half-open range of tokens, and the name as the list has it."""

    knowledge: Knowledge
    first: int
    end: int
    name: str
    office: str = ""
    """Who deals with it, where ``knowledge`` is ``OTHER_SERVICE``."""


class Place(NamedTuple):
    """An estate, block, street or office of ours; ``postcode`` counts as a name of it."""

    name: str
    kind: PlaceKind
    postcode: str = ""


class ServiceName(NamedTuple):
    """Words by which residents name a service of another office."""

    name: str
    office: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gazetteer:
    """All that is known by name; the order of names means nothing."""

    places: tuple[Place, ...] = ()
    landlords: tuple[str, ...] = ()
    services: tuple[ServiceName, ...] = ()

    @property
    def digest(self) -> str:
        """Return a SHA-256 (hex) over all names, by which two sets of lists can be told apart."""
        rows = sorted([*map(list, self.places), *([name] for name in self.landlords), *map(list, self.services)])
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def hidden(self, share: float, seed: int) -> Gazetteer:
        """Leave out about ``share`` of the names, so that whoever learns with the rest does not come to lean on them.

        The same name is left out at the same seed whatever else is listed, and at every larger share.
        """
        return replace(
            self,
            places=tuple(one for one in self.places if not is_hidden(one.name, share, seed)),
            landlords=tuple(one for one in self.landlords if not is_hidden(one, share, seed)),
            services=tuple(one for one in self.services if not is_hidden(one.name, share, seed)),
        )


def still_known(known: Iterable[Known], share: float, seed: int) -> tuple[Known, ...]:
    """Leave out what would not be found with ``Gazetteer.hidden``; with a seed for each message, each misses other names."""
    return tuple(one for one in known if not is_hidden(one.name, share, seed))


def is_hidden(name: str, share: float, seed: int) -> bool:
    """Tell whether ``Gazetteer.hidden`` leaves this name out."""
    drawn = int(hashlib.sha256(f"{seed}:{name.casefold()}".encode()).hexdigest(), 16)
    return drawn < share * _WHOLE


def ordinary_words() -> frozenset[str]:
    """Read the words of plain English that residents write; as a name, such a word alone says nothing."""
    return frozenset((EXAMPLE_LISTS / "ordinary_words.txt").read_text(encoding="utf-8").split())
