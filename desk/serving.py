"""Runs roles in this process: with ``--only`` on any number of machines, or as a child of the minder (``desk.minding``)."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import os
import signal
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TextIO

import structlog

from desk.config import Mistake, Settings
from desk.minding import Pipes
from desk.roles import ROLES, Bell, desk, public, receive, send, work
from desk.wiring import House
from store.casefile import free_letters, free_messages

log = structlog.get_logger(__name__)

LOCK_TRIES, LOCK_WAIT = 50, 0.2


def run_roles(settings: Settings, roles: Sequence[str]) -> None:
    """Run these roles in this process until a signal stops it."""
    pipes = Pipes.inherited()
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(settings, roles, pipes))


async def _run(settings: Settings, roles: Sequence[str], pipes: Pipes) -> None:
    loop = asyncio.get_running_loop()
    working, sending = Bell(), Bell()
    house = House(settings=settings, woken=_bell("work", roles, working, pipes.mail))
    due = _bell("send", roles, sending, pipes.letters)
    jobs: dict[str, Callable[[], Coroutine[None, None, None]]] = {
        "receive": lambda: receive(house),
        "work": lambda: work(house, working, due),
        "send": lambda: send(house, sending),
        "desk": lambda: desk(house, due),
        "public": lambda: public(house),
    }
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
    for lock in alone:
        lock.close()


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


def _warm(house: House, roles: Sequence[str]) -> list[TextIO]:
    """Open and load what the roles need, so that "ready" means ready and a mistake shows at the start.

    Return the locks that make this process the only one with its roles on an embedded store, while they are kept open.
    """
    _ = house.store
    if "work" in roles:
        _ = house.classifier
    if "work" in roles or "desk" in roles:
        _ = house.correspondence, house.calendar
    # What is loaded now lives as long as the process: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    if not house.store.embedded:
        return []
    # On a store in one file nobody else has these roles: what a killed process had taken up is taken up again at once.
    claims = {"work": free_messages, "send": free_letters}
    mine = [role for role in claims if role in roles]
    locks = [only_one(house.settings, role) for role in mine]
    with house.store.unit("T2") as unit:
        freed = sum(claims[role](unit, house.clock.now()) for role in mine)
        unit.commit()
    log.info("claims of an earlier process freed", number=freed)
    return locks


def only_one(settings: Settings, role: str) -> TextIO:
    """Take the role's lock beside the store's file, waiting a little for one that is just ending, or raise ``Mistake``."""
    path = Path(f"{settings.store_url.partition('///')[2]}.{role}.lock")
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


def _bell(role: str, roles: Sequence[str], bell: Bell, pipe: int) -> Callable[[], None]:
    """Return how to wake a role: its bell where it is in this process, fed by the pipe too, else the pipe to its process."""
    if role not in roles:
        return _waker(pipe)
    if pipe >= 0:
        os.set_blocking(pipe, False)
        asyncio.get_running_loop().add_reader(pipe, _rung, pipe, bell)
    return bell.ring


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


def roles_of(only: str) -> list[str]:
    """Return the roles that ``--only`` names, or raise ``Mistake``."""
    roles = [role.strip() for role in only.split(",") if role.strip()]
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Mistake(
            f"--only takes some of {', '.join(ROLES)}, with commas; {', '.join(unknown) or 'nothing'} is none of them"
        )
    return roles
