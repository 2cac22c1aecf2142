"""Hears a language by its small words, in short texts and in Latin spellings of languages that have a script of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from classifiers.danger_words.folding import Word, fold
from classifiers.danger_words.tongue import Tongue
from classifiers.danger_words.tongues import TONGUES

FEWEST_HEARD: Final = 2
"""So many different small words of a language must stand in a text: one alone may be a name."""


class Heard(NamedTuple):
    """The language whose small words stand in a text most, or None where too few do, and how many of its words they are."""

    language: str | None
    times: int


class SmallWords:
    """The small words of all languages, each with the languages that have it."""

    def __init__(self, tongues: Sequence[Tongue] = TONGUES) -> None:
        self._languages: defaultdict[str, list[str]] = defaultdict(list)
        for tongue in tongues:
            for word in {fold(word)[0] for word in tongue.small_words.split()}:
                self._languages[word].append(tongue.code)

    def heard(self, row: Iterable[Word]) -> Heard:
        """Say which language's small words a row of words holds most of; the one met first where two have as many."""
        times: defaultdict[str, int] = defaultdict(int)
        different: defaultdict[str, set[str]] = defaultdict(set)
        for word in row:
            for language in self._languages.get(word.plain, ()):
                times[language] += 1
                different[language].add(word.plain)
        known = [language for language in times if len(different[language]) >= FEWEST_HEARD]
        if not known:
            return Heard(None, 0)
        most = max(known, key=lambda language: times[language])
        return Heard(most, times[most])
