"""Decides by the pattern of the lines' classes (``intake.quote_markers``) which of them are new.

Answers below or between quoted lines stay, and what is forwarded is content; the rest of what is old goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_SIGNATURE = 12
"""Lines of a signature; what is longer is text below a line of two dashes."""
LONGEST_CARD = 6
"""Lines of a signature below a mere rule."""
_SIGNATURE_CHARACTERS = 1_000
_LONGEST_CARD_LINE = 60
_WRAPPED_FROM = 60

_REST_OF_LINK = re.compile(r"^(?=\S*[=&/%_#])\S+\)?(?: >)?$|^\(?https?://\S+(?: >)?$")
_CONTACT = re.compile(r"\d[\d ()+-]{6,}|\S@\S|\bwww\.|https?://")


def kept(lines: Sequence[str], pattern: str, end: int) -> list[bool]:
    """Tell for each line whether it is new; from ``end`` on none is."""
    keep = [kind in "tsSaAwM" for kind in pattern[:end]] + [False] * (len(pattern) - end)
    _keep_forwards(pattern, end, keep)
    _drop_tags(pattern, end, keep)
    _drop_attributions(pattern, end, keep)
    _drop_wrapped(lines, pattern, keep)
    _drop_signatures(lines, pattern, end, keep)
    return keep


def old_from(pattern: str) -> int:
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
