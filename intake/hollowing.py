"""Takes the bodies of parts out of a mail before it is parsed, for the parser looks at each line of them for nothing.

Between a blank line and the next line that starts with two dashes no header and no part can begin or end, whatever the
parser is reading: a header ends at the blank line at the latest, and a boundary starts with the dashes (RFC 2046 section
5.1.1). Such a stretch is replaced by one line, and put back, byte for byte, where a part's body is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST = 128
"""Bytes of a stretch that is worth taking out."""
_MARK = b"\x1a"
# The parser takes a carriage return alone for a line end, too.
_BLANK_LINE = re.compile(rb"\n(?:\r\n|[\r\n])|\r\r\n?")
_WINDOW = 4_096


@dataclass(frozen=True, kw_only=True, slots=True)
class Hollow:
    """A mail without the bodies of its parts, the mail itself, and where in it they stand (half-open ranges)."""

    shell: bytes
    raw: bytes
    taken: tuple[tuple[int, int], ...] = ()

    def filled(self, piece: bytes) -> bytes:
        """Return a piece of the shell with everything back that was taken out of it."""
        if not self.taken or _MARK not in piece:
            return piece
        parts = piece.split(_MARK)
        for place in range(1, len(parts), 2):
            start, end = self.taken[int(parts[place])]
            parts[place] = self.raw[start:end]
        return b"".join(parts)


def hollow(raw: bytes) -> Hollow:
    """Take out what the parser need not see; a mail that holds the mark itself stays whole, so that none is mistaken."""
    if _MARK in raw:
        return Hollow(shell=raw, raw=raw)
    taken = tuple(_stretches(raw))
    pieces: list[bytes] = []
    last = 0
    for number, (start, end) in enumerate(taken):
        pieces += (raw[last:start], b"%c%d%c" % (_MARK, number, _MARK))
        last = end
    return Hollow(shell=b"".join([*pieces, raw[last:]]), raw=raw, taken=taken)


def _stretches(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield the ranges from behind a blank line up to the line end above two dashes, or above the end of the mail."""
    place = 0
    while place < len(raw):
        blank = _BLANK_LINE.search(raw, place)
        if blank is None:
            return
        # The line end of the blank line may itself be the one above the dashes.
        line_end = _last_line_end(raw, blank.end() - 1)
        if line_end - blank.end() >= SHORTEST:
            yield blank.end(), line_end
        place = line_end + 1


def _last_line_end(raw: bytes, place: int) -> int:
    """Return where the line end stands that two dashes or nothing more follows; the parser may count it to the boundary."""
    end = _dashed_line(raw, place)
    if end == len(raw) and raw[-1:] in (b"\r", b"\n"):
        end -= 1
    return end - (raw[end - 1 : end + 1] == b"\r\n")


def _dashed_line(raw: bytes, place: int) -> int:
    """Return where the line end stands that is followed by two dashes, or the length of the mail."""
    while (dash := raw.find(b"-", place)) >= 0:
        # Base64 has no dash, so that one search crosses a whole file; text is looked at window by window.
        start, stop = max(dash - 1, place), dash + _WINDOW
        found = raw.find(b"\n--", start, stop)
        alone = raw.find(b"\r--", start, stop if found < 0 else found)
        if found >= 0 or alone >= 0:
            return found if alone < 0 else alone
        place = stop - 2
    return len(raw)
