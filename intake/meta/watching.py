"""Looks after a webhook that only waits: is it still subscribed, does its token hold, does the API version end soon."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from intake.channel import DeliveryFailure, Inbox
from intake.meta.graph import Graph, text_of
from intake.meta.json_values import Json, items, part
from intake.meta.receiving import Clock
from intake.meta.settings import AccountSettings
from intake.meta.versions import warning_of

log = logging.getLogger(__name__)

UPKEEP, SENDING = "upkeep", "sending"
"""The matters in which something can be wrong however many messages come in: what is looked at here, and what goes out."""
LOOK_AGAIN = 600.0
"""Seconds after which trouble is looked at again, so that what was mended, or passed by itself, is soon told as such."""


class Watch:
    """Looks once at the start and then every ``check_seconds``, and tells the desk what it saw."""

    def __init__(self, kind: str, graph: Graph, settings: AccountSettings, inbox: Inbox, clock: Clock) -> None:
        """Tell ``inbox`` of this account."""
        self._kind, self._account = kind, settings.account
        self._graph, self._settings = graph, settings
        self._inbox, self._clock = inbox, clock
        self._told: dict[str, str | None] = {}

    async def keep(self, subscribed: str | None, field: str | None = None) -> None:
        """Look again and again until cancelled; ``subscribed`` is whose subscriptions to ask for, None for nobody's."""
        usual = self._settings.check_seconds
        while True:
            trouble = await self.look(subscribed, field)
            await self.tell(UPKEEP, trouble)
            if trouble is None:
                with contextlib.suppress(Exception):
                    await asyncio.to_thread(self._inbox.heard, self._kind, self._account, None)
            await asyncio.sleep(usual if trouble is None else min(usual, LOOK_AGAIN))

    async def look(self, subscribed: str | None, field: str | None = None) -> str | None:
        """Return what staff must mend, or None."""
        try:
            missing = None if subscribed is None else await self._missing(subscribed, field)
        except (DeliveryFailure, ValueError) as failure:
            return f"the subscription could not be checked: {failure}"
        return missing or warning_of(self._settings.api_version, self._clock.now())

    async def _missing(self, subscribed: str, field: str | None) -> str | None:
        """Say what our own app lacks among those that are subscribed: a page may have others beside it."""
        found = items(await self._graph.get(f"{subscribed}/subscribed_apps"), "data")
        apps = [app for app in found if isinstance(app, dict)]
        if any(_id_of(app) for app in apps):
            ours = self._settings.app_id or text_of(await self._graph.get("app", fields="id"), "id")
            apps = [app for app in apps if _id_of(app) == ours]
        if not apps:
            return "our app is not subscribed to this account: messages do not come in; subscribe it at Meta again"
        told = [app["subscribed_fields"] for app in apps if isinstance(app.get("subscribed_fields"), list)]
        if field is not None and told and not any(field in fields for fields in told):
            return f"our app is subscribed, and not to {field}: messages do not come in; add it at Meta"
        return None

    async def tell(self, matter: str, trouble: str | None) -> None:
        """Let the desk know what is wrong, or is not; that it cannot be told must stop neither letters nor this watch."""
        if trouble is not None:
            log.warning(trouble, extra={"account": self._account})
        if matter in self._told and self._told[matter] == trouble:
            return
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.stands, self._kind, self._account, matter, trouble)
            self._told[matter] = trouble


def _id_of(app: Json) -> str | None:
    """Return an app's id, which WhatsApp tells one level further in."""
    return text_of(app, "id") or text_of(part(app, "whatsapp_business_api_data"), "id")
