"""Cuts a letter into messages that Telegram takes."""

from __future__ import annotations

from intake.splitting import split

LONGEST = 4096
"""Characters of one message (Bot API, sendMessage)."""


def parts_of(text: str, longest: int = LONGEST) -> list[str]:
    """Return the letter in parts; only blanks at the cuts are left out.

    Telegram counts in UTF-16 where it says anything of counting, so a part that is too long by that measure is cut again.
    """
    return [piece for part in split(text, longest) if part for piece in _narrow(part, longest)]


def _narrow(part: str, longest: int) -> list[str]:
    units = len(part) + sum(character > "\uffff" for character in part)
    return [part] if units <= longest else split(part, longest // 2)
