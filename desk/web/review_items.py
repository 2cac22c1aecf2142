"""Ticked items with what speaks against doing all of them at once; looking at them here counts as opening none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desk.web import words
from desk.web.access import may_open
from desk.web.desk import Desk
from desk.web.rights import Person
from handlers.allocation import may_be_given
from handlers.clock import london_day
from handlers.quarantine import alike
from handlers.rows import MACHINE
from handlers.task_acts import ground_for
from store.casefile import latest_verdicting
from store.desk_models import Staff
from store.models import Case, Message, Task, Verdicting
from store.quarantine_rows import quarantined
from store.unit import Glance

ACCEPTABLE: Final = ("triage", "spot_check")
FIRST_WORDS: Final = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A task with its case, its message's judgement and first words, and why it is left out, if it is."""

    task: Task
    case: Case | None
    judged: Verdicting | None
    subject: str
    first_words: str
    against: str | None

    @property
    def seen(self) -> int:
        """Return the judgement that the page shows; 0 where there is none."""
        return (self.judged.id or 0) if self.judged else 0


def items_of(desk: Desk, person: Person, ids: Sequence[int], act: str) -> list[Item]:
    """Return these tasks in this order; those that are closed to the person are as if they were not there."""
    with desk.glance() as glance:
        tasks = {task.id: task for task in glance.find(Task, id=list(ids))}
        messages = {row.id: row for row in glance.find(Message, id=[t.message_id for t in tasks.values() if t.message_id])}
        numbers = {t.case_id or (messages[t.message_id].case_id if t.message_id in messages else None) for t in tasks.values()}
        cases = {case.id: case for case in glance.find(Case, id=[number for number in numbers if number])}
        looking = _Looking(desk=desk, glance=glance, person=person, act=act, cases=cases, messages=messages)
        found = [looking.item(tasks[id_]) for id_ in ids if id_ in tasks]
    return [item for item in found if item is not None]


def alike_tasks(desk: Desk, person: Person, task_id: int) -> list[int]:
    """Return the tasks of the messages that could not be read for the same reason as this one's, it among them, the oldest first."""
    with desk.glance() as glance:
        waiting = quarantined(glance, person.username, sees_restricted=person.sees_restricted)
    wanted = next((one.message_id for one in waiting if one.task_id == task_id), 0)
    return [one.task_id for one in alike(waiting, wanted)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Looking:
    desk: Desk
    glance: Glance
    person: Person
    act: str
    cases: dict[int | None, Case]
    messages: dict[int | None, Message]

    def item(self, task: Task) -> Item | None:
        message = self.messages.get(task.message_id)
        case = self.cases.get(task.case_id or (message.case_id if message else None))
        if case is not None and not may_open(self.glance, case, self.person):
            return None
        row = latest_verdicting(self.glance, message.id) if message is not None and message.id is not None else None
        against = {"accept": lambda: _against(task, row), "read": lambda: _readable(task)}.get(
            self.act, lambda: _finished(task)
        )()
        words_of = " ".join((message.new_text or "")[: 2 * FIRST_WORDS].split()) if message else ""
        return Item(
            task=task,
            case=case,
            judged=row,
            subject=(message.subject if message else case.subject if case else None) or "",
            first_words=words_of[:FIRST_WORDS],
            against=against or self._barred(case),
        )

    def _barred(self, case: Case | None) -> str | None:
        """Return why the person may not have it, or may not act on it."""
        ground = ground_for(self.glance, case)
        if self.person.username in ground.barred:
            return "you must not handle this case (Code 5.8)"
        staff = self.glance.get(Staff, self.person.staff_id) if self.act == "take" else None
        against = may_be_given(staff, ground, london_day(self.desk.now())) if staff is not None else None
        return against.rstrip(".") if against else None


def _against(task: Task, row: Verdicting | None) -> str | None:
    """Return why a judgement is not to be accepted without a look: it is danger's, a person's, or none."""
    if task.closed_at is not None:
        return _finished(task)
    if task.kind not in ACCEPTABLE:
        return "it asks for more than a check: open it"
    if row is None:
        return "nothing judged it: open it"
    if row.by != MACHINE:
        return "a person has judged it already"
    if task.danger or any(str(flag) in row.flags for flag in words.DANGERS):
        return "it speaks of danger: look at it by itself"
    return None


def _readable(task: Task) -> str | None:
    return _finished(task) or (None if task.kind == "quarantine" else "it could be read: open it")


def _finished(task: Task) -> str | None:
    return "it was finished meanwhile" if task.closed_at is not None else None
