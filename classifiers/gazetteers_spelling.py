"""How residents spell a name: with or without apostrophe, "ct" for court, "St" for saint and street, without "the"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from classifiers.gazetteers import PlaceKind

MOST_SPELLINGS: Final = 200
"""Of one name; a name of many shortened words has no more that anybody writes."""
SHORT_FORMS: Final = {
    "avenue": ("ave", "av"),
    "buildings": ("bldgs", "building"),
    "centre": ("center", "ctr"),
    "close": ("cl",),
    "court": ("ct", "crt", "courts"),
    "crescent": ("cres", "cresc"),
    "drive": ("dr", "drv"),
    "estate": ("est",),
    "gardens": ("gdns", "garden", "gdn"),
    "green": ("grn",),
    "grove": ("gr", "grv"),
    "heights": ("hts",),
    "house": ("hse",),
    "lane": ("ln",),
    "lodge": ("ldg",),
    "mansions": ("mans", "mansion"),
    "park": ("pk",),
    "place": ("pl",),
    "point": ("pt",),
    "road": ("rd",),
    "square": ("sq",),
    "street": ("st", "str"),
    "terrace": ("terr", "ter"),
    "tower": ("twr", "towers"),
    "towers": ("tower",),
    "walk": ("wlk",),
    "yard": ("yd",),
}
_NO_SHORT_FORM: Final = (
    "apartments", "block", "field", "fields", "flats", "hill", "mews", "parade", "passage", "path", "quay", "rise", "row",
    "view", "villas", "way", "wharf",
)  # fmt: skip
_LONG_FORMS: Final = {short: word for word, forms in SHORT_FORMS.items() for short in forms if short not in SHORT_FORMS}
PLACE_WORDS: Final = frozenset((*SHORT_FORMS, *_LONG_FORMS, *_NO_SHORT_FORM))
"""Words that say what kind of place a name is, in all their spellings."""
OF_KIND: Final = {
    PlaceKind.ESTATE: ("estate",),
    PlaceKind.BLOCK: ("block", "house", "court", "point", "tower", "lodge"),
    PlaceKind.STREET: ("street", "road", "avenue", "lane", "close"),
    PlaceKind.OFFICE: ("office", "centre", "hub"),
}
LANDLORD_WORDS: Final = ("housing association", "housing", "homes", "ha", "trust", "housing trust", "group")
_NUMBERS = re.compile(r"^(?:flats? |nos?\.? )?\d+[a-z]?(?: ?(?:-|–|to|/|&|and) ?\d+[a-z]?)?(?: \((?:odds?|evens?)\))?,? (?=\D)")
_NUMBERS_BEHIND = re.compile(r",? \(?(?:flats? )?\d+[a-z]?(?: ?(?:-|–|to|/) ?\d+[a-z]?)\)?$")


def small(name: str) -> str:
    """Return a name in small letters, with straight apostrophes and single blanks."""
    return " ".join(name.lower().replace("’", "'").replace("‘", "'").split())


def bare(name: str) -> str:
    """Return a small name without "the" and without a block's house numbers."""
    named = _NUMBERS_BEHIND.sub("", _NUMBERS.sub("", small(name)))
    return named.removeprefix("the ")


def stem(name: str) -> str:
    """Return a bare name without the word at its end that says what it is; "" where there is nothing else."""
    *words, last = name.split()
    return " ".join(words) if last in PLACE_WORDS else name


def association(name: str) -> str:
    """Return another landlord's bare name without "housing association" and the like behind it."""
    for words in sorted(LANDLORD_WORDS, key=len, reverse=True):
        if name.endswith(f" {words}"):
            return name.removesuffix(f" {words}")
    return name


def spellings(name: str) -> Iterator[str]:
    """Yield the ways in which a bare name is written, as runs between blanks; ``name`` itself comes first."""
    words = name.split()
    choices = [_forms(word, place, len(words)) for place, word in enumerate(words)]
    for count, chosen in enumerate(product(*choices)):
        if count == MOST_SPELLINGS:
            return
        yield " ".join(" ".join(chosen).split())


def _forms(word: str, place: int, words: int) -> tuple[str, ...]:
    if "&" in word:
        return word, word.replace("&", " & "), word.replace("&", " and ")
    if word == "and":
        return word, "&"
    if word.rstrip(".") in ("st", "saint") and place == 0 and words > 1:
        return "st", "st.", "saint"
    known = _LONG_FORMS.get(word.rstrip("."), word)
    if place and known in SHORT_FORMS:
        shortened = SHORT_FORMS[known]
        return known, *shortened, *(f"{one}." for one in shortened if one in _LONG_FORMS)
    return _without_marks(word)


def _without_marks(word: str) -> tuple[str, ...]:
    if word.endswith(("'s", "s'")):
        owner = word.removesuffix("'s").removesuffix("'").removesuffix("s")
        return f"{owner}'s", f"{owner}s", f"{owner}s'", owner
    if "-" in word.strip("-"):
        return word, word.replace("-", " ")
    return (word, f"{word[:-1]}'s") if word.endswith("s") and not word.endswith("ss") else (word,)
