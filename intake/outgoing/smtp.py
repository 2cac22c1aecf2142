"""Hands letters to a mail relay over a few kept connections."""

from __future__ import annotations

import asyncio

from intake.channel import Reply, Sent, TemporaryFailure
from intake.composing import compose
from intake.oauth.tokens import tokens_for
from intake.relay.connection import Connection
from intake.relay.settings import Settings

__all__ = ["Relay", "Settings", "build"]


def build(settings: Settings) -> Relay:
    """Make the way out that these settings describe; it connects with the first letter."""
    return Relay(settings)


class Relay:
    """Shares its connections among the letters that are under way; each letter goes to exactly one recipient."""

    def __init__(self, settings: Settings) -> None:
        """Keep as many connections as the settings say."""
        tokens = None if settings.oauth is None else tokens_for(settings.oauth, settings.username or "")
        self._connections = [Connection(settings, tokens) for _ in range(settings.connections)]
        self._before_dot = settings.before_dot
        # The one used last is taken first, so that quiet hours keep one connection and not all of them.
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in self._connections:
            self._free.put_nowait(connection)

    async def send(self, reply: Reply) -> Sent:
        """Return the relay's yes; raise ``TemporaryFailure``, ``PermanentFailure`` or ``UncertainOutcome``."""
        mail = compose(reply)
        # Who handed the letter over may give it to another soon after: what is so late must not go from here too.
        by = asyncio.get_running_loop().time() + self._before_dot
        try:
            async with asyncio.timeout_at(by):
                connection = await self._free.get()
        except TimeoutError as error:
            raise TemporaryFailure("the relay is too slow: no connection was free in time") from error
        try:
            return Sent(answer=await connection.carry(reply.recipient, mail, reply.reverse_path, by))
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """End all connections politely."""
        await asyncio.gather(*(connection.close() for connection in self._connections))
