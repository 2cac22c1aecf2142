"""The system under test: how it is configured, started, asked and stopped. Everything that knows its shape is here."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.ledger import Arrived, Ledger, check_intake, check_kept
from benchmarks.processes import ROOT, HelperFailed, end

TEMPLATE = Path(__file__).with_name("landlord.toml")
UNDECIDED = "SELECT count(*) FROM message WHERE state = 'waiting'"
UNSENT = "SELECT count(*) FROM outbox WHERE state = 'due'"


def command() -> list[str]:
    """Return the program: ``INTAKE_COMMAND`` if that is set, else the one installed beside this Python."""
    if given := os.environ.get("INTAKE_COMMAND"):
        return shlex.split(given)
    beside = Path(sys.executable).with_name("intake")
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "desk.cli"]


def configure(folder: Path, url: str, port: int, sink_port: int) -> Path:
    """Write the settings of an invented landlord, with this store, this SMTP door and this relay."""
    values = {"store_url": url, "key_file": str(folder / "intake.key"), "port": str(port), "sink_port": str(sink_port)}
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    path = folder / "benchmark.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> None:
    """Run one command of the system to its end, or raise ``HelperFailed`` with what it said."""
    done = subprocess.run([*command(), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    with (folder / "commands.log").open("a") as said:
        said.write(f"$ {shlex.join(arguments)}\n{done.stdout}{done.stderr}\n")
    if done.returncode != 0:
        raise HelperFailed(f"intake {arguments[0]} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one command of the system; what it says goes to a file in the folder."""
    log = (folder / f"{arguments[0]}.log").open("ab")
    with log:
        return subprocess.Popen([*command(), *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


class IntakeSubject:
    """``intake serve`` on a migrated store; ``only`` names roles, or is empty for the whole program."""

    def __init__(self, folder: Path, url: str, sink_port: int | None, *, only: str = "", name: str = "intake") -> None:
        self.name = name
        self.port = free_port()
        self._folder, self._url, self._only = folder, url, only
        folder.mkdir(parents=True, exist_ok=True)
        self._config = configure(folder, url, self.port, sink_port or free_port())

    def __enter__(self) -> Self:
        """Migrate, start, and wait until the door answers."""
        run(self._folder, "migrate", "--config", str(self._config))
        roles = ["--only", self._only] if self._only else []
        self._process = start(self._folder, "serve", "--config", str(self._config), *roles)
        self.pid = self._process.pid
        self._ledger = Ledger(self._url)
        self._before = self._ledger.number("SELECT coalesce(max(id), 0) FROM message")
        try:
            self._wait_for_door()
        except BaseException:
            end(self._process)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it as a service manager would."""
        self._ledger.close()
        end(self._process, patience=40)

    def undecided(self) -> int:
        """Return how many messages wait for triage; a receiving role alone decides nothing."""
        return 0 if self._only == "receive" else self._ledger.number(UNDECIDED)

    def unsent(self) -> int:
        """Return how many letters are due."""
        return 0 if self._only == "receive" else self._ledger.number(UNSENT)

    def last_words(self) -> str:
        """Return the end of its log."""
        return (self._folder / "serve.log").read_text(encoding="utf-8", errors="replace")[-2_000:]

    def check(self, offered: int, automatic: int, letters: Sequence[Arrived]) -> dict[str, int]:
        """Prove that nothing was lost or doubled."""
        if self._only == "receive":
            return check_kept(self._ledger, offered)
        return check_intake(self._ledger, offered, letters, self._before)

    def _wait_for_door(self, patience: float = 60.0) -> None:
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as door:
                    if door.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.05)
        raise HelperFailed(f"intake serve did not open its door: {self.last_words()}")


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
