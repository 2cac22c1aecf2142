"""Two files beside each other: the places at which they differ, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2
"""Lines that are alike, shown before and after those that differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a file, and whether the other file lacks it."""

    words: str
    differs: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place at which two files differ: the lines of ours and of the landlord's own."""

    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]


def differences(ours: str, theirs: str) -> Iterator[Place]:
    """Yield the places at which the files differ, with a few lines around each."""
    left, right = ours.splitlines(), theirs.splitlines()
    for group in SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(AROUND):
        was = [Line(words=line, differs=tag != "equal") for tag, low, high, _, _ in group for line in left[low:high]]
        now = [Line(words=line, differs=tag != "equal") for tag, _, _, low, high in group for line in right[low:high]]
        yield Place(ours=tuple(was), theirs=tuple(now))
