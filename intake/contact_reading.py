"""Reads the document of a logged contact back: its words are all new, for nobody quotes on the telephone."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from intake.contact import DOCUMENT, TOLD
from intake.contact_facts import LoggedContact
from intake.enclosed import files_in
from intake.message import Reading, Sender
from intake.storable import one_line, storable

SHOWN = 1_000
"""Characters of a one-line fact that are read."""


class NotAContact(ValueError):
    """The bytes are no document of a logged contact."""


def read_contact(raw: bytes) -> Reading:
    """Read the document of a contact, or raise ``NotAContact``; the words are all new, for nobody quotes on the telephone."""
    told = _object(raw)
    contact = _contact(told)
    files, problems = files_in(told.get("files"))
    return Reading(
        sender=Sender(address=contact.email, name=contact.name),
        date=contact.received_at,
        text=contact.words,
        new_text=contact.words,
        new_ranges=((0, len(contact.words)),) if contact.words else (),
        attachments=tuple(files),
        # Notes of colleagues are nearest to mail of what the classifier was trained on: whole sentences, about somebody.
        channel_kind="email",
        # By its one-time name: sent twice, even as two kinds of contact, it is one.
        content_key=hashlib.sha256(f"contact\0{contact.id}".encode()).hexdigest(),
        contact=contact,
        unreadable=not (contact.words.strip() or files),
        problems=tuple(problems),
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise NotAContact("the bytes are no JSON") from error
    if not isinstance(told, dict) or told.get("document") != DOCUMENT:
        raise NotAContact("the object is no logged contact")
    return told


def _contact(told: dict[str, Any]) -> LoggedContact:
    said = {name: _line(told.get(name)) or None for name in TOLD}
    flags = told.get("flags")
    try:
        return LoggedContact(
            id=_line(told.get("id")),
            way=_line(told.get("way")),
            words=storable(str(told.get("words") or "")).replace("\r\n", "\n").replace("\r", "\n"),
            logged_by=_line(told.get("logged_by")),
            logged_by_name=_line(told.get("logged_by_name")),
            logged_at=datetime.fromisoformat(str(told.get("logged_at"))).astimezone(UTC),
            received_at=datetime.fromisoformat(str(told.get("received_at"))).astimezone(UTC),
            flags=tuple(map(_line, flags)) if isinstance(flags, list) else (),
            **said,
        )
    except ValueError as error:
        raise NotAContact(str(error)) from error


def _line(value: object) -> str:
    return one_line(value, SHOWN) if isinstance(value, str) else ""
