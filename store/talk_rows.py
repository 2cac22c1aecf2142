"""What hangs on messages by chat when they are shown: other words for them, and those that were read as one with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from store.models import Disposition, Message
from store.rows import columns, whole
from store.unit import Glance

MOST_EDITS = 50
"""Versions of one message that a page lists."""


def edits_of(glance: Glance, messages: Iterable[Any]) -> dict[int, list[Message]]:
    """Return the edits of each of these messages, the oldest first, by its number; messages that have none are left out.

    An edit names its message by the platform's id, which holds for one conversation.
    """
    named = {(one.conversation, one.external_id): one.id for one in messages if one.conversation}
    if not named:
        return {}
    message = columns(Message)
    talks, about = (sorted({key[place] for key in named}) for place in (0, 1))
    wanted = message.conversation.in_(talks), message.act == "edit", message.about.in_(about)
    found: dict[int, list[Message]] = {}
    for row in glance.models(Message, whole(Message).where(*wanted).order_by(message.received_at, message.id)):
        first = named.get((row.conversation, row.about))
        if first is not None:
            found.setdefault(first, []).append(row)
    return {number: rows[-MOST_EDITS:] for number, rows in found.items()}


def parts_of(glance: Glance, message: Message) -> list[Message]:
    """Return the messages that were read as one with this one, in the order in which they came; none for mail."""
    if not message.conversation or message.case_id is None or message.disposition is Disposition.PART:
        return []
    talk = glance.find(Message, conversation=message.conversation, case_id=message.case_id, act="message")
    return _following(sorted(talk, key=_place), message)


def _following(talk: Sequence[Message], first: Message) -> list[Message]:
    parts: list[Message] = []
    for one in talk:
        if _place(one) <= _place(first):
            continue
        if one.disposition is not Disposition.PART:
            break
        parts.append(one)
    return parts


def _place(message: Message) -> tuple[Any, int]:
    return message.received_at, message.id or 0
