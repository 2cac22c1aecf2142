"""The bench of ``signed_json``: a landlord's own app that posts what residents wrote, again and again until it is told 200."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox, WebhookRequest
from intake.channels import signed_json
from standins.signed_json import SECRET, App, sign

BATCH = 50
AGAIN = 0.02
"""Seconds after which a request that was not answered with 200 is posted again."""


class SignedJsonBench:
    """One app."""

    kind = "signed_json"
    account = "app"
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "window", "timeout_after_accept", "cut_before")
    lacks: frozenset[str] = frozenset()
    longest = 300

    def __init__(self) -> None:
        self._clock: Any = None
        self.app = App(now=self._now)

    async def __aenter__(self) -> Self:
        self.app.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.app.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "app.secret").write_bytes(SECRET + b"\n")
        return {
            "kind": self.kind,
            "account": self.account,
            "base_url": f"http://127.0.0.1:{self.app.port}",
            "secret_file": str(folder / "app.secret"),
            "longest": self.longest,
            "quiet_seconds": 0,
            "max_file_size": 100_000,
            "timeout": 1,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        self._clock = clock
        return signed_json.build(signed_json.Settings(**self.settings(folder)), inbox, clock)

    def person(self, number: int) -> str:
        return f"signed_json:app:^tenant-{number}"

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        return self._update("message", f"m-{number}", person, text=text, **({"at": at.isoformat()} if at else {}))

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return self._update("edit", f"e-{number}", person, text=text, about=f"m-{number}")

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        return self._update("withdrawal", f"w-{number}", person, about=f"m-{number}")

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        return self._update("press", f"p-{number}", person, pressed=payload)

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return self._update("echo", f"o-{number}", person, text=text)

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        self.app.files[f"{number}/odd?name#1"] = content
        held = {
            "id": f"{number}/odd?name#1",
            "name": "damp.jpg",
            "type": "image/jpeg",
            "size": len(content) if said_size is None else said_size,
        }
        return self._update("message", f"m-{number}", person, files=[held])

    def unknown(self, number: int, *, person: int = 1) -> Update:
        return self._update("hologram", f"m-{number}", person, shape={"of": "a boiler"})

    def broken(self, number: int) -> Update:
        return Update(external_id="", body={"no": "update", "number": number})

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        for start in range(0, len(updates), BATCH):
            body = json.dumps({"updates": [update.body for update in updates[start : start + BATCH]]}).encode()
            while not await self._is_taken(channel, body):  # noqa: ASYNC110 - an app posts again after a while
                await asyncio.sleep(AGAIN)

    async def _is_taken(self, channel: Any, body: bytes) -> bool:
        return (await asyncio.to_thread(channel.answer, self.request(body))).status == 200

    def request(self, body: bytes, *, at: datetime | None = None, secret: bytes = SECRET) -> WebhookRequest:
        """Return a signed request."""
        headers = tuple(sign(at or self._now(), body, secret).items())
        return WebhookRequest(method="POST", query=(), headers=headers, body=body)

    def refuse(self, how: Refusal) -> None:
        if how == "cut_before":
            self.app.go_away()
        else:
            self.app.next_answer = how

    def sent(self) -> list[tuple[str, str]]:
        # Whoever looks has seen that nobody answered: from now on somebody does.
        self.app.come_back()
        return [(f"signed_json:app:{_small(letter['to'])}", letter["text"]) for letter in self.app.letters.values()]

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)

    def _update(self, kind: str, name: str, person: int, **told: Any) -> Update:
        return Update(external_id=name, body={"id": name, "type": kind, "person": f"Tenant-{person}", "name": "Ada", **told})


def _small(user: str) -> str:
    return "".join(f"^{sign.lower()}" if sign.isupper() else sign for sign in user)
