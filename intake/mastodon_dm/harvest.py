"""Takes in what people wrote to us: forward from the cursor, then a look back for edits, deletions and late comers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from intake.channel import Inbox, TemporaryFailure
from intake.mastodon_dm.settings import Settings
from intake.mastodon_dm.standing import OwnAccount, Standing
from intake.message import InboundMessage, Position
from intake.networks.line import Refused
from intake.networks.rounds import keep
from intake.networks.told import Desk
from intake.networks.walking import at, moment, words

FOLDER = "notifications"
PAGE, LOOK_BACK, MOST_PAGES = 80, 40, 20
_LARGEST = 2**63 - 1
_MENTIONS = (("types[]", "mention"), ("include_filtered", "true"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    status: str
    edited: str
    account: Any


class Harvest:
    """Keeps the cursor, and what the newest notifications looked like when they were seen last."""

    def __init__(self, settings: Settings, inbox: Inbox, now: Callable[[], datetime], own: OwnAccount, desk: Desk) -> None:
        """Begin where the store says that it ended."""
        self._settings, self._inbox, self._now = settings, inbox, now
        self._own, self._desk = own, desk
        self._cursor: str | None = None
        self._seen: dict[str, _Seen] = {}

    async def look(self) -> str | None:
        """Do one round; the complaint is the standing's."""
        standing = await self._own.standing()
        if self._cursor is None:
            self._cursor = await self._beginning()
        await self._forward(standing)
        await self._back(standing)
        return standing.complaint

    async def _beginning(self) -> str:
        kept = await asyncio.to_thread(self._inbox.position, self._settings.account, FOLDER)
        if kept is not None:
            return str(kept.uid)
        before: list[tuple[str, str]] = []
        for _ in range(MOST_PAGES):
            page = await self._page([*before, ("limit", str(PAGE))])
            old = [one for one in page if self._too_old(one)]
            if old or not page:
                return max((words(one, "id") for one in old), key=_order, default="0")
            before = [("max_id", min((words(one, "id") for one in page), key=_order))]
        return before[0][1]

    async def _forward(self, standing: Standing) -> None:
        for _ in range(MOST_PAGES):
            page = await self._page([("min_id", self._cursor or "0"), ("limit", str(PAGE))])
            await keep(self._inbox, [self._message(standing, one) for one in reversed(page)])
            self._remember(page)
            furthest = max((words(one, "id") for one in page), key=_order, default="")
            if _order(furthest) <= _order(self._cursor or ""):
                return
            self._cursor = furthest

    async def _back(self, standing: Standing) -> None:
        """Look at the newest once more: numbers are given before a notification can be seen, so one may come late."""
        page = await self._page([("limit", str(LOOK_BACK))])
        fresh = [one for one in reversed(page) if not self._too_old(one)]
        late = [one for one in fresh if words(one, "id") not in self._seen]
        edited = [one for one in fresh if self._is_edited(one)]
        gone = await self._gone(page)
        updates = [{"edited": at(one, "status")} for one in edited] + gone
        # Without positions: there may be more between the cursor and these than one page shows.
        messages = [replace(self._message(standing, one), position=None) for one in late]
        messages += [self._desk.message(self._desk.envelope(standing.told(), update), self._now()) for update in updates]
        await keep(self._inbox, messages)
        self._seen = {}
        self._remember(page)

    def _is_edited(self, notification: Any) -> bool:
        edited, seen = words(notification, "status", "edited_at"), self._seen.get(words(notification, "id"))
        return bool(edited) and (seen is None or seen.edited != edited)

    async def _gone(self, page: list[Any]) -> list[Any]:
        """Return the statuses that were there last time, and are neither listed nor to be had any more."""
        listed = {words(one, "id") for one in page}
        oldest = min(listed, key=_order, default="") if len(page) >= LOOK_BACK else ""
        missing = [one for id_, one in self._seen.items() if id_ not in listed and _order(id_) > _order(oldest)]
        return [{"deleted": one.status, "account": one.account} for one in missing if not await self._is_there(one.status)]

    async def _is_there(self, status: str) -> bool:
        try:
            await self._own.get(f"/api/v1/statuses/{status}")
        except Refused as error:
            return error.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        return True

    async def _page(self, query: list[tuple[str, str]]) -> list[Any]:
        page = (await self._own.get("/api/v1/notifications", [*_MENTIONS, *query])).told
        if not isinstance(page, list):
            raise TemporaryFailure("the server's list of notifications made no sense")
        return page

    def _message(self, standing: Standing, notification: Any) -> InboundMessage:
        id_ = words(notification, "id")
        number = int(id_) if id_.isdecimal() and id_.isascii() else None
        position = Position(folder=FOLDER, uidvalidity=0, uid=number) if number is not None and number <= _LARGEST else None
        return self._desk.message(self._desk.envelope(standing.told(), notification), self._now(), position)

    def _remember(self, page: list[Any]) -> None:
        for one in page:
            status = at(one, "status")
            if (id_ := words(one, "id")) and words(status, "id"):
                account = {key: words(status, "account", key) for key in ("id", "acct", "display_name")}
                self._seen[id_] = _Seen(status=words(status, "id"), edited=words(status, "edited_at"), account=account)

    def _too_old(self, notification: Any) -> bool:
        created = moment(notification, "created_at")
        return created is not None and created < self._now() - timedelta(days=self._settings.backfill_days)


def _order(id_: str) -> tuple[int, str]:
    """Order ids as servers give them: growing numbers, or words of one length that grow."""
    return len(id_), id_
