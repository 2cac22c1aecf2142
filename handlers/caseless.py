"""Which mail opens no case: only what machines certainly wrote about mail of ours, or our own mail come back.

Everything else that has words goes on to be classified, whatever its headers say of themselves: a web form or a device
may mark a genuine complaint as automatic, and then only the answer is withheld.
"""

from __future__ import annotations

import re

from handlers.addresses import OwnAddresses
from handlers.automatic import (
    REPORTS,
    auto_submitted,
    calendar_answers,
    from_daemon,
    null_sender,
    own_loop_mark,
    own_message_id,
    own_parts,
)
from handlers.subjects import subject_word
from handlers.tokens import shaped_like_ours
from intake.message import Envelope, Reading

FOLD = re.compile(rb"\r?\n[ \t]")
NOTE = re.compile(rb"^COMMENT[^:\r\n]{0,200}:(?:[ \t]|\\n)*(?!\\n)[^\s]", re.IGNORECASE | re.MULTILINE)
"""A person's own words in a calendar answer (RFC 5545 section 3.8.1.4); Outlook writes an empty one as ``\\n``."""
ANSWER_SHAPES = frozenset({"text/calendar", "multipart/alternative"})


def _report(reading: Reading) -> str | None:
    if reading.media_type != "multipart/report" and reading.media_type not in REPORTS:
        return None
    kinds = (reading.media_type, *own_parts(reading))
    return next((REPORTS[kind] for kind in kinds if kind in REPORTS), None)


def _is_bounce(reading: Reading, envelope: Envelope | None) -> bool:
    """Recognise the bounces of older mail systems, which write no report (Exim, qmail): two signs of three are needed."""
    null, daemon = null_sender(reading, envelope), from_daemon(reading)
    speaks = "x-failed-recipients" in reading.headers or subject_word(reading.subject) == "undelivered"
    return null + daemon + (speaks or reading.bounce is not None) > 1


def _is_calendar_answer(reading: Reading) -> bool:
    """Recognise an answer to an invitation that holds nothing but the answer; one attached to a letter is not it."""
    answers = calendar_answers(reading)
    shaped = reading.media_type in ANSWER_SHAPES or subject_word(reading.subject) == "calendar"
    return shaped and bool(answers) and not any(NOTE.search(FOLD.sub(b"", answer)) for answer in answers)


def _answers_ours(reading: Reading, own: OwnAddresses) -> bool:
    return any(shaped_like_ours(name, own.message_id_domain) for name in (*reading.in_reply_to, *reading.references))


def _is_out_of_office(reading: Reading, own: OwnAddresses) -> bool:
    """Two signs beside the mark: it answers our letter, says auto-replied, or has the subject of an absence note.

    Exchange marks absence notes ``auto-generated``, most others ``auto-replied`` (RFC 3834 section 5.1).
    """
    mark = auto_submitted(reading)
    signs = (_answers_ours(reading, own), mark == "auto-replied", subject_word(reading.subject) == "away")
    return mark is not None and sum(signs) > 1


def opens_no_case(reading: Reading, envelope: Envelope | None, own: OwnAddresses) -> str | None:
    """Return why this mail opens no case, or nothing for all that a person may have meant for us (F13)."""
    if reading.chat is not None or reading.channel_kind != "email" or reading.unreadable:
        return None
    if own_loop_mark(reading, own) or own_message_id(reading, own):
        return "own-mail"
    if report := _report(reading):
        return report
    if _is_bounce(reading, envelope):
        return "bounce"
    if _is_calendar_answer(reading):
        return "calendar-reply"
    return "out-of-office" if _is_out_of_office(reading, own) else None
