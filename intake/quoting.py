"""Finds the words a writer wrote now, among quotations, signatures, forwarded mail and notices.

Each line gets a class (``intake.quote_markers``), then the pattern of classes decides: answers below or between quoted
lines stay, a forwarded mail is content, and where little or nothing would be left, all of it is taken as new. Losing a
resident's words is worse than keeping an old line. The time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.aligning import Ranges, aligned
from intake.html_text import html_text
from intake.quote_markers import classes

LONGEST_LINE = 1_000
"""Characters of a line that are looked at."""
MOST_LINES = 5_000
"""Lines that are looked at; behind them only quote marks count."""
ENOUGH_WORDS = 3
"""New words with which a message stands by itself."""
LONGEST_SIGNATURE = 12
"""Lines of a signature; what is longer is text below a line of two dashes."""
_SIGNATURE_CHARACTERS = 1_000
LONGEST_CARD = 6
"""Lines of a signature below a mere rule."""
_LONGEST_CARD_LINE = 60
_WRAPPED_FROM = 60

_REST_OF_LINK = re.compile(r"^(?=\S*[=&/%_#])\S+\)?(?: >)?$|^\(?https?://\S+(?: >)?$")
_WORD = re.compile(r"\w+")
_ANSWERS_INSIDE = re.compile(
    r"(?i)\b(?:see|answers?|comments?|notes|repl(?:y|ies)|responses?|responded|replied|answered|commented)\b[^.\n]{0,40}"
    r"\b(?:below|in-?line|in (?:the )?(?:red|blue|green|bold|capitals|caps|body))\b"
)
_CONTACT = re.compile(r"\d[\d ()+-]{6,}|\S@\S|\bwww\.|https?://")
_MARKED = re.compile(r"(?m)^\s*>")
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
    keep = _kept(looked_at, pattern, forwarded=forwarded)
    keep += [not line.startswith(">") for line in lines[MOST_LINES:]]
    return _result(text, lines, starts, keep)


def _starts(lines: Sequence[str]) -> list[int]:
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    return starts


def _hinted(lines: Sequence[str], starts: Sequence[int], quoted: Ranges) -> list[bool]:
    """Tell for each line whether it starts in a quoted range."""
    hinted = []
    ranges = iter(quoted)
    current = next(ranges, None)
    for line, start in zip(lines, starts, strict=False):
        first = start + len(line) - len(line.lstrip())
        while current is not None and current[1] <= first:
            current = next(ranges, None)
        hinted.append(current is not None and current[0] <= first)
    return hinted


def _kept(lines: Sequence[str], pattern: str, *, forwarded: bool) -> list[bool]:
    """Decide by the pattern which lines are new."""
    end = len(pattern) if forwarded else _old_from(pattern)
    keep = [kind in "tsSaAwM" for kind in pattern[:end]] + [False] * (len(pattern) - end)
    _keep_forwards(pattern, end, keep)
    _drop_tags(pattern, end, keep)
    _drop_attributions(pattern, end, keep)
    _drop_wrapped(lines, pattern, keep)
    _drop_signatures(lines, pattern, end, keep)
    return keep


def _old_from(pattern: str) -> int:
    """Return the line from which on all is old: a delimiter, a header block, or a sure attribution without quote marks."""
    forward = pattern.find("w")
    end = len(pattern) if forward < 0 else forward
    for place, kind in enumerate(pattern[:end]):
        if kind == "d" and _has_new(pattern[:place]):
            return place
        if (
            kind == "A"
            and pattern[place + 1 : place + 2] != "A"
            and _has_new(pattern[:place].rstrip("A"))
            and "q" not in pattern[place:]
        ):
            return len(pattern[: place + 1].rstrip("A"))
    return len(pattern)


def _has_new(pattern: str) -> bool:
    return "t" in pattern


def _keep_forwards(pattern: str, end: int, keep: list[bool]) -> None:
    """Keep what was forwarded, also where a mail program quoted it: the forwarded part is what the writer sends."""
    forward = pattern.find("w", 0, end)
    if forward >= 0:
        for place in range(forward, end):
            keep[place] = keep[place] or pattern[place] == "q"


def _drop_tags(pattern: str, end: int, keep: list[bool]) -> None:
    """Drop what may be a mail program's tag where no text of the writer follows it."""
    for match in re.finditer("M(?=[emMns]*(?:[qdaAw]|$))", pattern[:end]):
        keep[match.start()] = False


