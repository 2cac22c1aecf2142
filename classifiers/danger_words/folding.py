"""Cuts a text into words, each in a plain spelling (no case, no diacritics) with its exact place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from classifiers.danger_words.chinese import TRADITIONAL

HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_MARKS: Final = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0981-\u0983\u09bc-\u09cd\u09d7\u200c\u200d"
"""Signs that stand on or in a word without being letters: accents, Arabic vowel points, Bengali vowels, joiners."""
_WORD: Final = re.compile(f"[{HAN}]|(?:[^\\W_{HAN}][{_MARKS}]*)+")
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_STROKE: Final = "\u0335"
_LETTERS: Final = {"ł": "l", "ı": "i", "ø": "o", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ھ": "ہ", "ٱ": "ا"}
"""Letters that are typed for one another, or that Unicode does not take apart."""
_DROPPED: Final = (
    *range(0x0300, 0x0370), *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0640, 0x0670, *range(0x06D6, 0x06EE),
    0x0981, 0x09BC, 0x200C, 0x200D,
)  # fmt: skip
_PLAIN: Final = str.maketrans(
    _LETTERS | {pair[0]: pair[1] for pair in TRADITIONAL.split()} | {chr(mark): None for mark in _DROPPED}
)


class Word(NamedTuple):
    """A word's plain spelling, its letters and marks in one order (empty where it bears no marks), and its half-open place."""

    plain: str
    marked: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in reading order, a Chinese sign being a word; takes time in proportion to the text."""
    if text.isascii():
        yield from (Word(found.group(), "", *found.span()) for found in _ASCII_WORD.finditer(text.lower()))
        return
    for found in _WORD.finditer(text):
        plain, marked = fold(found.group())
        if plain:
            yield Word(plain, marked, *found.span())


def fold(word: str) -> tuple[str, str]:
    """Return a word's plain spelling, and its letters and marks sorted, as some people put a mark on the neighbouring vowel."""
    if word.isascii():
        return word.lower(), ""
    apart = unicodedata.normalize("NFKD", word.casefold()).replace("đ", "d" + _STROKE)
    plain = apart.translate(_PLAIN)
    return plain, "" if plain == apart else "".join(sorted(apart))
