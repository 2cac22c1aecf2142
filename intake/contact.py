"""The document of a logged contact: one JSON object that holds words, facts and files, kept like any message's bytes.

It says of itself what it is (``document``, ``version``), so that whoever finds it in twenty years can read it. Files stand
in it as base64 with their SHA-256, and come out byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from intake import names
from intake.contact_facts import LoggedContact
from intake.message import CONTACT, Attachment, InboundMessage

ACCOUNT = "desk"
DOCUMENT, VERSION = "council-intake logged contact", 1
TOLD = ("name", "email", "phone", "home", "behalf", "late_why", "category", "reason", "belongs_to")
"""Facts that may be missing, as they are named in the document."""
MEDIA_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}")


def inbound(contact: LoggedContact, files: Sequence[Attachment] = (), account: str = ACCOUNT) -> InboundMessage:
    """Return the contact as the desk hands it to reception: the bytes are written before anything is made of them."""
    return InboundMessage(
        channel=contact.way,
        account=account,
        external_id=contact.id,
        received_at=contact.received_at,
        raw=document(contact, files),
        media_type=CONTACT,
    )


def document(contact: LoggedContact, files: Sequence[Attachment] = ()) -> bytes:
    """Return the document of a contact and its files."""
    facts = {name: getattr(contact, name) for name in ("id", "way", "words", "logged_by", "logged_by_name", *TOLD)}
    times = {name: getattr(contact, name).isoformat() for name in ("logged_at", "received_at")}
    told = {"document": DOCUMENT, "version": VERSION, **facts, **times, "flags": list(contact.flags)}
    return json.dumps(told | {"files": [_written(file) for file in files]}, ensure_ascii=False, indent=1).encode(
        "utf-8", "surrogatepass"
    )


def attachment(name: str, media_type: str, content: bytes, number: int = 1) -> Attachment:
    """Return a file that came with a contact, under a name that is safe to show; ``number`` names one without a name."""
    kind = media_type.lower() if MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
    return Attachment(
        name=names.safe_name(name) or names.unnamed(kind, number),
        type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=False,
        content=content,
    )


def _written(file: Attachment) -> dict[str, Any]:
    facts = {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256}
    return facts | {"base64": base64.b64encode(file.content).decode("ascii")}
