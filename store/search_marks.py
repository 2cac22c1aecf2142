"""Where in a text the terms of a search stand, without reading all its words: pages show many texts, and some are long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from store.search_query import Run, Term, runs_in
from store.search_words import WORD, codes, fold, told

Mark = tuple[int, int, int]
"""From where to where, and the number of the term."""
OFTEN_ENOUGH = 20
"""Marks of every term after which no more are sought: a snippet shows a few."""


def marked(text: str, asked: Sequence[Term], place: str) -> list[Mark]:
    """Return where terms stand in a text of this place, in order, none over another."""
    found = list(_finder(tuple(asked), place).marks(text))
    sought = {term.code: number for number, term in enumerate(asked) if term.code is not None}
    if sought:
        found += [(code.start, code.end, sought[code.folded]) for code in codes(text) if code.folded in sought]
    return list(_apart(sorted(found, key=lambda each: (each[0], -each[1]))))


class _Finder:
    """Finds terms in texts of one place."""

    def __init__(self, asked: Sequence[Term], place: str) -> None:
        self._place = place
        self._runs = [(run, number) for number, term in enumerate(asked) for run in runs_in(term, place)]
        self._longest = max((len(run.words) for run, _ in self._runs), default=0)
        beginnings = {_beginning(run.words[0][1:]) for run, _ in self._runs}
        self._heads = re.compile(rf"(?<![^\W_])(?<![^\W_]')(?:{'|'.join(beginnings)})", re.IGNORECASE | re.ASCII)

    def marks(self, text: str) -> Iterator[Mark]:
        plain = text.replace("’", "'")
        # Letters with accents are folded one by one; in plain text the words that could begin a run are sought at once.
        places: Iterable[re.Match[str]] = self._heads.finditer(plain) if plain.isascii() else WORD.finditer(plain)
        often = dict.fromkeys((number for _, number in self._runs), 0)
        for head in places if self._runs else ():
            stretch = list(islice(WORD.finditer(plain, head.start()), self._longest))
            indexed = tuple(told(self._place, fold(word[0])) for word in stretch)
            for run, number in self._runs:
                if _stands(run, indexed):
                    often[number] += 1
                    yield stretch[0].start(), stretch[len(run.words) - 1].end(), number
            if min(often.values()) >= OFTEN_ENOUGH:
                return


@lru_cache(maxsize=256)
def _finder(asked: tuple[Term, ...], place: str) -> _Finder:
    return _Finder(asked, place)


def _beginning(word: str) -> str:
    """Return a pattern for how all words with this stem begin: only ``y`` and ``i`` stand in a stem for other letters."""
    return "'?".join(map(re.escape, word[:-1] if word.endswith(("y", "i")) and len(word) > 1 else word))


def _stands(run: Run, stretch: Sequence[str]) -> bool:
    size = len(run.words)
    if len(stretch) < size or stretch[: size - 1] != run.words[:-1]:
        return False
    last = stretch[size - 1]
    return last.startswith(run.words[-1]) if run.begins else last == run.words[-1]


def _apart(found: Sequence[Mark]) -> Iterator[Mark]:
    last = -1
    for start, end, number in found:
        if start >= last:
            yield start, end, number
            last = end
