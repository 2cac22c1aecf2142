"""The web form on the public door: what is handed in there, and letters to those who left no other address."""

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
from intake.webform import reading
from intake.webform.document import KIND

NAME = "web form"
SAYS_SO = 60.0
"""Seconds between two words that the form stands."""


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Settings(BaseModel):
    """A web form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["webform"] = "webform"
    account: str = Field(default="web", pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")


def build(settings: Settings, inbox: Inbox, clock: Clock) -> WebForm:  # noqa: ARG001  # the page asks a clock of its own
    """Make the channel that these settings describe."""
    return WebForm(settings, inbox)


def read(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read what was kept of a form; raises ``ValueError`` for bytes that no page of ours can have written."""
    return reading.read(raw, received_at)


class WebForm:
    """The form's channel: the page itself takes words in; a letter stands in the store until the resident looks for it."""

    channel = KIND
    quiet = timedelta(0)
    window: timedelta | None = None
    longest: int | None = None

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        """Tell ``inbox`` that the form stands."""
        self.account = settings.account
        self._inbox = inbox

    async def listen(self) -> None:
        """Say now and then that the form stands, until cancelled."""
        while True:
            # A store that is away is told elsewhere: what counts here is that the loop does not end.
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._inbox.heard, KIND, self.account)
            await asyncio.sleep(SAYS_SO)

    async def send(self, reply: Reply) -> Sent:
        """Take a letter at once: it stands in the store, and the page that the resident was given shows it."""
        who = identity_of(reply.recipient)
        if who is None or who.way != f"{KIND}:{self.account}":
            raise PermanentFailure("the letter is not for anybody of this web form")
        return Sent(answer="kept for the resident's own page", provider_id=reply.message_id)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Refuse: files of the form come with it, and none is held elsewhere."""
        raise PermanentFailure(f"the web form holds no file elsewhere ({len(file.reference)} characters of reference)")

    async def close(self) -> None:
        """Nothing is kept open."""
