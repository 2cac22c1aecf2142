"""Finds the words a writer wrote now, among quotations, signatures, forwarded mail and notices.

Each line gets a class (``intake.quote_markers``), then the pattern of classes decides: answers below or between quoted
lines stay, a forwarded mail is content, and where little or nothing would be left, all of it is taken as new. Losing a
resident's words is worse than keeping an old line. The time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from intake.aligning import Ranges, aligned
from intake.attributions import attribution
from intake.html_text import html_text
from intake.quote_markers import classes
from intake.quote_pattern import kept, old_from

LONGEST_LINE = 1_000
"""Characters of a line that are looked at."""
MOST_LINES = 5_000
"""Lines that are looked at; behind them only quote marks count."""
ENOUGH_WORDS = 3
"""New words with which a message stands by itself."""

_WORD = re.compile(r"\w+")
_ANSWERS_INSIDE = re.compile(
    r"(?i)\b(?:see|answers?|comments?|notes|repl(?:y|ies)|responses?|responded|replied|answered|commented)\b[^.\n]{0,40}"
    r"\b(?:below|in-?line|in (?:the )?(?:red|blue|green|bold|capitals|caps|body))\b"
)
_MARKED = re.compile(r"(?m)^[ \t]{0,8}>")
_QUOTED_BELOW = re.compile("[etmMnsS]*+([aA]*+)e*+q")
_SAYS_LITTLE = re.compile(
    r"(?i)\W*(?:hi|hello|hey|dear|good|morning|afternoon|evening|fyi|for|see|read|look|below|attached|above)\b"
)
"""Greetings and pointers: what they stand above may hold the answer, marked by colour alone."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_PARAGRAPH_BREAKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewText:
    """A text split in two. ``new_ranges`` are half-open character ranges of the text, in order."""

    new_text: str
    quoted: str
    new_ranges: Ranges
    whole: bool = False
    """True when too little was left, and all of it is taken as new."""


def split_reply(text: str, html: str | None = None) -> NewText:
    """Split a reply; ``html`` is the same mail in html, whose quote marks are better evidence than those of the text."""
    if not html:
        return split(text)
    seen = html_text(html)
    return split(text, aligned(text, seen.text, seen.quoted) or ())


def new_words(text: str) -> str:
    """Return only what the writer wrote now."""
    return split_reply(text).new_text


def split(text: str, quoted: Ranges = (), *, forwarded: bool = False) -> NewText:
    """Split a text of which ``quoted`` is known to be quoted; ``forwarded`` tells that the subject calls it a forward."""
    lines = text.split("\n")
    starts = _starts(lines)
    looked_at = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    hinted = _hinted(looked_at, starts, quoted)
    pattern = classes(looked_at, hinted, forwarded=forwarded)
    end = len(pattern) if forwarded else old_from(pattern)
    keep = kept(looked_at, pattern, end)
    keep += [end == len(pattern) and not line.startswith(">") for line in lines[MOST_LINES:]]
    return _result(text, lines, starts, keep, enough=1 if _stands_above(looked_at, pattern, hinted, keep) else ENOUGH_WORDS)


def _stands_above(lines: Sequence[str], pattern: str, hinted: Sequence[bool], keep: Sequence[bool]) -> bool:
    """Say whether all that is new stands above what a mail program quoted for certain: then one word is an answer."""
    found = _QUOTED_BELOW.match(pattern)
    if found is None or any(keep[found.end() :]):
        return False
    first = found.end() - 1
    # Apple's program quotes its own line too.
    return bool(found[1]) or hinted[first] or attribution([lines[first].lstrip("> ")], 0, above_quotation=True)[1]


def _starts(lines: Sequence[str]) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in islice(lines, len(lines) - 1))]


def _hinted(lines: Sequence[str], starts: Sequence[int], quoted: Ranges) -> list[bool]:
    """Tell for each line whether it starts in a quoted range."""
    if not quoted:
        return [False] * len(lines)
    hinted = []
    ranges = iter(quoted)
    current = next(ranges, None)
    for line, start in zip(lines, starts, strict=False):
        first = start + len(line) - len(line.lstrip())
        while current is not None and current[1] <= first:
            current = next(ranges, None)
        hinted.append(current is not None and current[0] <= first)
    return hinted


def _result(text: str, lines: Sequence[str], starts: Sequence[int], keep: Sequence[bool], *, enough: int) -> NewText:
    ranges = _ranges(lines, starts, keep)
    new_text = _PARAGRAPH_BREAKS.sub("\n\n", together(text, ranges)).strip()
    quoted = "\n".join(line for line, is_new in zip(lines, keep, strict=True) if not is_new).strip("\n")
    count = _few_words(new_text)
    enough = ENOUGH_WORDS if _SAYS_LITTLE.match(new_text) else enough
    if (count < enough and count < _few_words(text)) or (quoted and _points_inside(new_text, quoted)):
        return NewText(new_text=text.strip(), quoted="", new_ranges=((0, len(text)),), whole=True)
    return NewText(new_text=new_text, quoted=quoted, new_ranges=ranges)


def _few_words(text: str) -> int:
    """Count words, as far as it matters how many there are."""
    return sum(1 for _ in islice(_WORD.finditer(text), ENOUGH_WORDS))


def together(text: str, ranges: Ranges) -> str:
    """Join the ranges, with a blank line between two that one stood between."""
    before = 0
    pieces: list[str] = []
    for start, end in ranges:
        if before:
            pieces.append("\n\n" if _BLANK_LINE.search(text, before, start) else "\n")
        pieces.append(text[start:end])
        before = end
    return "".join(pieces)


def _points_inside(new_text: str, quoted: str) -> bool:
    """Say whether the writer tells that the answers stand inside the quotation, where colour alone may mark them."""
    return len(new_text) < len(quoted) and _MARKED.search(quoted) is None and _ANSWERS_INSIDE.search(new_text) is not None


def _ranges(lines: Sequence[str], starts: Sequence[int], keep: Sequence[bool]) -> Ranges:
    """Join kept lines, and the blank ones between them, into ranges."""
    ranges: list[tuple[int, int]] = []
    joins = False
    for line, start, is_new in zip(lines, starts, keep, strict=True):
        if is_new:
            if joins:
                ranges[-1] = (ranges[-1][0], start + len(line))
            else:
                ranges.append((start, start + len(line)))
            joins = True
        elif line.strip():
            joins = False
    return tuple(ranges)
