"""The figures of ``intake status``: what waits, and whether every arrival is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from store.models import Case, Contact, Disposition, Message, MessageState, OutboxEntry, OutboxState, Task
from store.outbox_rows import due
from store.rows import columns, core
from store.unit import Glance
from store.worklist import waiting


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

    @property
    def balanced(self) -> bool:
        """Whether all arrivals are waiting, shunted, or came to something: none is lost."""
        return self.arrivals == self.waiting + self.shunted + sum(self.dispositions.values())


def counts(glance: Glance, now: datetime) -> Counts:
    """Count what waits; a task is overdue when its time was before ``now``."""
    message, task, letter = columns(Message), columns(Task), columns(OutboxEntry)
    by_state = select(message.state, message.disposition, func.count().label("number"))
    groups = glance.all(by_state.group_by(message.state, message.disposition))
    states = {state: sum(row.number for row in groups if row.state == state) for state in MessageState}
    handled = [row for row in groups if row.state == MessageState.HANDLED and row.disposition is not None]
    letters = glance.all(select(letter.state, func.count().label("number")).group_by(letter.state))
    tasks = select(func.count(), func.count().filter(task.due_at < now)).where(task.closed_at.is_(None))
    open_tasks, overdue_tasks = glance.all(tasks)[0]
    return Counts(
        arrivals=sum(row.number for row in groups),
        waiting=states[MessageState.WAITING],
        oldest_waiting_at=_oldest(glance, select(func.min(message.accepted_at)).where(waiting())),
        shunted=states[MessageState.SHUNTED],
        dispositions={row.disposition: row.number for row in handled},
        letters={row.state: row.number for row in letters},
        oldest_letter_at=_oldest(glance, select(func.min(letter.created_at)).where(due())),
        open_tasks=open_tasks,
        overdue_tasks=overdue_tasks,
        cases=_number(glance, select(func.count()).select_from(core(Case))),
        contacts=glance.find(Contact),
    )


def _oldest(glance: Glance, statement: Select[Any]) -> datetime | None:
    found: datetime | None = glance.run(statement).scalar_one()
    return found


def _number(glance: Glance, statement: Select[Any]) -> int:
    return int(glance.run(statement).scalar_one())
