"""How much of what is being sent is held in memory at once: a brake on machines that hold many large posts open.

Words always come in: only what is beyond the first part of a post, which are files, is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

FREE = 256 * 1024
"""Bytes of each post that are not counted: more than the words of any."""


class Full(Exception):
    """There is no room now for the rest of a post."""


class Room:
    """Counts the bytes that are held for all, and for each network address; used from the event loop alone."""

    def __init__(self, *, for_all: int, for_one: int) -> None:
        """Hold so many bytes at once, and so many of them for one network address."""
        self._for_all, self._for_one = for_all, for_one
        self._held: Counter[str] = Counter()

    @contextmanager
    def seat(self, who: str) -> Iterator[Seat]:
        """Yield what counts one post; what it held is free again at the end."""
        seat = Seat(self, who)
        try:
            yield seat
        finally:
            self._held[who] -= seat.counted
            # Of addresses that hold nothing, nothing is remembered.
            self._held += Counter()

    def hold(self, who: str, size: int) -> None:
        """Count so many bytes more, or raise ``Full``."""
        if self._held[who] + size > self._for_one or self._held.total() + size > self._for_all:
            raise Full
        self._held[who] += size


class Seat:
    """One post while it comes in and is worked on."""

    def __init__(self, room: Room, who: str) -> None:
        """Sit in this room, for this network address."""
        self._room, self._who, self._free = room, who, FREE
        self.counted = 0

    def take(self, size: int) -> None:
        """Take so many bytes more, or raise ``Full``."""
        free = min(size, self._free)
        self._free -= free
        self._room.hold(self._who, size - free)
        self.counted += size - free
