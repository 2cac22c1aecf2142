"""The relay between services that answer each other: it takes letters, and hands on what becomes of them."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.loop_mail import Mail
from intake.channels.smtp import Door

Onwards = Callable[[Mail], Iterable[tuple[Mail, Door]]]
"""Returns, of a letter, which mails come of it, and at which doors."""


@dataclass
class Way:
    """A relay on the loopback; ``on`` says what becomes of a letter."""

    on: Onwards = field(default=lambda _mail: ())
    port: int = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        """Open it on a free port."""
        way, loop = cls(), asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(way, hostname="relay.example", loop=loop), "127.0.0.1", 0)
        way.port = server.sockets[0].getsockname()[1]
        try:
            yield way
        finally:
            server.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter, and hand on what comes of it before saying yes."""
        reverse_path = (envelope.mail_from or "").strip("<>")
        content = envelope.content
        assert isinstance(content, bytes)
        for recipient in envelope.rcpt_tos:
            for mail, door in self.on(Mail(sender=reverse_path, recipient=recipient, content=content)):
                await self.carry(mail, door)
        return "250 taken"

    async def carry(self, mail: Mail, door: Door) -> None:
        """Hand a mail to a door, as any relay does."""
        await asyncio.to_thread(_hand_over, mail, door.port)


def _hand_over(mail: Mail, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, "relay.example") as client:
        client.sendmail(mail.sender, [mail.recipient], mail.content)
