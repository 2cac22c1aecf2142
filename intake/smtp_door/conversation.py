"""One SMTP conversation: aiosmtpd's, with our reader of bodies, our answers and our limits."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from typing import Any, AnyStr, Protocol

from aiosmtpd.smtp import SMTP, Envelope

from intake.smtp_door import answers
from intake.smtp_door.body import NoRoomError, TooBigError, read_body
from intake.smtp_door.borders import Borders
from intake.smtp_door.hooks import Hooks, Judge
from intake.smtp_door.ledger import Ledger
from intake.smtp_door.seats import Seats
from intake.smtp_door.transaction import Transaction, storable

LONGEST_COMMAND = 2048
LINE_LIMIT = 1024 * 1024
_SIMPLE_PATH = re.compile(r"<([A-Za-z0-9_.+=&/-]+@[A-Za-z0-9.-]+)>(?: +(.*))?\Z")


class Desk(Judge, Protocol):
    """What a conversation needs of the door it belongs to."""

    seats: Seats
    ledger: Ledger
    borders: Borders
    stopping: bool

    def enter(self, conversation: Conversation) -> None:
        """Note that a conversation began."""
        ...

    def leave(self, conversation: Conversation) -> None:
        """Note that a conversation is over."""
        ...

    async def keep(self, transaction: Transaction, body: bytes) -> str:
        """Make the mail durable and return the answer to the sender."""
        ...


class Conversation(SMTP):
    """One connection; it takes any number of mails, one after another."""

    line_length_limit = LINE_LIMIT

    def __init__(self, desk: Desk, **options: Any) -> None:
        """Talk for this door; ``options`` are aiosmtpd's."""
        super().__init__(Hooks(desk), **options)
        # aiosmtpd keeps these limits on the class, where one connection changes them for all others.
        self.command_size_limits = defaultdict(lambda: LONGEST_COMMAND)
        self._desk = desk
        self._heard_at = self.loop.time()
        self.receiving = False
        self._client: str | None = None

    async def _handle_client(self) -> None:
        client = await self._desk.borders.client(self._peer(), self._reader)
        if client is None or not self._desk.borders.welcomes(client):
            self._turn_away(None if client is None else answers.NOT_FOR_YOU)
            return
        self._client = client
        with self._desk.seats.seat(client) as seated:
            if not seated or self._desk.stopping:
                answer = answers.STOPPING if self._desk.stopping else answers.TOO_MANY_CONNECTIONS
                self._desk.ledger.answered(answer)
                self._hang_up(answer)
                return
            self._desk.enter(self)
            try:
                await super()._handle_client()
            except ConnectionError:
                pass  # the other side went away: nothing was promised
            finally:
                self._desk.leave(self)

    def _turn_away(self, answer: str | None) -> None:
        self._desk.ledger.answered(answers.NOT_FOR_YOU)
        if answer is not None:
            self._hang_up(answer)
        elif self.transport is not None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Note that the other side lives; aiosmtpd's timer knows only of commands, not of a slow big mail."""
        self._heard_at = self.loop.time()
        super().data_received(data)

    def _timeout_cb(self) -> None:
        silent = self.loop.time() - self._heard_at
        if silent < self._timeout_duration and self.transport is not None:
            self._reset_timeout(self._timeout_duration - silent)
        else:
            self._hang_up(answers.TIMED_OUT)

    def _hang_up(self, answer: str) -> None:
        if self.transport is not None:
            self._writer.write(answer.encode("ascii") + b"\r\n")
            self.transport.close()

    def stop(self) -> None:
        """End the conversation now, or after the mail that is being received."""
        if not self.receiving:
            self._hang_up(answers.STOPPING)

    def abort(self) -> None:
        """Cut the connection; what it was sending was not accepted."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def push(self, status: AnyStr) -> None:
        """Send one line of answer, with its enhanced status code."""
        if isinstance(status, str):
            self._desk.ledger.answered(status)
        await super().push(answers.with_status(status) if isinstance(status, str) else status)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # The standard library's full address parser costs 60 microseconds, and nearly all paths are simple.
        simple = _SIMPLE_PATH.match(arg or "")
        if simple is not None:
            return simple.group(1), simple.group(2) or ""
        try:
            found: tuple[str | None, str | None] = super()._getaddr(arg)
        except (LookupError, AttributeError, NameError, TypeError, ValueError):
            # The library's parser stumbles over some malformed paths: that is the sender's fault, not ours.
            return None, None
        return found

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802, ARG002 - the library finds a command by this name
        """Refuse: nobody logs in at an intake port."""
        await self.push(answers.NO_AUTH)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - as above
        """Receive one mail and answer for it only when it is durable."""
        if await self.check_helo_needed():
            return
        transaction = self._transaction()
        if arg or not transaction.rcpt_to:
            await self.push("501 DATA takes no argument" if arg else "503 send RCPT first")
            return
        self.receiving = True
        try:
            answer = await self._receive(transaction)
        finally:
            self.receiving = False
            self.envelope = Envelope()
        await self.push(answer)
        if self._desk.stopping:
            self._hang_up(answers.STOPPING)

    async def _receive(self, transaction: Transaction) -> str:
        with self._desk.seats.room() as room:
            await self.push(answers.GO_ON)
            try:
                body = await read_body(self._reader, limit=self.data_size_limit or 0, take=room.take)
            except TooBigError:
                return answers.TOO_BIG
            except NoRoomError:
                return answers.NO_DISK
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                self._desk.ledger.cut()
                raise
            return await self._desk.keep(transaction, body)

    def _peer(self) -> str:
        # STARTTLS begins a new session, which knows only of the balancer.
        if self._client is not None:
            return self._client
        peer: object = self.session.peer if self.session is not None else None
        return str(peer[0]) if isinstance(peer, tuple) and peer else ""

    def _transaction(self) -> Transaction:
        session, envelope = self.session, self.envelope
        assert session is not None
        assert envelope is not None
        sender = storable(envelope.mail_from or "")
        return Transaction(
            mail_from="" if sender == "<>" else sender,
            rcpt_to=tuple(storable(address) for address in envelope.rcpt_tos),
            helo=storable(session.host_name or ""),
            peer=self._peer(),
            extended=session.extended_smtp,
            tls=self._tls_protocol is not None,
            utf8=envelope.smtp_utf8,
        )
