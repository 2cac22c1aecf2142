"""How mails are offered: N sessions each with its next mail at once (closed loop), or at times set beforehand (open loop)."""

from __future__ import annotations

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One mail ready to write to a socket."""

    message_id: str
    kind: str
    mail_from: bytes
    rcpt_to: bytes
    data: bytes


@dataclass(kw_only=True, slots=True)
class Note:
    """What became of one mail; times are monotonic nanoseconds, ``code`` the last reply (0: the link broke)."""

    message_id: str
    kind: str
    offered_ns: int
    accepted_ns: int = 0
    code: int = 0


class Load(ABC):
    """Mails and the sessions that carry them; a kind of loop says which mail a free session takes next."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._live = 0
        self._over = asyncio.Event()

    @abstractmethod
    async def run(self, host: str, port: int) -> None:
        """Offer everything; return when the last session has closed."""

    @abstractmethod
    def next_order(self, session: Session) -> tuple[Order, int] | None:
        """Return the next mail with its offered time in nanoseconds, or nothing for now."""

    @abstractmethod
    def idle(self, session: Session) -> None:
        """Say what a session without a mail does: wait, or close."""

    async def open(self, host: str, port: int) -> None:
        """Open one more session."""
        self._live += 1
        await asyncio.get_running_loop().create_connection(lambda: Session(self), host, port)

    def closed(self) -> None:
        """Note that a session is gone."""
        self._live -= 1
        if self._live == 0:
            self._over.set()


class ClosedLoop(Load):
    """``sessions`` connections, each offering its next mail as soon as the last was answered."""

    def __init__(self, orders: Sequence[Order], *, sessions: int) -> None:
        super().__init__()
        self._orders: Iterator[Order] = iter(orders)
        self._sessions = sessions

    async def run(self, host: str, port: int) -> None:
        """Open all sessions and wait until each has closed."""
        await asyncio.gather(*(self.open(host, port) for _ in range(self._sessions)))
        await self._over.wait()

    def next_order(self, session: Session) -> tuple[Order, int] | None:
        """Give out the mails in order; a mail is offered when its session is free."""
        order = next(self._orders, None)
        return (order, time.monotonic_ns()) if order else None

    def idle(self, session: Session) -> None:
        """Close: there is nothing left."""
        session.quit()


class OpenLoop(Load):
    """Mails at given seconds from the start; one that finds no free session waits, and its wait counts as latency."""

    def __init__(self, orders: Sequence[Order], *, at: Sequence[float], most: int) -> None:
        super().__init__()
        self._plan = list(zip(orders, at, strict=True))
        self._most = most
        self._due: deque[tuple[Order, int]] = deque()
        self._free: list[Session] = []
        self._done = False

    async def run(self, host: str, port: int) -> None:
        """Offer each mail at its time, opening sessions as they are needed; then let all of them finish."""
        self._host, self._port = host, port
        opening: set[asyncio.Task[None]] = set()
        begin = time.monotonic_ns() + 50_000_000
        for order, seconds in self._plan:
            due = begin + int(seconds * 1e9)
            await asyncio.sleep(max(0.0, (due - time.monotonic_ns()) / 1e9))
            self._due.append((order, due))
            if self._free:
                self._free.pop().proceed()
            elif self._live < self._most:
                opening.add(asyncio.create_task(self.open(host, port)))
        await asyncio.gather(*opening)
        self._done = True
        for session in self._free:
            session.quit()
        await self._over.wait()

    def next_order(self, session: Session) -> tuple[Order, int] | None:
        """Give out the mail that has waited longest."""
        return self._due.popleft() if self._due else None

    def idle(self, session: Session) -> None:
        """Wait for the next mail, or close after the last."""
        if self._done:
            session.quit()
        else:
            self._free.append(session)


def arrivals(count: int, rate: float, spacing: Literal["poisson", "fixed"], seed: int) -> list[float]:
    """Return when each mail is offered, in seconds: evenly, or at random with the same mean rate."""
    if spacing == "fixed":
        return [number / rate for number in range(count)]
    chance, at, times = random.Random(seed), 0.0, []
    for _ in range(count):
        at += chance.expovariate(rate)
        times.append(at)
    return times


class Session(asyncio.Protocol):
    """One SMTP connection, kept from mail to mail; each command waits for its answer."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._held = b""
        self._note: Note | None = None
        self._left: list[bytes] = [b"EHLO client.example\r\n"]
        self._wanted = 220

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the greeting."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Act on each whole reply (RFC 5321 section 4.2.1: the last line has a blank after the code)."""
        self._held += data
        while b"\n" in self._held:
            line, _, self._held = self._held.partition(b"\n")
            if line[3:4] != b"-":
                self._answered(int(line[:3]))

    def _answered(self, code: int) -> None:
        if code // 100 != self._wanted // 100:
            self._finish(code)
            self._left = [b"RSET\r\n"]
        if self._left:
            command = self._left.pop(0)
            self._wanted = 354 if command == b"DATA\r\n" else 250
            self._transport.write(command)
            return
        self._finish(code)
        self.proceed()

    def _finish(self, code: int) -> None:
        if self._note is not None:
            self._note.accepted_ns, self._note.code = time.monotonic_ns(), code
            self._note = None

    def proceed(self) -> None:
        """Take the next mail, if there is one."""
        given = self._load.next_order(self)
        if given is None:
            self._load.idle(self)
            return
        order, offered = given
        self._note = Note(message_id=order.message_id, kind=order.kind, offered_ns=offered)
        self._load.notes.append(self._note)
        self._left = [order.rcpt_to, b"DATA\r\n", order.data]
        self._wanted = 250
        self._transport.write(order.mail_from)

    def quit(self) -> None:
        """Close without waiting for the good-bye."""
        self._transport.write(b"QUIT\r\n")
        self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Leave the note of a broken mail at code 0, and say that this session is gone."""
        self._load.closed()
