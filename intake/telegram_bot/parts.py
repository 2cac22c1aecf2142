"""Cuts a letter into parts that a chat takes, at the end of a paragraph, a sentence, or at least a word."""

from __future__ import annotations

import re

LONGEST = 4096
"""Of one message (Bot API, sendMessage), in UTF-16 units, the smaller of the ways to count."""
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])\s+"), re.compile(r"\s+"))


def parts_of(text: str, longest: int = LONGEST) -> list[str]:
    """Return the text in parts of at most so many units; only blanks at the cuts are left out.

    A word is cut only where it is longer than a whole part, so a reference number or an address stays in one piece.
    """
    rest, parts = text.strip(), []
    while _units(rest) > longest:
        room = _within(rest, longest)
        end, start = _cut(rest, room)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, room: int) -> tuple[int, int]:
    """Return where the part ends and where the next begins: the last good break, if it leaves the part at least half full."""
    for pattern in _BREAKS:
        found = None
        for found in pattern.finditer(text, 0, room + 1):  # noqa: B007 - the last one is wanted
            pass
        if found is not None and found.start() * 2 >= room:
            return found.start(), found.end()
    return (found.start(), found.end()) if found is not None and found.start() > 0 else (room, room)


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _within(text: str, longest: int) -> int:
    """Return how many characters fit into so many units."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > longest:
            return count
    return len(text)
