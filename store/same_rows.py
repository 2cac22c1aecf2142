"""Open cases of the last days with which a new one is compared, for it may be the same matter come by another way.

Each question is bounded in time and in rows, for it is asked whenever cases are opened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from store.chat_models import Conversation
from store.models import Case, CaseStatus, Message, Party
from store.rows import any_of, columns, core
from store.unit import Glance

MOST = 500
"""Cases that one is compared with, the newest first."""
LONGEST = 2_000
"""Characters of a message that are compared."""
WAITS = (CaseStatus.TRIAGE.value, CaseStatus.OPEN.value, CaseStatus.SIGNPOSTED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A case as it is compared: who it is about, what it is taken for, and the words that opened it."""

    case_id: int
    message_id: int
    channel: str
    received_at: datetime
    status: CaseStatus
    category: str | None
    team: str
    restricted: bool
    name: str | None
    address: str | None
    home: str | None
    words: str | None


def opened(glance: Glance, case_ids: Collection[int]) -> list[Beside]:
    """Return these cases with the first message of each."""
    return _first_of_each(glance, _asked().where(columns(Case).id.in_(any_of("ids"))), {"ids": list(case_ids)})


def of_addresses(glance: Glance, addresses: Collection[str], since: datetime) -> list[Beside]:
    """Return the cases of these residents that were received since then and wait."""
    if not addresses:
        return []
    party = columns(Party)
    theirs = select(party.case_id).where(party.address.in_(sorted(set(addresses))), party.role == "resident")
    return _first_of_each(glance, _lately().where(columns(Case).id.in_(theirs)), _since(since))


def with_homes(glance: Glance, since: datetime) -> list[Beside]:
    """Return the cases since then whose resident's name and home are known."""
    kept = columns(Case)
    return _first_of_each(glance, _lately().where(kept.home.is_not(None), kept.resident_name.is_not(None)), _since(since))


def of_kinds(glance: Glance, kinds: Collection[str], since: datetime) -> list[Beside]:
    """Return the cases since then that came by channels of these kinds (``Case.channel_kind``)."""
    return _first_of_each(glance, _lately().where(columns(Case).channel_kind.in_(sorted(set(kinds)))), _since(since))


def anybody_chats(glance: Glance) -> bool:
    """Return whether anybody ever wrote by chat."""
    return bool(glance.all(select(columns(Conversation).identity).limit(1)))


def _since(since: datetime) -> dict[str, Any]:
    return {"since": since, "waits": list(WAITS), "at_most": MOST}


@cache
def _asked() -> Select[Any]:
    kept, message = columns(Case), columns(Message)
    told = (
        kept.id.label("case_id"),
        message.id.label("message_id"),
        message.channel,
        kept.received_at,
        kept.status,
        kept.category,
        kept.team,
        kept.restricted,
        kept.resident_name.label("name"),
        kept.resident_address.label("address"),
        kept.home,
        func.substr(message.new_text, 1, LONGEST).label("words"),
    )
    return select(*told).select_from(core(Case).join(core(Message), message.case_id == kept.id)).order_by(kept.id, message.id)


@cache
def _lately() -> Select[Any]:
    kept = columns(Case)
    lately = kept.received_at >= bindparam("since", type_=kept.received_at.type), kept.status.in_(any_of("waits"))
    newest = kept.received_at.desc(), kept.id.desc(), columns(Message).id
    return _asked().where(*lately).order_by(None).order_by(*newest).limit(bindparam("at_most"))


def _first_of_each(glance: Glance, statement: Select[Any], values: dict[str, Any]) -> list[Beside]:
    found: dict[int, Beside] = {}
    for row in glance.run(statement, values).mappings():
        found.setdefault(row["case_id"], Beside(**row))
    return list(found.values())