def _drop_attributions(pattern: str, end: int, keep: list[bool]) -> None:
    """Drop an attribution whose quotation follows; one that nothing quoted follows may be the writer's own sentence."""
    following = ""
    for place in range(end - 1, -1, -1):
        kind = pattern[place]
        if kind in "aA":
            keep[place] = keep[place] and following not in ("q", "d") and not (kind == "A" and "q" in pattern[place:end])
        elif kind != "e":
            following = kind


def _drop_wrapped(lines: Sequence[str], pattern: str, keep: list[bool]) -> None:
    """Drop the tail of a quoted line that a mail program broke without marking its second half."""
    for match in re.finditer("(?<=q)t(?=q)", pattern):
        place = match.start()
        above, here = lines[place - 1].rstrip(), lines[place].strip()
        wrapped = len(above) >= _WRAPPED_FROM and above[-1] not in ".?!:" and here[:1].islower() and len(here) < len(above) // 2
        if wrapped or _REST_OF_LINK.match(here):
            keep[place] = False


def _drop_signatures(lines: Sequence[str], pattern: str, end: int, keep: list[bool]) -> None:
    """Drop what stands below two dashes, down to the next quotation or the end, where it is short enough."""
    first_words = pattern.find("t")
    for match in re.finditer("[sS]", pattern[:end]):
        start = match.start()
        reach = range(start + 1, min(end, start + LONGEST_SIGNATURE * 3))
        stop = next((place for place in reach if pattern[place] in "qaAdwsS"), end)
        below = [line.strip() for line in lines[start + 1 : stop] if line.strip()]
        is_signature = _is_signature(below) if match[0] == "s" else _is_card(below)
        if is_signature and 0 <= first_words < start:
            keep[start:stop] = [False] * (stop - start)


def _is_signature(below: Sequence[str]) -> bool:
    return len(below) <= LONGEST_SIGNATURE and sum(map(len, below)) <= _SIGNATURE_CHARACTERS


def _is_card(below: Sequence[str]) -> bool:
    """Say whether this reads like a visiting card: a few short lines, no sentence, and a way to reach the writer."""
    if not 1 < len(below) <= LONGEST_CARD or any(len(line) > _LONGEST_CARD_LINE or line[-1] in ".?!:" for line in below):
        return False
    return any(_CONTACT.search(line) for line in below)


def _result(text: str, lines: Sequence[str], starts: Sequence[int], keep: Sequence[bool]) -> NewText:
    ranges = _ranges(lines, starts, keep)
    new_text = _PARAGRAPH_BREAKS.sub("\n\n", _together(text, ranges)).strip()
    quoted = "\n".join(line for line, kept in zip(lines, keep, strict=True) if not kept).strip("\n")
    count = len(_WORD.findall(new_text))
    if (count < ENOUGH_WORDS and count < len(_WORD.findall(text))) or (quoted and _points_inside(new_text, quoted)):
        return NewText(new_text=text.strip(), quoted="", new_ranges=((0, len(text)),), whole=True)
    return NewText(new_text=new_text, quoted=quoted, new_ranges=ranges)


def _together(text: str, ranges: Ranges) -> str:
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
    for line, start, kept in zip(lines, starts, keep, strict=True):
        if kept:
            if joins:
                ranges[-1] = (ranges[-1][0], start + len(line))
            else:
                ranges.append((start, start + len(line)))
            joins = True
        elif line.strip():
            joins = False
    return tuple(ranges)
