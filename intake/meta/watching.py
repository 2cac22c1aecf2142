"""Looks after a webhook that only waits: is it still subscribed, does its token hold, does the API version end soon."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from intake.channel import DeliveryFailure, Inbox
from intake.meta.graph import Graph
from intake.meta.json_values import items
from intake.meta.receiving import Clock
from intake.meta.settings import AccountSettings
from intake.meta.versions import warning_of

log = logging.getLogger(__name__)


class Watch:
    """Looks once at the start and then every ``check_seconds``, and tells the desk what it saw."""

    def __init__(self, kind: str, graph: Graph, settings: AccountSettings, inbox: Inbox, clock: Clock) -> None:
        """Tell ``inbox`` of this account."""
        self._kind, self._account = kind, settings.account
        self._graph, self._settings = graph, settings
        self._inbox, self._clock = inbox, clock

    async def keep(self, subscribed: str | None) -> None:
        """Look again and again until cancelled; ``subscribed`` is whose subscriptions to ask for, None for nobody's."""
        while True:
            await self.tell(await self.look(subscribed))
            await asyncio.sleep(self._settings.check_seconds)

    async def look(self, subscribed: str | None) -> str | None:
        """Return what staff must mend, or None."""
        try:
            if subscribed is not None and not items(await self._graph.get(f"{subscribed}/subscribed_apps"), "data"):
                return "no app is subscribed to this account: messages do not come in; subscribe it at Meta again"
        except (DeliveryFailure, ValueError) as failure:
            return f"the subscription could not be checked: {failure}"
        return warning_of(self._settings.api_version, self._clock.now())

    async def tell(self, trouble: str | None) -> None:
        """Let the desk know; that it cannot be told must stop neither letters nor this watch."""
        if trouble is not None:
            log.warning(trouble, extra={"account": self._account})
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.heard, self._kind, self._account, trouble)
