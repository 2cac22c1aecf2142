"""An inbox in memory, and ways to build each of Meta's channels, for tests of one part at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from channels.benches.instagram import InstagramBench
from channels.benches.messenger import MessengerBench
from channels.benches.whatsapp import WhatsAppBench
from intake.channel import InboxUnavailable, Reply
from intake.message import InboundMessage, Receipt

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BENCHES = {"messenger": MessengerBench, "instagram": InstagramBench, "whatsapp": WhatsAppBench}


class Box:
    """An inbox that keeps each name once, and says what it was told."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], InboundMessage] = {}
        self.puts: list[int] = []
        self.health: list[tuple[str, str, str | None]] = []
        self.refused_requests: Counter[tuple[str, str]] = Counter()
        self.standing: list[tuple[str, str | None]] = []
        self.refuses = False

    def put(self, messages: Sequence[InboundMessage]) -> Sequence[Receipt]:
        if self.refuses:
            raise InboxUnavailable("not now")
        self.puts.append(len(messages))
        receipts = []
        for message in messages:
            name = (message.channel, message.account, message.external_id)
            receipts.append(Receipt(message_id=len(self.kept), fresh=name not in self.kept))
            self.kept.setdefault(name, message)
        return receipts

    def position(self, account: str, folder: str) -> None:
        return None

    def heard(self, channel: str, account: str, error: str | None = None) -> None:
        self.health.append((channel, account, error))

    def refused(self, channel: str, account: str) -> None:
        self.refused_requests[channel, account] += 1

    def stands(self, channel: str, account: str, matter: str, trouble: str | None) -> None:
        self.standing.append((matter, trouble))

    def hold(self, account: str, holder: str, seconds: float) -> bool:
        return True

    @property
    def messages(self) -> list[InboundMessage]:
        return list(self.kept.values())


def letter(recipient: str, text: str = "We have your message.", **more: Any) -> Reply:
    """Return a letter to somebody on chat."""
    told = {
        "message_id": "<letter-1@housing.example>",
        "sender": "housing",
        "sender_name": "Housing",
        "subject": "Your message",
    }
    return Reply(**{**told, "recipient": recipient, "text": "long form", "short": text, "written_at": NOON, **more})
