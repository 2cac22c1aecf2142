"""The key that one mail has by whatever route and in whatever encoding it came, and no other mail has (mail rule D)."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.dates import believed, read_date
from intake.message import Attachment, Sender

LONDON = ZoneInfo("Europe/London")
LIST_TAG = re.compile(r"\[[^\]]{1,60}\]\s*")
"""What a list, or a border that marks foreign mail, writes into a subject on one route and not on another."""

_BETWEEN_LETTERS: dict[int, None] = dict.fromkeys(
    [
        *map(ord, string.punctuation + string.whitespace),
        *range(0x7F, 0xA1),
        0xB7,
        *range(0x2000, 0x2070),
        0x25A0,
        0x25AA,
        0x25CF,
        0x3000,
        0xFEFF,
    ]
)
"""Blanks, punctuation, dashes and bullets; not signs that stand for words, such as a thumb up or down."""


def content_key(
    message_id: str | None,
    sender: Sender,
    headers: Mapping[str, tuple[str, ...]],
    text: str,
    attachments: Sequence[Attachment],
    *,
    received_at: datetime | None,
) -> str:
    """Return the SHA-256 (hex) over Message-ID, From, Date, subject, words and files.

    A mail without an id of its own is told from the next by its recipients too, and without a date that can be believed by
    the day of its receipt: an alarm or a form that says the same in two months says something new. Erring opens a second
    case; it loses no report.
    """
    subject = " ".join(LIST_TAG.sub("", headers.get("subject", ("",))[0]).split())
    files = sorted(file.sha256 for file in attachments)
    moment, told = _moment(headers, received_at)
    fields = [message_id or "", (sender.address or "").lower(), moment, subject, _words(text), *files]
    if message_id is None:
        fields += ["to", *headers.get("to", ())]
    if received_at is not None and not (told if message_id is None else moment):
        fields += ["received", received_at.astimezone(LONDON).date().isoformat()]
    return hashlib.sha256("\x00".join(fields).encode("utf-8")).hexdigest()


def _words(text: str) -> str:
    """Return the letters of a text: Exchange builds mail anew, and then html has no asterisks before what is listed."""
    whole = unicodedata.normalize("NFC", text)
    return whole.translate(_BETWEEN_LETTERS) or " ".join(whole.split())


def _moment(headers: Mapping[str, tuple[str, ...]], received_at: datetime | None) -> tuple[str, bool]:
    """Return the Date header for comparison, and whether it may be believed: a clock that stands still tells nothing apart."""
    header = headers.get("date", ("",))[0]
    written = read_date(header)
    if written is None:
        return header, False
    return written.isoformat(), believed(written, received_at) == written
