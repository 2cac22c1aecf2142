"""How many may be in the door at once: connections in all, connections of one address, bytes of mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Seats:
    """Counts what is under way, on one event loop."""

    def __init__(self, *, connections: int, per_address: int, memory: int) -> None:
        """Allow so many connections and so many bytes of mail being received."""
        self._connections = connections
        self._per_address = per_address
        self._memory = memory
        self._taken: Counter[str] = Counter()
        self._bytes = 0

    @contextmanager
    def seat(self, address: str) -> Iterator[bool]:
        """Hold a seat for a connection from this address; say whether there was one."""
        free = self._taken.total() < self._connections and self._taken[address] < self._per_address
        if not free:
            yield False
            return
        self._taken[address] += 1
        try:
            yield True
        finally:
            self._taken[address] -= 1
            if not self._taken[address]:
                del self._taken[address]

    @contextmanager
    def room(self) -> Iterator[Room]:
        """Hold the memory of one mail until it is durable or refused."""
        room = Room(self)
        try:
            yield room
        finally:
            self._bytes -= room.held

    def _take(self, size: int) -> bool:
        if self._bytes + size > self._memory:
            return False
        self._bytes += size
        return True


class Room:
    """The memory that one mail holds."""

    def __init__(self, seats: Seats) -> None:
        """Hold nothing yet."""
        self._seats = seats
        self.held = 0

    def take(self, size: int) -> bool:
        """Hold so many bytes more, if there is room for them."""
        if not self._seats._take(size):  # noqa: SLF001 - the two are one thing
            return False
        self.held += size
        return True
