"""Telephone numbers in one spelling, so that whoever rings again is found."""

from __future__ import annotations

import re

SPOKEN = re.compile(r"\+?[\d\s().-]{3,30}")
FEWEST_DIGITS, MOST_DIGITS = 3, 15
UK_DIGITS = 11


def telephone(typed: str) -> str | None:
    """Return a number in one spelling, so that it is found again: "+44 7700 900123" is "07700 900123"."""
    if not SPOKEN.fullmatch(typed):
        return None
    digits = "".join(character for character in typed if character.isascii() and character.isdigit())
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return None
    if typed.strip().startswith("+") and not digits.startswith("44"):
        return f"+{digits}"
    national = f"0{digits[2:].removeprefix('0')}" if typed.strip().startswith("+44") else digits
    if len(national) != UK_DIGITS or not national.startswith("0"):
        return national
    # Numbers of London and other large cities have three digits before the first gap; all others are shown with five.
    return f"{national[:3]} {national[3:7]} {national[7:]}" if national[1] == "2" else f"{national[:5]} {national[5:]}"
