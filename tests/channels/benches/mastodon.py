"""The bench of ``mastodon``: a server on which residents write direct statuses to the landlord's account."""

from __future__ import annotations

import asyncio
import contextlib
import html
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox
from intake.channels import mastodon
from standins.mastodon import LONGEST, OWN, TOKEN, Held, MastodonServer

EDITED = "2026-11-20T12:00:00.000Z"
PATIENCE = 120.0


class MastodonBench:
    """One server."""

    kind = "mastodon"
    account = "homes"
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "timeout_after_accept", "cut_before")
    lacks = frozenset({"press", "echo"})
    longest = LONGEST
    tells_in_order = True

    def __init__(self) -> None:
        self._clock: Any = None
        self.server = MastodonServer()
        self.server.now = self._now

    async def __aenter__(self) -> Self:
        self.server.open()
        for number in range(1, 20):
            self._resident(number)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.server.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "mastodon.token").write_text(TOKEN + "\n")
        return {
            "kind": self.kind,
            "account": self.account,
            "base_url": self.server.url,
            "token_file": str(folder / "mastodon.token"),
            "poll": 0.02,
            "longest_backoff": 0.1,
            "answer_within": 1,
            "quiet_seconds": 0,
            "max_file_size": 100_000,
            "backfill_days": 30,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        self._clock = clock
        return mastodon.build(mastodon.Settings(**self.settings(folder)), inbox, clock)

    def person(self, number: int) -> str:
        return f"mastodon:homes:{self._resident(number)['id']}"

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        return self._mention(number, person, text, at)

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return Update(external_id=f"{_id(number)}:edit:{EDITED}", body={"edited": _id(number), "content": _html(text)})

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        return Update(external_id=f"{_id(number)}:deleted", body={"deleted": _id(number)})

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        return None

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return None

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        path = f"/media/original/{number}/damp.jpg"
        self.server.files[path] = Held(content, said_size)
        media = {"id": str(number), "type": "image", "url": self.server.url + path, "description": None}
        return self._mention(number, person, "", None, media_attachments=[media])

    def unknown(self, number: int, *, person: int = 1) -> Update:
        media = {"id": str(number), "type": "hologram", "url": None}
        return self._mention(number, person, "", None, media_attachments=[media])

    def broken(self, number: int) -> Update:
        return Update(external_id="", body={"type": "mention", "status": ["nothing", number]})

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        """Put them on the server, let the channel poll, and wait until it has looked twice with nothing new to find."""
        listening = asyncio.create_task(channel.listen())
        try:
            async with asyncio.timeout(PATIENCE):
                for update in updates:
                    await self._happen(update.body, listening)
                await self._looked(listening)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    def refuse(self, how: Refusal) -> None:
        if how == "cut_before":
            self.server.go_away()
        else:
            self.server.how = how

    def sent(self) -> list[tuple[str, str]]:
        # Whoever looks has seen that nobody answered: from now on somebody does.
        self.server.come_back()
        return [
            (f"mastodon:homes:{named['id']}", status["text_as_sent"].partition(" ")[2])
            for status in self.server.posted
            for named in status["mentions"]
        ]

    async def _happen(self, body: Any, listening: asyncio.Task[None]) -> None:
        if "edited" in body:
            # An edit is seen only by whoever saw the status before.
            await self._looked(listening)
            self.server.edit(body["edited"], body["content"], EDITED)
        elif "deleted" in body:
            await self._looked(listening)
            self.server.delete(body["deleted"])
        else:
            self.server.notify(body)

    async def _looked(self, listening: asyncio.Task[None]) -> None:
        """Wait for two whole looks back that begin from now, or until the channel was ended."""
        begun = self._looks()
        while self._looks() < begun + 3 and not listening.done():  # noqa: ASYNC110 - the stand-in answers in threads of its own
            await asyncio.sleep(0.01)

    def _looks(self) -> int:
        queries = [dict(asked.query) for asked in list(self.server.asked) if asked.path == "/api/v1/notifications"]
        return sum("min_id" not in query and "max_id" not in query for query in queries)

    def _resident(self, number: int) -> dict[str, Any]:
        id_ = str(109_500_000_000_000_000 + number)
        address = f"ada{number}@elsewhere.example"
        names = {"username": f"ada{number}", "acct": address, "display_name": f"Ada {number}", "bot": False}
        return self.server.people.setdefault(id_, {"id": id_, **names})

    def _mention(self, number: int, person: int, text: str, at: datetime | None, **more: Any) -> Update:
        now = self._now()
        status = {
            "id": _id(number),
            "created_at": _time(at or now),
            "edited_at": None,
            "visibility": "direct",
            "content": _html(text),
            "spoiler_text": "",
            "account": self._resident(person),
            "media_attachments": [],
            "mentions": [{"id": OWN["id"], "acct": OWN["acct"], "username": OWN["username"]}],
            "in_reply_to_id": None,
        }
        told = {"type": "mention", "created_at": _time(now), "account": self._resident(person), "status": status | more}
        return Update(external_id=_id(number), body=told)

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _id(number: int) -> str:
    return str(115_000_000_000_000_000 + number)


def _html(text: str) -> str:
    greeting = '<span class="h-card" translate="no"><a href="https://social.example/@homes" class="u-url mention">@<span>homes</span></a></span>'
    lines = html.escape(text).replace("\n", "<br />")
    return f"<p>{greeting} {lines}</p>"


def _time(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
