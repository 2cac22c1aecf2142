"""Takes out of a mail's new words what is held already: a letter of ours that was quoted without any mark (mail rule I4).

A word goes only as part of a whole sentence or line of which every word stands, in the same order, in what is held: whoever
uses our words in a sentence of their own keeps that sentence. The time is linear in the words of both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.aligning import Ranges
from intake.known_runs import AT_ONCE, MOST_WORDS, WORD, Chain, Held, chains, runs_of
from intake.quote_markers import classes
from intake.quoting import LONGEST_LINE, MOST_LINES, together

_SENTENCE_ENDS = re.compile(r"[.?!:;…。！？।؟۔]['\")\]»”’*_]*\s|\n[^\S\n]*>*[^\S\n]*\n")
_SAYS_NOTHING = re.compile(r"[\s!-/:-@\[-`{-~–—•·…“”‘’«»\u200b\ufeff]*")
_OLDER_MAIL = re.compile(r"[eaAd]*[aAd][eaAd]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What stays of the new words when what is held is out, where it stands, and where the rest stood."""

    new_text: str
    new_ranges: Ranges
    known: Ranges


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lines:
    """Where lines start, and the class of each (``intake.quote_markers``), as far as lines are looked at."""

    text: str
    starts: Sequence[int]
    kinds: str

    def at(self, place: int) -> int:
        """Return the number of the line in which a character stands."""
        return bisect_right(self.starts, place) - 1


def difference(text: str, new: Ranges, sent: Held, received: Held) -> Difference | None:
    """Take out of the ``new`` ranges what was ``sent``, and what was ``received`` where it is quoted below that.

    None where nothing is known, and where nothing would be left: then all of it may have been written again on purpose.
    """
    places = [found.span() for start, end in new for found in WORD.finditer(text, start, end)][:MOST_WORDS]
    runs = runs_of([text[start:end].casefold() for start, end in places])
    found = list(chains(runs, sent, received))
    if not any(chain.sent for chain in found):
        return None
    lines = _lines(text)
    old = _known(_old_ones(found, places, lines), places, lines)
    _keep_sentences(old, text, places, _line_ends(found, runs, sent, received))
    known = tuple(_where(old, places, lines))
    left = tuple(_without(text, new, known))
    new_text = together(text, left)
    return Difference(new_text=new_text, new_ranges=left, known=known) if known and new_text else None


def _lines(text: str) -> _Lines:
    lines = text.split("\n")[:MOST_LINES]
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    return _Lines(
        text=text, starts=starts, kinds=classes([line[:LONGEST_LINE] for line in lines], [False] * len(lines), forwarded=False)
    )


def _old_ones(found: Sequence[Chain], places: Sequence[tuple[int, int]], lines: _Lines) -> list[Chain]:
    """Return what was sent, and what was received where a mail program's mark of an older mail stands between the two."""
    old: list[Chain] = []
    for chain in found:
        between = ""
        if old and old[-1].last + 1 <= chain.first:
            between = lines.kinds[lines.at(places[old[-1].last][0]) + 1 : lines.at(places[chain.first][0])]
        if chain.sent or _OLDER_MAIL.fullmatch(between):
            old.append(chain)
    return old


def _known(old: Sequence[Chain], places: Sequence[tuple[int, int]], lines: _Lines) -> list[bool]:
    """Tell for each word whether it is known, or stands in a mail program's line that speaks of what follows."""
    known = [False] * len(places)
    behind = 0
    for chain in old:
        first = chain.first
        own = lines.at(places[first][0])
        top = _top(lines, own, lines.at(places[behind][0]))
        begins_line = first == 0 or places[first - 1][0] < lines.starts[own]
        while top < own and begins_line and first > behind and places[first - 1][0] >= lines.starts[top]:
            first -= 1
        behind = chain.last + 1
        known[first:behind] = [True] * (behind - first)
        behind = min(behind, len(places) - 1)
    return known


def _top(lines: _Lines, line: int, floor: int) -> int:
    """Return the first of the attributions and header lines right above a line, or the line itself."""
    above = line
    while above > floor and lines.kinds[above - 1] in "eaAd":
        above -= 1
    return above if _OLDER_MAIL.fullmatch(lines.kinds[above:line]) else line


def _line_ends(found: Sequence[Chain], runs: Sequence[str], sent: Held, received: Held) -> set[int]:
    """Return the words behind which a line ends, here or in what is held, without a full stop."""
    ends = set()
    for chain in found:
        begins, last = runs[chain.first], runs[chain.last - AT_ONCE + 1]
        if begins in sent.begin or begins in received.begin:
            ends.add(chain.first - 1)
        if last in sent.end or last in received.end:
            ends.add(chain.last)
    return ends


def _keep_sentences(old: list[bool], text: str, places: Sequence[tuple[int, int]], line_ends: set[int]) -> None:
    """Leave every sentence whole of which a word is new."""
    first = 0
    for place, (_start, end) in enumerate(places):
        gap = text[end : places[place + 1][0]] if place + 1 < len(places) else "\n\n"
        if ("\n" in gap and place in line_ends) or _SENTENCE_ENDS.search(gap):
            if not all(old[first : place + 1]):
                old[first : place + 1] = [False] * (place + 1 - first)
            first = place + 1


def _where(old: Sequence[bool], places: Sequence[tuple[int, int]], lines: _Lines) -> Iterator[tuple[int, int]]:
    """Yield where the words stand that go, with the marks around them that touch no other word."""
    first = 0
    for place, is_old in enumerate([*old, False]):
        if is_old:
            continue
        if first < place:
            floor = places[first - 1][1] if first else 0
            ceiling = places[place][0] if place < len(places) else len(lines.text)
            yield _with_marks(lines.text, places[first][0], places[place - 1][1], floor, ceiling)
        first = place + 1


def _with_marks(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    while start > floor and not text[start - 1].isspace():
        start -= 1
    line = text.rfind("\n", floor, start) + 1
    if line and _SAYS_NOTHING.fullmatch(text, line, start):
        start = line
    while end < ceiling and not text[end].isspace():
        end += 1
    return start, end


def _without(text: str, new: Ranges, known: Ranges) -> Iterator[tuple[int, int]]:
    """Yield what is left of the ranges and says something, without the blanks at its ends."""
    for start, end in _minus(new, known):
        if not _SAYS_NOTHING.fullmatch(text, start, end):
            piece = text[start:end]
            yield end - len(piece.lstrip()), start + len(piece.rstrip())


def _minus(new: Ranges, known: Ranges) -> Iterator[tuple[int, int]]:
    passed = 0
    for start, end in new:
        while passed < len(known) and known[passed][1] <= start:
            passed += 1
        here, look = start, passed
        while look < len(known) and known[look][0] < end:
            yield here, max(here, known[look][0])
            here = max(here, known[look][1])
            look += 1
        yield min(here, end), end
