"""Reads a kept message, whatever it is: never raises, and never gives text that a database would refuse.

What cannot be read comes back as a ``Reading`` that says so, and waits for a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from intake.chat import channel_of
from intake.contact_reading import read_contact
from intake.json_line import read_json_line
from intake.loading import reader_of
from intake.message import CONTACT, JSON_LINE, MAIL, Attachment, Reading
from intake.mime import read_mail

_HEAD = 512
MOST_HEADER = 262_144
"""Bytes of a header that are read by themselves."""
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
# A header that says how to take its body apart has none here.
_INNER_TYPE = re.compile(rb"(?im)^(content-(?:type|transfer-encoding))(?=[ \t]*:)")
_FIELD = re.compile(rb"\s*[!-9;-~]+:")


def read(raw: bytes, media_type: str, received_at: datetime | None = None, files: Sequence[Attachment] = ()) -> Reading:
    """Read the bytes of a message by its media type (``MAIL``, ``JSON_LINE``, ``CONTACT``, or that of a chat channel).

    ``files`` are those of a chat message that were fetched from the platform; they are read with it.
    """
    if not raw or raw.isspace():
        return _unreadable(raw, "empty")
    if media_type == MAIL and _is_binary(raw):
        return _unreadable(raw, "not_a_mail")
    try:
        reading = _read(raw, media_type, received_at)
    except Exception as error:  # noqa: BLE001 - whatever a mail does to the reader, the message is kept and a person sees it
        reading = died(_header_alone(raw, media_type, received_at), raw, f"could_not_be_read:{type(error).__name__}")
    return replace(reading, attachments=(*reading.attachments, *files)) if files else reading


def _read(raw: bytes, media_type: str, received_at: datetime | None) -> Reading:
    if media_type == CONTACT:
        return read_contact(raw)
    if media_type == JSON_LINE:
        return read_json_line(raw, received_at)
    channel = channel_of(media_type)
    if channel is None:
        return read_mail(raw, received_at)
    reading: Reading = reader_of(channel).read(raw, received_at)
    return reading


def head_of(raw: bytes) -> bytes:
    """Return the header of a mail alone: what can still be read where its body cannot."""
    found = _HEADER_END.search(raw, 0, MOST_HEADER)
    return _INNER_TYPE.sub(rb"X-\1", raw[: found.start() if found else MOST_HEADER]) + b"\r\n\r\n"


def died(header: Reading, raw: bytes, problem: str) -> Reading:
    """Return the reading of a mail whose header alone could be read: who wrote it and about what, and no words."""
    key = hashlib.sha256(raw).hexdigest()
    bare = replace(header, text="", new_text="", new_ranges=(), quoted="", html=None, attachments=(), bounce=None)
    return replace(bare, unreadable=True, problems=(problem,), content_key=key)


def _header_alone(raw: bytes, media_type: str, received_at: datetime | None) -> Reading:
    try:
        return read_mail(head_of(raw), received_at) if media_type == MAIL else Reading()
    except Exception:  # noqa: BLE001 - as above: then nothing is known of it but its envelope
        return Reading()


def _is_binary(raw: bytes) -> bool:
    """Say whether this is some other kind of file: zero bytes where a mail has its header."""
    head = raw[:_HEAD]
    return head.count(b"\x00") > len(head) // 20 and _FIELD.match(raw) is None


def _unreadable(raw: bytes, problem: str) -> Reading:
    return Reading(unreadable=True, problems=(problem,), content_key=hashlib.sha256(raw).hexdigest())


def as_json(file: str, reading: Reading, automatic: str | None) -> dict[str, Any]:
    """Return one object of ``intake read``, ready for JSON; ``automatic`` is the code of the reason, if any."""
    bounce = reading.bounce
    return {
        "file": file,
        "message_id": reading.message_id,
        "references": list(reading.references),
        "from": reading.sender.address,
        "from_name": reading.sender.name,
        "to": [person.address for person in reading.to if person.address],
        "subject": reading.subject,
        "date": reading.date.isoformat() if reading.date else None,
        "text": reading.text,
        "new_text": reading.new_text,
        "quoted": reading.quoted,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size, "sha256": each.sha256, "inline": each.inline}
            | {"given_name": each.given or each.name}
            for each in reading.attachments
        ],
        "automatic": automatic,
        "bounce": bounce and {"recipient": bounce.recipient, "status": bounce.status, "permanent": bounce.permanent},
        "problems": list(reading.problems),
    }
