"""Asks Telegram for news, keeps what comes, and only then lets Telegram forget it.

The offset is what confirms: the next question carries it only after the commit, so a crash anywhere costs a repeat, which
the store's key makes harmless. It lives in memory alone: a new process asks without one and gets all that is unconfirmed.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import Any

from intake.channel import Inbox, InboxUnavailable
from intake.telegram_bot.calls import CONFLICT, CallRefused, Calls
from intake.telegram_bot.contact import Clock, Contact, Presses
from intake.telegram_bot.keeping import Keeping, Kept
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.wire import Wire

LOOK_AGAIN = 2.0
"""Seconds until we ask again whether somebody else still polls this bot."""
MARGIN = 10.0
"""Seconds for which the right to poll outlasts a quiet question; a second poller would do no harm, but be refused (409)."""
LAST_WAIT = 5.0
"""Seconds that a commit under way has when stopping."""


class Polling:
    """Polls for one bot while nobody else does."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Put what comes into ``inbox``."""
        self._settings = settings
        self._inbox = inbox
        self._clock = clock
        self._holder = secrets.token_hex(8)
        self._keeping = Keeping(settings, inbox)
        self._contact = Contact(settings, inbox)
        self._offset: int | None = None
        self._is_ready = False

    async def run(self) -> None:
        """Poll until cancelled; no fault ends it."""
        wire = Wire(timeout=self._settings.timeout, connect_timeout=self._settings.connect_timeout)
        calls = Calls(self._settings, wire)
        presses = Presses(calls)
        self._offset, self._is_ready = None, False
        try:
            while True:
                try:
                    await self._round(calls, presses)
                except Exception as error:  # noqa: BLE001 - the edge of the loop: whatever it was, the next round is tried
                    if isinstance(error, CallRefused) and error.status == CONFLICT:
                        # A webhook set meanwhile would refuse us for ever; to take one away does no harm where there is none.
                        self._is_ready = False
                    await self._contact.recover(error)
        finally:
            await presses.end()
            await wire.close()
            await self._let_go()

    async def _round(self, calls: Calls, presses: Presses) -> None:
        if not await self._hold():
            self._offset, self._is_ready = None, False
            await asyncio.sleep(LOOK_AGAIN)
            return
        if not self._is_ready:
            # While a webhook is set, Telegram answers no question; what waits for the webhook is ours then.
            await calls.ask("deleteWebhook", {"drop_pending_updates": False})
            self._is_ready = True
        updates = await calls.news(self._offset)
        if not updates:
            # All is confirmed. After a quiet week numbers begin anew, perhaps below the offset, so it is let go.
            self._offset = None
            await self._contact.good()
            return
        kept = await self._keep(updates)
        moved, self._offset = self._offset != kept.offset, kept.offset
        presses.answer(kept.presses)
        if kept.refused:
            raise InboxUnavailable(f"{kept.refused} messages could not be kept yet; Telegram keeps them for 24 hours")
        if not moved or kept.offset is None:
            raise InboxUnavailable("Telegram tells of the same updates again and again")
        await self._contact.good()

    async def _keep(self, updates: list[Any]) -> Kept:
        work = asyncio.create_task(asyncio.to_thread(self._keeping.keep, updates, self._clock.now()))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # A commit that was begun is finished; its thread cannot be stopped anyway.
            await asyncio.wait([work], timeout=LAST_WAIT)
            raise

    async def _hold(self, seconds: float | None = None) -> bool:
        span = self._settings.poll_seconds + MARGIN if seconds is None else seconds
        return await asyncio.to_thread(self._inbox.hold, self._settings.account, self._holder, span)

    async def _let_go(self) -> None:
        # So that another process, or this one begun anew, need not wait until our right has run out.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_WAIT):
                await self._hold(0)
