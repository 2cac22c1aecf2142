"""What hangs on a case beside its line of time: clocks, tasks, people, linked cases, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.web.access import may_open
from desk.web.case_words import arithmetic, days_left, next_step
from desk.web.identities import SameResident, same_resident
from desk.web.rights import Person
from desk.web.same_cases import OneMatter, one_matter
from handlers.closing import what_of
from handlers.defining import CHANGED
from handlers.restricting import BARRED, LET_IN
from store.case_rows import Linked, linked_cases, reads_of, tasks_of
from store.desk_models import CaseStaff, DraftLetter
from store.models import Case, CaseEvent, Deadline, Party, Task
from store.unit import Glance

READS = 50
"""Readings of a restricted case that its page lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A deadline as the page shows it: what for, how it stands, and the sum that it came from."""

    deadline: Deadline
    what: str
    state: str
    left: str
    sum: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """What is to be done next, by when."""

    step: str
    due_at: datetime
    left: str
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """The rows themselves."""

    deadlines: list[Deadline]
    tasks: list[Task]
    parties: list[Party]
    linked: list[Linked]
    related: Case | None
    staff: list[CaseStaff]
    drafts: list[DraftLetter]
    reads: list[CaseEvent]
    corrected_at: datetime | None
    same: SameResident
    matter: OneMatter

    def open_tasks(self) -> list[Task]:
        """Return what waits on the case, the most urgent first."""
        waiting = [task for task in self.tasks if task.closed_at is None]
        return sorted(waiting, key=lambda task: (not task.danger, task.due_at, task.id or 0))

    def related_to(self, relation: str) -> list[CaseStaff]:
        """Return who stands in this relation to the case."""
        return [row for row in self.staff if row.relation == relation]

    def barred(self) -> set[str]:
        """Return who must never be given the case."""
        return {row.username for row in self.related_to(BARRED)}

    def let_in(self) -> list[CaseStaff]:
        """Return who was let in to a restricted case."""
        return self.related_to(LET_IN)

    def people(self) -> set[str]:
        """Return everybody of ours who is named in it."""
        given = {task.assigned_to for task in self.tasks if task.assigned_to}
        by = (
            [row.by for row in self.staff],
            [row.by for row in self.linked],
            [row.by for row in self.reads],
            [row.by for row in self.drafts],
        )
        return given.union(*by) | {row.username for row in self.staff} | self.same.people()


def around(glance: Glance, case: Case, person: Person) -> Around:
    """Look up what hangs on a case, each kind by one question."""
    case_id = case.id or 0
    sees = person.sees_restricted
    parties = glance.find(Party, case_id=case_id)
    linked = linked_cases(glance, case_id, person.username, sees_restricted=sees)
    return Around(
        deadlines=glance.find(Deadline, case_id=case_id),
        tasks=tasks_of(glance, case_id),
        parties=parties,
        linked=linked,
        related=_related(glance, case, person),
        staff=glance.find(CaseStaff, case_id=case_id),
        drafts=glance.find(DraftLetter, case_id=case_id, finished_at=None),
        reads=reads_of(glance, case_id, READS) if case.restricted and sees else [],
        corrected_at=_corrected_at(glance, case),
        same=same_resident(glance, case, parties, person),
        matter=one_matter(glance, case, person, linked=bool(linked)),
    )


def _related(glance: Glance, case: Case, person: Person) -> Case | None:
    """Return the older case that this one may belong to, unless it is closed to the person."""
    found = glance.get(Case, case.related_case_id) if case.related_case_id else None
    return found if found is not None and may_open(glance, found, person) else None


def _corrected_at(glance: Glance, case: Case) -> datetime | None:
    """Return when a person last changed the definition."""
    changes = glance.find(CaseEvent, case_id=case.id, kind=CHANGED) if case.definition_version else []
    return changes[-1].at if changes else None


def clocks(deadlines: list[Deadline], now: datetime) -> list[Clock]:
    """Return the deadlines as the page shows them: those that run first, by date."""
    shown = [_clock(deadline, now) for deadline in deadlines]
    return sorted(shown, key=lambda clock: (clock.state != "running", clock.deadline.due_at))


def _clock(deadline: Deadline, now: datetime) -> Clock:
    if deadline.superseded_at:
        state = "replaced"
    elif deadline.met_at:
        state = "met in time" if deadline.met_at <= deadline.due_at else "met late"
    else:
        state = "running" if deadline.due_at >= now else "overdue"
    running = state in ("running", "overdue")
    return Clock(
        deadline=deadline,
        what=what_of(deadline.rule),
        state=state,
        left=days_left(deadline.due_at, now) if running else "",
        sum=arithmetic(deadline),
    )


def next_of(deadlines: list[Deadline], tasks: list[Task], now: datetime, names: dict[str, str]) -> Next | None:
    """Return what is owed next: the nearest deadline, or the nearest task where none runs."""
    running = [line for line in deadlines if line.met_at is None and line.superseded_at is None]
    if running:
        nearest = min(running, key=lambda line: line.due_at)
        return _next(next_step(nearest.rule), nearest.due_at, now)
    if not tasks:
        return None
    task = min(tasks, key=lambda task: task.due_at)
    return _next(names.get(task.kind) or task.kind.replace("_", " ").capitalize(), task.due_at, now)


def _next(step: str, due_at: datetime, now: datetime) -> Next:
    return Next(step=step, due_at=due_at, left=days_left(due_at, now), late=due_at < now)
