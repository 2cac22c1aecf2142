"""A piece of text around the words that were sought, with those words marked: plain strings, which pages escape."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.search_marks import Mark, marked
from store.search_query import Term
from store.search_sources import Source

SHOWN = 220
"""Characters of a snippet, more or less."""
LEAD = 60
"""Characters before the first marked word."""
LOOKED_THROUGH = 60_000
"""Characters of one text in which a snippet is sought."""

MOST_SNIPPETS = 3

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """Where a case was found: the place and its title, and pieces of the text, each with whether it is marked.

    ``terms`` are the numbers of the terms that stand in that text.
    """

    place: str
    title: str
    pieces: tuple[tuple[str, bool], ...]
    terms: frozenset[int]


def snippets(sources: Sequence[Source], asked: Sequence[Term]) -> list[Snippet]:
    """Return pieces of these texts that show the terms between them: each the first to hold most of those not shown yet."""
    left = frozenset(range(len(asked)))
    found: list[Snippet] = []
    stands = _until_all(sources, asked)
    while left and stands and len(found) < MOST_SNIPPETS:
        source, marks = max(stands, key=lambda each: len(left & _held(each[1])))
        if not left & _held(marks):
            break
        left -= _held(marks)
        found.append(Snippet(place=source.place, title=source.title, pieces=_pieces(source.text, marks), terms=_held(marks)))
    return found


def _until_all(sources: Sequence[Source], asked: Sequence[Term]) -> list[tuple[Source, list[Mark]]]:
    """Return the texts that hold any of the terms; a text that holds all of them is the last that is looked at."""
    found = []
    for source in sources:
        if marks := marked(source.text[:LOOKED_THROUGH], asked, source.place):
            found.append((source, marks))
            if len(_held(marks)) == len(asked):
                break
    return found


def _held(marks: Iterable[Mark]) -> frozenset[int]:
    return frozenset(number for _, _, number in marks)


def _pieces(text: str, marks: Sequence[Mark]) -> tuple[tuple[str, bool], ...]:
    first = _densest(marks)
    start = _word_border(text, max(0, first - LEAD)) if first > LEAD else 0
    end = _last_border(text, start + SHOWN)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for from_, to, _ in marks:
        if start <= from_ < end:
            pieces += [(_flat(text[at:from_]), False), (_flat(text[from_:to]), True)]
            at = to
    pieces += [(_flat(text[at : max(at, end)]), False), ("…" if max(at, end) < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece[0])


def _densest(marks: Sequence[Mark]) -> int:
    """Return where to begin so that as many terms as can be are shown, the earliest of such places; in linear time."""
    reach, best, most = SHOWN - LEAD, marks[0][0], 0
    shown: deque[Mark] = deque()
    for mark in marks:
        shown.append(mark)
        while mark[0] - shown[0][0] >= reach:
            shown.popleft()
        if len(held := _held(shown)) > most:
            best, most = shown[0][0], len(held)
    return best


def _word_border(text: str, at: int) -> int:
    found = _BLANKS.search(text, at, at + LEAD // 2)
    return found.end() if found else at


def _last_border(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    blank = text.rfind(" ", at - LEAD // 2, at)
    return blank if blank >= 0 else at


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", text)
