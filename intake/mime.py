"""Reads a mail: header, words, files, and what may be known of its kind. Nothing that it says is believed here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from intake import bodies, texts
from intake.addresses import addresses
from intake.bounces import read_bounce
from intake.dates import believed, read_date
from intake.headers import SHOWN, decoded
from intake.kept import File, Sorted
from intake.message import Attachment, Reading, Sender
from intake.parts import Part, parse
from intake.quoting import NewText, split
from intake.same_mail import content_key
from intake.storable import storable

_MESSAGE_ID = re.compile(r"<[^<>]{1,990}>")
_CID = re.compile(r"(?i)cid:([^\"'\s<>)]+)")
_FORWARDED = re.compile(r"(?i)^\s*(?:fwd?|tr|wg|rv|enc|vs|vb|pd|doorst|i|fs)\s*:")
_EMBEDDED = re.compile(
    r"(?im)^[ \t>*]*(?:from|de|von|da|od)\*?:[^\n]{1,300}\n(?:[^\n]{0,300}\n){0,5}?"
    r"[ \t>*]*(?:to|subject|date|sent|an|betreff|datum|objet|temat|asunto|assunto)\*?:"
)
_INNER_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAILS = frozenset({"message/rfc822", "message/global", "message/partial"})
_ELSEWHERE = "message/external-body"
"""A part that only says where its words lie: nothing is fetched (RFC 2046 section 5.2.3)."""
_NO_DOCUMENT = ("image/", "audio/", "video/", "text/calendar", "message/", "text/vcard", "text/x-vcard")
"""What shows or tells something by itself; words are looked for in what is left."""
_PGP_BEGINS = "-----BEGIN PGP MESSAGE-----"
MOST_REFERENCES = 1_000
MOST_TRACE = 200
_TRACE = frozenset({"received", "authentication-results"})


def read_mail(raw: bytes, received_at: datetime | None = None) -> Reading:
    """Read one mail; ``received_at`` (aware) is what its own date is measured against."""
    parsed = parse(raw)
    root = parsed.root
    found = bodies.sort(root)
    body = texts.chosen(found.words)
    headers, trace = _headers(root)
    subject = headers.get("subject", ("",))[0][:SHOWN]
    senders = [addresses(value) for value in root.values_of("from")]
    sender, problems = _sender([person for people in senders for person in people])
    says_forward = _FORWARDED.match(subject) is not None
    split_text = split(body.text, body.quoted, forwarded=says_forward)
    written = read_date(headers.get("date", ("",))[0])
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
        forwarded=says_forward and _holds_other_mail(root, body.text),
        new_ranges=split_text.new_ranges,
        attachments=attachments,
        headers=headers,
        trace=trace,
        media_type=storable(root.media_type),
        media_parameters=root.kind.named,
        part_types=tuple(storable(part.media_type) for part in root.walk_parts()),
        bounce=read_bounce(root, next(iter(senders[0]), None) if senders else None),
        content_key=content_key(message_id, sender, headers, body.text, attachments, received_at=received_at),
        unreadable=is_empty,
        problems=tuple(
            dict.fromkeys(
                [
                    *parsed.problems,
                    *found.problems,
                    *problems,
                    *_of_words(split_text, body),
                    *_of_kind(root, body, found),
                    *(["nothing_to_read"] if is_empty else []),
                ]
            )
        ),
    )


def _headers(root: Part) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Return every header's values by name, and what relays wrote of the mail's way in the order in which it stands."""
    collected: dict[str, list[str]] = {}
    trace: list[tuple[str, str]] = []
    for raw_name, raw_value in root.raw_items():
        name, value = storable(raw_name.strip().lower()), decoded(raw_value)
        collected.setdefault(name, []).append(value)
        if name in _TRACE and len(trace) < MOST_TRACE:
            trace.append((name, value))
    return {name: tuple(values) for name, values in collected.items()}, tuple(trace)


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


def _attachments(files: list[File], html: str | None) -> tuple[Attachment, ...]:
    """Return the files; one that the html shows as a picture is inline."""
    shown = set(_CID.findall(html)) if html and files else set()
    return tuple(
        replace(file.attachment, inline=True) if file.cid in shown and not file.attachment.inline else file.attachment
        for file in files
    )


def _new_text(split_text: NewText, subject: str) -> str:
    # A subject above an empty body, or above pictures of damp, is the whole report.
    return split_text.new_text if split_text.new_text.strip() else subject


def _holds_other_mail(root: Part, text: str) -> bool:
    """Tell whether another mail's header stands in the words, or the mail itself is attached."""
    return any(part.media_type == "message/rfc822" for part in root.walk_parts()) or _EMBEDDED.search(text) is not None


def _of_words(split_text: NewText, body: texts.Body) -> list[str]:
    problems = ["whole_text_taken_as_new"] if split_text.whole else []
    if body.hidden > len(body.text) // 2 and body.hidden > 100:  # noqa: PLR2004 - a preview line is no trick
        problems.append("mostly_hidden_text")
    return problems


def _has_pgp(text: str) -> bool:
    return text.startswith(_PGP_BEGINS) or f"\n{_PGP_BEGINS}" in text


def _of_kind(root: Part, body: texts.Body, found: Sorted) -> list[str]:
    """Name what keeps the words from us: a person asks for a plain copy, or opens what is attached."""
    types = {part.media_type for part in root.walk_parts()}
    problems = ["encrypted"] if "multipart/encrypted" in types or _has_pgp(body.text) else []
    if body.text.strip() or "winmail_not_read" in found.problems:
        return problems
    attachments = [file.attachment for file in found.files]
    if types & _MAILS or any(file.inside is not None and file.inside.sender is not None for file in attachments):
        problems.append("words_only_in_attached_mail")
    elif _ELSEWHERE in types or any(not file.type.startswith(_NO_DOCUMENT) for file in attachments):
        problems.append("words_only_in_a_file")
    return problems
