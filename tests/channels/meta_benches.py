"""What the benches of Messenger, Instagram and WhatsApp share: the stand-in, its secrets, and requests posted until taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox
from intake.identity import Identity
from intake.loading import load
from standins.meta import SECRET, TOKEN, VERIFY, Meta

BATCH = 1000
AGAIN = 0.02
"""Seconds after which a request that was not answered with 200 is posted again; Meta waits longer each time."""


class MetaBench:
    """One account of one app; a subclass says how its updates look."""

    kind: str
    account: str
    own_id: str
    named: str
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "window", "timeout_after_accept", "cut_before")
    lacks: frozenset[str] = frozenset()
    longest: int

    def __init__(self) -> None:
        self.meta = Meta()
        self._clock: Any = None

    async def __aenter__(self) -> Self:
        self.meta.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.meta.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        for name, secret in (("app", SECRET), ("token", TOKEN), ("verify", VERIFY)):
            (folder / f"{self.kind}.{name}").write_text(f"{secret}\n")
        return {
            "kind": self.kind,
            "account": self.account,
            self.named: self.own_id,
            "app_secret_file": str(folder / f"{self.kind}.app"),
            "access_token_file": str(folder / f"{self.kind}.token"),
            "verify_token_file": str(folder / f"{self.kind}.verify"),
            "base_url": self.meta.url,
            "quiet_seconds": 0,
            "max_file_size": 100_000,
            "timeout": 2,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any, **other: Any) -> Channel:
        self._clock = clock
        module = load("intake.channels", self.kind)
        channel: Channel = module.build(module.Settings(**self.settings(folder) | other), inbox, clock)
        return channel

    def person(self, number: int) -> str:
        return str(Identity(channel=self.kind, account=self.account, user=self.user(number)))

    def user(self, number: int) -> str:
        raise NotImplementedError

    def batch(self, updates: Sequence[Update]) -> dict[str, Any]:
        raise NotImplementedError

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        for start in range(0, len(updates), BATCH):
            request = self.meta.request(self.meta.body(self.batch(updates[start : start + BATCH])))
            # Whoever posts again does so after a while.
            while (await asyncio.to_thread(channel.answer, request)).status != 200:  # noqa: ASYNC110
                await asyncio.sleep(AGAIN)

    def refuse(self, how: Refusal) -> None:
        if how == "cut_before":
            self.meta.go_away()
        else:
            self.meta.next.append(how)

    def sent(self) -> list[tuple[str, str]]:
        # Whoever looks has seen that nobody answered: from now on somebody does.
        self.meta.come_back()
        named = [(Identity(channel=self.kind, account=self.account, user=who), words) for who, words in self.meta.delivered()]
        return [(str(who), words) for who, words in named]

    def now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)

    def seconds(self, at: datetime | None) -> float:
        return (at or self.now()).timestamp()


class PageBench(MetaBench):
    """A page, or an Instagram account: their updates look alike."""

    object: str

    def user(self, number: int) -> str:
        return str(7_000_000_000 + number)

    def batch(self, updates: Sequence[Update]) -> dict[str, Any]:
        entry = {"id": self.own_id, "time": int(self.seconds(None) * 1000), "messaging": [each.body for each in updates]}
        return {"object": self.object, "entry": [entry]}

    def event(self, person: int, at: datetime | None = None, *, by_us: bool = False, **what: Any) -> dict[str, Any]:
        ends = [{"id": self.user(person)}, {"id": self.own_id}]
        sender, recipient = reversed(ends) if by_us else ends
        return {"sender": sender, "recipient": recipient, "timestamp": int(self.seconds(at) * 1000), **what}

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        body = self.event(person, at, message={"mid": f"m_{number}", "text": text})
        return Update(external_id=f"m_{number}", body=body)

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        body = self.event(person, message_edit={"mid": f"m_{number}", "text": text, "num_edit": 1})
        return Update(external_id=f"m_{number}:edit:1", body=body)

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        body = self.event(person, message={"mid": f"m_{number}", "is_deleted": True})
        return Update(external_id=f"m_{number}:withdrawn", body=body)

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        message = {"mid": f"m_{number}", "text": "A new problem", "quick_reply": {"payload": payload}}
        return Update(external_id=f"m_{number}", body=self.event(person, message=message))

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        message = {"is_echo": True, "mid": f"m_{number}", "text": text}
        return Update(external_id=f"echo:m_{number}", body=self.event(person, by_us=True, message=message))

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        # A page's updates say no size; what is too large is found when it comes.
        self.meta.media[f"page{number}"] = (content.ljust(said_size or 0, b"\0"), "image/jpeg")
        held = {"type": "image", "payload": {"url": f"{self.meta.url}/media/page{number}"}}
        return Update(external_id=f"m_{number}", body=self.event(person, message={"mid": f"m_{number}", "attachments": [held]}))

    def unknown(self, number: int, *, person: int = 1) -> Update:
        message = {"mid": f"m_{number}", "hologram": {"of": "a boiler"}}
        return Update(external_id=f"m_{number}", body=self.event(person, message=message))

    def broken(self, number: int) -> Update:
        return Update(external_id="", body={"sender": "nobody", "message": number})
