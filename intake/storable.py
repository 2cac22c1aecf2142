"""Makes any text storable: what neither SQLite nor PostgreSQL would take is taken out.

A lone surrogate cannot be encoded, PostgreSQL refuses NUL, and SQLite's ``length()`` stops at it.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def storable(text: str) -> str:
    """Return the text without NUL, and with U+FFFD for each lone surrogate."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    if _UNSTORABLE.search(text) is None:
        return text
    # JSON and UTF-16 in disguise leave pairs which do mean a character.
    joined = _PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", joined)


def one_line(text: str, longest: int | None = None) -> str:
    """Return storable text without control characters or line ends, cut to ``longest`` characters."""
    if text.isascii() and text.isprintable():
        return text[:longest].strip()
    flat = _CONTROLS.sub(_blank_or_nothing, storable(text)).strip()
    return flat[:longest]


def _blank_or_nothing(controls: re.Match[str]) -> str:
    return " " if any(sign in "\t\n\r\x0b\x0c\x85\u2028\u2029" for sign in controls[0]) else ""
