"""What a mailbox door remembers from one pass to the next, over broken connections too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MOST_TRIES = 3
"""After so many failures a message is put before a person (mail rule F4)."""
TRY_TOLD_AGAIN = timedelta(hours=1)
"""How often a message that a person was told of is tried again."""
WITHOUT_PROOF = 36
"""So many times longer a message may fail while no other was fetched either: it is the server then, as a rule."""


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
    """Messages of a batch whose fetch broke the connection or was refused: each is fetched by itself now."""
    tries: Counter[int] = field(default_factory=Counter)
    """How often each was tried by itself: what was tried least goes first."""
    failing_since: dict[int, datetime] = field(default_factory=dict)
    fetched_at: datetime | None = None
    """When the server last gave a message whole: what fails since is the message's own fault."""
    told_at: dict[int, datetime] = field(default_factory=dict)
    """When a note was kept in the place of a message that could not be: the message itself is still wanted."""
    tried_at: dict[int, datetime] = field(default_factory=dict)
    seen_at: dict[int, datetime] = field(default_factory=dict)
    """When a message that is not with us was first found lying there."""

    def under(self, uidvalidity: int) -> None:
        """Forget everything when the server has numbered its messages anew (RFC 3501 section 2.3.1.1)."""
        if uidvalidity != self.uidvalidity:
            self.uidvalidity, self.fetched_at = uidvalidity, None
            self.forget_gone(set())

    def forget_gone(self, present: set[int]) -> None:
        """Let go of messages that no longer lie in the folder, so that memory stays flat."""
        counters = (self.failed_fetches, self.failed_puts, self.lost_moves, self.tries)
        times = (self.failing_since, self.told_at, self.tried_at, self.seen_at)
        everything: tuple[dict[int, Any], ...] = (self.settled, *counters, *times)
        for kept in everything:
            for uid in [uid for uid in kept if uid not in present]:
                del kept[uid]
        self.alone &= present

    def is_troubled(self, uid: int) -> bool:
        """Return whether this message failed before, or was in the company of one that did."""
        return uid in self.alone or uid in self.failed_fetches or uid in self.failed_puts

    def rests(self, uid: int, now: datetime) -> bool:
        """Return whether this message, which a person was told of, was tried so lately that it is left alone now."""
        return uid in self.told_at and now - self.tried_at.get(uid, self.told_at[uid]) < TRY_TOLD_AGAIN

    def failed(self, uid: int, counter: Counter[int], now: datetime) -> None:
        """Note that this message failed once more."""
        counter[uid] += 1
        self.failing_since.setdefault(uid, now)
        self.tried_at[uid] = now

    def proves(self, uid: int) -> bool:
        """Return whether another message was fetched since this one began to fail."""
        since = self.failing_since.get(uid)
        return since is not None and self.fetched_at is not None and self.fetched_at >= since

    def hopeless(self, uid: int, failures: Counter[int], now: datetime, least: timedelta, *, proved: bool) -> bool:
        """Return whether a message failed so often and so long that a person is told; ``proved``: others did not fail."""
        long = least if proved else least * WITHOUT_PROOF
        return failures[uid] >= MOST_TRIES and now - self.failing_since.get(uid, now) >= long

    def outside(self, present: set[int], now: datetime) -> dict[int, datetime]:
        """Return which of these messages are not with us as far as we know, and since when each was seen so."""
        ours = self.settled.keys()
        for uid in list(self.seen_at):
            if uid in ours or uid not in present:
                del self.seen_at[uid]
        for uid in present - ours:
            self.seen_at.setdefault(uid, now)
        return dict(self.seen_at)
