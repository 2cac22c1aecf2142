"""Reads through disguises: a text in plain small letters, and where each of these stood, so that a find can be cut out."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_LOOK_ALIKES: Final = dict(zip("аеорсухіјѕԁһոտαεορυικντ", "aeopcyxijsdhntaeopuiknt", strict=True))
"""Letters of other alphabets that pass for Latin ones."""
_DIGITS: Final = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"\b(?=[a-z0-9]{5,40}\b)(?=[0-9]*[a-z][0-9]*[a-z])(?=[a-z0-9]*?[0134579][a-z0-9]*[a-z])[a-z0-9]+\b")
_SPACED = re.compile(r"(?<![a-z])[a-z]([ ._*-])[a-z](?:\1[a-z]){3,}(?![a-z])")


class Folded(NamedTuple):
    """Plain small letters, and for each the offset where it stood in the text; ``places`` is None where all stand alike."""

    text: str
    places: list[int] | None

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the text for one of the folded letters."""
        if self.places is None or start == end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    """Fold capitals, accents, wide and foreign letters, digits for letters, spaced-out words and invisible marks away."""
    if text.isascii():
        return _unspaced(_MIXED.sub(_undigited, text.lower()), None)
    letters, places = [], []
    for place, mark in enumerate(text):
        plain = mark.lower() if mark.isascii() else _plain(mark)
        if plain:
            letters.append(plain)
            places.append(place)
    return _unspaced(_MIXED.sub(_undigited, "".join(letters)), None if len(places) == len(text) else places)


def _plain(mark: str) -> str:
    """Return one letter for a mark, or none for one that nobody sees."""
    kind = unicodedata.category(mark)
    if kind in {"Cf", "Cs"} or "\u0300" <= mark <= "\u036f":
        return ""
    base = unicodedata.normalize("NFKD", mark)[0].lower()[:1]
    return {"ſ": "s", "ı": "i"}.get(base) or _LOOK_ALIKES.get(base, base)


def _undigited(found: re.Match[str]) -> str:
    return found.group().translate(_DIGITS)


def _unspaced(text: str, places: list[int] | None) -> Folded:
    """Close up words that were written letter by letter: the longest way round a list of words there is."""
    gone = {at for found in _SPACED.finditer(text) for at in range(found.start() + 1, found.end(), 2)}
    if not gone:
        return Folded(text, places)
    kept = [at for at in range(len(text)) if at not in gone]
    return Folded("".join(text[at] for at in kept), [at if places is None else places[at] for at in kept])
