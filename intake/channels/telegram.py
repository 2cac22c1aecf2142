"""Telegram: a bot that residents write to. Polled, or told by webhook where ``webhook_url`` is set.

Chats with bots are not end-to-end encrypted. A bot cannot write first, and learns of no deletions.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.channel import Inbox, Reply, Sent, WebhookAnswer, WebhookRequest
from intake.chat import FetchedFile, FileToFetch
from intake.message import Reading
from intake.telegram_bot.contact import Clock
from intake.telegram_bot.fetching import Fetching
from intake.telegram_bot.hooking import Hooking
from intake.telegram_bot.parts import LONGEST
from intake.telegram_bot.polling import Polling
from intake.telegram_bot.reading import read_update
from intake.telegram_bot.sending import Sending
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.updates import CHANNEL
from intake.telegram_bot.wire import Wire

__all__ = ["Polled", "Pushed", "Settings", "build", "read"]

NAME = "Telegram"


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Polled | Pushed:
    """Make the channel that these settings describe; it begins to hear when ``listen`` is awaited."""
    if settings.webhook_url is None:
        return Polled(settings, inbox, Polling(settings, inbox, clock))
    return Pushed(settings, inbox, Hooking(settings, inbox, clock))


def read(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read a kept update; raise ``ValueError`` where it has no known shape."""
    return read_update(raw, received_at)


class _Bot:
    """What both kinds of bot can do: write, and fetch files."""

    channel = CHANNEL
    window: timedelta | None = None
    longest: int | None = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self.account = settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self._wire = Wire(timeout=settings.timeout, connect_timeout=settings.connect_timeout)
        self._sending = Sending(settings, inbox, self._wire)
        self._fetching = Fetching(settings, self._wire)

    async def send(self, reply: Reply) -> Sent:
        """Hand the letter to Telegram, or raise a ``DeliveryFailure``."""
        return await self._sending.send(reply)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch a file, or raise ``TemporaryFailure`` or ``PermanentFailure``."""
        return await self._fetching.fetch(file)

    async def close(self) -> None:
        """Let go of kept connections."""
        await self._wire.close()


class Polled(_Bot):
    """A bot whose messages we ask for."""

    def __init__(self, settings: Settings, inbox: Inbox, polling: Polling) -> None:
        """Poll with ``polling``."""
        super().__init__(settings, inbox)
        self._polling = polling

    async def listen(self) -> None:
        """Ask for messages until cancelled."""
        await self._polling.run()


class Pushed(_Bot):
    """A bot whose messages Telegram posts to the public door."""

    def __init__(self, settings: Settings, inbox: Inbox, hooking: Hooking) -> None:
        """Be told by ``hooking``."""
        super().__init__(settings, inbox)
        self._hooking = hooking

    async def listen(self) -> None:
        """Look after the webhook until cancelled."""
        await self._hooking.run()

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Keep what Telegram posts, and only then say 200; called from a thread."""
        return self._hooking.answer(request)
