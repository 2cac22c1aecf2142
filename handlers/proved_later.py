"""A letter of which nobody knew whether it went, and of which whoever took it tells us after all by the name that we gave it."""

from __future__ import annotations

from handlers.casework import Pages
from handlers.course.sent import went
from handlers.course.stages import acknowledgement_went
from handlers.delivery import ACKNOWLEDGES
from handlers.rows import event_row
from handlers.understanding import Understood
from intake.chat import ChatFacts
from store.casefile import letter_by_header_id
from store.models import OutboxEntry, OutboxState
from store.unit import Unit


def proved_later(unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
    """Note what became of an uncertain letter; return its case. The person who was asked about it sees it there."""
    letter = letter_by_header_id(unit, chat.named) if chat.named else None
    if letter is None or letter.state is not OutboxState.UNCERTAIN:
        return None
    at = chat.happened_at or message.arrival.received_at
    did_arrive = chat.progress == "delivered"
    why = f"nobody knew whether it went; now it is said: {chat.code or chat.progress}"
    changed = {"state": OutboxState.SENT, "sent_at": at, "progress": chat.progress, "progress_at": at}
    unit.update(OutboxEntry, letter.id, answer=why, **(changed if did_arrive else {"state": OutboxState.FAILED}))
    if did_arrive and letter.kind in ACKNOWLEDGES:
        pages.events += acknowledgement_went(unit, [(letter.case_id, at)])
    pages.events += went(unit, letter.kind, letter.case_id, letter.id or 0, at) if did_arrive else []
    told = event_row(
        letter.case_id,
        f"letter_{chat.progress}",
        why,
        pages.now,
        letter=letter.kind,
        header_id=letter.header_id,
        happened_at=at,
    )
    pages.events.append(told)
    return letter.case_id
