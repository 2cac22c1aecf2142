"""Tells cheaply how a line begins, so that few lines need be held against the long lists of phrases.

The lists know hundreds of phrases, and most lines of most mails begin like none of them.
"""

from __future__ import annotations

import re

_LETTERS = re.compile(r"[\W_]*+(.{0,3})", re.DOTALL)
# Beyond ASCII, these four are what a pattern that ignores case takes for a letter of ASCII.
_ALIKE = str.maketrans("ıİſ\u212a", "iisk")


def opening(text: str) -> str | None:
    """Return the first three characters in lower case, marks before them left out; None where they go beyond ASCII."""
    letters = text[:3]
    if not letters.isalnum():
        found = _LETTERS.match(text)
        letters = found[1] if found else ""
    return letters.lower() if letters.isascii() else None


def folded(text: str) -> str:
    """Return the text in lower case, as far as patterns that ignore case can tell it from ASCII."""
    return (text if text.isascii() else text.translate(_ALIKE)).lower()
