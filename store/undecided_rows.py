"""Letters that were handed over and of which nobody has said yet whether they arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store.chat_models import LetterPart
from store.models import OutboxEntry, OutboxState
from store.rows import columns
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class Undecided:
    """A letter, or a part of one, by the id under which the next hop knows it."""

    id: int
    provider_id: str


def undecided_parts(glance: Glance, *, way: str, after: int, since: datetime, until: datetime, limit: int) -> list[Undecided]:
    """Return those that went this way between two instants, in the order of their ids, from the one ``after`` on."""
    part, letter = columns(LetterPart), columns(OutboxEntry)
    wanted = (part.way == way, part.progress.is_(None), part.id > after)
    gone = (letter.state == OutboxState.SENT, letter.sent_at >= since, letter.sent_at <= until)
    statement = select(part.id, part.provider_id).join_from(LetterPart, OutboxEntry, letter.id == part.letter_id)
    rows = glance.all(statement.where(*wanted, *gone).order_by(part.id).limit(limit), {})
    return [Undecided(id=row.id, provider_id=row.provider_id) for row in rows]
