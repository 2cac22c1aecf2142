"""Which part of a text is scored: enough to judge a letter by, and little enough that no message can hold up the others."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from classifiers.injection import Range, kept_ranges, never_looked_at

HEAD = 9_000
"""Characters scored from the beginning of a text, about 1,500 words."""
TAIL = 3_000
"""Characters scored from its end, where a long letter says what it asks for."""
RUN = 40
"""Characters without a blank after which a run is broken: spaCy's tokeniser is quadratic in runs of punctuation."""

GAP = "\n\n"
"""Stands for all that was left out of a long letter: no sentence and no phrase goes on over a new paragraph."""

_LONG_RUN = re.compile(rf"(\S{{{RUN}}})\S")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The scored words, and how to find their places in the text they came from."""

    text: str
    starts: tuple[int, ...]
    """Offsets in ``text`` at which another piece of the whole text begins, and ..."""
    whole: tuple[int, ...]
    """... the offsets in the whole text at which these pieces stand."""
    cut: tuple[Range, ...] = ()
    """What of the whole text was cut out, wherever it stood."""

    def place(self, offset: int) -> int:
        """Return the offset in the whole text of an offset in the scored one."""
        piece = bisect_right(self.starts, offset) - 1
        return self.whole[piece] + offset - self.starts[piece]


def windowed(text: str, cut: Sequence[Range] = (), most: int = HEAD + TAIL) -> Window:
    """Take head and tail of a text without what is cut or was not looked at; each character keeps its width, so places stay exact."""
    if not text.isascii():
        # A lone surrogate cannot be hashed by spaCy; "replace" puts one question mark for each, so offsets hold.
        text = text.encode("utf-8", "replace").decode("utf-8")
    unknown = never_looked_at(text)
    pieces = kept_ranges(text, sorted([*cut, *unknown])) if cut or unknown else [(0, len(text))]
    length = sum(end - start for start, end in pieces)
    if most < HEAD + TAIL:
        parts = [list(_part(pieces, 0, most))]
    elif length > most:
        parts = [list(_part(pieces, 0, HEAD)), list(_part(pieces, length - TAIL, length))]
    else:
        parts = _apart(pieces, unknown)
    return _window(text, parts, tuple(cut))


def _apart(pieces: list[Range], unknown: Sequence[Range]) -> list[list[Range]]:
    """Part what stands before and what stands after that which was not looked at, where there is something of each."""
    parts = [[one for one in pieces if (one[:1] < between) is before] for between in unknown for before in (True, False)]
    return [one for one in parts if one] or [pieces]


def _part(pieces: Iterable[Range], first: int, last: int) -> Iterator[Range]:
    """Yield what lies between two offsets, counted over all pieces together."""
    before = 0
    for start, end in pieces:
        begins, ends = max(first - before, 0), min(last - before, end - start)
        before += end - start
        if begins < ends:
            yield start + begins, start + ends


def _window(text: str, parts: Sequence[Sequence[Range]], cut: tuple[Range, ...]) -> Window:
    scored = GAP.join("".join(text[start:end] for start, end in part) for part in parts)
    pieces = [piece for part in parts for piece in part]
    lengths = [end - start for part in parts for start, end in part]
    starts = list(accumulate([0, *lengths]))[:-1] or [0]
    if len(parts) > 1:
        gap = len(parts[0])
        starts[gap:] = [start + len(GAP) for start in starts[gap:]]
    return Window(text=_unrun(scored), starts=tuple(starts), whole=tuple(start for start, _ in pieces) or (0,), cut=cut)


def _unrun(text: str) -> str:
    if max(map(len, text.split()), default=0) <= RUN:
        return text
    return _LONG_RUN.sub(r"\1 ", text)
