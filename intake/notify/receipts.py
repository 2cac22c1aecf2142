"""What became of a letter, by callback or when asked: kept as a receipt without the resident's address, and read again later."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from intake.chat import ChatFacts, media_type_of
from intake.identity import Identity
from intake.message import InboundMessage, Reading, Sender

KIND = "notify"
Ending = Literal["delivered", "failed"]
ENDINGS: Mapping[str, Ending] = {
    "delivered": "delivered",
    "permanent-failure": "failed",
    "temporary-failure": "failed",
    "technical-failure": "failed",
}
"""The states after which none comes; in all others Notify, or whom it hands letters to, still tries (up to 72 hours)."""
ACCOUNT = "account"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_REFERENCE = re.compile(r"[!-~]{1,998}")


def reference_of(message_id: str) -> str:
    """Return the name under which Notify keeps a letter of ours: its Message-ID, a keyed token that tells of nobody."""
    return message_id.strip().removeprefix("<").removesuffix(">")


def receipt_of(told: object, account: str, arrived: datetime) -> InboundMessage | None:
    """Return a receipt to be kept, or None while nothing is decided; raise ``ValueError`` for what is no state of a letter."""
    facts = _facts(told)
    if facts["status"] not in ENDINGS:
        return None
    return InboundMessage(
        channel=KIND,
        account=account,
        external_id=f"{facts['id']}:{facts['status']}",
        received_at=arrived,
        raw=json.dumps({ACCOUNT: account, **facts}).encode(),
        media_type=media_type_of(KIND),
        act="receipt",
    )


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read a kept receipt; raise ``ValueError`` for what is none."""
    told = json.loads(raw)
    facts, account = _facts(told), told.get(ACCOUNT)
    if facts["status"] not in ENDINGS or not isinstance(account, str):
        raise ValueError("no receipt")
    at = _instant(facts["completed_at"]) or received_at
    failed = ENDINGS[facts["status"]] == "failed"
    return Reading(
        message_id=f"{facts['id']}:{facts['status']}",
        sender=Sender(address=None),
        date=at,
        media_type=media_type_of(KIND),
        channel_kind="dm",
        content_key=hashlib.sha256(f"{KIND}\n{account}\n{facts['id']}\n{facts['status']}".encode()).hexdigest(),
        chat=ChatFacts(
            act="receipt",
            conversation=str(Identity(channel=KIND, account=account, user=facts["id"])),
            about=facts["id"],
            progress=ENDINGS[facts["status"]],
            code=facts["status"] if failed else None,
            happened_at=at,
            named=f"<{facts['reference']}>" if facts["reference"] else None,
        ),
    )


def _facts(told: object) -> dict[str, Any]:
    """Take what is kept of a callback, or of an answer about one letter; the address and the words stay out."""
    if not isinstance(told, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004 - what is wrong is the value, not our call
    name, status, reference = told.get("id"), told.get("status"), told.get("reference")
    if not isinstance(name, str) or not _UUID.fullmatch(name):
        raise ValueError("a state without the id of its letter")
    if not isinstance(status, str):
        raise ValueError("a state without a word for it")  # noqa: TRY004 - as above
    known = reference if isinstance(reference, str) and _REFERENCE.fullmatch(reference) else None
    at = _instant(told.get("completed_at"))
    return {"id": name, "status": status, "reference": known, "completed_at": at.isoformat() if at else None}


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
