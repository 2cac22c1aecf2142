"""Finds the danger words of other languages in a text, each with its exact place and what it means in English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from classifiers.danger_words.english import EnglishWords
from classifiers.danger_words.folding import Word, words
from classifiers.danger_words.phrase import LATIN_ENDS, Phrase, forms, read_phrase
from classifiers.danger_words.tongue import Glossed, Tongue
from classifiers.danger_words.tongues import TONGUES
from classifiers.taxonomy import Category, Flag

UNDERSTOOD: Final = frozenset({None, "en", "zxx"})
"""Languages of a text in which a word of another language counts only where it is unmistakable."""
SHORT: Final = 2
"""Letters of a word that may stand within a foreign phrase though English has it too: "huele a gas"."""


class ForeignCue(NamedTuple):
    """A danger word that was found: what it speaks for, its half-open place, its language, and its meaning in English."""

    speaks_for: Flag | Category
    start: int
    end: int
    language: str
    gloss: str


class _Found(NamedTuple):
    speaks_for: Flag | Category | str
    phrase: Phrase
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


MOST_REMEMBERED: Final = 20_000
"""Different words kept with the phrases that begin with them; in English mail most begin none, and come again."""
_WITHOUT: Final = "without"
_FRAIL: Final = "frail"


class ForeignCues:
    """All phrases of all languages, by the words and stems that they begin with; built once, in some milliseconds."""

    def __init__(self, tongues: Sequence[Tongue] = TONGUES) -> None:
        self._english = EnglishWords()
        self._codes = frozenset(tongue.code for tongue in tongues)
        self._clitic = tuple(tongue for tongue in tongues if tongue.clitics)
        self._phrases: list[tuple[Flag | Category | str, Phrase]] = []
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        self._stems: defaultdict[str, list[int]] = defaultdict(list)
        for tongue in tongues:
            for speaks_for, glossed in _tables(tongue):
                self._take(tongue, speaks_for, glossed)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._beginning = lru_cache(MOST_REMEMBERED)(self._look_up)

    def find(self, text: str, language: str | None) -> tuple[ForeignCue, ...]:
        """List what a text in this language holds, in reading order; in English only what is unmistakable counts.

        No heating and no power are an emergency where the text also speaks of somebody frail in the same language.
        """
        row = list(words(text))
        found = [one for one in self._found(row) if self._counts(one, row, language)]
        both = _languages(found, _WITHOUT) & _languages(found, _FRAIL)
        cues = [
            _cue(one, row) for one in found if isinstance(one.speaks_for, Flag | Category) or one.phrase.tongue.code in both
        ]
        return tuple(_outermost(cues))

    def _take(self, tongue: Tongue, speaks_for: Flag | Category | str, glossed: Glossed) -> None:
        for spelled, gloss in glossed.items():
            for phrase in read_phrase(spelled, gloss, tongue):
                for whole in phrase.slots[0].whole:
                    self._whole[whole].append(len(self._phrases))
                for stem in phrase.slots[0].stems:
                    self._stems[stem].append(len(self._phrases))
                self._phrases.append((speaks_for, phrase))

    def _found(self, row: Sequence[Word]) -> Iterator[_Found]:
        for first, word in enumerate(row):
            for number in self._beginning(word.plain):
                speaks_for, phrase = self._phrases[number]
                places = phrase.places(row, first)
                if places is not None:
                    yield _Found(speaks_for, phrase, places)

    def _look_up(self, plain: str) -> tuple[int, ...]:
        numbers: set[int] = set()
        for form in {form for tongue in self._clitic for form in forms(plain, tongue)} | {plain}:
            numbers.update(self._whole.get(form, ()))
            for length in self._stem_lengths:
                numbers.update(self._stems.get(form[:length], ()))
        return tuple(sorted(numbers))

    def _counts(self, one: _Found, row: Sequence[Word], language: str | None) -> bool:
        tongue = one.phrase.tongue
        if language == tongue.code:
            return one.phrase.unmistakable(row, one.first, one.end) or not tongue.tones or one.end - one.first > 1
        if row[one.first].plain[0] > LATIN_ENDS:
            return True
        # Elsewhere names and English words come together by chance: "the gas engineer Mr Rai", "my ex left tape".
        if all(row[place].plain in self._english for place in one.places):
            return False
        if language in UNDERSTOOD:
            in_one_piece = all(self._within(row[place].plain) for place in range(one.first, one.end) if place not in one.places)
            unmistakable = in_one_piece and one.phrase.unmistakable(row, one.first, one.end)
            return unmistakable and isinstance(one.speaks_for, Flag | Category)
        return language not in self._codes and (not tongue.tones or one.end - one.first > 1)

    def _within(self, plain: str) -> bool:
        return len(plain) <= SHORT or plain not in self._english


def _tables(tongue: Tongue) -> Iterator[tuple[Flag | Category | str, Glossed]]:
    yield from tongue.phrases.items()
    yield _WITHOUT, tongue.without
    yield _FRAIL, tongue.frail


def _languages(found: Iterable[_Found], named: str) -> set[str]:
    return {one.phrase.tongue.code for one in found if one.speaks_for == named}


def _cue(one: _Found, row: Sequence[Word]) -> ForeignCue:
    speaks_for = one.speaks_for if isinstance(one.speaks_for, Flag | Category) else Flag.EMERGENCY
    phrase = one.phrase
    return ForeignCue(speaks_for, row[one.first].start, row[one.end - 1].end, phrase.tongue.code, phrase.gloss)


def _outermost(cues: list[ForeignCue]) -> Iterator[ForeignCue]:
    """Leave out what lies within another that speaks for the same."""
    reach: dict[Flag | Category, int] = {}
    for cue in sorted(cues, key=lambda cue: (cue.start, -cue.end, cue.speaks_for, cue.language)):
        if cue.end > reach.get(cue.speaks_for, -1):
            reach[cue.speaks_for] = cue.end
            yield cue
