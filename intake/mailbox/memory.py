"""What a mailbox door remembers from one pass to the next, over broken connections too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_TRIES = 3
"""After so many failures a message is put before a person (reference/mail.md F4)."""


@dataclass(kw_only=True)
class Memory:
    """All of it concerns UIDs under one UIDVALIDITY; a new one makes all of it void."""

    uidvalidity: int = 0
    settled: dict[int, str | None] = field(default_factory=dict)
    """Messages that are kept but still lie in the folder, with the folder to move them to, or ``None``: leave them."""
    failed_fetches: Counter[int] = field(default_factory=Counter)
    failed_puts: Counter[int] = field(default_factory=Counter)
    lost_moves: Counter[int] = field(default_factory=Counter)
    """How often a message's move broke the connection."""
    alone: set[int] = field(default_factory=set)
    """Messages of a batch whose fetch broke the connection: each is fetched by itself now."""

    def under(self, uidvalidity: int) -> None:
        """Forget everything when the server has numbered its messages anew (RFC 3501 section 2.3.1.1)."""
        if uidvalidity != self.uidvalidity:
            self.uidvalidity = uidvalidity
            self.settled.clear()
            self.failed_fetches.clear()
            self.failed_puts.clear()
            self.lost_moves.clear()
            self.alone.clear()

    def forget_gone(self, present: set[int]) -> None:
        """Let go of messages that no longer lie in the folder, so that memory stays flat."""
        for uid in [uid for uid in self.settled if uid not in present]:
            del self.settled[uid]
        for counter in (self.failed_fetches, self.failed_puts, self.lost_moves):
            for uid in [uid for uid in counter if uid not in present]:
                del counter[uid]
        self.alone &= present
