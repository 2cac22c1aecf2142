"""Keeps outgoing mail as files in a Maildir: the default until a relay is configured.

A file's name is made of the letter's own identity, so that the same letter, sent again after a crash, is the same file.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Literal

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
        for part in ("tmp", "new", "cur"):
            (self._path / part).mkdir(parents=True, exist_ok=True)
        # A mail program may have moved the first copy to cur already, adding flags after a colon.
        if any((self._path / "cur").glob(f"{name}*")):
            return
        written = self._path / "tmp" / name
        with written.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._path / "new" / name)
        _sync_folder(self._path / "new")


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
