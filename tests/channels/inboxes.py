"""The inbox of the contract suite: a real one over a real store, which on order fails, hangs, or dies at its commit."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from handlers.clock import FixedClock
from handlers.reception import Reception
from intake.channel import InboxUnavailable
from intake.message import InboundMessage, Position, Reading, Receipt
from intake.reading import read
from store.engine import Store
from store.models import Message, RawContent

Moment = Literal["before", "after"]
LONGEST = 10.0
"""Seconds after which a put that waits for the test goes on; only a channel that blocks its own loop waits so long."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A message as it stands in the store."""

    channel: str
    account: str
    external_id: str
    received_at: datetime
    accepted_at: datetime
    media_type: str
    problem: str | None
    raw: bytes

    def reading(self) -> Reading:
        """Read it as triage would."""
        return read(self.raw, self.media_type, self.received_at)

    def document(self) -> Any:
        """Return the JSON that was kept."""
        return json.loads(self.raw)


class Box:
    """An ``Inbox``: everything goes on to the house's own, unless an order stands."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.clock = clock
        self.put_in: list[InboundMessage] = []
        self.fresh: list[InboundMessage] = []
        self.health: list[tuple[str, str, str | None]] = []
        self.refused_requests: Counter[tuple[str, str]] = Counter()
        self.standing: dict[str, str | None] = {}
        self.entered, self.let_go = threading.Event(), threading.Event()
        self.waited_in_vain = False
        self.puts = 0
        self.refusals = 0
        self.dies: Moment | None = None
        self.is_slow = False
        self._store = store
        self._reception = Reception(store, clock)

    def put(self, messages: Sequence[InboundMessage]) -> Sequence[Receipt]:
        """Keep the messages, or do what was ordered."""
        self.puts += 1
        if self.refusals:
            self.refusals -= 1
            raise InboxUnavailable("the inbox was told to refuse")
        if self.dies == "before":
            self._hang()
            raise InboxUnavailable("the inbox died before its commit")
        if self.is_slow:
            self._hang()
        receipts = self._reception.put(messages)
        self.put_in += messages
        self.fresh += [message for message, receipt in zip(messages, receipts, strict=True) if receipt.fresh]
        if self.dies == "after":
            self._hang()
            raise InboxUnavailable("the inbox died after its commit")
        return receipts

    def _hang(self) -> None:
        """Wait for the test to go on: a channel that calls from its event loop keeps the test from ever doing so."""
        self.entered.set()
        if not self.let_go.wait(LONGEST):
            self.waited_in_vain = True

    def position(self, account: str, folder: str) -> Position | None:
        """Say how far a mailbox was read."""
        return self._reception.position(account, folder)

    def already_kept(self, channel: str, account: str, external_ids: Sequence[str]) -> set[str]:
        """Say which messages are durable."""
        return self._reception.already_kept(channel, account, external_ids)

    def heard(self, channel: str, account: str, error: str | None = None) -> None:
        """Note how the channel is."""
        self.health.append((channel, account, error))
        self._reception.heard(channel, account, error)

    def refused(self, channel: str, account: str) -> None:
        """Count a refused request."""
        self.refused_requests[channel, account] += 1
        self._reception.refused(channel, account)

    def tallied(self, channel: str, account: str, outcomes: Mapping[str, int]) -> None:
        """Count answers."""
        self._reception.tallied(channel, account, outcomes)

    def stands(self, channel: str, account: str, matter: str, trouble: str | None) -> None:
        """Note what somebody must mend."""
        self.standing[matter] = trouble
        self._reception.stands(channel, account, matter, trouble)

    def hold(self, account: str, holder: str, seconds: float) -> bool:
        """Give the account to one holder."""
        return self._reception.hold(account, holder, seconds)

    def kept(self) -> list[Kept]:
        """Return what stands in the store, in order of arrival."""
        with self._store.glance() as glance:
            bodies = {raw.message_id: raw.body for raw in glance.find(RawContent)}
            rows = sorted(glance.find(Message), key=lambda row: row.id)
        told = [name for name in Kept.__annotations__ if name != "raw"]
        return [Kept(raw=bodies[row.id], **{name: getattr(row, name) for name in told}) for row in rows]

    def names(self) -> list[str]:
        """Return the external ids of what stands in the store, sorted."""
        return sorted(message.external_id for message in self.kept())
