"""Messages from files: the import of .eml, mbox, Maildir and JSON lines, and a door that watches a folder for them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.channel import Inbox
from intake.files import mbox
from intake.files.messages import of_file
from intake.files.walk import Complain, Kind, files
from intake.message import InboundMessage

NAME = "imported"
BATCH = 20
TAKEN = ".taken"
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Settings(BaseModel):
    """A folder that is watched; times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["folder"] = "folder"
    account: str = Field(default="import", min_length=1)
    path: Path
    poll: float = Field(default=10, gt=0)
    settle: float = Field(default=2, ge=0)
    """A file younger than this may still be written and is left for the next look."""


def messages(paths: Iterable[Path], clock: Clock, complain: Complain = log.warning) -> Iterator[InboundMessage]:
    """Yield every message in these files and folders, with its true receipt time (see ``intake.files.times``).

    Memory holds one message at a time. A file that cannot be read is told to ``complain`` in one sentence, and the
    rest goes on; a message that makes no sense is yielded with its ``problem`` named, for a person to look at.
    """
    for path, kind in files(paths, complain):
        try:
            yield from of_file(path, kind, clock.now())
        except OSError as error:
            complain(f"{path} cannot be read: {error.strerror}")


def count(paths: Iterable[Path]) -> int:
    """Return about how many messages there are, for a progress bar: quick, and silent about what cannot be read."""
    return sum(_count(path, kind) for path, kind in files(paths, lambda _sentence: None))


def _count(path: Path, kind: Kind) -> int:
    if kind == "mail":
        return 1
    try:
        with path.open("rb") as file:
            return mbox.count(file) if kind == "mbox" else sum(1 for line in file if line.strip())
    except OSError:
        return 0


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Watch:
    """Make the door that these settings describe."""
    return Watch(settings, inbox, clock)


class Watch:
    """Takes in every file that is put into a folder, and moves it to ``.taken`` once all of it is kept."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what is found to ``inbox``."""
        self.account = settings.account
        self._settings = settings
        self._inbox = inbox
        self._clock = clock

    async def listen(self) -> None:
        """Look again and again until cancelled; a file that was begun and not finished is taken from its start."""
        while True:
            try:
                await asyncio.to_thread(self._look)
                error = None
            except Exception as fault:
                # The edge of the loop: whatever lies in the folder, it is looked at again, and status shows the fault.
                log.warning("watched folder failed", exc_info=fault, extra={"account": self.account})
                error = f"{type(fault).__name__}: {fault}"
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._inbox.heard, "folder", self.account, error)
            await asyncio.sleep(self._settings.poll)

    def _look(self) -> None:
        complaints: list[str] = []
        for path, kind in list(files([self._settings.path], complaints.append)):
            age = self._clock.now().timestamp() - path.stat().st_mtime
            if TAKEN not in path.parts and age >= self._settings.settle:
                self._take(path, kind)
        if complaints:
            raise OSError("; ".join(complaints))

    def _take(self, path: Path, kind: Kind) -> None:
        found = of_file(path, kind, self._clock.now())
        while batch := list(islice(found, BATCH)):
            self._inbox.put([replace(message, account=self.account) for message in batch])
        taken = self._settings.path / TAKEN
        taken.mkdir(exist_ok=True)
        path.replace(_free_name(taken / path.name))


def _free_name(path: Path) -> Path:
    number = 0
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free
