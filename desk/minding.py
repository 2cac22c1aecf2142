"""Minds the processes of ``intake serve``: starts them, starts a fallen one again, and ends them all together.

Four pipes join them: one tells the work that mail has come, one tells the sender that a letter is due, one ends with the
minder, so that no child outlives it, and one says when a child is ready.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

PIPES = "INTAKE_PIPES"
"""Variable with the numbers of a child's pipes, in the order of ``Pipes``."""
CHILDREN = ("receive,send", "work", "desk", "public")
"""Which roles share a process: what waits for others, what computes, and what people look at."""
WRONG_CONFIGURATION = 2
STOP_WITHIN = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipes:
    """The minder's pipes as a child sees them; -1 where it runs alone.

    ``mail`` tells of new mail and ``letters`` of due letters: whoever has the role at its end reads, the other writes.
    """

    mail: int = -1
    letters: int = -1
    life: int = -1
    ready: int = -1

    @classmethod
    def inherited(cls) -> Pipes:
        """Return the pipes that the minder left for this process, if any."""
        numbers = os.environ.pop(PIPES, "")
        if not numbers:
            return cls()
        mail, letters, life, ready = map(int, numbers.split(","))
        return cls(mail=mail, letters=letters, life=life, ready=ready)


class Minder:
    """Starts the children, starts a fallen one again, and ends them all together."""

    def __init__(self, config: Path, say: Callable[[str], None]) -> None:
        """Start children with this configuration file; ``say`` is for the terminal."""
        self._config = config
        self._say = say
        self._mail = os.pipe()
        self._letters = os.pipe()
        self._life = os.pipe()
        self._ready = os.pipe()
        self._stopping = False
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, welcome: str) -> int:
        """Mind the children until a signal; return the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        for roles in CHILDREN:
            self._start(roles)
        if not self._wait_until_ready():
            # A child that cannot begin would fall again for ever: its mistake is on the terminal, to be mended first.
            code = self._fallen()
            self._end()
            return code
        self._say(welcome)
        code = self._mind()
        self._end()
        return code

    def _start(self, roles: str) -> None:
        mail = self._mail[0 if "work" in roles else 1]
        letters = self._letters[0 if "send" in roles else 1]
        pipes = (mail, letters, self._life[0], self._ready[1])
        command = [sys.executable, "-m", "desk.cli", "serve", "--config", str(self._config), "--only", roles]
        environment = os.environ | {PIPES: ",".join(map(str, pipes))}
        # A group of its own: the terminal's Ctrl-C reaches the minder alone, and no child is told twice to end, which cuts it off.
        self._children[roles] = subprocess.Popen(command, pass_fds=pipes, env=environment, process_group=0)  # noqa: S603  # our own program

    def _wait_until_ready(self) -> bool:
        os.set_blocking(self._ready[0], False)
        ready = 0
        while ready < len(self._children) and not self._stopping:
            with contextlib.suppress(BlockingIOError):
                ready += len(os.read(self._ready[0], 16))
            if any(child.poll() is not None for child in self._children.values()):
                return False
            time.sleep(0.02)
        return not self._stopping

    def _mind(self) -> int:
        while not self._stopping:
            for roles, child in list(self._children.items()):
                code = child.poll()
                if code is None:
                    continue
                if code == WRONG_CONFIGURATION:
                    return code
                log.error("a process fell and is started again", roles=roles, code=code)
                time.sleep(1)
                self._start(roles)
            time.sleep(0.2)
        return 0

    def _fallen(self) -> int:
        codes = [child.poll() for child in self._children.values()]
        return next((code if code > 0 else 1 for code in codes if code), 0)

    def _stop(self, _signal: int, _frame: object) -> None:
        self._stopping = True

    def _end(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in self._children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
