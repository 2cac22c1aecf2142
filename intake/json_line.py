"""Reads one imported JSON line: ``text``, and if given ``id, channel, subject, sender, received_at``."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from intake import charsets
from intake.addresses import addresses
from intake.flowed import one_form
from intake.headers import SHOWN
from intake.message import Reading, Sender
from intake.quoting import split_reply
from intake.storable import one_line, storable

KINDS = ("email", "dm", "chat")


class NotAMessage(ValueError):
    """The line is no JSON object with a text."""


def read_json_line(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read one line, or raise ``NotAMessage``; ``received_at`` stands in where the line tells no time."""
    fields = _fields(raw)
    text = one_form(storable(fields["text"]))
    split = split_reply(text)
    subject = one_line(_string(fields.get("subject")), SHOWN)
    kind = _string(fields.get("channel"))
    problems = ["whole_text_taken_as_new"] if split.whole else []
    is_empty = not (text.strip() or subject)
    return Reading(
        sender=_sender(fields.get("sender")),
        subject=subject,
        date=_moment(fields.get("received_at")) or received_at,
        text=text,
        new_text=split.new_text or subject,
        quoted=split.quoted,
        new_ranges=split.new_ranges,
        channel_kind=kind if kind in KINDS else "email",
        content_key=_key(fields, text),
        unreadable=is_empty,
        problems=tuple([*problems, "nothing_to_read"] if is_empty else problems),
    )


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(charsets.decode(raw).text)
    except (ValueError, RecursionError) as error:
        raise NotAMessage("the line is no JSON") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise NotAMessage("the line is no object with a text")
    return fields


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _sender(value: object) -> Sender:
    """Take an address, or an object with ``address`` and ``name``."""
    if isinstance(value, dict):
        address = one_line(_string(value.get("address")), SHOWN)
        return Sender(address=address or None, name=one_line(_string(value.get("name")), SHOWN) or None)
    written = one_line(_string(value))
    found = addresses(written) if "@" in written else ()
    if found:
        return found[0]
    return Sender(address=written or None)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_string(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _key(fields: dict[str, Any], text: str) -> str:
    parts = [storable(str(fields.get(name) or "")) for name in ("id", "channel", "sender", "received_at", "subject")]
    return hashlib.sha256("\x00".join([*parts, " ".join(text.split())]).encode()).hexdigest()
