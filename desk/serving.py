"""``intake serve``: one process for the doors, one for the work behind them, and one that minds both.

The doors tell the work through a pipe that mail has come; a second pipe ends with the minder, so that no child outlives
it, and a third says when a child is ready. With ``--only`` the named roles run in this process, on any number of machines.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import structlog

from desk.config import Mistake, Settings
from desk.roles import ROLES, Bell, receive, send, work
from desk.wiring import House
from store.casefile import release_leases

log = structlog.get_logger(__name__)

PIPES = "INTAKE_PIPES"
"""Variable with the numbers of a child's pipes: wake (the end it uses), life (to read), ready (to write)."""
WRONG_CONFIGURATION = 2
STOP_WITHIN = 15.0
LOCK_TRIES, LOCK_WAIT = 50, 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipes:
    """The minder's three pipes as a child sees them; -1 where it runs alone."""

    wake: int = -1
    life: int = -1
    ready: int = -1

    @classmethod
    def inherited(cls) -> Pipes:
        """Return the pipes that the minder left for this process, if any."""
        numbers = os.environ.pop(PIPES, "")
        if not numbers:
            return cls()
        wake, life, ready = map(int, numbers.split(","))
        return cls(wake=wake, life=life, ready=ready)


def run_roles(settings: Settings, roles: Sequence[str]) -> None:
    """Run these roles in this process until a signal stops it."""
    pipes = Pipes.inherited()
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(settings, roles, pipes))


async def _run(settings: Settings, roles: Sequence[str], pipes: Pipes) -> None:
    loop = asyncio.get_running_loop()
    working, sending = Bell(), Bell()
    wake_here = "work" in roles
    house = House(settings=settings, woken=working.ring if wake_here else _waker(pipes.wake))
    jobs: dict[str, Callable[[], Coroutine[None, None, None]]] = {
        "receive": lambda: receive(house),
        "work": lambda: work(house, working, sending.ring),
        "send": lambda: send(house, sending),
    }
    if wake_here and pipes.wake >= 0:
        os.set_blocking(pipes.wake, False)
        loop.add_reader(pipes.wake, _rung, pipes.wake, working)
    if pipes.life >= 0:
        # The minder is gone, perhaps killed: whatever was not committed will be done again, so leave at once.
        loop.add_reader(pipes.life, os._exit, 1)
    alone = await asyncio.to_thread(_warm, house, roles)
    tasks = [asyncio.create_task(jobs[role]()) for role in roles]
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, _cancel, tasks)
    if pipes.ready >= 0:
        os.write(pipes.ready, b".")
    await _until_done(tasks)
    # A batch that is under way in a thread is finished before its store is closed.
    await loop.shutdown_default_executor()
    house.store.close()
    if alone is not None:
        alone.close()


async def _until_done(tasks: Sequence[asyncio.Task[None]]) -> None:
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    _cancel(list(pending))
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error


def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()


def _warm(house: House, roles: Sequence[str]) -> TextIO | None:
    """Open and load what the roles need, so that "ready" means ready and a mistake shows at the start.

    Return the lock that makes this process the only worker of an embedded store, for as long as it is kept open.
    """
    _ = house.store
    if "work" in roles:
        _ = house.classifier, house.correspondence, house.calendar
    # What is loaded now lives as long as the process: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    if not house.store.embedded or not {"work", "send"} <= set(roles):
        return None
    lock = only_worker(house.settings)
    with house.store.unit("T2") as unit:
        # Nobody else can hold a claim on this store: what a killed process had taken up is taken up again at once.
        freed = release_leases(unit, house.clock.now())
        unit.commit()
    log.info("claims of an earlier process freed", number=freed)
    return lock


def only_worker(settings: Settings) -> TextIO:
    """Take the lock beside the store's file, waiting a little for one that is just ending, or raise ``Mistake``."""
    path = Path(f"{settings.store_url.partition('///')[2]}.lock")
    file = path.open("w")
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_WAIT)
        else:
            return file
    file.close()
    raise Mistake(f"{settings.store_url} is already served by another process: end that one, or use PostgreSQL for several")


def _waker(pipe: int) -> Callable[[], None]:
    if pipe < 0:
        return lambda: None
    os.set_blocking(pipe, False)

    def wake() -> None:
        # A full pipe means that the other side has been told often enough; a broken one, that nobody listens.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(pipe, b".")

    return wake


def _rung(pipe: int, bell: Bell) -> None:
    with contextlib.suppress(BlockingIOError):
        os.read(pipe, 65536)
    bell.ring()


class Minder:
    """Starts the children, starts a fallen one again, and ends them all together."""

    def __init__(self, config: Path, say: Callable[[str], None]) -> None:
        """Start children with this configuration file; ``say`` is for the terminal."""
        self._config = config
        self._say = say
        self._wake = os.pipe()
        self._life = os.pipe()
        self._ready = os.pipe()
        self._stopping = False
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, welcome: str) -> int:
        """Mind the children until a signal; return the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        for role in ("receive", "work,send"):
            self._start(role)
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
        wake = self._wake[0] if "work" in roles else self._wake[1]
        pipes = (wake, self._life[0], self._ready[1])
        command = [sys.executable, "-m", "desk.cli", "serve", "--config", str(self._config), "--only", roles]
        environment = os.environ | {PIPES: ",".join(map(str, pipes))}
        self._children[roles] = subprocess.Popen(command, pass_fds=pipes, env=environment)  # noqa: S603  # our own program

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


def roles_of(only: str) -> list[str]:
    """Return the roles that ``--only`` names, or raise ``Mistake``."""
    roles = [role.strip() for role in only.split(",") if role.strip()]
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Mistake(
            f"--only takes some of {', '.join(ROLES)}, with commas; {', '.join(unknown) or 'nothing'} is none of them"
        )
    return roles
