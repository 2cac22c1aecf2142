"""An account at Meta, as its three channels have it: the webhook's receiver, files, the watch, and letters in parts."""

from __future__ import annotations

from datetime import timedelta

from intake.channel import Inbox, WebhookAnswer, WebhookRequest
from intake.chat import FetchedFile, FileToFetch
from intake.meta.graph import Graph
from intake.meta.media import Media
from intake.meta.receiving import Clock, Receiver
from intake.meta.sending import Parts
from intake.meta.settings import AccountSettings
from intake.meta.updates import Dialect
from intake.meta.watching import Watch


class MetaAccount:
    """What Messenger, Instagram and WhatsApp share; each adds what it sends."""

    window: timedelta | None
    longest: int | None
    subscribed: str | None = None
    """Whose subscriptions are looked at."""
    field: str | None = None
    """What must be among them."""

    def __init__(self, dialect: Dialect, settings: AccountSettings, inbox: Inbox, clock: Clock, path: str) -> None:
        """Hand what comes to ``inbox``, and send to ``path``."""
        self.channel, self.account = dialect.kind, settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self.clock = clock
        self._graph = Graph(settings, settings.base_url)
        self._media = Media(self._graph, settings)
        self._watch = Watch(dialect.kind, self._graph, settings, inbox, clock)
        self._parts = Parts(self._graph, self._watch, path)
        self._receiver = Receiver(dialect, settings, inbox, clock)

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Answer Meta: 200 only when everything is kept."""
        return self._receiver.answer(request)

    async def listen(self) -> None:
        """Meta comes to us: watch until cancelled that it still does."""
        await self._watch.keep(self.subscribed, self.field)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch a resident's file."""
        return await self._media.fetch(file)

    async def close(self) -> None:
        """Nothing is kept open."""
