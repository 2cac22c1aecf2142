"""Which mail opens no case: only what machines certainly wrote about mail of ours, or our own mail come back.

Everything else that has words goes on to be classified, whatever its headers say of themselves: a web form or a device
may mark a genuine complaint as automatic, and then only the answer is withheld.
"""

from __future__ import annotations

import re

from handlers.addresses import OwnAddresses
from handlers.automatic import (
    FORWARDED,
    REPORTS,
    answers_ours,
    auto_submitted,
    calendar_answers,
    from_daemon,
    has_mark,
    named_daemon,
    null_sender,
    own_message_id,
    own_parts,
    precedence,
    sent_by_rule,
)
from handlers.subjects import says_away, subject_word
from handlers.tokens import made_here
from intake.message import Envelope, Reading

FOLD = re.compile(rb"\r?\n[ \t]")
NOTE = re.compile(rb"^COMMENT[^:\r\n]{0,200}:(?:[ \t]|\\n)*(?!\\n)[^\s]", re.IGNORECASE | re.MULTILINE)
"""A person's own words in a calendar answer (RFC 5545 section 3.8.1.4); Outlook writes an empty one as ``\\n``."""
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)
LONGEST = 64 * 1024
"""Bytes of a returned mail in which its Message-ID must stand."""
SHAPES = frozenset({*REPORTS, "text/rfc822-headers", "message/rfc822-headers"})
"""Parts that only mail systems put into a mail."""
ANSWER_SHAPES = frozenset({"text/calendar", "multipart/alternative"})


def _report(reading: Reading) -> str | None:
    if reading.media_type != "multipart/report" and reading.media_type not in REPORTS:
        return None
    kinds = (reading.media_type, *own_parts(reading))
    return next((REPORTS[kind] for kind in kinds if kind in REPORTS), None)


def _is_bounce(reading: Reading, envelope: Envelope | None, own: OwnAddresses) -> bool:
    """Recognise the bounces of older mail systems, which write no report (Exim, qmail).

    Neither an empty reverse path nor the subject is a machine's alone: gateways and mailbox rules send people's mail with the
    one, and people write the other. In a person's name a bounce must have its shape too, or name our very letter.
    """
    null, failed = null_sender(reading, envelope), "x-failed-recipients" in reading.headers
    speaks = failed or reading.bounce is not None or subject_word(reading.subject) == "undelivered"
    if from_daemon(reading):
        return null or speaks
    shaped = failed or not SHAPES.isdisjoint(own_parts(reading))
    return null and (shaped or (speaks and (named_daemon(reading) or _returns_ours(reading, own))))


def _returns_ours(reading: Reading, own: OwnAddresses) -> bool:
    """Say whether a letter of ours is told of as returned, in the words or as an attached mail."""
    files = (file.content[:LONGEST] for file in reading.attachments if file.type in FORWARDED)
    named = [found[1].decode("ascii", "replace") for content in files if (found := MESSAGE_ID.search(content))]
    told = reading.bounce.message_id if reading.bounce is not None else None
    return any(made_here(name, own.keys) for name in (told, *named))


def _is_calendar_answer(reading: Reading) -> bool:
    """Recognise an answer to an invitation that holds nothing but the answer; one attached to a letter is not it."""
    answers = calendar_answers(reading)
    shaped = reading.media_type in ANSWER_SHAPES or subject_word(reading.subject) == "calendar"
    return shaped and bool(answers) and not any(NOTE.search(FOLD.sub(b"", answer)) for answer in answers)


def _is_out_of_office(reading: Reading, envelope: Envelope | None, own: OwnAddresses) -> bool:
    """Recognise an absence note: marked as an automatic reply, and in answer to our letter or with such a note's subject.

    Most write ``auto-replied`` (RFC 3834 section 5.1), older systems their own marks. Exchange marks its notes
    ``auto-generated`` and others ``bulk``, as help desks do with what people write there: these need the subject too, or
    the null sender. A gateway gives that to people's answers as well, so it alone is no sign.
    """
    ours, away = answers_ours(reading, own), subject_word(reading.subject) == "away"
    mark, levels = auto_submitted(reading), precedence(reading)
    if mark == "auto-replied" or has_mark(reading) or "auto_reply" in levels:
        return ours or away
    marked = mark is not None or bool(levels)
    if null_sender(reading, envelope) and ours:
        return away or says_away(reading.subject) or (marked and not sent_by_rule(reading))
    return ours and away and (marked or sent_by_rule(reading))


def opens_no_case(reading: Reading, envelope: Envelope | None, own: OwnAddresses) -> str | None:
    """Return why this mail opens no case, or nothing for all that a person may have meant for us (F13)."""
    if reading.chat is not None or reading.channel_kind != "email" or reading.unreadable:
        return None
    if own_message_id(reading, own):
        return "own-mail"
    if report := _report(reading):
        return report
    if _is_bounce(reading, envelope, own):
        return "bounce"
    if _is_calendar_answer(reading):
        return "calendar-reply"
    return "out-of-office" if _is_out_of_office(reading, envelope, own) else None
