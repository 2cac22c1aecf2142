"""Why an act cannot be done: the errors of people's acts, each with a sentence for the person who tried.

Refused         the act may not be done, or lacks something: mend what ``field`` names, or do something else
Stale         somebody else was first: look at the case again
"""

from __future__ import annotations


class Refused(Exception):
    """The act cannot be done; ``field`` names what to mend, or is empty where it is the act itself."""

    def __init__(self, sentence: str, field: str = "") -> None:
        """Say why, in one sentence for the person who tried."""
        super().__init__(sentence)
        self.field = field


class Stale(Refused):
    """Somebody else was first: what is on the case now differs from what the person saw."""
