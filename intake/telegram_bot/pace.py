"""Keeps to the Bot API's rates: one letter a second to one person, thirty to all, and silence for as long as it asks for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from intake.channel import TemporaryFailure
from intake.telegram_bot.settings import Settings

MOST_CHATS = 10_000


class Pace:
    """Gives every letter its turn, in order of asking; belongs to one process, as a bot's letters do."""

    def __init__(
        self,
        settings: Settings,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Measure with ``seconds``, a watch that never goes back, and wait with ``sleep``."""
        self._settings = settings
        self._seconds = seconds
        self._sleep = sleep
        self._next = 0.0
        self._next_in_chat: dict[int, float] = {}

    async def turn(self, chat: int) -> None:
        """Return when a letter may go to this chat; raise ``TemporaryFailure`` where that is too long to wait."""
        now = self._seconds()
        at = max(now, self._next, self._next_in_chat.get(chat, 0.0))
        if at - now > self._settings.patience:
            raise TemporaryFailure("Telegram asked for a pause, or too many letters wait for it")
        self._next = at + 1 / self._settings.per_second
        self._next_in_chat[chat] = at + (self._settings.group_pause if chat < 0 else self._settings.chat_pause)
        self._forget(now)
        if at > now:
            await self._sleep(at - now)

    def pause(self, seconds: float) -> None:
        """Send nothing for so long: Telegram counts what comes too early against us."""
        self._next = max(self._next, self._seconds() + seconds)

    def _forget(self, now: float) -> None:
        if len(self._next_in_chat) > MOST_CHATS:
            self._next_in_chat = {chat: at for chat, at in self._next_in_chat.items() if at > now}
