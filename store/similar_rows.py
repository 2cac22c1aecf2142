"""Earlier messages that may be like a new one: from its address, of its words, or decided lately; never more than a few hundred.

Each list leaves out what is closed to whoever asks, the message's own case, and repeats of the same words. The windows are
counted in rows, so that the time does not grow with the store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from store.models import Case, Message, Party, Verdicting
from store.queue_rows import may_see
from store.rows import columns, core, whole
from store.search_index import index_of
from store.search_query import Run
from store.search_words import MESSAGE
from store.unit import Glance

NOT_PEOPLE = ("machine", "sweep")
"""Who judged, where it was nobody."""
WINDOW = 5_000
"""Messages that are looked through, the newest first."""
MOST_DECIDED = 100
MOST_OF_WORDS = 60
MOST_FROM_SENDER = 20
LONGEST = 1_000
"""Characters of a message that are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """For which message, and who asks: a restricted case is left out unless it is open to them."""

    message_id: int
    case_id: int | None
    sender_address: str | None
    category: str | None
    username: str
    sees_restricted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier message with the beginning of its words."""

    message_id: int
    reference: str
    received_at: datetime
    subject: str | None
    text: str
    sender_address: str | None


def from_same_sender(glance: Glance, asked: Asked) -> list[Earlier]:
    """Return the newest earlier messages from the same address, of other cases."""
    if not asked.sender_address:
        return []
    message, party = columns(Message), columns(Party)
    theirs = select(party.case_id).where(party.address == asked.sender_address)
    wanted = message.case_id.in_(theirs), message.sender_address == asked.sender_address
    return _earlier(glance, _messages(asked).where(*wanted), MOST_FROM_SENDER)


def lately_decided(glance: Glance, asked: Asked) -> list[Earlier]:
    """Return messages that people judged lately, whatever they found, and those the machine was sure are of the same category."""
    judgement = columns(Verdicting)
    by_people = judgement.by.not_in(NOT_PEOPLE)
    by_machine = judgement.category == asked.category, judgement.route == "auto", judgement.by.in_(NOT_PEOPLE)
    found = _judged(glance, asked, by_people)
    found += _judged(glance, asked, *by_machine) if asked.category else []
    return list({earlier.message_id: earlier for earlier in found}.values())


def of_rare_words(glance: Glance, asked: Asked, words: Sequence[str]) -> list[Earlier]:
    """Return decided messages of the newest cases in which one word of the first half and one of the second stand.

    ``words`` are stems, the rarest first (see ``store.search_words.stem``).
    """
    halves = [[Run((MESSAGE + word,)) for word in words[first::2]] for first in (0, 1)]
    if not all(halves):
        return []
    open_to_them = may_see(asked.username, sees_restricted=asked.sees_restricted)
    condition = tuple(map(tuple, halves))
    cases = index_of(glance).newest(glance, (condition, None), (open_to_them,), asked.case_id, MOST_OF_WORDS)
    wanted = columns(Message).case_id.in_(cases), _is_decided()
    return _earlier(glance, _messages(asked).where(*wanted), MOST_OF_WORDS) if cases else []


def judgements_of(glance: Glance, message_ids: Collection[int]) -> dict[int, Verdicting]:
    """Return the judgement of each message that stands: the last by a person, else the last of all."""
    if not message_ids:
        return {}
    judgement = columns(Verdicting)
    wanted = judgement.message_id.in_(list(message_ids)), judgement.undone_at.is_(None)
    rows = glance.models(Verdicting, whole(Verdicting).where(*wanted))
    rows.sort(key=lambda row: (row.by not in NOT_PEOPLE, row.id or 0))
    return {row.message_id: row for row in rows}


def _is_decided() -> ColumnElement[bool]:
    """Return the condition under which a person judged a message, or the machine was sure."""
    judgement = columns(Verdicting)
    decided = or_(judgement.by.not_in(NOT_PEOPLE), judgement.route == "auto")
    return exists(
        select(judgement.id).where(judgement.message_id == columns(Message).id, judgement.undone_at.is_(None), decided)
    )


def _judged(glance: Glance, asked: Asked, *conditions: ColumnElement[bool]) -> list[Earlier]:
    message, judgement = columns(Message), columns(Verdicting)
    near = judgement.message_id.between(asked.message_id - WINDOW, asked.message_id - 1)
    wanted = near, judgement.undone_at.is_(None), *conditions
    chosen = _messages(asked).join(core(Verdicting), judgement.message_id == message.id).where(*wanted)
    return _earlier(glance, chosen, MOST_DECIDED, judgement.message_id)


def _messages(asked: Asked) -> Select[Any]:
    message, kept = columns(Message), columns(Case)
    told = (
        message.id.label("message_id"),
        kept.reference,
        message.received_at,
        message.subject,
        func.substr(message.new_text, 1, LONGEST).label("text"),
        message.sender_address,
    )
    open_to_them = may_see(asked.username, sees_restricted=asked.sees_restricted)
    others = message.id < asked.message_id, message.duplicate_of.is_(None), message.new_text.is_not(None)
    statement = select(*told).select_from(core(Message).join(core(Case), kept.id == message.case_id))
    statement = statement.where(open_to_them, *others)
    return statement if asked.case_id is None else statement.where(message.case_id != asked.case_id)


def _earlier(glance: Glance, statement: Select[Any], most: int, newest: Any = None) -> list[Earlier]:
    order = columns(Message).id if newest is None else newest
    return [Earlier(**row) for row in glance.run(statement.order_by(order.desc()).limit(most)).mappings()]
