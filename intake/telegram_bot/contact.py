"""What polling and webhook share: telling the desk how the bot fares, answering pressed buttons, waiting between faults."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from intake.channel import Inbox, InboxUnavailable
from intake.telegram_bot.calls import CONFLICT, CallRefused, Calls, NoSecret, NoToken
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.updates import CHANNEL
from intake.telegram_bot.wire import Broken, NotReached, TooLong

FIRST_BACKOFF = 0.5
LONGEST_PAUSE = 600.0
"""Seconds that Telegram may ask us to be silent before we ask again anyway."""
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Contact:
    """The health of one bot, as the desk sees it, and the pauses that faults cost."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        """Tell this inbox."""
        self._settings = settings
        self._inbox = inbox
        self._backoff = FIRST_BACKOFF

    async def good(self) -> None:
        """Note that all is well."""
        self._backoff = FIRST_BACKOFF
        await self.tell(None)

    async def tell(self, error: str | None) -> None:
        """Tell how the bot fares; that this fails must not stop the messages."""
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.heard, CHANNEL, self._settings.account, error)

    async def recover(self, error: Exception) -> None:
        """Tell what went wrong and wait a while, or as long as Telegram asks."""
        log.warning("telegram: %s", type(error).__name__, extra={"account": self._settings.account})
        await self.tell(sentence(error))
        await asyncio.sleep(self._pause(error))

    def _pause(self, error: Exception) -> float:
        if isinstance(error, CallRefused) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_PAUSE)
        # Many bots that fail at once must not come back at once.
        pause = self._backoff * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._backoff = min(self._backoff * 2, self._settings.longest_backoff)
        return pause


class Presses:
    """Tells Telegram that pressed buttons were seen, so that they stop blinking; nothing depends on it."""

    def __init__(self, calls: Calls) -> None:
        """Answer by these calls."""
        self._calls = calls
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, callbacks: Iterable[str]) -> None:
        """Begin to answer these."""
        for callback in callbacks:
            task = asyncio.create_task(self._answer(callback))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Give up what is not answered yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, callback: str) -> None:
        with contextlib.suppress(CallRefused, NoToken, NotReached, Broken, TooLong):
            await self._calls.ask("answerCallbackQuery", {"callback_query_id": callback})


def sentence(error: Exception) -> str:
    """Say what went wrong, in words of our own."""
    if isinstance(error, CallRefused):
        if error.status == CONFLICT:
            return "somebody else reads this bot's messages: one program, or a webhook, too many"
        return "Telegram does not know the token in token_file" if error.status in {401, 404} else str(error)
    ours = isinstance(error, NoSecret | NoToken | NotReached | Broken | TooLong | InboxUnavailable)
    return str(error) if ours else f"{type(error).__name__} in the Telegram channel"
