"""Cuts a letter into parts that a platform takes, where a reader would pause."""

from __future__ import annotations

import re

_PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"\n|(?<=[.!?:])\s"), re.compile(r"\s"))
"""The best places to cut first: between paragraphs, lines and sentences, words. Our references have no blank in them."""
_SHORTEST = 3
"""A part is at least this fraction of the longest, as a letter of crumbs is no letter; but no word is cut that fits a part."""


def split(text: str, longest: int) -> list[str]:
    """Return the text in parts of at most ``longest`` characters; nothing but blanks at the cuts is left out.

    Raises ``ValueError`` where ``longest`` is less than one.
    """
    if longest < 1:
        raise ValueError("a part holds at least one character")
    parts, rest = [], text.strip()
    while len(rest) > longest:
        end = _end(rest, longest)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest]


def _end(text: str, longest: int) -> int:
    ends = [0]
    for pause in _PAUSES:
        ends = [0, *(found.start() for found in pause.finditer(text, 0, longest + 1))]
        if ends[-1] >= max(1, longest // _SHORTEST):
            return ends[-1]
    return ends[-1] or longest
