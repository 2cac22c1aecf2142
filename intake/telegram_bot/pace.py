"""Keeps to the Bot API's rates: one letter a second to one person, thirty to all, and silence where and as long as it asks."""

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
        self._paused: dict[int, float] = {}

    async def turn(self, chat: int) -> None:
        """Return when a letter may go to this chat; raise ``TemporaryFailure`` where that is too long to wait."""
        now = self._seconds()
        slot = max(now, self._next)
        at = max(slot, self._next_in_chat.get(chat, 0.0))
        if at - now > self._settings.patience:
            raise TemporaryFailure("Telegram asked for a pause, or too many letters wait for it")
        # One chat that has to wait keeps no other waiting.
        self._next = slot + 1 / self._settings.per_second
        self._next_in_chat[chat] = at + (self._settings.group_pause if chat < 0 else self._settings.chat_pause)
        self._forget(now)
        if at > now:
            await self._sleep(at - now)

    def pause(self, chat: int, seconds: float) -> None:
        """Send nothing to this chat for so long, as Telegram asks; to nobody where it asks for a second one meanwhile."""
        now = self._seconds()
        until = now + seconds
        self._paused = {other: end for other, end in self._paused.items() if end > now and other != chat}
        if self._paused:
            self._next = max(self._next, until)
        self._paused[chat] = until
        self._next_in_chat[chat] = max(self._next_in_chat.get(chat, 0.0), until)

    def _forget(self, now: float) -> None:
        if len(self._next_in_chat) > MOST_CHATS:
            self._next_in_chat = {chat: at for chat, at in self._next_in_chat.items() if at > now}
