"""Direct messages on Mastodon: statuses that mention our account and that only those who are mentioned can read.

They are neither encrypted nor hidden from the servers' keepers. Notifications are polled, for they have a cursor that the
store keeps; what is said to us in public is kept as such and answered by a direct status.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Protocol

from intake.channel import Inbox, PermanentFailure, Reply, Sent
from intake.chat import FetchedFile, FileToFetch
from intake.mastodon_dm.harvest import Harvest
from intake.mastodon_dm.letters import Letters
from intake.mastodon_dm.settings import Settings
from intake.mastodon_dm.standing import OwnAccount
from intake.mastodon_dm.statuses import understand
from intake.message import Reading
from intake.networks import files
from intake.networks.line import Line
from intake.networks.rounds import Rounds
from intake.networks.told import Desk, read_told
from intake.networks.walking import words

__all__ = ["Mastodon", "Settings", "build", "read"]

KIND = "mastodon"
NAME = "Mastodon"


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Mastodon:
    """Make the channel that these settings describe."""
    return Mastodon(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read a kept update; raises ``ValueError`` for what is none."""
    return read_told(raw, received_at, channel=KIND, kind="dm", understand=understand)


class Mastodon:
    """One account of ours on one server."""

    channel = KIND
    window: timedelta | None = None

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Call nobody yet."""
        self.account = settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self._settings, self._inbox, self._clock = settings, inbox, clock
        self._line = Line(settings.base_url, answer_within=settings.answer_within)
        self._own = OwnAccount(self._line, settings.token_file)
        self._letters = Letters(settings.account, self._own, clock.now)

    @property
    def longest(self) -> int | None:
        """Characters of one status there, as the server last said; the greeting is one of its words."""
        return self._own.longest

    async def listen(self) -> None:
        """Poll until cancelled."""
        settings = self._settings
        desk = Desk(channel=KIND, account=self.account, quiet=self.quiet, understand=understand)
        harvest = Harvest(settings, self._inbox, self._clock.now, self._own, desk)
        rounds = Rounds(
            channel=KIND,
            account=self.account,
            inbox=self._inbox,
            pause=settings.poll,
            longest_pause=settings.longest_backoff,
        )
        await rounds.run(harvest.look)

    async def send(self, reply: Reply) -> Sent:
        """Post a letter as a direct status to the person alone."""
        return await self._letters.send(reply)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch an attached file; it needs no login."""
        url = words(_reference(file), "url")
        settings = self._settings
        return await files.fetch(self._line.client, url, home=settings.base_url, most=settings.max_file_size, name=file.name)

    async def close(self) -> None:
        """Let go of connections."""
        await self._line.close()


def _reference(file: FileToFetch) -> object:
    try:
        return json.loads(file.reference)
    except ValueError as error:
        raise PermanentFailure("the file has no address") from error
