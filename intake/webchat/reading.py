"""Reads the document of a web message back, as often as it is needed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from intake.chat import ChatFacts, media_type_of
from intake.enclosed import files_in
from intake.message import Reading, Sender
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
    words = _words(told.get("words"))
    files, problems = files_in(told.get("files"))
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
        problems=(*problems, *(["file_not_taken"] if told.get("left_out") else [])),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """What the first bytes of a document say: its words, None where they are cut off, and the names of its files."""

    words: str | None
    files: tuple[str, ...] = ()


def beginning(head: bytes) -> Beginning:
    """Return what the first bytes of a document say."""
    text = head.decode("utf-8", "replace")
    words, names = _value(text, "words"), _value(text, "names")
    files = tuple(_line(name) for name in names) if isinstance(names, list) else ()
    return Beginning(words=_words(words) if isinstance(words, str) else None, files=files)


def _value(text: str, name: str) -> object:
    # A line's end stands nowhere but between the values: within words it is escaped.
    mark = f'\n "{name}": '
    at = text.find(mark)
    try:
        return json.JSONDecoder().raw_decode(text, at + len(mark))[0] if at >= 0 else None
    except (ValueError, RecursionError):
        return None


def _words(value: object) -> str:
    return storable(str(value or "")).replace("\r\n", "\n").replace("\r", "\n").strip()


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
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def _line(value: object) -> str:
    return one_line(value, SHOWN) if isinstance(value, str) else ""
