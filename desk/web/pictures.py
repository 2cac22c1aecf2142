"""Small pictures of residents' photographs, made in a process apart and kept for a while."""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

from desk.web import shrinking

SMALL: Final = 240
LARGE: Final = 1_600
LARGEST: Final = 40_000_000
"""Bytes of a picture that is looked at."""
PATIENCE: Final = 20
"""Seconds that a page waits for its picture."""
MOST_KEPT: Final = 20_000_000
"""Bytes of finished pictures that are kept."""
JPEG: Final = b"\xff\xd8\xff"

Key = tuple[str, int]
"""What the file holds, as its SHA-256, and the longest side: which number a file has may change, its content never does."""


class Busy(Exception):
    """Too many pictures are being made at once: ask again."""


class Pictures:
    """Makes pictures, a few at a time, and keeps the last ones, refusals too: a hostile file costs its time only once."""

    def __init__(self, *, at_once: int = 2, most_kept: int = MOST_KEPT, patience: float = PATIENCE) -> None:
        """Start with none."""
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._room = most_kept
        self._lock = Lock()
        self._patience = patience
        self._seats = BoundedSemaphore(at_once)

    def of(self, key: Key, content: Callable[[], bytes | None]) -> bytes | None:
        """Return the JPEG for a key, or nothing where the file is no picture that can be shown; ``content`` reads the file."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key] or None
        if not self._seats.acquire(timeout=self._patience):
            raise Busy
        try:
            found = content()
            made = shrink(found, key[1]) if found else b""
        finally:
            self._seats.release()
        self._keep(key, made)
        return made or None

    def _keep(self, key: Key, made: bytes) -> None:
        with self._lock:
            self._kept[key] = made
            size = sum(map(len, self._kept.values()))
            # An entry counts for something even when it is a refusal.
            while self._kept and (size > self._room or len(self._kept) > self._room // 1_000):
                size -= len(self._kept.popitem(last=False)[1])


def shrink(content: bytes, side: int) -> bytes:
    """Return the small JPEG of a picture, or nothing of one that is too large or none at all."""
    if not 0 < len(content) <= LARGEST:
        return b""
    # Isolated mode: neither the place where we stand nor the user's own modules are looked at.
    command = [sys.executable, "-I", str(Path(shrinking.__file__)), str(side)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script with a number; the content goes by standard input
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, env={}
        )
    except subprocess.TimeoutExpired as late:
        raise Busy from late
    is_made = done.returncode == 0 and done.stdout.startswith(JPEG)
    return done.stdout if is_made else b""
