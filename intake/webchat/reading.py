"""Reads the document of a web message back, as often as it is needed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Literal

from intake.chat import ChatFacts, media_type_of
from intake.contact import attachment
from intake.message import Attachment, Reading, Sender
from intake.storable import one_line, storable
from intake.webchat.document import DOCUMENT, KIND

SHOWN = 1_000
"""Characters of a one-line fact that are read."""


class NotAWebMessage(ValueError):
    """The bytes are no document of a web message."""


def read(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read the document, or raise ``NotAWebMessage``; the words are all new, for nothing is quoted on a page."""
    told = _object(raw)
    id_, account, conversation = (_line(told.get(name)) for name in ("id", "account", "conversation"))
    act: Literal["message", "press"] = "press" if told.get("act") == "press" else "message"
    if not (id_ and account and conversation) or told.get("act") not in ("message", "press"):
        raise NotAWebMessage("a web message names its act, its conversation and itself")
    pressed, at = _line(told.get("pressed")) or None, _time(told.get("at")) or received_at
    words = storable(str(told.get("words") or "")).replace("\r\n", "\n").replace("\r", "\n").strip()
    files, problems = _files(told.get("files"))
    chat = ChatFacts(
        act=act,
        conversation=conversation,
        about=_line(told.get("about")) or None,
        pressed=pressed,
        happened_at=at,
        belongs_to=_line(told.get("belongs_to")) or None,
    )
    return Reading(
        message_id=id_,
        sender=Sender(address=conversation),
        date=at,
        text=words,
        new_text=words,
        new_ranges=((0, len(words)),) if words else (),
        attachments=tuple(files),
        channel_kind="chat",
        content_key=hashlib.sha256("\0".join((media_type_of(KIND), account, id_)).encode("utf-8", "replace")).hexdigest(),
        chat=chat,
        unreadable=not (words or files or pressed),
        problems=tuple(problems),
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise NotAWebMessage("the bytes are no JSON") from error
    if not isinstance(told, dict) or told.get("document") != DOCUMENT:
        raise NotAWebMessage("the object is no web message")
    return told


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return None


def _line(value: object) -> str:
    return one_line(value, SHOWN) if isinstance(value, str) else ""


def _files(told: object) -> tuple[list[Attachment], list[str]]:
    """Return the files; one that is not what it was is named as a problem, for the case must say which did not arrive."""
    files: list[Attachment] = []
    problems: list[str] = []
    for number, file in enumerate(told if isinstance(told, list) else [], start=1):
        fields = file if isinstance(file, dict) else {}
        try:
            content = base64.b64decode(str(fields.get("base64", "")), validate=True)
        except (binascii.Error, ValueError):
            problems.append(f"file_not_readable:{number}")
            continue
        found = attachment(str(fields.get("name", "")), str(fields.get("type", "")), content, number)
        if found.sha256 != fields.get("sha256"):
            problems.append(f"file_changed:{number}")
        files.append(found)
    return files, problems
