"""What a loop looks like that no header shows: the same words from ever new addresses, or letters to ever new domains (A11).

The brake itself is a rule of manners; here is what it counts, and the one task a day that says what it stopped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.decision import TaskNeeded
from handlers.providers import is_provided

KIND = "loop_stopped"
STOPS = {
    "global-brake": "answer letters that went to others",
    "same-words": "say the same as many others from other addresses",
    "elsewhere-brake": "have their mailbox at no large provider",
}
"""Rules of manners that stop a loop, and whom they leave without a letter."""
WORDS = 24
"""Characters at the head of a message's repeat key that stand for its words alone, whoever said them."""
RARELY = 2
"""How often words may come before the store is asked who else said them."""
MOST_KEPT = 50_000
ASK_EVERY = timedelta(minutes=1)
LONGEST = 4_000
NUMBERED = re.compile(r"\S*\d\S*")


def words_key(words: str) -> str:
    """Return the key of words in which all that holds a digit counts as alike: machines put numbers into what they say."""
    alike = NUMBERED.sub("0", " ".join(words[:LONGEST].split()).casefold())
    return hashlib.sha256(alike.encode()).hexdigest()[:WORDS]


def words_of(repeat_key: str | None) -> str:
    """Return the part of a repeat key that is its ``words_key``; empty where there is none."""
    return (repeat_key or "")[:WORDS]


@dataclass(slots=True)
class SaidBefore:
    """Counts how often words came, so that the store is asked only about what comes again and again."""

    _times: dict[str, int] = field(default_factory=dict)

    def often(self, words: str) -> bool:
        """Count the words once more; say whether they came often."""
        if len(self._times) >= MOST_KEPT:
            # Counting begins anew: a loop is soon seen again, and memory has an end.
            self._times.clear()
        self._times[words] = self._times.get(words, 0) + 1
        return self._times[words] > RARELY


@dataclass(slots=True)
class Elsewhere:
    """Counts the letters to mailboxes at no large provider, so that the store is asked no more than once a minute."""

    letters: int = 0
    _known_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Say whether the store must be asked again."""
        return self._known_at is None or now - self._known_at >= ASK_EVERY

    def found(self, recipients: Iterable[str | None], now: datetime) -> None:
        """Take over whom the store knows letters to have gone to."""
        self.letters, self._known_at = sum(not is_provided(recipient) for recipient in recipients), now

    def written(self, recipient: str | None) -> None:
        """Count a letter that is just written."""
        self.letters += not is_provided(recipient)

    def for_(self, recipient: str | None) -> int:
        """Return the count where it concerns the recipient, and none for whom it does not."""
        return 0 if is_provided(recipient) else self.letters


def stopped(rule: str, team: str) -> TaskNeeded:
    """Return the task which says that letters to people who look like a loop are stopped, and what to do about it."""
    why = (
        f"letters are stopped for a day to people who {STOPS[rule]}: a machine may be answering ours from ever new addresses. "
        "Each case without its letter has a task of its own; where they are people, write to them"
    )
    return TaskNeeded(kind=KIND, why=why, due=None, team=team)
