"""Counts what the door answered: each mail that was begun is kept, refused for a reason, told to come later, or cut off."""

from __future__ import annotations

import re
from collections import Counter

_OUTCOMES = (
    (re.compile(r"250 2\.0\.0 kept"), "said_yes"),
    (re.compile(r"550 5\.1\.1"), "refused_recipient"),
    (re.compile(r"552"), "refused_size"),
    (re.compile(r"554 5\.4\.6"), "refused_loop"),
    (re.compile(r"554 5\.7\.1"), "refused_client"),
    (re.compile(r"421 4\.[37]\.|451|452"), "told_later"),
)
CUT = "cut"


class Ledger:
    """Keeps the counts until they are handed over; a process that is killed loses at most those of half a minute."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: Counter[str] = Counter()

    def answered(self, answer: str) -> None:
        """Count an answer that says what became of a mail, a recipient or a client; others are passed over."""
        outcome = next((name for pattern, name in _OUTCOMES if pattern.match(answer)), None)
        if outcome is not None:
            self._counts[outcome] += 1

    def cut(self) -> None:
        """Count a mail whose sender went away before its end."""
        self._counts[CUT] += 1

    def take(self) -> dict[str, int]:
        """Hand over what was counted, and begin anew."""
        counts, self._counts = self._counts, Counter()
        return dict(counts)

    def give_back(self, counts: dict[str, int]) -> None:
        """Take back what could not be written down."""
        self._counts.update(counts)
