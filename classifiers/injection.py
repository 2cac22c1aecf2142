"""Finds words that are meant for a machine and not for the landlord: they are cut out before scoring, and a person looks.

What is cut leaves the text as if it had never been there, so that no verdict can hang on it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from classifiers.injection_folding import folded
from classifiers.injection_phrases import HINTS, MEANT_FOR_A_MACHINE, ON_ANY_LINE, ON_ITS_LINE, SHORT_HINTS

REACH_BACK: Final = 60
REACH_ON: Final = 120
REACH_ON_OF_AN_ORDER: Final = 400
"""Characters of its sentence that go with a find, so that a message without full stops does not go with it; more of one
that begins with the find, as that is an order from end to end."""
MOST_LOOKED_AT: Final = 200_000
"""Characters looked at on each side of a longer text, which is far more than is scored of it; what lies between is not scored."""
MARGIN: Final = 1_000

Range = tuple[int, int]
"""Half-open, in characters."""

_SENTENCE = re.compile(r"[^\n]*?[.!?](?=[\s\"'”’)\]*}>]|$)[\"'”’)\]*}>]{0,5}|[^\n]+", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_LINE_END = re.compile(r"[^\S\n]*\n")
_BLANKS = re.compile(r"[^\S\n]+")


def never_looked_at(text: str) -> list[Range]:
    """Return what lies between the two ends of a long text that are looked at: nobody knows whether it speaks to a machine."""
    if len(text) <= 2 * MOST_LOOKED_AT:
        return []
    # Of an order at the very end of what is looked at half would be missed, so that what stands there is not scored either.
    return [(MOST_LOOKED_AT - MARGIN, len(text) - MOST_LOOKED_AT + MARGIN)]


def machine_words(text: str) -> list[Range]:
    """Return the ranges to leave out, in order and apart: orders to a machine, each at most a sentence, and their sequels."""
    if len(text) <= 2 * MOST_LOOKED_AT:
        return _machine_words(text)
    shift = len(text) - MOST_LOOKED_AT
    return _machine_words(text[:MOST_LOOKED_AT]) + [(one + shift, end + shift) for one, end in _machine_words(text[shift:])]


def kept_ranges(text: str, cut: Iterable[Range]) -> list[Range]:
    """Return what of a text is scored: all but what is cut, where a line that goes takes its line end with it."""
    kept, at = [], 0
    for start, end in (_with_its_blanks(text, *one) for one in cut):
        kept.append((at, start))
        at = max(at, end)
    kept.append((at, len(text)))
    return _trimmed(text, [(start, end) for start, end in kept if start < end])


def _machine_words(text: str) -> list[Range]:
    plain = folded(text)
    if not (any(hint in plain.text for hint in HINTS) or SHORT_HINTS.search(plain.text)):
        return []
    found = (one.span() for one in MEANT_FOR_A_MACHINE.finditer(plain.text))
    finds = sorted({one for find in found for one in _on_its_lines(plain.text, *find)})
    if not finds:
        return []
    cut = Sentences(plain.text).around(finds)
    return [plain.whole(*one) for one in _joined(plain.text, cut)]


def _on_its_lines(text: str, start: int, end: int) -> list[Range]:
    """Return what of a find over several lines is an order by itself: "show me" above "your instructions" is none."""
    if "\n" not in text[start:end]:
        return [(start, end)]
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    lines = _LINE.finditer(text, first, len(text) if last < 0 else last)
    alone = [one.span() for line in lines for one in MEANT_FOR_A_MACHINE.finditer(text, *line.span())]
    return alone or [(start, end)]


class Sentences:
    """The sentences of a folded text, and which of them go with what was found."""

    def __init__(self, text: str) -> None:
        self._text = text
        found = [one.span() for one in _SENTENCE.finditer(text) if not one.group().isspace()]
        self._starts = [end - len(text[start:end].lstrip()) for start, end in found]
        self._ends = [start + len(text[start:end].rstrip()) for start, end in found]

    def around(self, finds: Sequence[Range]) -> list[Range]:
        """Widen finds to their sentences, and add those on either side that would hardly stand there without."""
        hit = {number for find in finds for number in range(self._first(find[0]), self._last(find[1]) + 1)}
        sequels = set(self._going_on(hit, range(len(self._starts)))) | set(self._going_on(hit, range(len(self._starts))[::-1]))
        return sorted([*map(self._reach, finds), *((self._starts[one], self._ends[one]) for one in sequels)])

    def _first(self, place: int) -> int:
        return max(bisect_right(self._starts, place) - 1, 0)

    def _last(self, place: int) -> int:
        return min(bisect_left(self._ends, place), len(self._ends) - 1)

    def _reach(self, find: Range) -> Range:
        """Widen a find to its sentence, or to as much of it as goes with the find."""
        start, end = find
        first, last = self._starts[self._first(start)], self._ends[self._last(end)]
        whole = start - first <= REACH_BACK
        reach = end + (REACH_ON_OF_AN_ORDER if whole else REACH_ON)
        if last > reach:
            blank = _BLANKS.search(self._text, reach, last)
            last = blank.start() if blank else last
        return min(first, start) if whole else start, max(last, end)

    def _going_on(self, hit: AbstractSet[int], order: Iterable[int]) -> Iterator[int]:
        """Yield the sentences that go on with an order, one after the other, until one does not."""
        before: int | None = None
        for number in order:
            if number in hit:
                before = number
            elif before is not None and self._goes_with(number, before):
                before = number
                yield number
            else:
                before = None

    def _goes_with(self, number: int, other: int) -> bool:
        start, end = self._starts[number], self._ends[number]
        between = self._text[min(start, self._starts[other]) : max(start, self._starts[other])]
        return (ON_ANY_LINE if "\n" in between else ON_ITS_LINE).search(self._text[start:end]) is not None


def _joined(text: str, cut: Iterable[Range]) -> list[Range]:
    """Put together what overlaps or stands side by side."""
    joined: list[Range] = []
    for start, end in cut:
        if joined and (start <= joined[-1][1] or not text[joined[-1][1] : start].strip()):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _with_its_blanks(text: str, start: int, end: int) -> Range:
    """Widen a cut by the blanks or the line end that came with the words, so that the rest closes up as it was."""
    own_line = start == 0 or text[start - 1] == "\n"
    line_end = _LINE_END.match(text, end)
    if own_line and line_end:
        return start, line_end.end()
    if own_line or text[start - 1].isspace():
        blanks = _BLANKS.match(text, end)
        if blanks and blanks.end() < len(text) and not line_end:
            return start, blanks.end()
        return start if own_line else len(text[:start].rstrip(" \t")), end
    return start, end


def _trimmed(text: str, kept: list[Range]) -> list[Range]:
    """Leave out blanks at both ends, as a cut there leaves some behind."""
    while kept and not text[slice(*kept[0])].strip():
        del kept[0]
    while kept and not text[slice(*kept[-1])].strip():
        del kept[-1]
    if kept:
        (first, first_end), lead = kept[0], len(text[slice(*kept[0])])
        kept[0] = first + lead - len(text[first:first_end].lstrip()), first_end
        last, last_end = kept[-1]
        kept[-1] = last, last + len(text[last:last_end].rstrip())
    return kept
