"""Letters of which nobody has said what became of them are asked for by their ids, where the way out can be asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from handlers.clock import Clock
from intake.channel import Correspondent, DeliveryFailure, InboxUnavailable
from intake.identity import MAIL
from store.engine import Store
from store.undecided_rows import Undecided as Part
from store.undecided_rows import undecided_parts

log = structlog.get_logger(__name__)

FIRST_ASKED = timedelta(hours=1)
"""After which a receipt that has not come is asked for."""
LAST_ASKED = timedelta(days=7)
"""So long the next hop keeps what it knows of a letter (GOV.UK Notify: seven days)."""
AT_ONCE = 100


class Undecided:
    """Asks for one portion of letters after the other, and begins again when all were asked for."""

    def __init__(self, store: Store, way: Correspondent, clock: Clock) -> None:
        """Ask ``way``, which puts what it hears into its own inbox."""
        self._store = store
        self._way = way
        self._clock = clock
        self._after = 0

    async def once(self) -> int:
        """Ask for the next letters; return how many were asked for. A fault ends the round, and the next begins there."""
        parts = await asyncio.to_thread(self._next)
        for number, part in enumerate(parts):
            try:
                await self._way.ask(part.provider_id)
            except (DeliveryFailure, InboxUnavailable) as failure:
                log.warning("what became of letters could not be asked", error=str(failure))
                return number
            self._after = part.id
        if len(parts) < AT_ONCE:
            self._after = 0
        return len(parts)

    def _next(self) -> list[Part]:
        now = self._clock.now()
        with self._store.glance() as glance:
            return undecided_parts(
                glance, way=MAIL, after=self._after, since=now - LAST_ASKED, until=now - FIRST_ASKED, limit=AT_ONCE
            )
