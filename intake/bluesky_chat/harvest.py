"""Takes in what people wrote: conversations are listed for what we have not seen, then the log is read from its cursor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from intake.bluesky_chat.events import CREATED, DELETED, WITHDRAWN, brief, name_of_type
from intake.bluesky_chat.session import Session
from intake.bluesky_chat.settings import Settings
from intake.bluesky_chat.tids import number_of, tid_of
from intake.channel import Inbox, TemporaryFailure
from intake.message import InboundMessage, Position
from intake.networks.line import Refused
from intake.networks.remembered import Remembered
from intake.networks.rounds import keep
from intake.networks.told import Desk
from intake.networks.under_way import UnderWay
from intake.networks.walking import at, many, moment, name_of_unread, words

FOLDER = "log"
PAGE, MOST_PAGES = 100, 50
_NO_WORDS = frozenset({WITHDRAWN, "systemMessageView"})
STANDS = 600.0
"""Seconds for which the account's settings are believed."""


class Harvest:
    """Keeps the cursor, and which messages were seen."""

    def __init__(
        self,
        settings: Settings,
        *,
        inbox: Inbox,
        now: Callable[[], datetime],
        session: Session,
        desk: Desk,
        under_way: UnderWay,
    ) -> None:
        """Begin where the store says that it ended; ``under_way`` knows the letters that we send ourselves."""
        self._settings, self._inbox, self._now = settings, inbox, now
        self._session, self._desk, self._under_way = session, desk, under_way
        self._own: dict[str, str] = {}
        self._cursor: str | None = None
        self._since: str | None = None
        # What the list has brought comes once more by the log, which moves the store's cursor past it.
        self._logged, self._listed, self._looked_at = Remembered(), Remembered(), Remembered()
        self._convos: dict[str, dict[str, Any]] = {}
        self._complaint: str | None = None
        # Conversations that the network does not let us open: the others must not wait for them.
        self._shut: dict[str, str] = {}
        self._asked_at: float | None = None

    async def look(self) -> str | None:
        """Do one round; the complaint says what keeps residents out, or which conversations cannot be opened."""
        if self._asked_at is None or time.monotonic() - self._asked_at > STANDS:
            self._complaint, self._asked_at = await self._session.complaint(), time.monotonic()
            self._shut.clear()
        own = await self._session.keys()
        self._own = {"did": own.did, "handle": own.handle}
        # The log goes first, for only what comes by it moves the store's cursor; the list finds what the log left out.
        if self._cursor is not None:
            await self._log()
        await self._list()
        return self._complaint or (f"{len(self._shut)} of the conversations cannot be opened" if self._shut else None)

    async def _list(self) -> None:
        first = self._cursor is None
        if first:
            kept = await asyncio.to_thread(self._inbox.position, self._settings.account, FOLDER)
            self._since = None if kept is None else tid_of(kept.uid)
        furthest, query = self._since or "", [("limit", str(PAGE))]
        for _ in range(MOST_PAGES if first else 1):
            told = await self._session.ask("convo.listConvos", query)
            convos = _listed(told, "convos")
            for convo in convos:
                await self._try(convo)
            furthest = max([furthest, *(words(convo, "rev") for convo in convos)])
            if not convos or not words(told, "cursor"):
                break
            query = [("limit", str(PAGE)), ("cursor", words(told, "cursor"))]
        if first:
            # Whatever happened after the list was made stands in the log behind the newest of what it showed.
            self._cursor = furthest

    async def _try(self, convo: Any) -> None:
        if words(convo, "id") in self._shut:
            return
        try:
            await self._take_up(convo)
        except Refused as error:
            self._shut[words(convo, "id")] = error.code

    async def _take_up(self, convo: Any) -> None:
        id_ = words(convo, "id")
        if not id_:
            return
        self._convos[id_] = brief(convo)
        newest = at(convo, "lastMessage")
        last = _name(newest) if newest is not None else ""
        if last and not any(last in known for known in (self._looked_at, self._logged, self._listed)):
            # A conversation in which nothing has happened since the store's cursor need not be opened.
            if self._since is None or words(convo, "rev") > self._since:
                await self._backfill(id_)
            self._looked_at.add(last)
        if words(convo, "status") == "request":
            # What the request says is kept by now; from here on its writer gets answers as in any other conversation.
            await self._session.say("convo.acceptConvo", {"convoId": id_})

    async def _backfill(self, convo: str) -> None:
        query = [("convoId", convo), ("limit", str(PAGE))]
        for _ in range(MOST_PAGES):
            told = await self._session.ask("convo.getMessages", query)
            page = _listed(told, "messages")
            fresh = [one for one in page if name_of_type(one) not in _NO_WORDS and self._is_new(one, convo)]
            await self._keep([{"$type": CREATED, "convoId": convo, "message": one} for one in reversed(fresh)], marked=False)
            if len(fresh) < len(page) or not words(told, "cursor"):
                return
            query = [("convoId", convo), ("limit", str(PAGE)), ("cursor", words(told, "cursor"))]

    def _is_new(self, message: Any, convo: str) -> bool:
        id_, sent = _name(message), moment(message, "sentAt")
        if id_ in self._logged or id_ in self._listed or self._is_ours(message, convo):
            return False
        if self._since is not None:
            return words(message, "rev") > self._since
        return sent is None or sent >= self._now() - timedelta(days=self._settings.backfill_days)

    def _is_ours(self, message: Any, convo: str) -> bool:
        if words(message, "sender", "did") != self._own["did"]:
            return False
        return self._under_way.is_ours(words(message, "id"), convo, words(message, "text"))

    async def _log(self) -> None:
        for _ in range(MOST_PAGES):
            query = [("cursor", self._cursor)] if self._cursor else []
            told = await self._session.ask("convo.getLog", query)
            events = _listed(told, "logs")
            await self._keep([event for event in events if self._counts(event)], marked=True)
            furthest = max([self._cursor or "", words(told, "cursor"), *(words(event, "rev") for event in events)])
            if furthest == (self._cursor or ""):
                return
            self._cursor = furthest

    def _counts(self, event: Any) -> bool:
        """Say whether an event brings words: those of reading, muting, joining and liking do not."""
        message = at(event, "message")
        kind = name_of_type(event)
        if kind == DELETED:
            return f"{_name(message)}:deleted" not in self._logged
        if kind != CREATED and kind.startswith(("logRead", "logAddReaction", "logRemoveReaction")):
            return False
        id_ = _name(message)
        if message is None or name_of_type(message) in _NO_WORDS or id_ in self._logged:
            return False
        return not self._is_ours(message, words(event, "convoId"))

    async def _keep(self, events: list[Any], *, marked: bool) -> None:
        messages = [await self._message(event, marked=marked) for event in events]
        await keep(self._inbox, messages)
        for message in messages:
            (self._logged if marked else self._listed).add(message.external_id)

    async def _message(self, event: Any, *, marked: bool) -> InboundMessage:
        update = {"event": event, "convo": await self._convo(words(event, "convoId"))}
        number = number_of(words(event, "rev")) if marked else None
        position = None if number is None else Position(folder=FOLDER, uidvalidity=0, uid=number)
        return self._desk.message(self._desk.envelope(self._own, update), self._now(), position, core=at(event, "message"))

    async def _convo(self, id_: str) -> dict[str, Any]:
        if id_ and id_ not in self._convos:
            try:
                self._convos[id_] = brief(at(await self._session.ask("convo.getConvo", [("convoId", id_)]), "convo"))
            except Refused:
                # Gone meanwhile: the words are kept all the same.
                return {}
        return self._convos.get(id_, {})


def _name(message: Any) -> str:
    """Return the id of a message, or what stands for it where it has none."""
    return words(message, "id") or name_of_unread(message)


def _listed(told: Any, name: str) -> list[Any]:
    if not isinstance(at(told, name), list):
        raise TemporaryFailure(f"the chat's list of {name} made no sense")
    return many(told, name)
