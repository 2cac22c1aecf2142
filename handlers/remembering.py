"""What was understood earlier, rebuilt from the store, so that a case can be decided again without reading mail anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Verdict
from handlers.understanding import Arrival, Understood
from intake.chat import Act, ChatFacts
from intake.identity import identity_of
from intake.message import Envelope, Reading, Sender
from store.models import Message, Verdicting

PERSON = "a person"


def remembered(row: Message, verdicting: Verdicting | None) -> Understood:
    """Return a settled message as it was understood; its bytes and attachments stay in the store."""
    if row.id is None:
        raise ValueError("a message without a number was never kept")
    envelope = Envelope(mail_from=row.mail_from, rcpt_to=tuple(row.rcpt_to)) if row.mail_from is not None else None
    return Understood(
        arrival=Arrival(
            id=row.id,
            channel=row.channel,
            account=row.account,
            received_at=row.received_at,
            media_type=row.media_type,
            envelope=envelope,
            problem=row.problem,
            lease="",
            body=b"",
        ),
        reading=Reading(
            message_id=row.header_id,
            sender=Sender(address=row.sender_address, name=row.sender_name),
            subject=row.subject or "",
            text=row.new_text or "",
            new_text=row.new_text or "",
            # By chat there is none of what marks automatic mail.
            channel_kind="email" if identity_of(row.sender_address) is None else "chat",
            problems=tuple(row.reading_problems),
            # So that what is decided later is answered by chat as the first words were: short, with buttons.
            chat=ChatFacts(act=_act(row.act), conversation=row.conversation) if row.conversation is not None else None,
        ),
        verdict=None if verdicting is None else verdict_of(verdicting),
        automatic=row.automatic,
        no_case=None,
        trust="failed" if row.trust == "failed" else "authentic" if row.trust == "authentic" else "unknown",
        repeat_key=row.repeat_key,
        input_sha256=verdicting.input_sha256 if verdicting else "",
    )


def _act(kept: str | None) -> Act:
    return "public" if kept == "public" else "message"


def verdict_of(row: Verdicting) -> Verdict:
    """Return a kept judgement as a verdict again; its evidence stays in the store."""
    return Verdict(
        category=Category(row.category),
        also=tuple(Category(category) for category in row.also),
        flags=tuple(Flag(flag) for flag in row.flags),
        reason=Reason(row.reason) if row.reason else None,
        confidence=row.confidence if row.confidence is not None else 1.0,
        scores={Category(category): score for category, score in row.scores.items()},
        route="auto" if row.route == "auto" else "triage",
        why=row.why,
        language=row.language,
        model=row.model or PERSON,
    )


def decided(
    earlier: Verdict | None,
    category: Category,
    why: str,
    reason: Reason | None = None,
    by: str = PERSON,
    *,
    flags: Collection[Flag] | None = None,
    also: Collection[Category] | None = None,
) -> Verdict:
    """Return the verdict of a person (or of a rule that speaks for the resident) over an earlier one.

    Flags and further categories stay as they were judged unless they are given.
    """
    kept = (earlier.also if earlier else ()) if also is None else also
    marks = (earlier.flags if earlier else ()) if flags is None else flags
    return Verdict(
        category=category,
        also=tuple(other for other in Category if other in kept and other is not category),
        flags=tuple(flag for flag in Flag if flag in marks),
        reason=(reason or Reason.GENERAL_FEEDBACK) if category is Category.OUT_OF_SCOPE else None,
        confidence=1.0,
        scores={category: 1.0},
        route="auto",
        why=why,
        language=earlier.language if earlier else None,
        model=by,
    )


def together(first: Understood, then: Understood) -> Understood:
    """Return the later message as the one to answer, holding the words of both: what the case is about now."""
    words = "\n\n".join(text for text in (first.reading.new_text, then.reading.new_text) if text)
    reading = replace(then.reading, subject=first.reading.subject or then.reading.subject, new_text=words)
    return replace(then, reading=reading)
