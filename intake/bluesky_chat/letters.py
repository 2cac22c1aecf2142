"""Letters into a conversation; the chat knows no key of ours, so before a repeat we look whether the letter is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from intake.bluesky_chat.session import Session
from intake.bluesky_chat.settings import Settings
from intake.channel import DeliveryFailure, PermanentFailure, Reply, RouteClosed, Sent, TemporaryFailure, UncertainOutcome
from intake.networks.choices import with_choices
from intake.networks.line import LoginRefused, Refused
from intake.networks.matching import CLOCKS, FRESH, already_there, person_of, same_words
from intake.networks.under_way import UnderWay
from intake.networks.walking import at, many, moment, words
from intake.splitting import split

LONGEST = 1000
"""Characters (lexicon chat.bsky.convo.defs: 1,000 graphemes and 10,000 bytes, which so many characters never pass)."""
MOST_TRIED = 1000
AT_ONCE = 4
"""Letters that are sent at the same time, no two of them to the same person."""
_CLOSED = ("block between", "disabled incoming", "requires incoming", "blocked")
_GONE = ("does not exist", "not found", "deactivated", "suspended", "taken down")


class Letters:
    """Sends letters to people by their DID."""

    def __init__(self, settings: Settings, session: Session, now: Callable[[], datetime], under_way: UnderWay) -> None:
        """Send as this account; ``under_way`` is told, so that a letter is not taken for a colleague's words."""
        self._settings, self._session, self._now, self._under_way = settings, session, now, under_way
        self._few = asyncio.Semaphore(AT_ONCE)
        self._to: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tried: dict[str, str] = {}

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in as many messages as it needs."""
        person = person_of(reply.recipient, f"bluesky:{self._settings.account}")
        parts = split(with_choices(reply.short or reply.text, reply.buttons), LONGEST)
        async with self._to.setdefault(person, asyncio.Lock()), self._few:
            convo, before = await self._convo(person)
            with self._under_way.saying(convo, parts):
                ids = await self._left_by_earlier_attempts(reply, convo, before, parts)
                for part in parts[len(ids) :]:
                    ids.append(await self._say(convo, part, self._tried[reply.message_id], ids))
                    self._under_way.said(ids[-1])
        self._tried.pop(reply.message_id, None)
        return Sent(answer=f"sent as {', '.join(ids)}", provider_id=ids[-1])

    async def _convo(self, person: str) -> tuple[str, str]:
        """Return the conversation with somebody, and its newest revision."""
        try:
            told = await self._session.ask("convo.getConvoForMembers", [("members", person)])
        except Refused as error:
            raise _closed(error) from error
        id_ = words(told, "convo", "id")
        if not id_:
            raise TemporaryFailure("the chat did not say which conversation it is")
        if words(told, "convo", "status") == "request":
            await self._accept(id_)
        return id_, words(told, "convo", "rev")

    async def _accept(self, convo: str) -> None:
        try:
            await self._session.say("convo.acceptConvo", {"convoId": convo})
        except UncertainOutcome as error:
            raise TemporaryFailure(str(error)) from error

    async def _left_by_earlier_attempts(self, reply: Reply, convo: str, before: str, parts: list[str]) -> list[str]:
        tried = self._tried.get(reply.message_id)
        if len(self._tried) >= MOST_TRIED:
            # Letters that were given up; the time at which a letter was written serves for them as well.
            self._tried.clear()
        self._tried[reply.message_id] = before if tried is None else tried
        if tried is not None:
            return already_there(parts, await self._ours_in(convo, lambda one: words(one, "rev") > tried), same_words)
        if self._now() - reply.written_at > FRESH:
            since = reply.written_at - CLOCKS
            sent = await self._ours_in(convo, lambda one: (moment(one, "sentAt") or since) >= since)
            return already_there(parts, sent, same_words)
        return []

    async def _say(self, convo: str, part: str, since: str, before: list[str]) -> str:
        try:
            told = await self._session.say("convo.sendMessage", {"convoId": convo, "message": {"text": part}})
        except Refused as error:
            raise _closed(error) from error
        except LoginRefused:
            raise
        except (UncertainOutcome, TemporaryFailure) as error:
            found = await self._look_for(convo, part, since, before, error)
            if found is None:
                raise TemporaryFailure(f"{error}; the letter is surely not there") from error
            return found
        return words(told, "id")

    async def _look_for(self, convo: str, part: str, since: str, before: list[str], error: DeliveryFailure) -> str | None:
        """Return the message if it is there after all; where the answer was lost ask twice, for it may still be on its way."""
        uncertain = isinstance(error, UncertainOutcome)
        try:
            for pause in (0.0, self._settings.settle) if uncertain else (0.0,):
                await asyncio.sleep(pause)
                sent = await self._ours_in(convo, lambda one: words(one, "rev") > since and words(one, "id") not in before)
                if found := already_there([part], sent, same_words):
                    return found[0]
        except DeliveryFailure:
            raise (UncertainOutcome if uncertain else TemporaryFailure)(str(error)) from error
        return None

    async def _ours_in(self, convo: str, wanted: Callable[[Any], bool]) -> list[tuple[str, str]]:
        own = (await self._session.keys()).did
        told = await self._session.ask("convo.getMessages", [("convoId", convo), ("limit", "100")])
        if not isinstance(at(told, "messages"), list):
            raise TemporaryFailure("the chat's list of messages made no sense")
        page = [one for one in many(told, "messages") if words(one, "sender", "did") == own and wanted(one)]
        return [(words(one, "id"), words(one, "text")) for one in reversed(page)]


def _closed(error: Refused) -> PermanentFailure | TemporaryFailure:
    """Return what a refusal means: the person does not want letters, is gone, or our own account has to be mended."""
    said = f"{error.code} {error.said}".lower()
    if "account is disabled" in said:
        return TemporaryFailure("our own account's chat is disabled")
    if any(words_ in said for words_ in _CLOSED):
        return RouteClosed("the person takes no messages from us", "blocked")
    if any(words_ in said for words_ in _GONE):
        return RouteClosed("the person or the conversation is no longer there", "gone")
    return PermanentFailure(str(error))
