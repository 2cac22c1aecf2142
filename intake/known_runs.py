"""Which words of a text follow each other just so in letters and mails that are held already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AT_ONCE = 8
"""Words that must stand together in what is held: fewer in a row are anybody's."""
MOST_WORDS = 50_000
"""Words of a mail, and of all that is held beside it, that are compared."""
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """All runs of so many words in some texts; which of them begin a line there, and which end one."""

    runs: frozenset[str] = frozenset()
    begin: frozenset[str] = frozenset()
    end: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Words ``first`` to ``last`` of a mail that follow each other in what is held; ``sent``: some of it in our letters alone."""

    first: int
    last: int
    sent: bool


def runs_of(words: Sequence[str]) -> list[str]:
    """Return every run of so many words, one for each word that has enough behind it."""
    return [" ".join(words[place : place + AT_ONCE]) for place in range(len(words) - AT_ONCE + 1)]


def held(texts: Sequence[str]) -> Held:
    """Return the runs of words of these texts; once there are too many words the rest is left out."""
    runs: set[str] = set()
    begin: set[str] = set()
    end: set[str] = set()
    room = MOST_WORDS
    for text in texts:
        words, lines = _words_with_lines(text, room)
        found = runs_of(words)
        runs.update(found)
        begin.update(run for place, run in enumerate(found) if place == 0 or lines[place] != lines[place - 1])
        last = AT_ONCE - 1
        end.update(run for place, run in enumerate(found, last) if place + 1 == len(lines) or lines[place] != lines[place + 1])
        room -= len(words)
    return Held(runs=frozenset(runs), begin=frozenset(begin), end=frozenset(end))


def chains(runs: Sequence[str], sent: Held, received: Held) -> Iterator[Chain]:
    """Yield the longest stretches of words of which each run is known; two that only touch are two."""
    first = last = -1
    ours = False
    for place, run in enumerate(runs):
        of_ours, of_theirs = run in sent.runs, run in received.runs
        if not (of_ours or of_theirs):
            continue
        if place > last and first >= 0:
            yield Chain(first=first, last=last, sent=ours)
        if place > last:
            first, ours = place, False
        last = place + AT_ONCE - 1
        # Our letters repeat a resident's words: only what no resident wrote tells that a letter is quoted here.
        ours = ours or (of_ours and not of_theirs)
    if first >= 0:
        yield Chain(first=first, last=last, sent=ours)


def _words_with_lines(text: str, most: int) -> tuple[list[str], list[int]]:
    words: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n")):
        if len(words) >= most:
            break
        found = WORD.findall(line.casefold())
        words += found
        lines += [number] * len(found)
    return words, lines
