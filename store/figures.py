"""The figures of ``intake status``: what waits, and whether every arrival is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from store.door_models import RefusedRequests, StandingTrouble
from store.models import Case, Contact, Disposition, Message, MessageState, OutboxEntry, OutboxState, Task
from store.outbox_rows import letter_is_due
from store.rows import columns, core
from store.unit import Glance
from store.worklist import message_is


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How much waits where. Ages are left to whoever has a clock: these are the times of the oldest."""

    arrivals: int
    waiting: int
    oldest_waiting_at: datetime | None
    shunted: int
    dispositions: dict[Disposition, int]
    letters: dict[OutboxState, int]
    oldest_letter_at: datetime | None
    open_tasks: int
    overdue_tasks: int
    cases: int
    contacts: list[Contact]
    refused: list[RefusedRequests]
    standing: list[StandingTrouble]

    @property
    def balanced(self) -> bool:
        """Whether all arrivals are waiting, shunted, or came to something: none is lost."""
        return self.arrivals == self.waiting + self.shunted + sum(self.dispositions.values())


def counts(glance: Glance, now: datetime) -> Counts:
    """Count what waits; a task is overdue when its time was before ``now``."""
    message, task, letter = columns(Message), columns(Task), columns(OutboxEntry)
    number = select(func.count()).select_from(core(Message))
    came_to = select(message.disposition, func.count().label("number")).where(message_is(MessageState.HANDLED))
    handled = glance.all(came_to.where(message.disposition.is_not(None)).group_by(message.disposition))
    letters = glance.all(select(letter.state, func.count().label("number")).group_by(letter.state))
    tasks = select(func.count(), func.count().filter(task.due_at < now)).where(task.closed_at.is_(None))
    open_tasks, overdue_tasks = glance.all(tasks)[0]
    return Counts(
        arrivals=_number(glance, number),
        waiting=_number(glance, number.where(message_is(MessageState.WAITING))),
        oldest_waiting_at=_oldest(glance, select(func.min(message.accepted_at)).where(message_is(MessageState.WAITING))),
        shunted=_number(glance, number.where(message_is(MessageState.SHUNTED))),
        dispositions={row.disposition: row.number for row in handled},
        letters={row.state: row.number for row in letters},
        oldest_letter_at=_oldest(glance, select(func.min(letter.created_at)).where(letter_is_due())),
        open_tasks=open_tasks,
        overdue_tasks=overdue_tasks,
        cases=_number(glance, select(func.count()).select_from(core(Case))),
        contacts=glance.find(Contact),
        refused=glance.find(RefusedRequests),
        standing=glance.find(StandingTrouble),
    )


def last_arrival_at(glance: Glance) -> datetime | None:
    """Return when the latest arrival was accepted; None when nothing ever came."""
    message = columns(Message)
    # The newest row has the highest number: no need to look at the time of every message ever kept.
    found: datetime | None = glance.run(select(message.accepted_at).order_by(message.id.desc()).limit(1)).scalar()
    return found


def holds_others(glance: Glance, account: str) -> bool:
    """Return whether anything came by another account than this one."""
    message = columns(Message)
    return bool(glance.all(select(message.id).where(message.account != account).limit(1)))


def _oldest(glance: Glance, statement: Select[Any]) -> datetime | None:
    found: datetime | None = glance.run(statement).scalar_one()
    return found


def _number(glance: Glance, statement: Select[Any]) -> int:
    return int(glance.run(statement).scalar_one())
