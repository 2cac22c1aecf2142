"""Cuts a letter into parts that a platform takes: between paragraphs, else lines, sentences or words; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])\s"), re.compile(r"\s"))
"""Where to cut, best first. A reference has no blank within, so none is ever cut."""
LEAST = 3
"""A cut in the first third of a part is left for a worse one further on, or a letter would come in shreds."""


def utf16(text: str) -> int:
    """Return the length as most platforms count it: a character beyond the first plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def utf8(text: str) -> int:
    """Return the length in bytes, which is what Instagram bounds."""
    return len(text.encode("utf-8", "replace"))


def portions(text: str, longest: int, length: Callable[[str], int] = utf16) -> list[str]:
    """Return the text in parts, none longer than ``longest`` and none empty."""
    parts: list[str] = []
    rest = text.strip()
    while length(rest) > longest:
        cut = _cut(rest, _fitting(rest, longest, length))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def _fitting(text: str, longest: int, length: Callable[[str], int]) -> int:
    """Return how many characters fit: the length grows with each, so the bound is found by halving."""
    low, high = 1, min(len(text), longest)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= longest else (low, middle - 1)
    return low


def _cut(text: str, most: int) -> int:
    for place in BREAKS:
        # A break right after the last fitting character is as good as one before.
        found = [match.end() for match in place.finditer(text, 0, min(most + 1, len(text))) if match.start() <= most]
        if found and found[-1] * LEAST >= most:
            return found[-1]
    return most
