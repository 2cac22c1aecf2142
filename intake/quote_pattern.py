"""Decides by the pattern of the lines' classes (``intake.quote_markers``) which of them are new.

Answers below or between quoted lines stay, and what is forwarded is content; the rest of what is old goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.notices import is_legal

LONGEST_SIGNATURE = 12
"""Lines of a signature; what is longer is text below a line of two dashes."""
LONGEST_CARD = 6
"""Lines of a signature below a mere rule."""
_SIGNATURE_CHARACTERS = 1_000
_LONGEST_CARD_LINE = 60
_WRAPPED_FROM = 60

_SLOGAN = 8
_POSTSCRIPT = re.compile(r"(?i)^P\.? ?S\b")
_SOMEBODY = re.compile(r"(?i)\b(?:i|we|my|our|me|us|i'm|i've)\b")
_REST_OF_LINK = re.compile(r"^(?=\S*[=&/%_#])\S+\)?(?: >)?$|^\(?https?://\S+(?: >)?$")
_BEGINS_POSTSCRIPT = re.compile(r"(?i)^P\.? ?S\b\W{1,3}\w+ \w")
_SELF = re.compile(r"(?i)\b(?:i|i['’](?:m|ve)|my)\b")
_TELLS = re.compile(
    r"(?i)\b(?:the|there|it|they|he|she|nobody|nothing|everybody|water|damp|children)\b.{0,60}"
    r"\b(?:is|are|was|were|has|have|had|did|does|cannot|can['’]t|won['’]t|fell|broke|leaks?|smells?)\b"
)
_FEWEST = 6
_LONGEST_TOLD = 160
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
        stop = _before_words(lines, start + 1, stop)
        if match[0] == "s":
            stop = next((place for place in range(start + 1, stop) if _tells(lines[place].strip()[:_LONGEST_TOLD])), stop)
        below = [line.strip() for line in lines[start + 1 : stop] if line.strip()]
        is_signature = _is_signature(below) if match[0] == "s" else _is_card(below)
        if is_signature and 0 <= first_words < start:
            keep[start:stop] = [False] * (stop - start)


def _before_words(lines: Sequence[str], start: int, stop: int) -> int:
    """Return where a signature ends: at the first later paragraph that says something, such as a postscript."""
    for place in range(start + 1, stop):
        if lines[place].strip() and not lines[place - 1].strip() and any(line.strip() for line in lines[start:place]):
            paragraph = _paragraph(lines, place, stop)
            if _POSTSCRIPT.match(paragraph) or _is_sentence(paragraph):
                return place
    return stop


def _paragraph(lines: Sequence[str], start: int, stop: int) -> str:
    end = next((place for place in range(start, stop) if not lines[place].strip()), stop)
    return " ".join(lines[start:end]).strip()


def _is_sentence(paragraph: str) -> bool:
    """Say whether this is written to somebody, and is no address, slogan or opening hours."""
    words = paragraph.split()
    return (
        len(words) > _SLOGAN and paragraph[-1] in ".?!" and not _CONTACT.search(paragraph) and bool(_SOMEBODY.search(paragraph))
    )


def _tells(line: str) -> bool:
    """Say whether one line of a signature is plainly told by the writer: no title, address, slogan or disclaimer is."""
    if _BEGINS_POSTSCRIPT.match(line):
        return True
    words = line.split()
    if len(words) < _FEWEST or _CONTACT.search(line) or is_legal(line):
        return False
    small = sum(word[0].islower() for word in words)
    # A slogan speaks of "us", and a title is written in capitals.
    is_slogan = _SOMEBODY.search(line) is not None and not _SELF.search(line)
    return small * 3 > len(words) * 2 and not is_slogan and bool(_SELF.search(line) or _TELLS.search(line))


def _is_signature(below: Sequence[str]) -> bool:
    return len(below) <= LONGEST_SIGNATURE and sum(map(len, below)) <= _SIGNATURE_CHARACTERS


def _is_card(below: Sequence[str]) -> bool:
    """Say whether this reads like a visiting card: a few short lines, no sentence, and a way to reach the writer."""
    if not 1 < len(below) <= LONGEST_CARD or any(len(line) > _LONGEST_CARD_LINE or line[-1] in ".?!:" for line in below):
        return False
    return any(_CONTACT.search(line) for line in below)
