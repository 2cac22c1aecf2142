"""Cuts a letter into parts that Meta takes, which counts otherwise than Python does: in UTF-16 units, or in bytes."""

from __future__ import annotations

from collections.abc import Callable

from intake.splitting import split


def utf16(text: str) -> int:
    """Return the length as Messenger and WhatsApp count it: a character beyond the first plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def utf8(text: str) -> int:
    """Return the length in bytes, which is what Instagram bounds."""
    return len(text.encode("utf-8", "replace"))


def portions(text: str, longest: int, length: Callable[[str], int] = utf16, most: int | None = None) -> list[str]:
    """Return the text in parts, none longer than ``longest`` and none empty; ``most`` is how many characters to try first."""
    parts: list[str] = []
    for part in filter(None, split(text, most or longest)):
        # Few letters have characters that count for more than one, so a part that is too long after all is cut again.
        shorter = max(1, len(part) * 2 // 3)
        parts += [part] if length(part) <= longest else portions(part, longest, length, shorter)
    return parts
