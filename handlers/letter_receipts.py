"""What platforms say later of letters that they took: delivered, read, or failed after all, of each part of a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.casework import Pages
from handlers.outbox import LEASE
from handlers.proved_later import proved_later
from handlers.rows import event_row
from handlers.undelivered import came_back
from handlers.understanding import Understood
from intake.chat import PROGRESS, ChatFacts
from intake.identity import MAIL
from intake.loading import is_way_out
from store.chat_models import LetterPart
from store.chat_rows import part_by_provider_id
from store.models import Message, MessageState, OutboxEntry
from store.unit import Unit

UNWRITTEN_FOR = LEASE + timedelta(minutes=1)
"""So long a platform may know a letter of which our own sender has not yet written down that it went."""
FIRST_WAIT = timedelta(seconds=10)
NOBODY_THERE = frozenset({"gone", "permanent-failure"})
"""Codes by which an address takes nothing ever, and not only this letter."""


def part_of(unit: Unit, message: Understood, about: str | None) -> LetterPart | None:
    """Return the part of a letter of ours that an update names; a way out for mail tells of letters by mail."""
    arrival = message.arrival
    way = MAIL if is_way_out(arrival.channel) else f"{arrival.channel}:{arrival.account}"
    return part_by_provider_id(unit, way, about) if about else None


def comes_too_soon(unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> bool:
    """Put a receipt or an echo back whose letter may still be written down as sent; say whether it was put back."""
    age = pages.now - message.arrival.received_at
    may_be_ours = chat.progress is not None or (chat.act == "echo" and not chat.machine)
    if not chat.about or not may_be_ours or age > UNWRITTEN_FOR or part_of(unit, message, chat.about) is not None:
        return False
    # Each wait is as long as the receipt is old: one about a letter that was never ours asks only a few times.
    wait = min(max(FIRST_WAIT, age), UNWRITTEN_FOR - age + timedelta(seconds=1))
    again = {"due_at": pages.now + wait, "attempts": message.arrival.attempts - 1, "lease": None}
    unit.update(Message, message.arrival.id, state=MessageState.WAITING, **again)
    return True


def take_receipt(unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
    """Note how far a letter came; return its case. One part that failed fails the letter, for its words are not whole."""
    part = part_of(unit, message, chat.about)
    letter = unit.get(OutboxEntry, part.letter_id) if part is not None else None
    if part is None or part.id is None or letter is None or chat.progress is None:
        return proved_later(unit, message, chat, pages)
    if part.progress is not None and PROGRESS.index(chat.progress) <= PROGRESS.index(part.progress):
        return letter.case_id
    # A word of failure counts only where nobody has read it, for receipts come in any order.
    if chat.progress == "failed" and part.progress in ("delivered", "read"):
        return letter.case_id
    unit.update(LetterPart, part.id, progress=chat.progress)
    if part.is_last or chat.progress == "failed":
        _on_the_letter(unit, letter, message, chat, pages)
    return letter.case_id


def _on_the_letter(unit: Unit, letter: OutboxEntry, message: Understood, chat: ChatFacts, pages: Pages) -> None:
    at = chat.happened_at or message.arrival.received_at
    # By a letter by mail that failed, an address is known as dead: a full mailbox is none.
    if letter.way != MAIL or chat.progress != "failed" or chat.code in NOBODY_THERE:
        unit.update(OutboxEntry, letter.id, progress=chat.progress, progress_at=at)
    told: dict[str, Any] = {"letter": letter.kind, "header_id": letter.header_id, "happened_at": at}
    why = f"the platform says: {chat.progress}{f' ({chat.code})' if chat.code else ''}"
    pages.events.append(event_row(letter.case_id, f"letter_{chat.progress}", why, pages.now, **told))
    if chat.progress == "failed":
        came_back(unit, letter, f"the platform could not deliver it ({chat.code or 'no reason given'})", chat.code, pages)
