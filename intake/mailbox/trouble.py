"""Tells a mail server that asks to be left alone from one that cannot give one message.

A throttled server refuses everything: whoever takes that for the fault of each message throws a whole mailbox away.
"""

from __future__ import annotations

import re

LONGEST_SUGGESTED = 3600.0
"""No server is believed that asks for more seconds of peace than this."""
_CODES = re.compile(r"\[(?:UNAVAILABLE|LIMIT|OVERQUOTA|INUSE)\b", re.IGNORECASE)
_WORDS = re.compile(
    r"throttl|not connected|too many|bandwidth|try again|back-?off|temporar|overload|exceeded|unavailable|server busy",
    re.IGNORECASE,
)
_SUGGESTED = re.compile(r"backoff time:?\s*(\d{1,9})\s*milliseconds", re.IGNORECASE)


class Busy(Exception):
    """The server as a whole gives nothing now: go away, come back after ``pause`` seconds at least, blame no message."""

    def __init__(self, sentence: str, pause: float = 0.0) -> None:
        """Say in one sentence what is the matter."""
        super().__init__(sentence)
        self.pause = pause


def busy(error: Exception) -> Busy | None:
    """Return what a refusal says of the whole server, or None where it concerns what was asked for."""
    words = str(error)
    if not (_CODES.search(words) or _WORDS.search(words)):
        return None
    return Busy("the mail server asks to be left alone for a while", suggested_pause(words))


def suggested_pause(words: str) -> float:
    """Return for how many seconds the server asks to be left alone, 0 when it does not say."""
    found = _SUGGESTED.search(words)
    return min(int(found.group(1)) / 1000, LONGEST_SUGGESTED) if found else 0.0
