"""The bench of ``bluesky``: a server on which residents write to the landlord's account in its chat."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox
from intake.channels import bluesky
from standins.bluesky import DEFS, HANDLE, LONGEST, PASSWORD, BlueskyServer, time_of

PATIENCE = 120.0


class BlueskyBench:
    """One server."""

    kind = "bluesky"
    account = "homes"
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "timeout_after_accept", "cut_before")
    lacks = frozenset({"edit", "press", "file"})
    longest = LONGEST
    tells_in_order = True

    def __init__(self) -> None:
        self._clock: Any = None
        self.server = BlueskyServer()
        self.server.now = self._now
        self._there: set[str] = set()

    async def __aenter__(self) -> Self:
        self.server.open()
        for number in range(20):
            self._resident(number)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.server.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "bluesky.password").write_text(PASSWORD + "\n")
        return {
            "kind": self.kind,
            "account": self.account,
            "base_url": self.server.url,
            "identifier": HANDLE,
            "password_file": str(folder / "bluesky.password"),
            "poll": 0.02,
            "longest_backoff": 0.1,
            "answer_within": 1,
            "settle": 0.05,
            "quiet_seconds": 0,
            "backfill_days": 30,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        self._clock = clock
        return bluesky.build(bluesky.Settings(**self.settings(folder)), inbox, clock)

    def person(self, number: int) -> str:
        return f"bluesky:homes:{self._resident(number)}"

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        return self._message(number, person, {"$type": f"{DEFS}messageView", "text": text}, at)

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return None

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        return Update(external_id=f"m{number}:deleted", body=("delete", self._resident(person), f"m{number}"))

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        return None

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return Update(external_id=f"m{number}", body=("echo", self._resident(person), {"id": f"m{number}", "text": text}))

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update | None:
        return None

    def unknown(self, number: int, *, person: int = 1) -> Update:
        return self._message(number, person, {"$type": f"{DEFS}hologramView", "shape": "a boiler"}, None)

    def broken(self, number: int) -> Update:
        return Update(external_id="", body=("create", self._resident(1), ["no message", number]))

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        """Let it happen, let the channel poll, and wait until it has looked twice with nothing new to find."""
        listening = asyncio.create_task(channel.listen())
        try:
            async with asyncio.timeout(PATIENCE):
                # What is in the conversations already is believed by its age; the log brings what happens from now on.
                await self._looked(listening)
                for update in updates:
                    self._happen(*update.body)
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
        return [(f"bluesky:homes:{person}", text) for person, text in self.server.sent()]

    def _happen(self, what: str, person: str, told: Any) -> None:
        if what == "delete":
            self.server.delete(person, told)
        elif what == "echo":
            if told["id"] not in self._there:
                convo = self.server._convo_with(person)["id"]
                self.server.send(convo, told["text"], told["id"])
            self._there.add(told["id"])
        elif isinstance(told, dict) and told["id"] in self._there:
            # A network that tells again tells the log again; the conversation holds a message once.
            self.server._tell(
                "logCreateMessage", self.server._convo_with(person)["id"], message=told | {"rev": self.server._next()}
            )
        else:
            self.server.receive(person, told)
            self._there |= {told["id"]} if isinstance(told, dict) else set()

    async def _looked(self, listening: asyncio.Task[None]) -> None:
        """Wait for two whole rounds that begin from now, or until the channel was ended."""
        begun = self._looks()
        while self._looks() < begun + 3 and not listening.done():  # noqa: ASYNC110 - the stand-in answers in threads of its own
            await asyncio.sleep(0.01)

    def _looks(self) -> int:
        return sum(asked.path.endswith("listConvos") for asked in list(self.server.asked))

    def _resident(self, number: int) -> str:
        did = f"did:plc:ada{number}"
        self.server.profiles.setdefault(did, {"did": did, "handle": f"ada{number}.example", "displayName": f"Ada {number}"})
        return did

    def _message(self, number: int, person: int, told: dict[str, Any], at: datetime | None) -> Update:
        sender = self._resident(person)
        message = {"id": f"m{number}", "sender": {"did": sender}, "sentAt": time_of(at or self._now())} | told
        return Update(external_id=f"m{number}", body=("create", sender, message))

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)
