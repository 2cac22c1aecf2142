"""From a spaCy ``Doc`` to plain words: norm forms, digits made alike, marks left out."""

from __future__ import annotations

import re
from typing import Final

SHORTEST_PIECE: Final = 3
LONGEST_PIECE: Final = 5
_DIGITS = re.compile(r"[0-9]+")
_SILENT = ".,:;-–—_'\"()[]{}/\\|*`’‘“”•…<>"


def plain(norm: str) -> str:
    """Return the form of a token that is counted, or "" for one that says nothing.

    ``norm`` is spaCy's norm ("n't" and "nt" are "not"); numbers become one "0" each run, as no rule hangs on a number.
    """
    word = _DIGITS.sub("0", norm.strip().lower().replace("’", "'"))
    return word if word.strip(_SILENT) else ""


def pieces(word: str) -> list[str]:
    """List the character n-grams of a word with its edges marked by a blank, so that misspellings still count."""
    padded = f" {word} "
    sizes = range(SHORTEST_PIECE, LONGEST_PIECE + 1)
    return [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]
