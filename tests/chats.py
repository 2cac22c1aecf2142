"""Residents who write by chat, for tests of what staff do with it: kept as a door would, read without any platform."""

from __future__ import annotations

import json
from datetime import timedelta

from houses import settle
from intake.message import JSON_LINE, InboundMessage
from intake.telegram_bot.arrivals import arrival_of
from store.chat_models import Conversation
from store.models import Message
from store.unit import Unit

ADA = "telegram:housing-bot:12345"


def heard(unit: Unit, identity: str, at: object) -> None:
    """Note that somebody wrote in a conversation, whether or not it is known already."""
    if not unit.update(Conversation, identity, heard_at=at):
        unit.add(Conversation, [{"identity": identity, "heard_at": at}])


def wrote(house, words: str, *, identity: str = ADA, name: str = "Ada", **more: object) -> int:
    """Let somebody write by chat and settle it; return the message's number. ``more`` are columns of the message."""
    channel, account, _ = identity.split(":", 2)
    now = house.clock.now()
    number = len(house.__dict__.setdefault("_chats", []))
    document = {"channel": "chat", "text": words, "sender": {"address": identity, "name": name}, "received_at": now.isoformat()}
    message = InboundMessage(
        channel=channel,
        account=account,
        external_id=f"{identity}:{number}",
        received_at=now,
        raw=json.dumps(document).encode(),
        media_type=JSON_LINE,
        conversation=identity,
        act="message",
        quiet=timedelta(0),
    )
    house.__dict__["_chats"].append(message.external_id)
    message_id = house.reception.put([message])[0].message_id
    settle(house)
    with house.store.unit("T6") as unit:
        heard(unit, identity, now)
        if more:
            unit.update(Message, message_id, **more)
        unit.commit()
    return message_id


def updates(house, *told: dict) -> list[int]:
    """Let updates come in as Telegram tells of them, and settle them when nothing more is awaited; return their numbers."""
    now = house.clock.now()
    kept = house.reception.put([arrival_of(one, "housing-bot", now, timedelta(seconds=2)) for one in told])
    house.clock.at += timedelta(seconds=40)
    settle(house)
    return [one.message_id for one in kept]


def update(house, number: int, kind: str = "message", **content: object) -> dict:
    """Return an update about Ada's message of this number."""
    at = int(house.clock.now().timestamp())
    ada = {"id": 12345, "is_bot": False, "first_name": "Ada"}
    told = {"message_id": number, "from": ada, "chat": {"id": 12345, "type": "private"}, "date": at}
    edited = {"edit_date": at} if kind == "edited_message" else {}
    return {"update_id": 10_000 + number, kind: told | edited | content}


def photo(name: str) -> list[dict]:
    """Return a picture as Telegram names it."""
    return [{"file_id": name, "file_unique_id": name, "file_size": 900, "width": 60, "height": 40}]
