"""What counts as a word for search, the same on both databases: folded, without accents, and for prose cut to its stem.

Databases' own parsers disagree over ``ada@resident.example`` and ``SE13 6AB`` and need rights to be taught otherwise.
So they are given words ready made, each with a letter before it that says where it stood, such as ``mboiler`` for
"boilers" in a message: one index answers where a word is, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FACTS, MESSAGE, FILE, LETTER, NOTE = "f", "m", "a", "l", "n"
PLACES = (FACTS, MESSAGE, FILE, LETTER, NOTE)
"""Where words stand: names and addresses of a case, what was written to us, attached files, our letters, our notes."""
LONGEST = 40
"""Characters of a word that count; what is longer is no word that anybody types."""

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word as it is written: an apostrophe belongs to its word, all other marks part words."""
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)44[ .()-]{0,3}(?:\d[ .()-]{0,3}){8,10}|\(?0(?:\d[ .()-]{0,3}){8,9})\d(?!\w)", re.ASCII
)
_POSTCODE = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)[ \t]{0,3}(\d[a-z]{2})(?!\w)", re.ASCII | re.IGNORECASE)
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in a text: from where to where, and folded."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order."""
    for found in WORD.finditer(text):
        if folded := fold(found[0]):
            yield Word(found.start(), found.end(), folded)


def codes(text: str) -> Iterator[Word]:
    """Yield telephone numbers and postcodes of a text, each as one word however it was broken."""
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        yield Word(found.start(), found.end(), re.sub("^(?:00)?440?", "0", digits))
    for found in _POSTCODE.finditer(text):
        yield Word(found.start(), found.end(), (found[1] + found[2]).casefold())


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word for comparison: no capitals, accents or apostrophes, and not longer than counts."""
    if word.isascii():
        return word.replace("'", "").lower()[:LONGEST]
    apart = unicodedata.normalize("NFKD", word.casefold())
    # Only letters and figures: these are what both databases take for parts of a word.
    return "".join(sign for sign in apart.casefold() if unicodedata.category(sign)[0] in "LN")[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what a folded English word shares with its inflected forms: leak for leaks, leaked and leaking."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha() or not word.isascii():
        return word
    word = _singular(word)
    ending = next((ending for ending in ("ing", "ed") if word.endswith(ending)), "")
    short = word.removesuffix(ending)
    if ending and len(short) >= _SHORTEST_STEM and _VOWEL.search(short) and not word.endswith("eed"):
        word = short[:-1] if short[-1] == short[-2] and short[-1] not in "aeiouls" else short
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        return word[:-1]
    return word[:-1] + "i" if len(word) > _SHORTEST_STEM and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > _SHORTEST_STEM + 1:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def told(place: str, word: str) -> str:
    """Return a folded word as it is indexed for a place: names stay whole, prose is cut to stems."""
    return place + (word if place == FACTS else stem(word))


def indexed(place: str, text: str) -> Iterator[str]:
    """Yield what is indexed of a text that stands in a place: its words in order, then the codes in it."""
    for word in words(text):
        yield told(place, word.folded)
    for code in codes(text):
        yield place + code.folded
