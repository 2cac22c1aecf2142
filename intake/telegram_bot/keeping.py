"""Keeps a batch of updates and says up to where Telegram may forget them: never past one that is not durable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from intake.channel import Inbox, InboxUnavailable
from intake.gathering import put_each
from intake.message import InboundMessage
from intake.telegram_bot.arrivals import arrival_of, unreadable
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.updates import CHANNEL, UnknownShape, number_of, update_of

MOST_TRIES = 3
"""An update refused so often, while the inbox took other things, is kept with its bytes alone, and a person is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of a batch: the next offset (None: nothing can be confirmed), buttons to answer, and what was refused."""

    offset: int | None
    presses: tuple[str, ...]
    refused: int


class Keeping:
    """Puts updates into the inbox; blocks, so it is called from a thread."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        """Keep for this account."""
        self._settings = settings
        self._inbox = inbox
        self._tries: Counter[str] = Counter()

    def keep(self, updates: Sequence[Any], now: datetime) -> Kept:
        """Make all of them durable that the inbox takes, in one transaction where that is possible."""
        account = self._settings.account
        messages = [self._message(told, now) for told in updates]
        outcomes = put_each(self._inbox, messages)
        refused = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, InboxUnavailable)]
        if refused and (len(refused) < len(messages) or self._takes_others()):
            refused = [n for n in refused if not self._insist(messages[n])]
        fresh = [told for told, outcome in zip(updates, outcomes, strict=True) if getattr(outcome, "fresh", False)]
        return Kept(
            offset=_offset(updates, set(refused)),
            presses=tuple(callback for told in fresh if (callback := _callback(told, account))),
            refused=len(refused),
        )

    def _message(self, told: object, now: datetime) -> InboundMessage:
        account = self._settings.account
        try:
            return arrival_of(told, account, now, timedelta(seconds=self._settings.quiet_seconds))
        except UnknownShape:
            return unreadable(f"update {number_of(told)} is nested too deep".encode(), account, now)

    def _takes_others(self) -> bool:
        """Say whether the inbox is there, so that a message which it refuses alone is refused for what it is."""
        try:
            self._inbox.heard(CHANNEL, self._settings.account, "a message could not be kept yet")
        except Exception:  # noqa: BLE001 - whatever it is, the inbox is away
            return False
        return True

    def _insist(self, message: InboundMessage) -> bool:
        """Say whether a message that was refused among others could be kept at last, with no facts but its bytes."""
        self._tries[message.external_id] += 1
        if self._tries[message.external_id] < MOST_TRIES:
            return False
        bare = replace(message, conversation=None, act=None, files=(), problem="it could not be stored as it came")
        if isinstance(put_each(self._inbox, [bare])[0], InboxUnavailable):
            return False
        del self._tries[message.external_id]
        return True


def _offset(updates: Sequence[Any], refused: set[int]) -> int | None:
    numbers = [number_of(told) for told in updates]
    kept = [number for n, number in enumerate(numbers) if number is not None and n not in refused]
    wanted = [number for n, number in enumerate(numbers) if n in refused]
    if None in wanted:
        return None
    # Telegram forgets all below the offset, so it stops at the first that is not durable.
    bounds = [number for number in wanted if number is not None]
    return min(bounds, default=max(kept, default=-1) + 1) if kept or bounds else None


def _callback(told: object, account: str) -> str | None:
    try:
        return update_of(told, account).callback
    except UnknownShape:
        return None
