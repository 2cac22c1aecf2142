"""A stand-in for clamd on the loopback: takes INSTREAM as clamd(8) describes it, and can be odd in every way that a scanner can."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

EVIL = b"mould-that-bites"
NAME = "Test.Words.Anywhere.UNOFFICIAL"
VERSION = "ClamAV 1.4.6/27500/Mon Nov 23 08:00:00 2026"


class Clamd:
    """Listens on a port of its own. ``say`` maps a file to its answer; None hangs up, ``hang`` says nothing till the end."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.questions: list[bytes] = []
        self.faults: list[bytes | None] = []
        """What is answered in place of a verdict, the first first."""
        self.version = VERSION
        self.say: Callable[[bytes], bytes | None] = verdict
        self.limit = 1_000_000
        self.ended = threading.Event()
        self.hang = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    @property
    def setting(self) -> str:
        return f"tcp:127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Be away from now on."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._server.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            line.settimeout(10)
            thread = threading.Thread(target=self._one, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _one(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as heard:
            asked = b""
            while not asked.endswith(b"\0") and (sign := heard.read(1)):
                asked += sign
            self.questions.append(asked)
            if asked == b"zVERSION\0":
                line.sendall(self.version.encode() + b"\0")
            elif asked == b"zINSTREAM\0":
                self._stream(line, heard)
            else:
                line.sendall(b"UNKNOWN COMMAND\0")

    def _stream(self, line, heard) -> None:
        content = b""
        while number := struct.unpack(">I", heard.read(4))[0]:
            content += heard.read(number)
            if len(content) > self.limit:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        answer = self.faults.pop(0) if self.faults else self.say(content)
        if self.hang:
            self.ended.wait(10)
        elif answer is not None:
            line.sendall(answer)


def verdict(content: bytes) -> bytes:
    """Answer as clamd does of a file that holds our evil words or not."""
    return f"stream: {NAME} FOUND\0".encode() if EVIL in content else b"stream: OK\0"
