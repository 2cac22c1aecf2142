"""Letters as direct statuses that mention nobody but the person they are for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from intake.channel import PermanentFailure, Reply, RouteClosed, Sent, TemporaryFailure, UncertainOutcome
from intake.html_text import html_text
from intake.mastodon_dm.standing import OwnAccount, Standing
from intake.mastodon_dm.statuses import PRIVATE
from intake.networks.choices import with_choices
from intake.networks.line import Answer, Refused
from intake.networks.matching import person_of
from intake.networks.walking import at, many, moment, words
from intake.splitting import split

KEY_LASTS = timedelta(minutes=50)
"""Servers know an Idempotency-Key for up to an hour; after that they are asked whether a letter is there already."""
LEAST_ROOM = 100
"""Characters of one status that must be left for words: some names of the network are as long as a status."""
MOST_PAGES = 10
CLOCKS = timedelta(minutes=1)
"""So far a server's clock may be behind ours."""
_MENTION = re.compile(r"(?<![\w/=])@(?=\w)")
_LINK = re.compile(r"https?://\S+")


class Letters:
    """Sends letters to people whom our server knows."""

    def __init__(self, account: str, own: OwnAccount, now: Callable[[], datetime]) -> None:
        """Send as this account."""
        self._account, self._own, self._now = account, own, now
        self._addresses: dict[str, str] = {}

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in as many statuses as it needs, each in answer to the one before."""
        person = person_of(reply.recipient, f"mastodon:{self._account}")
        standing = await self._own.standing()
        address = await self._address(person)
        await self._ask_whether_blocked(person)
        parts = self._parts(reply, standing, address)
        ids = await self._there_already(reply, standing, person, parts)
        for number, part in enumerate(parts[len(ids) :], start=len(ids)):
            before = ids[-1] if ids else _status_of(reply.in_reply_to)
            told = (await self._post(part, before, f"{reply.message_id}#{number}")).told
            if person not in {words(one, "id") for one in many(told, "mentions")}:
                raise PermanentFailure("the server took the letter and showed it to nobody")
            ids.append(words(told, "id"))
        return Sent(answer=f"posted as {', '.join(ids)}", provider_id=ids[-1] if ids else None)

    async def _address(self, person: str) -> str:
        if person not in self._addresses:
            try:
                account = (await self._own.get(f"/api/v1/accounts/{person}")).told
            except Refused as error:
                if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                    raise RouteClosed("the person's account is no longer there", "gone") from error
                raise
            if at(account, "suspended") is True or not words(account, "acct"):
                raise RouteClosed("the person's account is suspended", "gone")
            self._addresses[person] = words(account, "acct")
        return self._addresses[person]

    async def _ask_whether_blocked(self, person: str) -> None:
        """Ask first: a server takes a letter to somebody who blocked us, and shows it to nobody."""
        told = (await self._own.get("/api/v1/accounts/relationships", [("id[]", person)])).told
        if at(told, 0, "blocked_by") is True:
            raise RouteClosed("the person blocked our account", "blocked")

    def _parts(self, reply: Reply, standing: Standing, address: str) -> list[str]:
        # Whoever is named in a direct status can read it: other names in the letter must not be addresses.
        text = _MENTION.sub("@ ", with_choices(reply.short or reply.text, reply.buttons))
        greeting = f"@{address} "
        room = standing.longest - len(greeting)
        if room < LEAST_ROOM:
            raise PermanentFailure("the person's address leaves no room for words in a status")
        return [greeting + piece for part in split(text, room) for piece in _fitting(part, room, standing.link)]

    async def _post(self, part: str, before: str | None, key: str) -> Answer:
        form = {"status": part, "visibility": PRIVATE} | ({"in_reply_to_id": before} if before else {})
        try:
            return await self._twice(form, key)
        except Refused as error:
            # What we answer may have been deleted meanwhile; the answer is sent all the same.
            if error.status != HTTPStatus.NOT_FOUND or not before:
                raise
            return await self._twice({"status": part, "visibility": PRIVATE}, key)

    async def _twice(self, form: dict[str, str], key: str) -> Answer:
        try:
            return await self._own.post("/api/v1/statuses", form, key)
        except UncertainOutcome:
            # By its key the server knows a letter that it has taken already.
            try:
                return await self._own.post("/api/v1/statuses", form, key)
            except UncertainOutcome as error:
                raise TemporaryFailure(str(error)) from error

    async def _there_already(self, reply: Reply, standing: Standing, person: str, parts: list[str]) -> list[str]:
        """Return the statuses of a letter, too old for its key to be known, that an earlier attempt left there."""
        if self._now() - reply.written_at < KEY_LASTS:
            return []
        posted = await self._posted_since(standing, reply.written_at - CLOCKS)
        found: list[str] = []
        for part in parts:
            same = [one for one in posted if _is_this(one, part, person)]
            if not same:
                break
            found.append(words(same[-1], "id"))
        return found

    async def _posted_since(self, standing: Standing, since: datetime) -> list[Any]:
        """Return our own statuses since then, the newest first; the same sentence may have been another letter before."""
        path = f"/api/v1/accounts/{standing.own_id}/statuses"
        usual = [("limit", "40"), ("exclude_reblogs", "true")]
        query, posted = usual, list[Any]()
        for _ in range(MOST_PAGES):
            page = many((await self._own.get(path, query)).told)
            younger = [one for one in page if (moment(one, "created_at") or since) >= since]
            posted += younger
            if not page or len(younger) < len(page):
                return posted
            query = [*usual, ("max_id", words(page[-1], "id"))]
        raise UncertainOutcome("too much was sent since the first attempt to say whether the letter is there")


def _fitting(part: str, room: int, link: int) -> list[str]:
    """Cut a part again where its links count for more than they are long."""
    counted = len(part) + sum(max(0, link - len(found[0])) for found in _LINK.finditer(part))
    if counted <= room:
        return [part]
    return [piece for half in split(part, len(part) // 2) for piece in _fitting(half, room, link)]


def _is_this(status: Any, part: str, person: str) -> bool:
    to_them = words(status, "visibility") == PRIVATE and person in {words(one, "id") for one in many(status, "mentions")}
    return to_them and _bare(html_text(words(status, "content")).text) == _bare(part)


def _bare(text: str) -> str:
    return "".join(re.sub(r"\A@\S+", "", text.strip()).split())


def _status_of(message_id: str | None) -> str | None:
    """Return the status that a kept message is, whichever of its versions is answered."""
    status = (message_id or "").partition(":")[0]
    return status if status.isascii() and status.isalnum() else None
