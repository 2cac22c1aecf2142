"""Cuts a resident's words into pieces: what drove the verdict, and characters that nobody would see, named where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from desk.web.words import DANGERS

Piece = tuple[str, str]
"""Text and its kind: "plain", "evidence", "danger", "left_out" (addressed to a machine), or "unseen" (a name for what is there)."""
LEFT_OUT: Final = "left out"
"""How the classifier begins what a span that it did not judge speaks for."""
STRENGTH: Final = {"plain": 0, "evidence": 1, "left_out": 2, "danger": 3}
MOST_SPANS: Final = 200

# A flag such as England's is made of tag characters, too (UTS 51, ED-14a); joiners shape Persian, Urdu and emoji.
_UNSEEN: Final = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)"
    "|(?P<letters>[\U000e0000-\U000e007f]+)"
    "|(?P<turned>[\u202d\u202e]+)"
    "|(?P<data>[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,})"
    "|(?P<inside>(?<=\\w)[\u200b\u2060-\u2064\ufeff\u034f\u180e]+(?=\\w)|(?<=[!-~])[\u200c\u200d]+(?=[!-~]))"
    "|(?P<many>[\u200b-\u200d\u2060-\u2064\ufeff\u00ad\u034f\u180e]{3,})"
    "|(?P<control>[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]+)"
)
_NAMES: Final = {
    "turned": "direction of writing turned round here",
    "data": "{} characters that show nothing",
    "inside": "invisible character inside a word",
    "many": "{} invisible characters",
    "control": "control character",
}


def pieces(text: str, spans: Sequence[Mapping[str, Any]] = ()) -> tuple[Piece, ...]:
    """Cut a text at the spans that fit it and at unseen characters; all pieces but "unseen" ones make up the text again."""
    found: list[Piece] = []
    for start, end, kind in _marked(text, spans):
        found += _with_unseen(text[start:end], kind)
    return tuple(found)


def plain(text: str) -> str:
    """Return a short text, such as a name or a subject, without characters that nobody would see."""
    return _UNSEEN.sub(_only_flags, text)


def _only_flags(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup == "flag" else ""


def _marked(text: str, spans: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """Yield the text's stretches in order, each with the strongest kind of the spans over it."""
    fitting = list(_fitting(text, spans))
    borders = sorted({0, len(text), *(span[0] for span in fitting), *(span[1] for span in fitting)})
    for start, end in pairwise(borders):
        over = [kind for first, last, kind in fitting if first <= start and end <= last]
        yield start, end, max(over, key=STRENGTH.__getitem__, default="plain")


def _fitting(text: str, spans: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """Yield the spans whose words stand where they say: a wrong mark would be worse than none."""
    for span in list(spans)[:MOST_SPANS]:
        start, end, words = span.get("start"), span.get("end"), span.get("text")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end and text[start:end] == words:
            yield start, end, _kind(str(span.get("for")))


def _kind(speaks_for: str) -> str:
    if speaks_for.startswith(LEFT_OUT):
        return "left_out"
    return "danger" if speaks_for in DANGERS else "evidence"


def _with_unseen(text: str, kind: str) -> Iterator[Piece]:
    last = 0
    for match in _UNSEEN.finditer(text):
        if match.lastgroup == "flag":
            continue
        if match.start() > last:
            yield text[last : match.start()], kind
        yield _name(match), "unseen"
        last = match.end()
    if last < len(text):
        yield text[last:], kind


def _name(match: re.Match[str]) -> str:
    group = str(match.lastgroup)
    if group == "letters":
        letters = "".join(chr(ord(sign) - 0xE0000) for sign in match[0])
        return f"hidden letters: {''.join(sign for sign in letters if ' ' <= sign <= '~')}"
    return _NAMES[group].format(len(match[0]))
