"""Plain words as paragraphs and lists, so that a letter's text and its page are laid out from the same blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from handlers.redaction import visible

_BULLET = re.compile(r"[-*•–‣·]\s+(?P<words>\S.*)")
_STEP = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?P<words>\S.*)")
Kind = Literal["paragraph", "bullets", "steps", "gap"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its items; ``first`` is the number that a list of steps begins with."""

    kind: Kind
    lines: tuple[str, ...]
    first: int = 1


def blocks(words: str) -> tuple[Block, ...]:
    """Cut plain words at blank lines and where a list begins or ends; lines that begin with ``-`` or ``1.`` are lists.

    Characters that cannot be seen are left out, and blanks are single: nobody reads in the page what the text does not say.
    """
    read = [_line(" ".join(line.split())) for line in visible(words).split("\n")]
    parts = [list(part) for _kind, part in groupby(read, key=lambda line: line[0])]
    return tuple(
        Block(kind=part[0][0], lines=tuple(words for _kind, words, _number in part), first=part[0][2])
        for part in parts
        if part[0][0] != "gap"
    )


def _line(line: str) -> tuple[Kind, str, int]:
    if not line:
        return "gap", "", 1
    if bullet := _BULLET.fullmatch(line):
        return "bullets", bullet["words"], 1
    if step := _STEP.fullmatch(line):
        return "steps", step["words"], int(step["number"])
    return "paragraph", line, 1
