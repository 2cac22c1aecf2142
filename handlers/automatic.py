"""Whether a mail was made by a machine, by mail rules A1 to A8: the first that fits is the reason.

A reason speaks only about answering. What opens no case at all is a much narrower question: ``handlers.caseless``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from handlers.addresses import OwnAddresses, local_part_of, usable
from handlers.headers import first, keyword
from handlers.tokens import made_here, shaped_like_ours
from intake.message import Envelope, Reading

Rule = Callable[[Reading, Envelope | None, OwnAddresses], bool]

REPORTS = {
    "message/delivery-status": "delivery-report",
    "message/global-delivery-status": "delivery-report",
    "message/disposition-notification": "read-receipt",
    "message/global-disposition-notification": "read-receipt",
    "message/feedback-report": "feedback-report",
}
"""Parts that only machines write, and what a mail made of them is (RFC 3464, 6533, 8098, 5965)."""
FORWARDED = frozenset({"message/rfc822", "message/global"})
CALENDARS = frozenset({"text/calendar", "application/ics"})
MARKS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-mail-autoreply")
"""Marks of automatic replies (mail rule A6), which may also say "no"."""
MACHINES = (
    "x-autoresponder",
    "x-auto-reply-from",
    "x-fc-machinegenerated",
)
"""Headers that only automatic replies have, whatever they say (FirstClass, older responders)."""
MAILBOX_RULES = ("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source")
"""Headers of what an Exchange mailbox's rules sent: an absence note, or a person's mail passed on."""
PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply"})
SUPPRESSING = frozenset({"all", "autoreply", "oof"})
"""Values of ``X-Auto-Response-Suppress`` that ask for no answer; DR, RN and NRN only speak of reports (MS-OXCMAIL)."""
MOST_RELAYS = 50
NOBODY = re.compile(
    r"(?:prvs=[^=]*=)?(?:(?:mailer[-_]daemon|postmaster)(?:\+.*)?|.*noreply.*|(?:.*[^a-z])?no[-_.]?repl(?:y|ies).*|.*do[-_.]?not[-_.]?(?:reply|respond).*"
    r"|(?:.*[^a-z])?auto[-_.]?repl(?:y|ies).*|bounces?(?:[^a-z].*|handler)?|owner-.*|.*-owner|.*-request|listserv|majordomo"
    r"|.*ne[-_.]?pas[-_.]?repondre.*|.*nicht[-_.]?antworten.*|(?:.*[^a-z])?no[-_.]?responder.*|.*nao[-_.]?responda.*)"
)
DAEMON = re.compile(r"mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|smtp[-_.]?daemon|mdaemon")
DAEMONS_NAME = re.compile(
    r"(?:internet )?mail delivery(?: (?:sub)?system| service)?|(?:system|mail|e-?mail) administrator|mail system"
    r"|mailer[- ]daemon|post ?master",
    re.IGNORECASE,
)
CALENDAR_METHOD = re.compile(rb"^METHOD:(?:REPLY|COUNTER)\b", re.IGNORECASE | re.MULTILINE)


def return_path(reading: Reading, envelope: Envelope | None) -> str | None:
    """Return the reverse path, "" for the null one: the envelope's, else the topmost ``Return-Path`` (mail by IMAP)."""
    path = envelope.mail_from if envelope is not None else first(reading, "return-path")
    return None if path is None else path.strip().removeprefix("<").removesuffix(">").strip()


def null_sender(reading: Reading, envelope: Envelope | None) -> bool:
    """Say whether the mail came with the null reverse path of bounces (RFC 5321 section 4.5.5)."""
    return return_path(reading, envelope) == ""


def from_daemon(reading: Reading) -> bool:
    """Say whether the From is a mail system's own address."""
    return DAEMON.fullmatch(local_part_of(reading.sender.address or "")) is not None


def named_daemon(reading: Reading) -> bool:
    """Say whether the From has a mail system's name, or nobody's: whoever writes may call themselves so."""
    name = (reading.sender.name or "").strip()
    return DAEMONS_NAME.fullmatch(name) is not None if name else not reading.sender.address


def auto_submitted(reading: Reading) -> str | None:
    """Return the first keyword of ``Auto-Submitted`` that is not "no", or nothing (RFC 3834 section 5); an empty one says nothing."""
    return next((word for word in map(keyword, reading.headers.get("auto-submitted", ())) if word not in ("no", "")), None)


def own_parts(reading: Reading) -> tuple[str, ...]:
    """Return the media types before any forwarded mail: a bounce that a resident attaches does not make theirs one."""
    return tuple(takewhile(lambda kind: kind not in FORWARDED, reading.part_types))


def calendar_answers(reading: Reading) -> tuple[bytes, ...]:
    """Return the calendar parts by which somebody accepts, declines or counters an invitation (RFC 5546)."""
    files = (file.content for file in reading.attachments if file.type in CALENDARS)
    return tuple(content for content in files if CALENDAR_METHOD.search(content))


