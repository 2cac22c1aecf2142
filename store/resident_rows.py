"""What residents' own pages ask of the store: their cases, the state of their chat, and what they have seen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, Update, bindparam, func, literal_column, select, update

from store.models import Case, CaseEvent, Message, OutboxEntry, OutboxState, Party, RawContent
from store.rows import any_of, columns, core
from store.unit import Glance, Unit


def cases_of_party(glance: Glance, address: str) -> list[tuple[int, str]]:
    """Return the cases that somebody belongs to, with their references, in the order in which they were opened."""
    return [(row.id, row.reference) for row in glance.all(_of_party(), {"address": address})]


@cache
def _of_party() -> Select[Any]:
    case, party = columns(Case), columns(Party)
    joined = core(Party).join(core(Case), case.id == party.case_id)
    wanted = party.address == bindparam("address")
    return select(case.id, case.reference).select_from(joined).where(wanted).order_by(case.id)


def talk_numbers(glance: Glance, conversation: str) -> tuple[int, int, int]:
    """Return what changes with every new line of a conversation: its last message, its cases, and its letters that went."""
    values = {"talk": conversation, "sent": OutboxState.SENT}
    row = glance.run(_numbers(), values).one()
    return int(row.last), int(row.cases), int(row.letters)


@cache
def _numbers() -> Select[Any]:
    message, letter, party = columns(Message), columns(OutboxEntry), columns(Party)
    talk: BindParameter[str] = bindparam("talk")
    last = select(func.coalesce(func.max(message.id), 0)).where(message.conversation == talk)
    letters = select(func.count()).select_from(core(OutboxEntry))
    gone = letter.state == bindparam("sent", type_=letter.state.type)
    letters = letters.where(letter.recipient == talk, gone)
    cases = select(func.count()).select_from(core(Party)).where(party.address == talk)
    told = (last, "last"), (cases, "cases"), (letters, "letters")
    return select(*(asked.scalar_subquery().label(name) for asked, name in told))


def heads_of(glance: Glance, message_ids: Collection[int], size: int) -> dict[int, bytes]:
    """Return the first bytes of these messages, at most ``size`` of each: a page has no need of the photos that came after."""
    rows = glance.run(_heads(), {"ids": list(message_ids), "size": size})
    return {row.message_id: bytes(row.head) for row in rows}


@cache
def _heads() -> Select[Any]:
    raw = columns(RawContent)
    head = func.substr(raw.body, 1, bindparam("size", type_=raw.message_id.type), type_=raw.body.type)
    return select(raw.message_id, head.label("head")).where(raw.message_id.in_(any_of("ids")))


def opened_since(glance: Glance, case_id: int, kind: str, since: datetime) -> list[str]:
    """Return the details of the case's events of this kind since then, as JSON texts."""
    return list(glance.run(_opened(), {"case_id": case_id, "kind": kind, "since": since}).scalars())


@cache
def _opened() -> Select[Any]:
    event = columns(CaseEvent)
    lately = event.at >= bindparam("since", type_=event.at.type)
    return select(event.details).where(event.case_id == bindparam("case_id"), event.kind == bindparam("kind"), lately)


def letters_delivered(unit: Unit, recipient: str, letter_ids: Collection[int], at: datetime) -> int:
    """Note that letters to somebody were delivered, where no more than that is known yet; return how many were new."""
    if not letter_ids:
        return 0
    return unit.run(_delivered(), {"whose": recipient, "ids": list(letter_ids), "now": at}).rowcount


@cache
def _delivered() -> Update:
    letter = columns(OutboxEntry)
    unseen = letter.progress.is_(None) | (letter.progress == literal_column("'sent'"))
    wanted = letter.id.in_(any_of("ids")), letter.recipient == bindparam("whose"), unseen
    changed = {"progress": literal_column("'delivered'"), "progress_at": bindparam("now", type_=letter.progress_at.type)}
    return update(core(OutboxEntry)).where(*wanted).values(changed)
