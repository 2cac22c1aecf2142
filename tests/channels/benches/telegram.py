"""The bench of ``telegram``: a Bot API server through which residents write to the landlord's bot."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from channels.bench import Refusal, Update
from intake.channel import Channel, Inbox
from intake.channels import telegram
from standins.telegram import BOT, LONGEST, TOKEN, BotApi, Held

FIRST_PERSON = 40_000_000
EDITED_AFTER = 60
AGAIN = 0.01


class TelegramBench:
    """One bot."""

    kind = "telegram"
    account = "housing-bot"
    refusals: tuple[Refusal, ...] = ("busy", "429", "refused", "blocked", "timeout_after_accept", "cut_before")
    lacks = frozenset({"withdrawal", "echo"})
    longest = LONGEST

    def __init__(self) -> None:
        self._clock: Any = None
        self.api = BotApi()

    async def __aenter__(self) -> Self:
        self.api.open()
        for number in range(1_001):
            self.api.chats[FIRST_PERSON + number] = chat(number)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.api.close)

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "telegram.token").write_text(TOKEN + "\n")
        return {
            "kind": self.kind,
            "account": self.account,
            "token_file": str(folder / "telegram.token"),
            "base_url": self.api.url,
            "quiet_seconds": 0,
            "poll_seconds": 1,
            "timeout": 1,
            "longest_backoff": 0.1,
            "per_second": 1000,
            "chat_pause": 0.01,
        }

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        self._clock = clock
        return telegram.build(telegram.Settings(**self.settings(folder)), inbox, clock)

    def person(self, number: int) -> str:
        return f"telegram:{self.account}:{FIRST_PERSON + number}"

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        return self._message(number, person, at, text=text)

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        first = self._message(number, person, None, text=text).body["message"]
        edited = first["date"] + EDITED_AFTER
        first["date"], edited = first["date"] - EDITED_AFTER, edited - EDITED_AFTER
        mark = hashlib.sha256(json.dumps([text]).encode()).hexdigest()[:8]
        name = f"{FIRST_PERSON + person}/{number}:edit:{edited}-{mark}"
        return Update(external_id=name, body={"edited_message": first | {"edit_date": edited}})

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        return None

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        keyboard = [[{"text": "A new problem", "callback_data": payload}]]
        letter = {"message_id": 900_000 + number, "from": BOT, "chat": chat(person), "date": self._now(), "text": "What is it?"}
        query = {"id": str(4_000_000 + number), "from": somebody(person), "chat_instance": "1", "data": payload}
        body = query | {"message": letter | {"reply_markup": {"inline_keyboard": keyboard}}}
        return Update(external_id=f"press:{4_000_000 + number}", body={"callback_query": body})

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        return None

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        held = f"file-id-{number}"
        self.api.files[held] = Held(content, f"documents/odd name #{number}.pdf", said_size)
        told = {"file_id": held, "file_unique_id": f"u{number}", "file_name": "damp.pdf", "mime_type": "application/pdf"}
        return self._message(number, person, None, document=told | {"file_size": said_size or len(content)})

    def unknown(self, number: int, *, person: int = 1) -> Update:
        return self._message(number, person, None, hologram={"shape": "a boiler"})

    def broken(self, number: int) -> Update:
        body = {"message": ["nothing", number]}
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return Update(external_id=f"unread:{digest[:32]}", body=body)

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        """Queue them on the server, let the channel poll, and wait until each was confirmed."""
        listening = asyncio.create_task(channel.listen())
        try:
            numbers = [self.api.tell(update.body) for update in updates]
            while not listening.done() and not all(map(self.api.is_confirmed, numbers)):  # noqa: ASYNC110 - it happens in a thread
                await asyncio.sleep(AGAIN)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    def refuse(self, how: Refusal) -> None:
        if how == "cut_before":
            self.api.go_away()
        else:
            self.api.how = how

    def sent(self) -> list[tuple[str, str]]:
        # Whoever looks has seen that nobody answered: from now on somebody does.
        self.api.come_back()
        return [(f"telegram:{self.account}:{letter['chat']['id']}", letter["text"]) for letter in self.api.letters]

    def _message(self, number: int, person: int, at: datetime | None, **content: Any) -> Update:
        date = int(at.timestamp()) if at else self._now()
        told = {"message_id": number, "from": somebody(person), "chat": chat(person), "date": date}
        return Update(external_id=f"{FIRST_PERSON + person}/{number}", body={"message": told | content})

    def _now(self) -> int:
        return int((self._clock.now() if self._clock else datetime.now(UTC)).timestamp())


def chat(person: int) -> dict[str, Any]:
    """Return one of many private chats."""
    return {"id": FIRST_PERSON + person, "type": "private", "first_name": "Ada", "last_name": f"Resident {person}"}


def somebody(person: int) -> dict[str, Any]:
    """Return one of many residents."""
    told = {"id": FIRST_PERSON + person, "is_bot": False, "first_name": "Ada", "last_name": f"Resident {person}"}
    return told | {"username": f"ada{person}", "language_code": "en"}
