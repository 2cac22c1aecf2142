"""What must stand beside a name for it to count, where the name alone may be an ordinary word or a person's."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from spacy.tokens import Doc

from classifiers.gazetteers_spelling import PLACE_WORDS
from classifiers.vocabulary import ENGLISH


class Needs(IntEnum):
    """What a spelling needs in order to count."""

    NOTHING = 0
    NO_OTHER_PLACE = 1
    """Not part of a person's name, nor another place's word behind it: not "Mr Hyde", not "Hyde Road"."""
    NUMBER = 2
    """A house or flat number before it: "14 Hope"."""
    FLAT_NUMBER = 3
    """A number that is said to be a flat's or house's: "flat 14 Ferrier"."""
    LANDLORD_WORD = 4
    """A word that speaks of a landlord at its side: "my landlord is Southern"."""
    NO_PERSON = 5
    """As ``NO_OTHER_PLACE``, and no first name or initial before it: not "Sarah Hyde", not "J. Hyde"."""
    CAPITALS = 6
    """Capitals in all its words, where not everybody shouts, or a landlord's word at its side: not "no one housing us"."""


_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-z]?")
_FLAT: Final = frozenset(("flat", "flats", "flt", "apartment", "apt", "no", "no.", "number", "unit", "room", "door"))
_PERSON: Final = frozenset(("-", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "cllr", "councillor", "officer"))
_SMALL_WORDS: Final = ENGLISH | {"a", "an", "as", "at", "he", "hello", "hi", "in", "me", "my", "no", "on", "so", "us"}
"""Words that begin a sentence, with a capital, and are no first names."""
_BETWEEN: Final = frozenset((",", "the", "in", "at", "of"))
_OF_A_LANDLORD: Final = frozenset(
    ("landlord", "landlords", "association", "ha", "tenant", "tenants", "tenancy", "housing", "homes", "trust", "leaseholder",
     "flat", "flats", "property", "properties", "block", "estate", "owned")
)  # fmt: skip
_OTHER_PLACES: Final = PLACE_WORDS - {"estate", "est", "buildings", "flats", "block", "apartments"} | {
    "library",
    "primary",
    "school",
    "station",
    "surgery",
}


def holds(needs: Needs, doc: Doc, first: int, end: int, ordinary: frozenset[str] = frozenset()) -> bool:
    """Tell whether what a spelling needs stands beside this range of tokens; ``ordinary`` words are no first names."""
    if needs in {Needs.NO_OTHER_PLACE, Needs.NO_PERSON}:
        named = needs is Needs.NO_PERSON and _first_name(doc, first - 1, ordinary)
        return _norm(doc, first - 1) not in _PERSON and not named and not _goes_on(doc, end)
    if needs in {Needs.NUMBER, Needs.FLAT_NUMBER}:
        # "Flat 4, Rowan Bank" is no flat in Rowan House.
        goes_on = end < len(doc) and doc[end].text.istitle()
        return not goes_on and _numbered(doc, first, said=needs is Needs.FLAT_NUMBER)
    if needs in {Needs.LANDLORD_WORD, Needs.CAPITALS}:
        beside = (_norm(doc, first - 2), _norm(doc, first - 1), _norm(doc, end))
        return not _OF_A_LANDLORD.isdisjoint(beside) or (needs is Needs.CAPITALS and _capitals(doc, first, end))
    return True


def _first_name(doc: Doc, place: int, ordinary: frozenset[str]) -> bool:
    """Tell whether the token at this place is an initial, or a capital word that is no ordinary one."""
    if place < 0 or not doc[place].text[0].isupper():
        return False
    if len(doc[place].text.rstrip(".")) > 1:
        return doc[place].norm_ not in ordinary and doc[place].norm_ not in _SMALL_WORDS
    return doc[place].norm_ not in {"a", "i"} or _norm(doc, place - 1) in _PERSON


def _capitals(doc: Doc, first: int, end: int) -> bool:
    words = [doc[place].text for place in range(first, end)]
    beside = [doc[place].text for place in (first - 1, end) if 0 <= place < len(doc)]
    shouted = all(word.isupper() for word in words) and any(text.isupper() and len(text) > 1 for text in beside)
    return not shouted and all(word[0].isupper() for word in words if word.isalpha())


def _goes_on(doc: Doc, end: int) -> bool:
    """Tell whether what stands behind makes another place's name of it: "Hyde Road", "Hyde Vale House"."""
    other = _norm(doc, end) in _OTHER_PLACES
    return other or (end < len(doc) and doc[end].text.istitle() and _norm(doc, end + 1) in _OTHER_PLACES)


def _norm(doc: Doc, number: int) -> str:
    return doc[number].norm_ if 0 <= number < len(doc) else ""


def _numbered(doc: Doc, first: int, *, said: bool) -> bool:
    """Tell whether a house number comes before; unless it is ``said`` to be one, the name must begin with a capital."""
    place = first - 1
    while _norm(doc, place) in _BETWEEN:
        place -= 1
    if len(_norm(doc, place)) == 1 and _norm(doc, place).isalpha():
        # "14 b": spaCy takes the letter for a word of its own.
        place -= 1
    if not _HOUSE_NUMBER.fullmatch(_norm(doc, place)):
        return False
    return _norm(doc, place - 1) in _FLAT or (not said and doc[first].text[0].isupper())
