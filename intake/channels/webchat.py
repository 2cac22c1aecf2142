"""The web chat on the public door: what residents write on its page, and our letters, which the page shows from the store."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.channel import Inbox, PermanentFailure, Reply, Sent
from intake.chat import FetchedFile, FileToFetch
from intake.identity import identity_of
from intake.message import Reading
from intake.webchat import reading
from intake.webchat.document import KIND

NAME = "web chat"
SAYS_SO = 60.0
"""Seconds between two words that the chat stands."""


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Settings(BaseModel):
    """A web chat; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["webchat"] = "webchat"
    account: str = Field(default="chat", pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    quiet_seconds: float = Field(default=5, ge=0, le=30)
    """How long somebody must be still before what they wrote is read as one matter."""


def build(settings: Settings, inbox: Inbox, clock: Clock) -> WebChat:  # noqa: ARG001  # the page asks a clock of its own
    """Make the channel that these settings describe."""
    return WebChat(settings, inbox)


def read(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read what was kept of one act on a page; raises ``ValueError`` for bytes that no page of ours can have written."""
    return reading.read(raw, received_at)


class WebChat:
    """The chat's channel: the page itself takes words in and shows letters, so that nothing has to be sent anywhere."""

    channel = KIND
    window: timedelta | None = None
    longest: int | None = None

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        """Tell ``inbox`` that the chat stands."""
        self.account = settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self._inbox = inbox

    async def listen(self) -> None:
        """Say now and then that the chat stands, until cancelled."""
        while True:
            # A store that is away is told elsewhere: what counts here is that the loop does not end.
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._inbox.heard, KIND, self.account)
            await asyncio.sleep(SAYS_SO)

    async def send(self, reply: Reply) -> Sent:
        """Take a letter at once: it stands in the store, and the page shows it when it is opened or asks again."""
        who = identity_of(reply.recipient)
        if who is None or who.way != f"{KIND}:{self.account}":
            raise PermanentFailure("the letter is not for anybody of this web chat")
        return Sent(answer="kept for the page of the chat", provider_id=reply.message_id)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Refuse: files of the web chat come with their message, and none is held elsewhere."""
        raise PermanentFailure(f"the web chat holds no file elsewhere ({len(file.reference)} characters of reference)")

    async def close(self) -> None:
        """Nothing is kept open."""
