"""What follows when a letter that had gone did not arrive: it acknowledged nothing, goes another way, or becomes a person's."""

from __future__ import annotations

from datetime import datetime

from handlers.casework import Pages
from handlers.course.stage2_sent import not_arrived
from handlers.delivery import ACKNOWLEDGES
from handlers.rerouting import reroute, undeliverable
from handlers.rows import event_row
from store.casefile import not_acknowledged
from store.chat_rows import give_up_parts
from store.models import Case, OutboxEntry, OutboxState
from store.unit import Unit


def came_back(
    unit: Unit,
    letter: OutboxEntry,
    why: str,
    code: str | None,
    pages: Pages,
    *,
    due_at: datetime | None = None,
    message_id: int | None = None,
) -> None:
    """Take back what the letter counted as; send it by the next route, or name that route in a task due ``due_at``.

    ``message_id`` is the message that told of it, where that is one.
    """
    give_up_parts(unit, letter.id or 0)
    if letter.kind in ACKNOWLEDGES and letter.sent_at and not_acknowledged(unit, letter.case_id, letter.sent_at):
        told = {"letter": letter.kind, "header_id": letter.header_id}
        pages.events.append(event_row(letter.case_id, "acknowledgement_not_delivered", why, pages.now, **told))
    pages.events += not_arrived(unit, letter, why, pages.now)
    events = reroute(unit, letter, why, code, pages.now)
    pages.events += events
    case = unit.get(Case, letter.case_id)
    if not events and case is not None and letter.id is not None:
        unit.update(OutboxEntry, letter.id, state=OutboxState.FAILED, answer=why)
        task = undeliverable(case, letter, why, pages.now)
        pages.tasks.append(task | {"due_at": due_at or task["due_at"], "message_id": message_id or task["message_id"]})
