"""The queue of the desk: what waits for people, in the order of urgency, a page at a time by key.

Danger comes first, then the nearest date; the order never depends on who looks, so that a page's last row says where
the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, literal_column, or_, select, text, union_all

from store.desk_models import CaseStaff
from store.models import Case, Message, Task, Verdicting
from store.rows import columns, core
from store.unit import Glance

OPENING = 160
"""Characters of a message that the queue shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the queue a row stands: after it comes what is less urgent."""

    danger: bool
    due_at: datetime
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which tasks are wanted; an empty field asks for nothing in particular.

    ``username`` is who looks: a restricted case is left out unless they were let in, or ``sees_restricted``.
    """

    username: str
    sees_restricted: bool = False
    mine: bool = False
    teams: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    danger: bool = False
    unassigned: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A task in the queue, with what a person needs to choose it."""

    id: int
    kind: str
    why: str
    danger: bool
    team: str
    assigned_to: str | None
    opened_at: datetime
    due_at: datetime
    message_id: int | None
    case_id: int | None
    reference: str | None
    subject: str | None
    resident_name: str | None
    resident_address: str | None
    category: str | None
    stage: str | None
    flags: list[str] | None
    channel_kind: str | None
    received_at: datetime | None
    restricted: bool | None
    case_assigned_to: str | None
    judged: str | None
    confidence: float | None
    opening: str | None
    """How the message begins, for those without a subject."""

    @property
    def place(self) -> Place:
        """Return where in the queue this stands."""
        return Place(danger=self.danger, due_at=self.due_at, id=self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many tasks wait, by urgency and by kind."""

    danger: int = 0
    before: dict[datetime, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    total: int = 0


def queue_page(glance: Glance, wanted: Wanted, after: Place | None, limit: int) -> list[Waiting]:
    """Return the next tasks after a place, at most so many, in one query."""
    halves = [_half(wanted, after, limit, danger=danger).subquery().select() for danger in (True, False)]
    both = union_all(*halves).subquery()
    page = select(both).order_by(both.c.danger.desc(), both.c.due_at, both.c.id).limit(limit).subquery()
    return [Waiting(**row) for row in glance.run(_dressed(page)).mappings()]


def _half(wanted: Wanted, after: Place | None, limit: int, *, danger: bool) -> Select[Any]:
    """Return the next dangerous tasks, or the next others: each half stands in its index just as it is wanted."""
    task = columns(Task)
    conditions = [task.danger.is_(danger), *_conditions(wanted)]
    if after and after.danger == danger:
        conditions.append(or_(task.due_at > after.due_at, and_(task.due_at == after.due_at, task.id > after.id)))
    elif after and danger:
        conditions.append(literal(False))  # all of them stand before such a place
    return select(core(Task)).select_from(_asked_of(wanted)).where(*conditions).order_by(task.due_at, task.id).limit(limit)


def queue_counts(glance: Glance, wanted: Wanted, borders: tuple[datetime, ...]) -> Counts:
    """Count what is wanted: in danger, and of the others those due before each border, and each kind."""
    task = columns(Task)
    safe = task.danger.is_(False)
    sums = [func.sum(case((and_(safe, task.due_at < border), 1), else_=0)) for border in borders]
    danger = func.sum(case((task.danger.is_(True), 1), else_=0))
    statement = select(_kind(), func.count(), danger, *sums).select_from(_asked_of(wanted)).where(*_conditions(wanted))
    rows = [tuple(row) for row in glance.all(statement.group_by(_kind()))]
    return Counts(
        total=sum(row[1] for row in rows),
        danger=sum(row[2] for row in rows),
        by_kind={row[0]: row[1] for row in rows},
        before={border: sum(row[3 + number] for row in rows) for number, border in enumerate(borders)},
    )


def queue_position(glance: Glance, wanted: Wanted, place: Place) -> tuple[int, int]:
    """Return the how-manieth of what is wanted stands at a place, and how many there are."""
    task = columns(Task)
    sooner = or_(task.due_at < place.due_at, and_(task.due_at == place.due_at, task.id <= place.id))
    before = and_(task.danger.is_(True), sooner) if place.danger else or_(task.danger.is_(True), sooner)
    statement = select(func.coalesce(func.sum(case((before, 1), else_=0)), 0), func.count())
    ((number, total),) = glance.all(statement.select_from(_asked_of(wanted)).where(*_conditions(wanted)))
    return int(number), int(total)


def may_see(username: str, *, sees_restricted: bool) -> ColumnElement[bool]:
    """Return the condition under which somebody may see a case (or a task without one): for every list of cases."""
    kept, let_in = columns(Case), columns(CaseStaff)
    if sees_restricted:
        return literal(True)  # the library's own way to say "always"
    named = let_in.case_id == kept.id, let_in.username == username, let_in.relation == "let_in"
    open_to_all: ColumnElement[bool] = or_(kept.restricted.is_(None), kept.restricted.is_(False))
    return or_(open_to_all, exists(select(let_in.id).where(*named)))


def _open_to(wanted: Wanted) -> ColumnElement[bool]:
    """Return ``may_see`` for tasks: closed cases are few and looked up once, where asking each task's case takes long."""
    if wanted.sees_restricted:
        return literal(True)  # as above
    kept, let_in, case_id = columns(Case), columns(CaseStaff), columns(Task).case_id
    inside = select(let_in.case_id).where(let_in.username == wanted.username, let_in.relation == "let_in")
    # In the very words of the index, or SQLite does not use it.
    shut = select(kept.id).where(text("restricted"), kept.id.not_in(inside))
    return or_(case_id.is_(None), case_id.not_in(shut))


def _kind() -> ColumnElement[str]:
    """Return a task's kind in a form that keeps SQLite from its index of kinds, which holds all closed tasks too."""
    return func.coalesce(columns(Task).kind, literal_column("''"))


def _asked_of(wanted: Wanted) -> Any:
    """Return where the conditions look: at cases too only where something is asked of them."""
    if not (wanted.categories or wanted.channels or wanted.unassigned):
        return core(Task)
    return core(Task).outerjoin(core(Case), columns(Case).id == columns(Task).case_id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    task, kept = columns(Task), columns(Case)
    conditions = [task.closed_at.is_(None), _open_to(wanted)]
    if wanted.mine:
        own = task.case_id.in_(select(kept.id).where(kept.assigned_to == wanted.username)), task.assigned_to.is_(None)
        conditions.append(or_(task.assigned_to == wanted.username, and_(*own)))
    chosen = ((wanted.teams, task.team), (wanted.kinds, _kind()), (wanted.channels, kept.channel_kind))
    conditions += [column.in_(values) for values, column in chosen if values]
    if wanted.categories:
        conditions.append(kept.category.in_(wanted.categories))
    if wanted.danger:
        conditions.append(task.danger.is_(True))
    if wanted.unassigned:
        conditions += [task.assigned_to.is_(None), kept.assigned_to.is_(None)]
    return conditions


def _dressed(page: Any) -> Select[Any]:
    """Return the page's tasks with their cases and the machine's latest judgement of their message."""
    kept, verdict = columns(Case), columns(Verdicting)
    judgements = core(Verdicting).alias("judgements").c
    latest = select(func.max(judgements.id)).where(judgements.message_id == page.c.message_id, judgements.undone_at.is_(None))
    own = [page.c[name] for name in ("id", "kind", "why", "danger", "team", "assigned_to", "opened_at", "due_at", "message_id")]
    names = (
        "reference",
        "subject",
        "resident_name",
        "resident_address",
        "category",
        "stage",
        "flags",
        "channel_kind",
        "received_at",
        "restricted",
    )
    told = [page.c.case_id, *[kept[name] for name in names], kept.assigned_to.label("case_assigned_to")]
    judged = [verdict.category.label("judged"), verdict.confidence]
    joined = page.outerjoin(core(Case), kept.id == page.c.case_id)
    joined = joined.outerjoin(core(Verdicting), verdict.id == latest.scalar_subquery())
    joined = joined.outerjoin(core(Message), columns(Message).id == page.c.message_id)
    opening = func.substr(columns(Message).new_text, 1, OPENING).label("opening")
    return select(*own, *told, *judged, opening).select_from(joined).order_by(page.c.danger.desc(), page.c.due_at, page.c.id)
