"""Finds the words a writer wrote now, among quotations, signatures and notices."""

from __future__ import annotations

from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewText:
    """What was split."""

    new_text: str
    quoted: str
    new_ranges: Ranges
    whole: bool = False


def split_reply(text: str, html: str | None = None) -> NewText:
    """Split a reply."""
    return split(text, ())


def split(text: str, quoted: Ranges, *, forwarded: bool = False) -> NewText:
    """Split by known ranges."""
    lines = text.split("\n")
    place = 0
    new, old, ranges = [], [], []
    for line in lines:
        end = place + len(line)
        if line.startswith(">") or any(a <= place < b for a, b in quoted):
            old.append(line)
        else:
            new.append(line)
            ranges.append((place, end))
        place = end + 1
    return NewText(new_text="\n".join(new).strip(), quoted="\n".join(old), new_ranges=tuple(ranges))


def new_words(text: str) -> str:
    """Return new words."""
    return split_reply(text).new_text
