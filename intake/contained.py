"""Reads mail in a process of its own, with a limit of time and of memory: what a mail does to its reader, it does to nobody else.

A reader that dies is replaced at once, and the mail comes back as a ``Reading`` which says so, with what its header alone
says: it waits for a person, and the mails beside it wait for nobody (mail rule K1).
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from intake.frames import BrokenFrame, frame, read_frame
from intake.html_text import HtmlText
from intake.message import MAIL, Attachment, Inside, Reading
from intake.reading import died, head_of, read
from intake.reading_frames import inside_in, to_reading, told_of
from intake.words_of_files import WordsFound, is_pdf, words_of

SECONDS = 10.0
MEMORY = 512 * 2**20
START = 60.0
"""Seconds that a new process may take to load, on however busy a machine."""
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from intake.reader_process import main; main()"
_AT_ONCE = 2**18
_OUT_OF_MEMORY = "could_not_be_read:MemoryError"


class ReaderDied(Exception):
    """The process ended over a question: ``how`` is ``time`` or ``signal``."""

    def __init__(self, how: str) -> None:
        """Say how."""
        super().__init__(how)
        self.how = how


class ReaderUnavailable(Exception):
    """No process can be started, or it ended before it was ready: nothing is said of the mail by that."""


@dataclass(slots=True)
class _Process:
    """One running reader; all its reading and writing stops at the moment that ``until`` says."""

    running: subprocess.Popen[bytes]
    until: float = 0.0

    def give(self, pieces: Sequence[bytes]) -> None:
        pipe = self.running.stdin
        assert pipe is not None
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_WRITE)
            for piece in pieces:
                left = memoryview(piece)
                while left:
                    self._wait(ready)
                    left = left[os.write(pipe.fileno(), left[:_AT_ONCE]) :]

    def take(self, count: int) -> bytes:
        pipe = self.running.stdout
        assert pipe is not None
        found = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while len(found) < count:
                self._wait(ready)
                piece = os.read(pipe.fileno(), min(_AT_ONCE, count - len(found)))
                if not piece:
                    raise EOFError
                found += piece
        return bytes(found)

    def _wait(self, ready: selectors.BaseSelector) -> None:
        left = self.until - time.monotonic()
        if left <= 0 or not ready.select(left):
            raise TimeoutError


class ContainedReader:
    """Reads one mail at a time in a process that is kept warm; to be shared by threads."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, program: str = _PROGRAM) -> None:
        """Start nothing yet; ``program`` is what Python is told to run."""
        self._seconds = seconds
        self._memory = memory
        self._program = program
        self._process: _Process | None = None
        self._end: Callable[[], object] = lambda: None
        self._lock = Lock()

    def read(
        self, raw: bytes, media_type: str, received_at: datetime | None = None, files: Sequence[Attachment] = ()
    ) -> Reading:
        """Read a message as ``intake.reading.read`` does; what is no mail was made by a program and is read here."""
        if media_type != MAIL or not raw:
            return read(raw, media_type, received_at, files)
        try:
            reading = self._read(raw, received_at)
        except ReaderDied as death:
            reading = died(self._head(raw, received_at), raw, f"reader_died:{death.how}")
        return replace(reading, attachments=(*reading.attachments, *files)) if files else reading

    def page(self, html: str) -> HtmlText | None:
        """Return what a page shows and hides; None where nobody can say."""
        try:
            told, _ = self._ask({"ask": "page"}, html.encode("utf-8", "replace"))
        except (ReaderDied, ReaderUnavailable):
            return None
        quoted = tuple((start, end) for start, end in told["quoted"])
        return HtmlText(text=told["text"], quoted=quoted, hidden=told["hidden"], unseen=tuple(told["unseen"]))

    def words_of(self, attachment: Attachment) -> WordsFound:
        """Return the words of a file as ``intake.words_of_files`` does; a PDF has its own process anyway."""
        if is_pdf(attachment.content):
            return words_of(attachment)
        try:
            told, _ = self._ask({"ask": "words", "file": told_of(attachment)}, attachment.content)
        except ReaderDied:
            return WordsFound(problem="took too much time or memory")
        return WordsFound(text=told["text"], problem=told["problem"])

    def inside_of(self, attachment: Attachment) -> Inside:
        """Return what a file holds, of whatever message it is; where it takes too much, that nobody can say."""
        try:
            told, _ = self._ask({"ask": "inside", "name": attachment.name}, attachment.content)
        except ReaderDied:
            return Inside(marks=("archive_not_listed",))
        return inside_in(told)

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            self._stop()

    def _read(self, raw: bytes, received_at: datetime | None) -> Reading:
        moment = received_at.isoformat() if received_at else None
        _, pieces = self._ask({"ask": "read", "media_type": MAIL, "received_at": moment}, raw)
        reading = to_reading(pieces)
        if _OUT_OF_MEMORY in reading.problems:
            self.close()  # what it once took it may never give back
        return reading

    def _head(self, raw: bytes, received_at: datetime | None) -> Reading:
        try:
            return self._read(head_of(raw), received_at)
        except ReaderDied:
            return Reading(unreadable=True)

    def _ask(self, asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """Ask a question; once more where the process died, which may have been somebody else's doing, but not of slowness."""
        with self._lock:
            try:
                return self._once(asked, content)
            except ReaderDied as death:
                if death.how == "time":
                    raise
                return self._once(asked, content)

    def _once(self, asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], list[bytes]]:
        if self._process is None or self._process.running.poll() is not None:
            self._start()
        process = self._process
        assert process is not None
        process.until = time.monotonic() + self._seconds
        try:
            process.give(frame(asked, [content]))
            return read_frame(process.take)
        except TimeoutError as error:
            self._stop()
            raise ReaderDied("time") from error
        except (EOFError, OSError, BrokenFrame) as error:
            self._stop()
            raise ReaderDied("signal") from error

    def _start(self) -> None:
        self._stop()
        root = str(Path(__file__).resolve().parent.parent)
        program = [
            sys.executable,
            "-I",
            "-X",
            "utf8",
            "-c",
            self._program,
            root,
            str(self._memory),
            str(int(self._seconds) + 5),
        ]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        try:
            running = subprocess.Popen(program, bufsize=0, env={}, **pipes)  # type: ignore[call-overload]  # noqa: S603  # our own program
        except OSError as error:
            raise ReaderUnavailable(f"the reader cannot be started: {error}") from error
        os.set_blocking(running.stdin.fileno(), False)
        # Also when the house ends, and when this object is forgotten: no process is left behind.
        self._end = weakref.finalize(self, _end, running)
        self._process = _Process(running, time.monotonic() + START)
        try:
            read_frame(self._process.take)
        except (EOFError, OSError, BrokenFrame) as error:
            self._stop()
            raise ReaderUnavailable("the reader's process ended before it was ready") from error

    def _stop(self) -> None:
        self._end()
        self._process = None


def _end(running: subprocess.Popen[bytes]) -> None:
    running.kill()
    running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe is not None:
            pipe.close()
