"""What is measured: the system or the floor, each behind the same few questions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from benchmarks.floor_store import open_floor
from benchmarks.ledger import Arrived, Ledger, check_floor, must
from benchmarks.processes import ROOT, Helper

ROWS = "SELECT count(*) FROM mail"


class Subject(Protocol):
    """A running mail server with its store; ``pid`` is the process whose tree is measured."""

    name: str
    pid: int
    port: int

    def __enter__(self) -> Self:
        """Start it and wait until it takes mail."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        ...

    def undecided(self) -> int:
        """Return how many mails are kept but not yet what they are to become."""
        ...

    def unsent(self) -> int:
        """Return how many letters are still to be sent."""
        ...

    def last_words(self) -> str:
        """Return the end of what it wrote on its own account."""
        ...

    def check(self, offered: int, automatic: int, letters: Sequence[Arrived]) -> dict[str, int]:
        """Prove that nothing was lost or doubled, or raise ``WrongCount``; return what the mails came to."""
        ...


class FloorSubject:
    """The bare floor."""

    def __init__(self, url: str, sink_port: int | None) -> None:
        self.name = "floor"
        self._url = url
        self._sink_port = sink_port
        self._held = ExitStack()

    def __enter__(self) -> Self:
        """Start both processes."""
        replying = ["--sink-port", str(self._sink_port)] if self._sink_port else []
        helper = self._held.enter_context(Helper.module("benchmarks.floor", "--store", self._url, *replying))
        self.pid = helper.pid
        self.port = int(helper.answer()["port"])
        self._ledger = Ledger(self._url)
        self._before = self._ledger.number(ROWS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop both processes."""
        self._ledger.close()
        self._held.close()

    def undecided(self) -> int:
        """Return 0: the floor decides nothing."""
        return 0

    def unsent(self) -> int:
        """Return how many rows wait for their letter."""
        return self._ledger.number("SELECT count(*) FROM mail WHERE answered = 0") if self._sink_port else 0

    def last_words(self) -> str:
        """Return nothing: what it says stands on the terminal."""
        return ""

    def check(self, offered: int, automatic: int, letters: Sequence[Arrived]) -> dict[str, int]:
        """Prove that nothing was lost or doubled."""
        must("rows", self._ledger.number(ROWS) - self._before, offered)
        return check_floor(offered, letters, automatic) if self._sink_port else {"kept": offered}


def fill_floor(url: str, rows: int) -> None:
    """Put answered rows of 3 KB into the floor's table, as the system's store is filled for the same run."""
    store = open_floor(url)
    for first in range(0, rows, 1_000):
        store.put([(f"old.{number}@post.example", b"x" * 3_000) for number in range(first, first + 1_000)])
        store.answered([row[0] for row in store.waiting(1_000)])


def import_floor(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start storing a folder's files."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.floor", "--store", url, "--import", str(folder)], cwd=ROOT)
