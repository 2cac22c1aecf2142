"""Letters as legacy direct messages; X knows no key of ours, so before a repeat we look whether the letter is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from intake.channel import DeliveryFailure, PermanentFailure, Reply, RouteClosed, Sent, TemporaryFailure, UncertainOutcome
from intake.networks.choices import with_choices
from intake.networks.line import LoginRefused, Refused
from intake.networks.matching import CLOCKS, FRESH, already_there, person_of, same_words
from intake.networks.under_way import UnderWay
from intake.networks.walking import many, moment, words
from intake.splitting import split
from intake.x_dm.login import Login
from intake.x_dm.settings import Settings

LONGEST = 10_000
MOST_TRIED = 1000
_OURS_TO_MEND = ("client-forbidden", "scope", "unsupported authentication", "oauth")


class Letters:
    """Sends letters to people by their number."""

    def __init__(self, settings: Settings, login: Login, now: Callable[[], datetime], under_way: UnderWay) -> None:
        """Send as this account; ``under_way`` is told, so that a letter is not taken for a colleague's words."""
        self._settings, self._login, self._now, self._under_way = settings, login, now, under_way
        self._tried: dict[str, datetime] = {}

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in as many messages as it needs."""
        person = person_of(reply.recipient, f"x:{self._settings.account}")
        parts = split(with_choices(reply.short or reply.text, reply.buttons), LONGEST)
        again = reply.message_id in self._tried
        since = self._since(reply)
        with self._under_way.saying(person, parts):
            ids = (
                already_there(parts, await self._ours_with(person, since), same_words)
                if again or since < self._now() - FRESH
                else []
            )
            for part in parts[len(ids) :]:
                ids.append(await self._say(person, part, since, ids))
                self._under_way.said(ids[-1])
        self._tried.pop(reply.message_id, None)
        return Sent(answer=f"sent as {', '.join(ids)}", provider_id=ids[-1])

    def _since(self, reply: Reply) -> datetime:
        """Return since when this letter may have been sent: the first try, or the writing where others may have tried."""
        now = self._now()
        if len(self._tried) >= MOST_TRIED:
            self._tried.clear()
        first = reply.written_at if now - reply.written_at > FRESH else now
        return self._tried.setdefault(reply.message_id, first) - CLOCKS

    async def _say(self, person: str, part: str, since: datetime, before: list[str]) -> str:
        try:
            told = (await self._login.post(f"/2/dm_conversations/with/{person}/messages", {"text": part})).told
        except Refused as error:
            raise _meant(error) from error
        except LoginRefused:
            raise
        except UncertainOutcome as error:
            found = await self._look_for(person, part, since, before, error)
            if found is None:
                raise TemporaryFailure(f"{error}; the letter is surely not there") from error
            return found
        return words(told, "data", "dm_event_id")

    async def _look_for(
        self, person: str, part: str, since: datetime, before: list[str], error: UncertainOutcome
    ) -> str | None:
        """Return the message if it is there after all; ask twice, for it may still be on its way."""
        try:
            for pause in (0.0, self._settings.settle):
                await asyncio.sleep(pause)
                sent = [one for one in await self._ours_with(person, since) if one[0] not in before]
                if found := already_there([part], sent, same_words):
                    return found[0]
        except DeliveryFailure:
            raise UncertainOutcome(str(error)) from error
        return None

    async def _ours_with(self, person: str, since: datetime) -> list[tuple[str, str]]:
        fields = [("dm_event.fields", "id,text,sender_id,created_at"), ("event_types", "MessageCreate"), ("max_results", "50")]
        try:
            told = (await self._login.get(f"/2/dm_conversations/with/{person}/dm_events", fields)).told
        except Refused as error:
            raise TemporaryFailure(f"X does not tell what was sent: {error}") from error
        ours = [
            one
            for one in many(told, "data")
            if words(one, "sender_id") == self._settings.user_id and (moment(one, "created_at") or since) >= since
        ]
        return [(words(one, "id"), words(one, "text")) for one in reversed(ours)]


def _meant(error: Refused) -> DeliveryFailure:
    """Return what a refusal means: the person takes no letters, is gone, or our own account has to be mended."""
    said = f"{error.code} {error.said}".lower()
    if error.status == HTTPStatus.PAYMENT_REQUIRED:
        return TemporaryFailure("X says that our account has no credit left: somebody has to pay before letters go out")
    if error.status == HTTPStatus.FORBIDDEN:
        if any(mark in said for mark in _OURS_TO_MEND):
            return TemporaryFailure("X does not let our app send messages: its permissions have to be mended")
        return RouteClosed("the person takes no messages from us", "blocked")
    if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return RouteClosed("the person's account is no longer there", "gone")
    return PermanentFailure(str(error))
