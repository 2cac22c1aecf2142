"""The rounds of a door that polls: one poller for each account, no fault ends them, and the desk is told how it stands."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from intake.channel import DeliveryFailure, Inbox, InboxUnavailable
from intake.gathering import put_each
from intake.message import InboundMessage

HELD = 20.0
"""Seconds at least for which an account is ours after each round; a round takes no longer and if it does, another poller does no harm."""
LAST_WAIT = 3.0
log = logging.getLogger(__name__)

Look = Callable[[], Awaitable[str | None]]
"""One round: fetch, keep, and only then move the cursor; returns a complaint that a person should see, or None."""


class Rounds:
    """Looks again and again, for as long as nobody else does it for the same account."""

    def __init__(self, *, channel: str, account: str, inbox: Inbox, pause: float, longest_pause: float) -> None:
        """Rest so many seconds between rounds, and longer and longer while they fail."""
        self._channel, self._account, self._inbox = channel, account, inbox
        self._usual = self._pause = pause
        self._longest = longest_pause
        self._held = max(HELD, 3 * pause)
        # After a fault the same process of the same machine goes on at once; any other waits until the hold has passed.
        self._holder = f"{socket.gethostname()}:{os.getpid()}"

    async def run(self, look: Look) -> None:
        """Go round until cancelled, then leave the account to whoever wants it."""
        try:
            await self._go_round(look)
        finally:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(LAST_WAIT):
                    await self._hold(0)

    async def _hold(self, seconds: float) -> bool:
        return await asyncio.to_thread(self._inbox.hold, self._account, self._holder, seconds)

    async def _go_round(self, look: Look) -> None:
        while True:
            try:
                if await self._hold(self._held):
                    await self.tell(await look())
                self._pause = self._usual
            except Exception as error:  # noqa: BLE001 - the edge of the loop
                # The edge of the loop: whatever the network or the store does, it is tried again after a while.
                log.warning("round failed: %s", sentence(error), extra={"account": self._account, "channel": self._channel})
                await self.tell(sentence(error))
                self._pause = min(self._pause * 2, self._longest)
            # Many that fail at once must not come back at once.
            await asyncio.sleep(self._pause * random.uniform(0.75, 1.0))  # noqa: S311 - no secret

    async def tell(self, error: str | None) -> None:
        """Tell the desk how the channel stands; that must never stop the messages."""
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.heard, self._channel, self._account, error)


async def keep(inbox: Inbox, messages: Sequence[InboundMessage]) -> None:
    """Make all of these durable, or raise ``InboxUnavailable``; one that cannot be kept does not hold the others up."""
    if not messages:
        return
    try:
        await asyncio.to_thread(inbox.put, messages)
    except InboxUnavailable:
        # One by one, and without their positions: a later one that is kept must not carry the cursor past this one.
        alone = [replace(message, position=None) for message in messages]
        for outcome in await asyncio.to_thread(put_each, inbox, alone):
            if isinstance(outcome, InboxUnavailable):
                raise outcome from None


def sentence(error: Exception) -> str:
    """Say what went wrong; of errors that are not ours only the name, as their words may quote a resident."""
    return str(error) if isinstance(error, (DeliveryFailure, InboxUnavailable)) else f"{type(error).__name__} in the channel"
