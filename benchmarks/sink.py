"""A mail server that only counts: a process of its own, so that its cost is measured apart.

It prints one JSON line ``{"port": N}``, then writes a line for every letter to its log file: monotonic nanoseconds,
Message-ID, In-Reply-To and recipient, with tabs between. On standard input it takes ``count`` (answered by a JSON
line ``{"letters": N, "last_ns": T}``, after the log is flushed) and ``stop``. Nothing of a letter stays in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import re
import sys
import time
from pathlib import Path
from typing import IO

END = b"\r\n.\r\n"
HEADER = re.compile(rb"^(message-id|in-reply-to):[ \t]*(?:\r\n[ \t]+)?(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)
GREETING = b"220 sink.example ESMTP\r\n"
HELLO = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 0\r\n"


class Tally:
    """What came, counted; the particulars go to the log file."""

    def __init__(self, log: IO[bytes]) -> None:
        self.letters = 0
        self.last_ns = 0
        self._log = log

    def take(self, letter: bytes, recipient: bytes) -> None:
        """Note one letter with its time."""
        self.last_ns = time.monotonic_ns()
        self.letters += 1
        head = letter.partition(b"\r\n\r\n")[0]
        found = {name.lower(): value for name, value in HEADER.findall(head)}
        fields = (str(self.last_ns).encode(), found.get(b"message-id", b""), found.get(b"in-reply-to", b""), recipient)
        self._log.write(b"\t".join(fields) + b"\n")

    def state(self) -> str:
        """Flush the log and say how many letters came, and when the last one did."""
        self._log.flush()
        return json.dumps({"letters": self.letters, "last_ns": self.last_ns})


class Session(asyncio.Protocol):
    """One SMTP session, with pipelining; every letter is taken."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._held = bytearray()
        self._in_letter = False
        self._recipient = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Take commands and letters as far as they are complete, and answer all of them in one write."""
        self._held += data
        answers: list[bytes] = []
        while self._letter(answers) if self._in_letter else self._command(answers):
            pass
        if answers:
            self._transport.write(b"".join(answers))

    def _letter(self, answers: list[bytes]) -> bool:
        end = self._held.find(END)
        if end < 0:
            return False
        self._tally.take(bytes(self._held[:end]), self._recipient)
        del self._held[: end + len(END)]
        self._in_letter = False
        answers.append(b"250 2.0.0 taken\r\n")
        return True

    def _command(self, answers: list[bytes]) -> bool:
        end = self._held.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._held[:end])
        del self._held[: end + 2]
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0]
        self._in_letter = verb == b"DATA"
        answers.append(_ANSWERS.get(verb, b"250 2.0.0 OK\r\n"))
        if verb == b"QUIT":
            self._transport.write(b"".join(answers))
            answers.clear()
            self._transport.close()
        return True


_ANSWERS = {b"EHLO": HELLO, b"DATA": b"354 go on\r\n", b"QUIT": b"221 2.0.0 bye\r\n"}


async def serve(log: Path, port: int) -> None:
    """Take letters on loopback until told to stop."""
    loop = asyncio.get_running_loop()
    with log.open("wb", buffering=1 << 16) as file:
        tally = Tally(file)
        server = await loop.create_server(lambda: Session(tally), "127.0.0.1", port, backlog=1024)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
        orders = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while (await orders.readline()).strip() == b"count":
            print(tally.state(), flush=True)
        server.close()


def main() -> None:
    """Run the sink from the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--log", type=Path, required=True)
    asked.add_argument("--port", type=int, default=0)
    chosen = asked.parse_args()
    gc.freeze()
    asyncio.run(serve(chosen.log, chosen.port))


if __name__ == "__main__":
    main()
