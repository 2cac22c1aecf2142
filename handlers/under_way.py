"""Letters that are under way: what came of each is written down soon, and one that hangs keeps no other waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any

from handlers.delivery import Outcome
from store.errors import StoreUnavailable

A_MOMENT = 0.5
"""Seconds after which what came of letters is written down, though others are still under way; few, as receipts come soon."""

Sending = Coroutine[Any, Any, Outcome]


class UnderWay:
    """Tasks that send letters, each under the lease by which its letter was claimed."""

    def __init__(self, write_down: Callable[[str, Sequence[Outcome]], Awaitable[None]]) -> None:
        """Hand outcomes to ``write_down``, together with the lease that their letters are held by."""
        self._write_down = write_down
        self._leases: dict[asyncio.Task[Outcome], str] = {}

    def __len__(self) -> int:
        """Return how many letters are under way."""
        return len(self._leases)

    async def send(self, lease: str, sendings: Iterable[Sending], patience: float | None) -> None:
        """Begin these, and write down what comes of all: until these have ended, or for so many seconds."""
        begun = {asyncio.create_task(sending) for sending in sendings}
        self._leases |= dict.fromkeys(begun, lease)
        clock = asyncio.get_running_loop().time
        ends = None if patience is None else clock() + patience
        while begun and (ends is None or clock() < ends):
            _, begun = await asyncio.wait(begun, timeout=A_MOMENT)
            await self._settle()
        await self._settle()

    async def _settle(self) -> None:
        done = [task for task in self._leases if task.done()]
        for lease in dict.fromkeys(self._leases[task] for task in done):
            theirs = {task: self._leases.pop(task) for task in done if self._leases.get(task) == lease}
            outcomes = sorted((task.result() for task in theirs), key=lambda outcome: outcome.letter.id)
            try:
                await self._write_down(lease, outcomes)
            except StoreUnavailable:
                # Tried again with what ends next: what is not written down goes to its resident once more.
                self._leases |= theirs
                raise

    async def stop(self) -> None:
        """End all: what was not handed over yet goes later, when its lease is over."""
        for task in self._leases:
            task.cancel()
        await asyncio.gather(*self._leases, return_exceptions=True)
        self._leases.clear()
