r"""The IMAP door: reads a mailbox by cursor, keeps each message, and only then moves it out of the way.

The rules are those of mail rules F: never \\Seen and never dates as a marker, BODY.PEEK only, IDLE as a
hint with a poll behind it, one connection a mailbox. The work is done in a thread, as the library blocks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from datetime import datetime
from functools import partial
from typing import Protocol

from intake.channel import Inbox
from intake.mailbox.rounds import Rounds
from intake.mailbox.settings import Settings

__all__ = ["Mailbox", "Settings", "build"]

NAME = "email"
GLANCE = 5.0
"""Seconds between two looks whether the thread still hears something."""
LAST_WAIT = 5.0
"""Seconds that a commit under way has when stopping."""
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Mailbox:
    """Make the door that these settings describe; it begins to read when ``listen`` is awaited."""
    return Mailbox(settings, inbox, clock)


class Mailbox:
    """Reads one folder of one mailbox."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what is found to ``inbox``."""
        self.account = settings.account
        self._new_rounds = partial(Rounds, settings, inbox, clock.now)
        self._rounds = self._new_rounds()
        self._longest_silence = 3 * max(settings.timeout, settings.idle_renewal, settings.poll)

    async def listen(self) -> None:
        """Read until cancelled; a commit that was begun is finished."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        # Rounds that were stopped stay stopped; a door may be opened again.
        rounds = self._rounds = self._new_rounds()

        def work() -> None:
            try:
                rounds.run()
            finally:
                # The loop may be gone when a thread that hung at last comes back.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(ended.set)

        # A daemon: a server that hangs in a connect must not hold up the end of the program.
        threading.Thread(target=work, name=f"imap-{self.account}", daemon=True).start()
        try:
            await self._watch(ended)
        finally:
            rounds.stop()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_WAIT):
                    await ended.wait()

    async def _watch(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GLANCE):
                    await ended.wait()
            # A silent reader is the worst fault there is: nobody misses what never arrives.
            if self._rounds.silent_for() > self._longest_silence:
                log.warning("mailbox silent, connection ended", extra={"account": self.account})
                self._rounds.interrupt()
