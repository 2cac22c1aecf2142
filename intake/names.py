"""Makes the name that came with a file safe to show and to save, on any system."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from intake.storable import one_line

LONGEST = 200
"""Bytes of a name in UTF-8."""
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)")


def safe_name(written: str) -> str:
    """Return the last part of the name, without controls, marks of direction, trailing dots and device names; or ""."""
    text = _BIDI.sub("", unicodedata.normalize("NFC", one_line(written)))
    text = re.split(r"[/\\]", text.rstrip("/\\ "))[-1]
    text = _FORBIDDEN.sub("_", text).rstrip(". ").lstrip()
    if text.strip(".") == "":
        return ""
    return _cut(_DEVICE.sub(r"_\1", text) if _DEVICE.match(text) else text)


def unnamed(media_type: str, number: int) -> str:
    """Name a file that came without a name, by its type and its place among the attachments (1 is the first)."""
    known = {
        "message/rfc822": ".eml",
        "text/plain": ".txt",
        "text/html": ".html",
        "image/jpeg": ".jpg",
        "text/calendar": ".ics",
    }
    return f"attachment-{number}{known.get(media_type) or mimetypes.guess_extension(media_type) or '.bin'}"


def _cut(text: str) -> str:
    if len(text.encode()) <= LONGEST:
        return text
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending.encode()) > LONGEST // 4:
        stem, dot, ending = text, "", ""
    room = LONGEST - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending
