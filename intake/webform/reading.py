"""Reads the document of a web form back, as often as it is needed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from intake.chat import media_type_of
from intake.enclosed import files_in
from intake.message import Reading, Sender
from intake.storable import one_line, storable
from intake.told import ToldFacts
from intake.webform.document import DOCUMENT, KIND

SHOWN = 1_000
"""Characters of a one-line fact that are read."""
NAMES = {"name": "Name", "home": "Home", "email": "Email", "phone": "Telephone"}
"""What the writer said of themselves, as it stands under their words."""


class NotAForm(ValueError):
    """The bytes are no document of a web form."""


def read(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read the document, or raise ``NotAForm``; the words are all new, for nothing is quoted in a form."""
    found = _object(raw)
    id_, account, sender = (_line(found.get(name)) for name in ("id", "account", "sender"))
    if not (id_ and account and sender):
        raise NotAForm("a form names its account, its sender and itself")
    words = storable(str(found.get("words") or "")).replace("\r\n", "\n").replace("\r", "\n").strip()
    told = ToldFacts(**{fact.name: _line(found.get(fact.name)) or None for fact in fields(ToldFacts)})
    files, problems = files_in(found.get("files"))
    return Reading(
        message_id=id_,
        sender=Sender(address=sender, name=told.name),
        date=_time(found.get("at")) or received_at,
        text="\n\n".join(filter(None, (words, _lines(told)))),
        new_text=words,
        new_ranges=((0, len(words)),) if words else (),
        attachments=tuple(files),
        # Whoever fills in a form writes whole sentences, as in a mail.
        channel_kind="email",
        content_key=hashlib.sha256("\0".join((media_type_of(KIND), account, id_)).encode()).hexdigest(),
        told=told,
        unreadable=not (words or files),
        problems=tuple(problems),
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise NotAForm("the bytes are no JSON") from error
    if not isinstance(found, dict) or found.get("document") != DOCUMENT:
        raise NotAForm("the object is no web form")
    return found


def _lines(told: ToldFacts) -> str:
    return "\n".join(f"{title}: {fact}" for name, title in NAMES.items() if (fact := getattr(told, name)))


def _line(value: object) -> str:
    return one_line(value, SHOWN) if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
