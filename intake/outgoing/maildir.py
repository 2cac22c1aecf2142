"""Keeps outgoing mail as files in a Maildir: the default until a relay is configured.

A file's name is made of the letter's own identity, so that the same letter, sent again after a crash, is the same file.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from intake.channel import Reply, Sent, TemporaryFailure
from intake.composing import compose


class Settings(BaseModel):
    """Where the Maildir is; it is made when it is missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["maildir"] = "maildir"
    path: Path = Path("var/sent")


def build(settings: Settings) -> Maildir:
    """Make the way out that these settings describe."""
    return Maildir(settings.path)


class Maildir:
    """Writes each letter to ``tmp``, syncs it, and moves it to ``new``."""

    def __init__(self, path: Path) -> None:
        """Write below this folder."""
        self._path = path
        self._names: frozenset[str] = frozenset()
        self._changed = 0

    async def send(self, reply: Reply) -> Sent:
        """Keep the letter; raise ``TemporaryFailure`` when the disk does not take it."""
        content = compose(reply)
        name = _name(reply)
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise TemporaryFailure(f"the Maildir {self._path} cannot be written: {error.strerror}") from error
        return Sent(answer=f"kept as {self._path / 'new' / name}")

    async def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, name: str, content: bytes) -> None:
        # A mail program may have moved the first copy to cur already, adding flags after a colon.
        if name in self._seen():
            return
        written = self._path / "tmp" / name
        with self._open(written) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._path / "new" / name)
        _sync_folder(self._path / "new")

    def _open(self, path: Path) -> BinaryIO:
        try:
            return path.open("wb")
        except FileNotFoundError:
            for part in ("tmp", "new", "cur"):
                (self._path / part).mkdir(parents=True, exist_ok=True)
            return path.open("wb")

    def _seen(self) -> frozenset[str]:
        """Return the names in ``cur`` without their flags; they are read again only when the folder has changed."""
        try:
            changed = (self._path / "cur").stat().st_mtime_ns
        except FileNotFoundError:
            return frozenset()
        if changed != self._changed:
            self._names = frozenset(file.name.partition(":")[0] for file in (self._path / "cur").iterdir())
            self._changed = changed
        return self._names


def _name(reply: Reply) -> str:
    identity = hashlib.sha256(reply.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{int(reply.written_at.timestamp())}.{identity}.intake"


def _sync_folder(folder: Path) -> None:
    # Without this the file's name may be lost with the power although its content is safe.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
