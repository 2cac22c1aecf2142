"""What platforms say later of letters that they took: delivered, read, or failed after all, of each part of a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.casework import Pages
from handlers.delivery import ACKNOWLEDGES
from handlers.outbox import LEASE
from handlers.rerouting import reroute, undeliverable
from handlers.rows import event_row
from handlers.understanding import Understood
from intake.chat import PROGRESS, ChatFacts
from store.casefile import not_acknowledged
from store.chat_models import LetterPart
from store.chat_rows import give_up_parts, part_by_provider_id
from store.models import Case, Message, MessageState, OutboxEntry, OutboxState
from store.unit import Unit

UNWRITTEN_FOR = LEASE + timedelta(minutes=1)
"""So long a platform may know a letter of which our own sender has not yet written down that it went."""
FIRST_WAIT = timedelta(seconds=10)


def part_of(unit: Unit, message: Understood, about: str | None) -> LetterPart | None:
    """Return the part of a letter of ours that an update names."""
    arrival = message.arrival
    return part_by_provider_id(unit, f"{arrival.channel}:{arrival.account}", about) if about else None


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
        return None
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
    unit.update(OutboxEntry, letter.id, progress=chat.progress, progress_at=at)
    told: dict[str, Any] = {"letter": letter.kind, "header_id": letter.header_id, "happened_at": at}
    why = f"the platform says: {chat.progress}{f' ({chat.code})' if chat.code else ''}"
    pages.events.append(event_row(letter.case_id, f"letter_{chat.progress}", why, pages.now, **told))
    if chat.progress == "failed":
        _failed(unit, letter, chat, pages)


def _failed(unit: Unit, letter: OutboxEntry, chat: ChatFacts, pages: Pages) -> None:
    why = f"the platform could not deliver it ({chat.code or 'no reason given'})"
    give_up_parts(unit, letter.id or 0)
    if letter.kind in ACKNOWLEDGES and letter.sent_at and not_acknowledged(unit, letter.case_id, letter.sent_at):
        told = {"letter": letter.kind, "header_id": letter.header_id}
        pages.events.append(event_row(letter.case_id, "acknowledgement_not_delivered", why, pages.now, **told))
    events = reroute(unit, letter, why, chat.code, pages.now)
    pages.events += events
    case = unit.get(Case, letter.case_id)
    if not events and case is not None and letter.id is not None:
        unit.update(OutboxEntry, letter.id, state=OutboxState.FAILED, answer=why)
        pages.tasks.append(undeliverable(case, letter, why, pages.now))