def _values(reading: Reading, *names: str) -> list[str]:
    return [value for name in names for value in reading.headers.get(name, ())]


def _is_list(reading: Reading) -> bool:
    return any(name.startswith("list-") or name in {"mailing-list", "feedback-id"} for name in reading.headers)


def _asks_no_answer(reading: Reading) -> bool:
    values = _values(reading, "x-auto-response-suppress")
    return any(word in SUPPRESSING for value in values for word in re.split(r"[\s,;]+", value.casefold()))


def _is_report(reading: Reading) -> bool:
    return reading.media_type in {"multipart/report", *REPORTS} or not REPORTS.keys().isdisjoint(own_parts(reading))


def has_mark(reading: Reading) -> bool:
    """Say whether the mail is marked as an automatic reply, and nothing else, in a way of older systems."""
    marked = any(keyword(value) not in {"no", "false"} for value in _values(reading, *MARKS))
    # Outlook's class 9 is "automatic message"; the other classes are people's (mail rule A6).
    classed = any(value.strip().startswith("9") for value in _values(reading, "x-post-messageclass"))
    responder = any(value.strip().casefold() == "autoresponder" for value in _values(reading, "delivered-to"))
    return marked or classed or responder or not reading.headers.keys().isdisjoint(MACHINES)


def sent_by_rule(reading: Reading) -> bool:
    """Say whether a mailbox's rules sent the mail, be it a note of theirs or a person's mail that they pass on."""
    return not reading.headers.keys().isdisjoint(MAILBOX_RULES)


def precedence(reading: Reading) -> set[str]:
    """Return the values of ``Precedence`` that machines give themselves."""
    return {keyword(value).replace("-", "_") for value in _values(reading, "precedence", "x-precedence")} & PRECEDENCES


def _is_calendar_answer(reading: Reading) -> bool:
    method = reading.media_parameters.get("method", "").casefold()
    return (reading.media_type == "text/calendar" and method in {"reply", "counter"}) or bool(calendar_answers(reading))


def _from_nobody(reading: Reading, envelope: Envelope | None) -> bool:
    addresses = (reading.sender.address, return_path(reading, envelope))
    return any(NOBODY.fullmatch(local_part_of(address)) for address in addresses if address)


def own_message_id(reading: Reading, own: OwnAddresses) -> bool:
    """Say whether our key made the Message-ID."""
    return made_here(reading.message_id, own.keys)


def answers_ours(reading: Reading, own: OwnAddresses) -> bool:
    """Say whether the mail answers one whose Message-ID our key made."""
    return any(made_here(name, own.keys) for name in (*reading.in_reply_to, *reading.references))


def _looks_like_ours(reading: Reading, own: OwnAddresses) -> bool:
    # Another service of the landlord may share the domain and run this program too: a reason not to answer, and no more.
    return own_message_id(reading, own) or shaped_like_ours(reading.message_id, own.message_id_domain)


def own_loop_mark(reading: Reading, own: OwnAddresses) -> bool:
    """Say whether the mail carries the mark that every letter of ours shows: who has one may copy it."""
    return any(value.strip() == own.loop_mark for value in reading.headers.get("x-loop", ()))


def _loops(reading: Reading, own: OwnAddresses) -> bool:
    return own_loop_mark(reading, own) or len(reading.headers.get("received", ())) > MOST_RELAYS


RULES: tuple[tuple[str, Rule], ...] = (
    ("null-sender", lambda reading, envelope, _: null_sender(reading, envelope)),
    ("auto-submitted", lambda reading, *_: auto_submitted(reading) is not None),
    ("list", lambda reading, *_: _is_list(reading)),
    ("precedence", lambda reading, *_: bool(precedence(reading))),
    ("auto-response-suppress", lambda reading, *_: _asks_no_answer(reading)),
    ("report", lambda reading, *_: _is_report(reading)),
    ("failed-recipients", lambda reading, *_: "x-failed-recipients" in reading.headers),
    ("auto-reply-mark", lambda reading, *_: has_mark(reading) or sent_by_rule(reading)),
    ("calendar-reply", lambda reading, *_: _is_calendar_answer(reading)),
    ("no-sender", lambda reading, *_: not usable(reading.sender.address)),
    ("no-reply-sender", lambda reading, envelope, _: _from_nobody(reading, envelope)),
    ("own-address", lambda reading, _, own: own.hold(reading.sender.address or "")),
    ("own-message-id", lambda reading, _, own: _looks_like_ours(reading, own)),
    ("loop", lambda reading, _, own: _loops(reading, own)),
)
"""The rules in their order; the code of the first that fits is kept with the message."""


def automatic(reading: Reading, envelope: Envelope | None, own: OwnAddresses) -> str | None:
    """Return the code of the first rule by which this is automatic mail, or nothing; chat has none of these marks."""
    if reading.chat is not None:
        return "bot" if reading.chat.machine else None
    if reading.channel_kind != "email":
        return None
    return next((code for code, holds in RULES if holds(reading, envelope, own)), None)
