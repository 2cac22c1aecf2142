"""Bounces: which letter of ours came back, by what only its way can have told, and what follows from it (mail rule A14).

Anybody can write a report that names a resident's address, under an empty reverse path too: such a one changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.bounce_addresses import BounceAddresses
from handlers.casework import Pages
from handlers.circumstances import Situation
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.rows import event_row, task_row
from handlers.undelivered import came_back
from handlers.understanding import Understood
from store.casefile import letter_by_header_id, letters_to, reasons_since
from store.models import OutboxEntry, OutboxState
from store.unit import Unit

KIND = "unmatched_bounce"
A_WEEK, A_DAY = timedelta(days=7), timedelta(hours=24)
"""Mail systems give up within five days (RFC 5321 section 4.5.4.1); how often a person is told of one address's bounces that name no letter."""
MOST_NAMED, MOST_TOLD = 20, 20
"""Letters that one notification may name; addresses of which a person is told in a day, whoever forges more."""


def letter_of(unit: Unit, message: Understood, paths: BounceAddresses | None) -> OutboxEntry | None:
    """Return the letter that machine mail is about: by its reverse path or its Message-ID, and by nothing that others know."""
    bounce = message.reading.bounce
    known = paths.letter_id(message.reading, message.arrival.envelope) if paths is not None else None
    if known is not None and (letter := unit.get(OutboxEntry, known)) is not None:
        return letter
    named = [
        bounce.message_id if bounce is not None else None,
        *message.reading.in_reply_to,
        *reversed(message.reading.references),
    ]
    for name in list(dict.fromkeys(filter(None, named)))[:MOST_NAMED]:
        if (letter := letter_by_header_id(unit, name)) is not None:
            return letter
    return None


def take_bounce(unit: Unit, message: Understood, letter: OutboxEntry, situation: Situation, pages: Pages) -> None:
    """Write machine mail down on the case of the letter it is about; what was given up for good becomes another route or a task."""
    bounce, now = message.reading.bounce, situation.now
    told: dict[str, Any] = {"message": message.arrival.id, "rule": message.no_case, "header_id": letter.header_id}
    told |= {"permanent": bounce.permanent, "status": bounce.status} if bounce is not None else {}
    pages.events.append(event_row(letter.case_id, "automatic_mail", f"automatic mail: {message.no_case}", now, **told))
    # The very same may be told twice, and of somebody to whom the letter was passed on: one task is enough.
    if bounce is None or not bounce.given_up or letter.state not in (OutboxState.SENT, OutboxState.UNCERTAIN):
        return
    why = f"it came back ({bounce.status or 'no status'})"
    due = by_rule("undelivered", message.arrival.received_at, situation.surroundings.calendar)
    theirs = bounce.recipient is None or bounce.recipient.lower() == letter.recipient
    if bounce.permanent and theirs and letter.id is not None:
        unit.update(OutboxEntry, letter.id, progress="failed", progress_at=now)
    failed = event_row(letter.case_id, "letter_failed", why, now, letter=letter.kind, header_id=letter.header_id)
    pages.events.append(failed)
    came_back(unit, letter, why, None, pages, due_at=due.due_at, message_id=message.arrival.id)


def tell_unmatched(unit: Unit, message: Understood, situation: Situation, pages: Pages) -> None:
    """Tell a person, once a day, that mail to somebody we wrote to is said to have come back, where nothing proves which."""
    bounce, now = message.reading.bounce, situation.now
    if bounce is None or not bounce.given_up or not bounce.recipient:
        return
    recipient = bounce.recipient.lower()
    if not letters_to(unit, recipient, message.arrival.received_at - A_WEEK):
        return
    why = f"mail to {recipient} came back, says the sender, and nothing proves which letter of ours: see what did not arrive"
    told = [task["why"] for task in pages.tasks if task["kind"] == KIND]
    told += reasons_since(unit, KIND, now - A_DAY, MOST_TOLD)
    if why in told or len(told) >= MOST_TOLD:
        return
    due = by_rule("undelivered", message.arrival.received_at, situation.surroundings.calendar)
    task = TaskNeeded(kind=KIND, why=why, due=due)
    pages.tasks.append(task_row(task, situation.surroundings.landlord.routing["triage"], now, None, message.arrival.id))
