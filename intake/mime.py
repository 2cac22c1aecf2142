"""Reads a mail: header, words, files, and what may be known of its kind. Nothing that it says is believed here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from intake import bodies, texts
from intake.addresses import addresses
from intake.bounces import read_bounce
from intake.dates import believed, read_date
from intake.headers import SHOWN, decoded
from intake.message import Attachment, Reading, Sender
from intake.parts import Part, parse
from intake.quoting import NewText, split
from intake.storable import storable

_MESSAGE_ID = re.compile(r"<[^<>]{1,990}>")
_CID = re.compile(r"(?i)cid:([^\"'\s<>)]+)")
_FORWARDED = re.compile(r"(?i)^\s*(?:fwd?|tr|wg|rv|enc|vs|vb|pd|doorst|i|fs)\s*:")
_INNER_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
MOST_REFERENCES = 1_000


def read_mail(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read one mail; ``received_at`` (aware) is what its own date is measured against."""
    parsed = parse(raw)
    root = parsed.root
    found = bodies.sort(root)
    body = texts.chosen(found.words)
    headers = _headers(root)
    subject = headers.get("subject", ("",))[0][:SHOWN]
    senders = [addresses(value) for value in root.values_of("from")]
    sender, problems = _sender([person for people in senders for person in people])
    split_text = split(body.text, body.quoted, forwarded=_FORWARDED.match(subject) is not None)
    written = read_date(headers.get("date", ("",))[0])
    moment = written.isoformat() if written else headers.get("date", ("",))[0]
    message_id = _message_id(headers)
    attachments = _attachments(found.files, body.html)
    is_empty = not (body.text.strip() or subject or attachments)
    return Reading(
        message_id=message_id,
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        sender=sender,
        to=_people(root, "to"),
        cc=_people(root, "cc"),
        reply_to=_people(root, "reply-to"),
        subject=subject,
        date=believed(written, received_at),
        text=body.text,
        html=body.html,
        new_text=_new_text(split_text, subject),
        quoted=split_text.quoted,
        new_ranges=split_text.new_ranges,
        attachments=attachments,
        headers=headers,
        media_type=storable(root.media_type),
        media_parameters=root.kind.named,
        part_types=tuple(storable(part.media_type) for part in root.walk_parts()),
        bounce=read_bounce(root, next(iter(senders[0]), None) if senders else None),
        content_key=content_key(message_id, sender, moment, body.text, attachments),
        unreadable=is_empty,
        problems=tuple(
            dict.fromkeys(
                [*parsed.problems, *found.problems, *problems, *_of_words(split_text, body), *_of_kind(root, body, is_empty)]
            )
        ),
    )


def _headers(root: Part) -> dict[str, tuple[str, ...]]:
    collected: dict[str, list[str]] = {}
    for name, value in root.raw_items():
        collected.setdefault(storable(name.strip().lower()), []).append(decoded(value))
    return {name: tuple(values) for name, values in collected.items()}


def _sender(people: list[Sender]) -> tuple[Sender, list[str]]:
    """Return the first of those whom From names, and what is odd about it."""
    if not people:
        return Sender(address=None), ["from_missing"]
    first = next((person for person in people if person.address), people[0])
    problems = ["several_from"] if len(people) > 1 else []
    inner = _INNER_ADDRESS.search(first.name or "")
    if inner and inner[0].lower() != (first.address or "").lower():
        problems.append("name_holds_other_address")
    return first, problems


def _people(root: Part, header: str) -> tuple[Sender, ...]:
    return tuple(person for value in root.values_of(header) for person in addresses(value))


def _message_id(headers: dict[str, tuple[str, ...]]) -> str | None:
    written = headers.get("message-id", ("",))[0]
    found = _MESSAGE_ID.search(written)
    return found[0] if found else (written[:SHOWN] or None)


def _ids(headers: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    found = [match[0] for value in headers.get(name, ()) for match in _MESSAGE_ID.finditer(value)]
    return tuple(dict.fromkeys(found))[-MOST_REFERENCES:]


def _attachments(files: list[bodies.File], html: str | None) -> tuple[Attachment, ...]:
    """Return the files; one that the html shows as a picture is inline."""
    shown = set(_CID.findall(html)) if html and files else set()
    return tuple(
        replace(file.attachment, inline=True) if file.cid in shown and not file.attachment.inline else file.attachment
        for file in files
    )


def _new_text(split_text: NewText, subject: str) -> str:
    # A subject above an empty body, or above pictures of damp, is the whole report.
    return split_text.new_text if split_text.new_text.strip() else subject


def _of_words(split_text: NewText, body: texts.Body) -> list[str]:
    problems = ["whole_text_taken_as_new"] if split_text.whole else []
    if body.hidden > len(body.text) // 2 and body.hidden > 100:  # noqa: PLR2004 - a preview line is no trick
        problems.append("mostly_hidden_text")
    return problems


def _of_kind(root: Part, body: texts.Body, is_empty: bool) -> list[str]:
    """Name what keeps the words from us: a person asks for a plain copy, or opens what is attached."""
    types = {part.media_type for part in root.walk_parts()}
    problems = ["encrypted"] if types & _ENCRYPTED or body.text.lstrip().startswith("-----BEGIN PGP MESSAGE-----") else []
    if not body.text.strip() and "message/rfc822" in types:
        problems.append("words_only_in_attached_mail")
    return [*problems, "nothing_to_read"] if is_empty else problems


def content_key(message_id: str | None, sender: Sender, moment: str, text: str, attachments: Sequence[Attachment]) -> str:
    """Return the SHA-256 (hex) that one mail has by whatever route and in whatever encoding it came."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    files = sorted(file.sha256 for file in attachments)
    fields = [message_id or "", (sender.address or "").lower(), moment, words, *files]
    return hashlib.sha256("\x00".join(fields).encode("utf-8")).hexdigest()
