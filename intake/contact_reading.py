"""Reads the document of a logged contact back: its words are all new, for nobody quotes on the telephone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from intake.contact import DOCUMENT, TOLD, attachment
from intake.contact_facts import LoggedContact
from intake.message import Attachment, Reading, Sender
from intake.storable import one_line, storable

SHOWN = 1_000
"""Characters of a one-line fact that are read."""


class NotAContact(ValueError):
    """The bytes are no document of a logged contact."""


def read_contact(raw: bytes) -> Reading:
    """Read the document of a contact, or raise ``NotAContact``; the words are all new, for nobody quotes on the telephone."""
    told = _object(raw)
    contact = _contact(told)
    files, problems = _files(told.get("files"))
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
