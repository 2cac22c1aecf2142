"""Replies being written: their drafts, the tasks that sending one closes, and what is known of the ways to a resident."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from store.desk_models import DraftLetter
from store.models import CaseEvent, Message, OutboxEntry, OutboxState, Task
from store.outbox_rows import letter_is_due
from store.rows import columns, core, whole
from store.unit import Glance, Unit

CARRIED = ("telephone", "post", "in_person")
"""Ways on which people carry a letter: it is kept as sent, and no sender has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A letter or message of a case by its Message-ID: when, from or to whom, and what became of the letter."""

    at: datetime
    address: str | None
    header_id: str | None
    state: OutboxState | None = None
    answer: str | None = None


def drafts_of(glance: Glance, case_id: int) -> list[DraftLetter]:
    """Return the replies that are still being written on a case, the last saved first."""
    drafts = glance.find(DraftLetter, case_id=case_id, finished_at=None)
    return sorted(drafts, key=lambda draft: (draft.at, draft.id or 0), reverse=True)


def hold_draft(unit: Unit, draft_id: int) -> DraftLetter | None:
    """Return a draft that nobody else can change before we commit."""
    draft = columns(DraftLetter)
    found = unit.models(DraftLetter, whole(DraftLetter).where(draft.id == draft_id).with_for_update())
    return found[0] if found else None


def save_draft(unit: Unit, draft_id: int, version: int, **values: Any) -> bool:
    """Save over this version of a draft; False where somebody saved another one meanwhile, or it is finished."""
    draft = columns(DraftLetter)
    ours = draft.id == draft_id, draft.version == version, draft.finished_at.is_(None)
    return unit.run(update(core(DraftLetter)).where(*ours).values(version=version + 1, **values)).rowcount > 0


def open_tasks_of(glance: Glance, case_id: int, kinds: Collection[str]) -> list[Task]:
    """Return the open tasks of these kinds on a case, the most urgent first."""
    tasks = glance.find(Task, case_id=case_id, closed_at=None, kind=list(kinds))
    return sorted(tasks, key=lambda task: (task.due_at, task.id or 0))


def close_these(unit: Unit, case_id: int, ids: Collection[int], *, at: datetime, by: str, outcome: str) -> list[int]:
    """Close the open ones of these tasks of a case; return which those were."""
    task = columns(Task)
    wanted = task.id.in_(list(ids)), task.case_id == case_id, task.closed_at.is_(None)
    found = sorted(unit.run(select(task.id).where(*wanted).with_for_update()).scalars())
    unit.update_many(Task, [{"id": id_, "closed_at": at, "closed_by": by, "outcome": outcome} for id_ in found])
    return found


def reopen_these(unit: Unit, ids: Collection[int], by: str, at: datetime) -> None:
    """Open tasks again that this person closed at this moment; what others did to them since stands."""
    task = columns(Task)
    wanted = task.id.in_(list(ids)), task.closed_by == by, task.closed_at == at
    unit.run(update(core(Task)).where(*wanted).values(closed_at=None, closed_by=None, outcome=None))


def hold_back(unit: Unit, ids: Collection[int], rule: str, answer: str) -> list[OutboxEntry]:
    """Hold letters back that no sender has taken up yet, or that people carry; return those, for the others have gone."""
    letter = columns(OutboxEntry)
    untouched = and_(letter_is_due(), letter.lease.is_(None), letter.attempts == 0)
    carried = and_(letter.way.in_(CARRIED), letter.state == OutboxState.SENT)
    statement = whole(OutboxEntry).where(letter.id.in_(list(ids)), or_(untouched, carried)).order_by(letter.id)
    held = unit.models(OutboxEntry, statement.with_for_update())
    suppressed = {"state": OutboxState.SUPPRESSED, "rule": rule, "answer": answer}
    unit.update_many(OutboxEntry, [{"id": one.id, **suppressed} for one in held])
    return held


def messages_of(glance: Glance, case_id: int) -> list[Message]:
    """Return what people and machines wrote on a case, in the order it came."""
    return sorted(glance.find(Message, case_id=case_id), key=lambda message: (message.received_at, message.id or 0))


def letters_of(glance: Glance, case_id: int, addresses: Collection[str], since: datetime) -> list[Written]:
    """Return the letters of this case, and those to these addresses since then that did not arrive; oldest first."""
    letter = columns(OutboxEntry)
    lost = letter.recipient.in_(list(addresses)), letter.created_at >= since, letter.state == OutboxState.FAILED
    asked = letter.created_at, letter.recipient, letter.header_id, letter.state, letter.answer
    statement = select(*asked).where(or_(letter.case_id == case_id, and_(*lost)))
    written = [
        Written(at=at, address=to, header_id=id_, state=state, answer=said)
        for at, to, id_, state, said in glance.all(statement)
    ]
    return sorted(written, key=lambda one: (one.at, one.header_id or ""))


def machine_mail_of(glance: Glance, case_id: int) -> list[CaseEvent]:
    """Return the events of machine mail on a case: bounces among them."""
    return glance.find(CaseEvent, case_id=case_id, kind="automatic_mail")
