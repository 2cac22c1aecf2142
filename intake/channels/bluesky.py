"""Direct messages on Bluesky: the chat that goes through the account's own server, polled, not encrypted end to end.

It carries words only, so photos come another way. It knows no key of ours: after a lost answer we look before we speak.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from intake.bluesky_chat.events import understand
from intake.bluesky_chat.harvest import Harvest
from intake.bluesky_chat.letters import LONGEST, Letters
from intake.bluesky_chat.session import Session
from intake.bluesky_chat.settings import Settings
from intake.channel import Inbox, PermanentFailure, Reply, Sent
from intake.chat import FetchedFile, FileToFetch
from intake.message import Reading
from intake.networks.rounds import Rounds
from intake.networks.told import Desk, read_told
from intake.networks.under_way import UnderWay

__all__ = ["Bluesky", "Settings", "build", "read"]

KIND = "bluesky"
NAME = "Bluesky"


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Bluesky:
    """Make the channel that these settings describe."""
    return Bluesky(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read a kept update; raises ``ValueError`` for what is none."""
    return read_told(raw, received_at, channel=KIND, kind="dm", understand=understand)


class Bluesky:
    """One account of ours."""

    channel = KIND
    window: timedelta | None = None
    longest: int | None = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Call nobody yet."""
        self.account = settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self._settings, self._inbox, self._clock = settings, inbox, clock
        self._session = Session(settings)
        self._under_way = UnderWay()
        self._letters = Letters(settings, self._session, clock.now, self._under_way)

    async def listen(self) -> None:
        """Poll until cancelled."""
        settings = self._settings
        desk = Desk(channel=KIND, account=self.account, quiet=self.quiet, understand=understand)
        harvest = Harvest(
            settings,
            inbox=self._inbox,
            now=self._clock.now,
            session=self._session,
            desk=desk,
            under_way=self._under_way,
        )
        rounds = Rounds(
            channel=KIND,
            account=self.account,
            inbox=self._inbox,
            pause=settings.poll,
            longest_pause=settings.longest_backoff,
        )
        await rounds.run(harvest.look)

    async def send(self, reply: Reply) -> Sent:
        """Send a letter into the conversation with the person."""
        return await self._letters.send(reply)

    async def fetch(self, file: FileToFetch) -> FetchedFile:  # noqa: ARG002 - the port's own form
        """Refuse: the chat carries no files."""
        raise PermanentFailure("the chat of Bluesky carries no files")

    async def close(self) -> None:
        """Let go of connections."""
        await self._session.close()
