"""A fake inbox and helpers to open doors in tests."""

import asyncio
import contextlib
import threading
from collections import Counter
from datetime import UTC, datetime

from intake.channel import InboxUnavailable
from intake.channels import smtp
from intake.message import Position, Receipt


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC)):
        self.at = at

    def now(self):
        return self.at


class MemoryInbox:
    """Keeps messages under their unique key, as the real one does; can be told to fail."""

    def __init__(self):
        self.kept = {}
        self.standing = {}
        self.tallies = Counter()
        self.batches = []
        self.contacts = []
        self.down = False
        self.deaf = False
        self.refuses = lambda message: False
        self.before_put = lambda messages: None
        self._lock = threading.Lock()

    def put(self, messages):
        with self._lock:
            self.before_put(messages)
            self.batches.append(len(messages))
            if self.down:
                raise InboxUnavailable("the database at /secret/path is down")
            if any(self.refuses(message) for message in messages):
                raise RuntimeError("cannot store this one: /secret/path")
            return [self._keep(message) for message in messages]

    def _keep(self, message):
        key = (message.channel, message.account, message.external_id)
        fresh = key not in self.kept
        if fresh:
            self.kept[key] = message
        return Receipt(message_id=list(self.kept).index(key) + 1, fresh=fresh)

    def position(self, account, folder):
        places = [m.position for m in self.kept.values() if m.position and m.account == account and m.position.folder == folder]
        if not places:
            return None
        return max(places, key=lambda place: (place.uidvalidity, place.uid), default=None) and Position(
            folder=folder,
            uidvalidity=places[-1].uidvalidity,
            uid=max(place.uid for place in places if place.uidvalidity == places[-1].uidvalidity),
        )

    def already_kept(self, channel, account, external_ids):
        return {name for name in external_ids if (channel, account, name) in self.kept}

    def tallied(self, channel, account, outcomes):
        self.tallies.update(outcomes)

    def stands(self, channel, account, matter, trouble):
        self.standing[matter] = trouble

    def heard(self, channel, account, error=None):
        if self.deaf:
            raise InboxUnavailable("the database at /secret/path is down")
        self.contacts.append((channel, account, error))

    @property
    def messages(self):
        return list(self.kept.values())


@contextlib.asynccontextmanager
async def open_door(inbox, clock=None, **settings):
    """Open an SMTP door on a free port and close it again."""
    options = {"port": 0, "hostname": "mx.landlord.example", "min_free_disk": 0} | settings
    door = smtp.build(smtp.Settings(**options), inbox, clock or Clock())
    task = asyncio.create_task(door.listen())
    await asyncio.wait_for(door.opened.wait(), 5)
    try:
        yield door
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Wire:
    """A client that says exactly what it is told to, byte for byte."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, door):
        return cls(*await asyncio.open_connection("127.0.0.1", door.port))

    async def answer(self):
        """Return one whole answer, its lines joined."""
        lines = []
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 10)).decode().rstrip("\r\n")
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    async def say(self, words):
        self.send(words)
        return await self.answer()

    def send(self, words):
        self.writer.write(words if isinstance(words, bytes) else words.encode() + b"\r\n")

    async def greet(self):
        await self.answer()
        return await self.say("EHLO relay.example")

    async def begin(self, sender="<tenant@example.org>", recipient="<housing@landlord.example>"):
        assert (await self.say(f"MAIL FROM:{sender}")).startswith("250")
        assert (await self.say(f"RCPT TO:{recipient}")).startswith("250")
        assert (await self.say("DATA")).startswith("354")

    async def deliver(self, body, **envelope):
        await self.begin(**envelope)
        return await self.say(body + b"\r\n.\r\n")

    async def close(self):
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


@contextlib.asynccontextmanager
async def wire(door, *, greet=True):
    client = await Wire.connect(door)
    if greet:
        await client.greet()
    try:
        yield client
    finally:
        await client.close()
