"""Hands letters to a mail relay over a few kept connections."""

from __future__ import annotations

import asyncio

from intake.channel import Reply, Sent
from intake.composing import compose
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
        self._connections = [Connection(settings) for _ in range(settings.connections)]
        # The one used last is taken first, so that quiet hours keep one connection and not all of them.
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in self._connections:
            self._free.put_nowait(connection)

    async def send(self, reply: Reply) -> Sent:
        """Return the relay's yes; raise ``TemporaryFailure``, ``PermanentFailure`` or ``UncertainOutcome``."""
        mail = compose(reply)
        connection = await self._free.get()
        try:
            return Sent(answer=await connection.carry(reply.recipient, mail))
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """End all connections politely."""
        await asyncio.gather(*(connection.close() for connection in self._connections))
