"""The SMTP door: a mail is told 250 only after its bytes and envelope are durable.

Limits and answers follow mail rules E. The door does not face the internet: SPF, spam and viruses
belong to the border in front of it. Each accepted transaction is one arrival with its own external id; the same mail
sent again, because our 250 was lost on the way, is found later by its content.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import ssl
from datetime import datetime
from pathlib import Path
from typing import Protocol

from intake.channel import Inbox, InboxUnavailable
from intake.gathering import Gatherer
from intake.message import Envelope, InboundMessage
from intake.smtp_door import answers, trace
from intake.smtp_door.borders import Borders
from intake.smtp_door.certificate import Certificate
from intake.smtp_door.conversation import Conversation
from intake.smtp_door.ledger import Ledger
from intake.smtp_door.recipients import Served
from intake.smtp_door.seats import Seats
from intake.smtp_door.settings import Settings
from intake.smtp_door.transaction import Transaction

__all__ = ["Door", "Settings", "build"]

NAME = "email"
MOST_HOPS = 100
"""A mail with more Received headers goes in circles (RFC 5321 section 6.3)."""
TELL_EVERY = 30.0
"""Seconds between two words to the desk that the door is open."""
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Door:
    """Make the door that these settings describe; it opens when ``listen`` is awaited."""
    return Door(settings, inbox, clock)


class Door:
    """Listens for mail on one port."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what arrives to ``inbox``."""
        self.account = settings.account
        self.stopping = False
        self.seats = Seats(
            connections=settings.max_connections,
            per_address=settings.max_connections_per_address,
            memory=settings.max_memory,
        )
        self.port = settings.port
        """The port that is really open, once ``opened`` is set."""
        self.opened = asyncio.Event()
        self._conversations: set[Conversation] = set()
        self._empty = asyncio.Event()
        self._settings = settings
        self._served = Served(settings.recipients, settings.hostname)
        self._clock = clock
        self._disk = _nearest_folder(settings.disk)
        self._inbox = inbox
        self.ledger = Ledger()
        self.borders = Borders(settings.proxies, settings.clients)
        self._certificate: Certificate | None = None
        self._standing: dict[str, str | None] = {}
        self._fault: str | None = None
        self._gatherer = Gatherer(inbox)

    async def listen(self) -> None:
        """Serve until cancelled; then take no new mail, finish what is being received, and return."""
        settings = self._settings
        # aiosmtpd writes every address it hears into its log at INFO; those are residents' and stay out of ours.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        loop = asyncio.get_running_loop()
        # What a closed door left behind is closed too; it may be opened again.
        self.stopping, self._gatherer = False, Gatherer(self._inbox)
        self._empty.clear()
        self._certificate = Certificate.of(settings)
        tls = self._certificate.context if self._certificate else None
        server = await loop.create_server(lambda: self._conversation(tls), settings.host, settings.port, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        log.info("smtp door open", extra={"account": self.account, "host": settings.host, "port": self.port})
        self.opened.set()
        try:
            await self._tell_the_desk()
        finally:
            server.close()
            self.opened.clear()
            await self._finish()
            await self._gatherer.close()
            await asyncio.to_thread(self._hand_over)

    async def _tell_the_desk(self) -> None:
        while True:
            # An open door that nobody knows to be open is as good as shut, but telling must never shut it.
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._inbox.heard, "smtp", self.account, self._fault)
            await asyncio.to_thread(self._hand_over)
            await asyncio.to_thread(self._look_after_itself)
            await asyncio.sleep(TELL_EVERY)

    def _hand_over(self) -> None:
        counts = self.ledger.take()
        try:
            if counts:
                self._inbox.tallied("smtp", self.account, counts)
        except Exception:  # noqa: BLE001 - counting must never shut the door: it is tried again in half a minute
            self.ledger.give_back(counts)

    def _look_after_itself(self) -> None:
        """Use a renewed certificate, and tell the desk of what ends soon or was never there."""
        if self._certificate is not None:
            self._certificate.renew()
            self._stand("certificate", self._certificate.trouble(self._clock.now()))
        disk = self._settings.disk
        there = f"there is no folder {disk}: free space is watched at {self._disk} instead"
        self._stand("disk", None if disk.exists() else there)

    def _stand(self, matter: str, trouble: str | None) -> None:
        if matter in self._standing and self._standing[matter] == trouble:
            return
        # Telling the desk must never shut the door.
        with contextlib.suppress(Exception):
            self._inbox.stands("smtp", self.account, matter, trouble)
            self._standing[matter] = trouble

    def _conversation(self, tls: ssl.SSLContext | None) -> Conversation:
        return Conversation(
            self,
            hostname=self._settings.hostname,
            ident="ESMTP",
            data_size_limit=self._settings.max_message_size,
            enable_SMTPUTF8=True,
            timeout=self._settings.timeout,
            tls_context=tls,
            require_starttls=self._settings.require_tls,
            loop=asyncio.get_running_loop(),
        )

    async def _finish(self) -> None:
        self.stopping = True
        for conversation in list(self._conversations):
            conversation.stop()
        if self._conversations:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.stop_within):
                    await self._empty.wait()
        for conversation in list(self._conversations):
            conversation.abort()

    def enter(self, conversation: Conversation) -> None:
        """Note that a conversation began."""
        self._conversations.add(conversation)

    def leave(self, conversation: Conversation) -> None:
        """Note that a conversation is over."""
        self._conversations.discard(conversation)
        if self.stopping and not self._conversations:
            self._empty.set()

    def may_begin(self) -> str | None:
        """Return why no mail can be taken at all now, as an answer, or ``None``."""
        if self.stopping:
            return answers.STOPPING
        disk = os.statvfs(self._disk)
        return answers.NO_DISK if disk.f_bavail * disk.f_frsize < self._settings.min_free_disk else None

    def may_receive(self, address: str, already: int) -> str | None:
        """Return why this recipient is not taken, as an answer, or ``None``."""
        if not self._served.serves(address):
            return answers.UNKNOWN_RECIPIENT
        return answers.TOO_MANY_RECIPIENTS if already >= self._settings.max_recipients else None

    async def keep(self, transaction: Transaction, body: bytes) -> str:
        """Make the mail durable and return the answer to the sender."""
        if trace.count_received(body) > MOST_HOPS:
            return answers.LOOP
        message = self._message(transaction, body)
        try:
            await self._gatherer.put(message)
        except InboxUnavailable:
            log.exception("mail not kept, sender told to try again", extra={"account": self.account})
            self._fault = "mail could not be kept; its senders were told to try again"
            return answers.TRY_LATER
        self._fault = None
        return f"250 2.0.0 kept as {message.external_id}"

    def _message(self, transaction: Transaction, body: bytes) -> InboundMessage:
        now = self._clock.now()
        # In order of time, for the index's sake; the rest makes it the only one of its millisecond.
        external_id = f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"
        received = trace.received_header(transaction, by=self._settings.hostname, message_id=external_id, at=now)
        envelope = Envelope(mail_from=transaction.mail_from, rcpt_to=transaction.rcpt_to, peer=transaction.peer or None)
        return InboundMessage(
            channel="smtp",
            account=self.account,
            external_id=external_id,
            received_at=now,
            raw=received + body,
            envelope=envelope,
        )


def _nearest_folder(path: Path) -> Path:
    whole = path.resolve()
    return next(folder for folder in (whole, *whole.parents) if folder.is_dir())
