"""Remembers the newest names of a kind, and lets whoever adds one finish before others look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST = 20_000


class Remembered:
    """A set of names that forgets the oldest."""

    def __init__(self, most: int = MOST) -> None:
        """Remember nothing yet."""
        self._names: dict[str, None] = {}
        self._most = most
        self._lock = asyncio.Lock()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        """Remember one more."""
        self._names[name] = None
        while len(self._names) > self._most:
            self._names.pop(next(iter(self._names)))

    @asynccontextmanager
    async def settled(self) -> AsyncIterator[None]:
        """Keep others from adding or looking for the length of a block."""
        async with self._lock:
            yield
