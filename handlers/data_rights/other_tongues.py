"""Finds what a message in another language asks about data or information, so that a time limit runs for whoever writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from classifiers.danger_words.english import EnglishWords
from classifiers.danger_words.folding import Word, words
from classifiers.danger_words.phrase import Phrase, forms, read_phrase
from classifiers.danger_words.tongues import TONGUES
from handlers.data_rights.tongue_words import WORDS


class _Row(NamedTuple):
    kind: str
    phrase: Phrase


class OtherTongues:
    """The phrases of all languages, by the words and stems that they begin with."""

    def __init__(self) -> None:
        """Read the tables."""
        self._english: Final = EnglishWords()
        self._clitic = tuple(tongue for tongue in TONGUES if tongue.clitics)
        self._whole: defaultdict[str, list[_Row]] = defaultdict(list)
        self._stems: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in _rows():
            first = row.phrase.slots[0]
            for word in first.whole:
                self._whole[word].append(row)
            for stem in first.stems:
                self._stems[stem].append(row)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def found(self, text: str) -> frozenset[str]:
        """Return which kinds a text speaks of in any of the languages; English words that stand together by chance do not count."""
        row = list(words(text))
        return frozenset(self._found(row))

    def _found(self, row: Sequence[Word]) -> Iterator[str]:
        for at, word in enumerate(row):
            for one in self._beginning(word.plain):
                places = one.phrase.places(row, at)
                if places is not None and self._counts(one.phrase, row, places):
                    yield one.kind

    def _beginning(self, plain: str) -> Iterator[_Row]:
        for form in {plain, *(form for tongue in self._clitic for form in forms(plain, tongue))}:
            yield from self._whole.get(form, ())
            for length in self._lengths:
                yield from self._stems.get(form[:length], ()) if len(form) >= length else ()

    def _counts(self, phrase: Phrase, row: Sequence[Word], places: Sequence[int]) -> bool:
        if phrase.tongue.tones and not phrase.unmistakable(row, places[0], places[-1] + 1):
            return False
        return any(row[place].plain not in self._english for place in places)


def _rows() -> Iterator[_Row]:
    for tongue in TONGUES:
        for kind, phrases in WORDS[tongue.code].items():
            for spelled in phrases:
                yield from (_Row(kind, phrase) for phrase in read_phrase(spelled, kind, tongue))


@cache
def other_tongues() -> OtherTongues:
    """Return the tables, read once."""
    return OtherTongues()
