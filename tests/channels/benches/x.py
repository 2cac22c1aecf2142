"""The bench of ``x``: X posts each direct message to the webhook, again and again until it is told 200."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox, WebhookRequest
from intake.channels import x
from standins.x import CLIENT, LONGEST, OWN, SECRET, XServer, signed

AGAIN = 0.02
"""Seconds after which a request that was not answered with 200 is posted again."""


class XBench:
    """X and our app there."""

    kind = "x"
    account = "homes"
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "timeout_after_accept", "cut_before")
    lacks = frozenset({"edit", "withdrawal", "press"})
    longest = LONGEST

    def __init__(self) -> None:
        self._clock: Any = None
        self.server = XServer()
        self.server.now = self._now

    async def __aenter__(self) -> Self:
        self.server.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.server.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "x.secret").write_text(SECRET + "\n")
        (folder / "x.tokens").write_text(self.server.tokens())
        return {
            "kind": self.kind,
            "account": self.account,
            "accept_costs": True,
            "base_url": self.server.url,
            "user_id": OWN,
            "secret_file": str(folder / "x.secret"),
            "token_file": str(folder / "x.tokens"),
            "client_id": CLIENT,
            "answer_within": 1,
            "settle": 0.05,
            "quiet_seconds": 0,
            "max_file_size": 100_000,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        self._clock = clock
        return x.build(x.Settings(**self.settings(folder)), inbox, clock)

    def person(self, number: int) -> str:
        return f"x:homes:{_person(number)}"

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        return self._received(number, person, {"text": text}, at)

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return None

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        return None

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        return None

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return self._told("dm.sent", number, sender=OWN, recipient=_person(person), data={"text": text})

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update | None:
        held = f"{number}/{number + 1}/oP5p359h.jpg"
        self.server.files[f"/2/dm_conversations/media/{held}"] = content, said_size
        link = "https://t.co/aBcDeFg"
        media = {
            "id": number,
            "url": link,
            "type": "photo",
            "media_url_https": f"https://ton.twitter.com/1.1/ton/data/dm/{held}",
        }
        entities = {"urls": [{"url": link, "expanded_url": "https://twitter.com/messages/media/1"}]}
        data = {"text": link, "entities": entities, "attachment": {"type": "media", "media": media}}
        return self._received(number, person, data, None)

    def unknown(self, number: int, *, person: int = 1) -> Update:
        return self._received(number, person, {"shape": "a boiler"}, None, kind="hologram_create")

    def broken(self, number: int) -> Update:
        return Update(external_id="", body=_posted("dm.received", [["nothing", number]], {}))

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        for update in updates:
            body = json.dumps(update.body).encode()
            while (await asyncio.to_thread(channel.answer, self.request(body))).status != 200:  # type: ignore[attr-defined]  # noqa: ASYNC110 - X knows no event
                await asyncio.sleep(AGAIN)

    def request(self, body: bytes, *, secret: str = SECRET) -> WebhookRequest:
        """Return a signed request."""
        headers = (("content-type", "application/json"), ("x-twitter-webhooks-signature", signed(body, secret)))
        return WebhookRequest(method="POST", query=(), headers=headers, body=body)

    def refuse(self, how: Refusal) -> None:
        if how == "cut_before":
            self.server.go_away()
        else:
            self.server.how = how

    def sent(self) -> list[tuple[str, str]]:
        # Whoever looks has seen that nobody answered: from now on somebody does.
        self.server.come_back()
        return [(f"x:homes:{event['dm_conversation_id'].split('-')[1]}", event["text"]) for event in self.server.sent]

    def _received(self, number: int, person: int, data: Any, at: datetime | None, kind: str = "message_create") -> Update:
        return self._told("dm.received", number, sender=_person(person), recipient=OWN, data=data, at=at, kind=kind)

    def _told(
        self,
        event_type: str,
        number: int,
        *,
        sender: str,
        recipient: str,
        data: Any,
        at: datetime | None = None,
        kind: str = "message_create",
    ) -> Update:
        when = at or self._now()
        event = {
            "type": kind,
            "id": str(2_090_000_000_000_000_000 + number),
            "created_timestamp": str(int(when.timestamp() * 1000)),
            "message_create": {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": data},
        }
        users = {sender: {"data": {"id": sender, "name": "Ada", "username": "ada", "affiliation": {}}}}
        return Update(external_id=event["id"], body=_posted(event_type, [event], users))

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _person(number: int) -> str:
    return str(2_222_222_222_222_222_000 + number)


def _posted(event_type: str, events: list[Any], users: dict[str, Any]) -> dict[str, Any]:
    payload = {"direct_message_events": events, "users": users}
    return {"data": {"event_uuid": "1", "filter": {"user_id": OWN}, "event_type": event_type, "tag": "dm", "payload": payload}}
