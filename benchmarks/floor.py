"""The bare floor: receive, store, reply, and nothing else, in two processes.

Receive: aiosmtpd, 250 after a group commit. Reply: letter bytes from a template over one kept connection, marked in a
batch. No parsing, no judgement, no case, no care for errors: what a Python mail server with a durable store costs at
least. ``python -m benchmarks.floor --store URL --sink-port P`` prints ``{"port": N}`` and runs until its input closes;
``--import DIR`` stores the files of a folder instead, in batches, and ends.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import os
import re
import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.floor_store import FloorStore, Row, Waiting, open_floor

BATCH = 50
MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
LETTER = (
    b"""From: Housing Services <housing@landlord.example>\r
To: <%(to)s>\r
Subject: We have your message, reference FLR-26-%(number)06d\r
Date: Sun, 22 Nov 2026 12:00:00 +0000\r
Message-ID: <floor.%(number)d@landlord.example>\r
In-Reply-To: %(answered)s\r
References: %(answered)s\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset="utf-8"\r
\r
"""
    + (b"Thank you. We have your message and will write again by the date below.\r\n" * 20)
    + b".\r\n"
)


class GroupCommit:
    """Gathers what arrives while the last batch is written, and writes it together."""

    def __init__(self, store: FloorStore, wake: int) -> None:
        self._store, self._wake = store, wake
        self._pending: list[tuple[Row, asyncio.Future[None]]] = []
        self._writer = ThreadPoolExecutor(1)
        self._task: asyncio.Task[None] | None = None

    async def put(self, row: Row) -> None:
        """Return when the row is on the disk."""
        done = asyncio.get_running_loop().create_future()
        self._pending.append((row, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._pending:
            batch, self._pending = self._pending, []
            await loop.run_in_executor(self._writer, self._store.put, [row for row, _ in batch])
            os.write(self._wake, b".")
            for _, done in batch:
                done.set_result(None)


class Door:
    """The aiosmtpd handler."""

    def __init__(self, commit: GroupCommit) -> None:
        self._commit = commit

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Say yes after the commit."""
        assert isinstance(envelope.content, bytes)
        await self._commit.put(((envelope.mail_from or "").strip("<>"), envelope.content))
        return "250 2.0.0 kept"


class Sender:
    """One kept SMTP connection that writes ready bytes."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._expect(b"220")
        self._socket.sendall(b"EHLO floor.example\r\n")
        self._expect(b"250")

    def send(self, recipient: bytes, letter: bytes) -> None:
        """Hand over one letter."""
        self._socket.sendall(b"MAIL FROM:<>\r\nRCPT TO:<" + recipient + b">\r\nDATA\r\n")
        for code in (b"250", b"250", b"354"):
            self._expect(code)
        self._socket.sendall(letter)
        self._expect(b"250")

    def _expect(self, code: bytes) -> None:
        line = self._answers.readline()
        while line[3:4] == b"-":
            line = self._answers.readline()
        if not line.startswith(code):
            raise ConnectionError(f"the sink said {line!r}")


def letter(row: Waiting) -> tuple[bytes, bytes]:
    """Return the recipient and the letter for a row."""
    number, mail_from, head = row
    found = MESSAGE_ID.search(head)
    to = mail_from.encode()
    return to, LETTER % {b"to": to, b"number": number, b"answered": found[1] if found else b""}


def reply(url: str, sink_port: int, wake: int) -> None:
    """Answer rows as they come, until the receiving process is gone."""
    store, sender = open_floor(url), Sender(sink_port)
    while os.read(wake, 65_536):
        while rows := store.waiting(BATCH):
            for row in rows:
                if row[1]:
                    sender.send(*letter(row))
            store.answered([row[0] for row in rows])


async def receive(url: str, wake: int) -> None:
    """Take mail on loopback until standard input closes."""
    loop = asyncio.get_running_loop()
    door = Door(GroupCommit(open_floor(url), wake))
    build = functools.partial(SMTP, door, hostname="floor.example", loop=loop, data_size_limit=50 << 20)
    server = await loop.create_server(build, "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    await orders.read()
    server.close()


def store_files(url: str, folder: Path) -> None:
    """Store every file of a folder in batches: the floor of an import."""
    store, files = open_floor(url), iter(sorted(folder.iterdir()))
    while batch := list(islice(files, BATCH)):
        store.put([("", path.read_bytes()) for path in batch])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the floor from the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", required=True)
    asked.add_argument("--sink-port", type=int, help="without it nothing is replied")
    asked.add_argument("--import", dest="folder", type=Path)
    chosen = asked.parse_args(arguments)
    if chosen.folder:
        store_files(chosen.store, chosen.folder)
        return
    reading, writing = os.pipe()
    open_floor(chosen.store)
    if chosen.sink_port:
        worker = get_context("fork").Process(target=_reply_alone, args=(chosen.store, chosen.sink_port, reading, writing))
        worker.start()
    asyncio.run(receive(chosen.store, writing))
    os.close(writing)


def _reply_alone(url: str, sink_port: int, reading: int, writing: int) -> None:
    os.close(writing)
    reply(url, sink_port, reading)


if __name__ == "__main__":
    main()
