"""Earlier messages like this one, and what was decided about them: by the same sender first, then by shared words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.web.desk import Desk
from desk.web.rights import Person
from store.models import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """An earlier message: what it said at first, and what was decided by whom (``decided_by`` is a name, not a username)."""

    message_id: int
    reference: str
    received_at: datetime
    subject: str
    first_words: str
    category: str | None
    decided_by: str
    by_person: bool
    same_sender: bool


def similar_messages(desk: Desk, person: Person, message: Message) -> tuple[Similar, ...]:  # noqa: ARG001
    """Return at most five earlier messages most like this one that the person may see."""
    return ()
