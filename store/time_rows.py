"""What the clocks of complaints ask of the store: what nears, what passed, which updates are owed, what was told too late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, and_, cast, literal, null, or_, select, union, union_all

from store.course_models import Breach, Extension, ProgressUpdate, Warned
from store.lookups import open_deadline
from store.models import Case, CaseStatus, Deadline
from store.rows import columns, core, whole
from store.unit import Glance

AT_ONCE = 500
"""Rows of one question; the rest come a minute later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Horizon:
    """One step of warnings: the rules that have it, and the last moment whose deadlines are near enough for it now."""

    step: str
    rules: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Over:
    """A warning whose deadline was met or replaced."""

    warned_id: int
    task_id: int | None
    met: bool


def nearing(glance: Glance, horizons: Sequence[Horizon]) -> list[Deadline]:
    """Return open deadlines that somebody must be warned of now and was not, of cases that are worked on; nearest first."""
    deadline, case = columns(Deadline), columns(Case)
    latest = max(horizon.until for horizon in horizons)
    joined = core(Deadline).join(core(Case), case.id == deadline.case_id)
    worked_on = case.status.in_((CaseStatus.OPEN, CaseStatus.SIGNPOSTED))
    wanted = (*open_deadline(), deadline.due_at <= latest, worked_on, or_(*map(_unwarned, horizons)))
    statement = select(*core(Deadline).c).select_from(joined).where(*wanted)
    return glance.models(Deadline, statement.order_by(deadline.due_at, deadline.id).limit(AT_ONCE))


def _unwarned(horizon: Horizon) -> ColumnElement[bool]:
    deadline, warned = columns(Deadline), columns(Warned)
    told = select(warned.id).where(warned.deadline_id == deadline.id, warned.step == horizon.step)
    return and_(deadline.rule.in_(horizon.rules), deadline.due_at <= horizon.until, ~told.exists())


def passed(glance: Glance, now: datetime, since: datetime, but: Collection[str]) -> list[Deadline]:
    """Return deadlines that passed unmet, or were met too late since then, and are no breach yet; rules ``but`` are left out."""
    deadline = columns(Deadline)
    counts = deadline.rule.not_in(list(but)), ~_noticed(deadline.id)
    running = select(deadline.id).where(*open_deadline(), deadline.due_at < now, *counts)
    late = select(deadline.id).where(deadline.met_at > deadline.due_at, deadline.due_at >= since, *counts)
    both = union(running, late.where(deadline.superseded_at.is_(None))).subquery()
    statement = whole(Deadline).where(deadline.id.in_(select(both.c.id)))
    return glance.models(Deadline, statement.order_by(deadline.due_at, deadline.id).limit(AT_ONCE))


def _noticed(deadline_id: Any) -> ColumnElement[bool]:
    breach = columns(Breach)
    return select(breach.id).where(breach.deadline_id == deadline_id).exists()


def warnings_over(glance: Glance) -> list[Over]:
    """Return the warnings that stand though their deadline was met or replaced."""
    warned, deadline = columns(Warned), columns(Deadline)
    joined = core(Warned).join(core(Deadline), deadline.id == warned.deadline_id)
    done = or_(deadline.met_at.is_not(None), deadline.superseded_at.is_not(None))
    told = warned.id.label("warned_id"), warned.task_id, deadline.met_at.is_not(None).label("met")
    statement = select(*told).select_from(joined).where(warned.ended_at.is_(None), done)
    return [Over(**row) for row in glance.run(statement.order_by(warned.id).limit(AT_ONCE)).mappings()]


def updates_missed(glance: Glance, today: date) -> list[ProgressUpdate]:
    """Return updates that were promised for a day that is over, did not go, and were not yet noticed."""
    update = columns(ProgressUpdate)
    owed = update.sent_at.is_(None), update.ended_at.is_(None), update.due_on < today, update.missed_at.is_(None)
    return glance.models(ProgressUpdate, whole(ProgressUpdate).where(*owed).order_by(update.due_on, update.id).limit(AT_ONCE))


def late_without_update(glance: Glance, now: datetime, today: date, rules: Collection[str]) -> list[Deadline]:
    """Return deadlines by these rules that passed unmet, of cases on which no update is promised for today or later."""
    deadline, update = columns(Deadline), columns(ProgressUpdate)
    ahead = update.due_on >= today, update.sent_at.is_(None), update.ended_at.is_(None), update.letter_id.is_(None)
    promised = select(update.id).where(update.case_id == deadline.case_id, *ahead).exists()
    wanted = *open_deadline(), deadline.due_at < now, deadline.rule.in_(list(rules)), ~promised
    return glance.models(Deadline, whole(Deadline).where(*wanted).order_by(deadline.due_at, deadline.id).limit(AT_ONCE))


def extensions_too_late(glance: Glance, now: datetime) -> list[Extension]:
    """Return extensions whose old date ended before anybody was told, no breach yet; and those proposed that nobody let stand."""
    extension, deadline = columns(Extension), columns(Deadline)
    untold = or_(extension.told_at.is_(None), extension.told_at > deadline.due_at)
    stands = and_(extension.state == "stands", untold, ~_noticed(deadline.id))
    joined = core(Extension).join(core(Deadline), deadline.id == extension.deadline_id)
    wanted = deadline.due_at < now, or_(stands, extension.state == "proposed")
    statement = select(*core(Extension).c).select_from(joined).where(*wanted)
    return glance.models(Extension, statement.order_by(extension.id).limit(AT_ONCE))


def running(glance: Glance) -> list[Deadline]:
    """Return every open deadline, the nearest first."""
    deadline = columns(Deadline)
    return glance.models(Deadline, whole(Deadline).where(*open_deadline()).order_by(deadline.due_at, deadline.id))


def between(glance: Glance, table: Any, column: str, first: Any, beyond: Any, **equals: Any) -> list[Any]:
    """Return rows whose date or time in ``column`` is in a period: ``first`` is in it, ``beyond`` is not."""
    kept = columns(table)
    statement: Select[Any] = whole(table).where(kept[column] >= first, kept[column] < beyond).order_by(kept.id)
    for name, value in equals.items():
        statement = statement.where(kept[name].in_(value) if isinstance(value, (list, tuple)) else kept[name] == value)
    return glance.models(table, statement)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One thing of a case's time: an ``extension``, an ``update`` that is owed, or a ``breach``; ``on`` is its date, ``new_on`` a later one.

    ``at`` is when an extension was told, an update missed, a breach given its cause.
    """

    kind: str
    id: int
    on: date
    new_on: date | None
    at: datetime | None
    words: str | None
    state: str
    by: str | None


def time_of(glance: Glance, case_id: int) -> list[Told]:
    """Return what a case's page says of its time, by one question."""
    extension, update, breach = columns(Extension), columns(ProgressUpdate), columns(Breach)
    no_date, no_words = cast(null(), Date), cast(null(), Text)
    extensions = _told("extension", extension, extension.old_due_on, extension.new_due_on, extension.told_at)
    extensions = extensions.add_columns(*_said(extension.reason, extension.state, extension.by))
    updates = _told("update", update, update.due_on, no_date, update.missed_at)
    updates = updates.add_columns(*_said(no_words, literal("owed"), no_words))
    owed = update.sent_at.is_(None), update.ended_at.is_(None), update.letter_id.is_(None)
    breaches = _told("breach", breach, breach.due_on, no_date, breach.cause_at)
    breaches = breaches.add_columns(*_said(breach.cause, breach.rule, breach.cause_by))
    own = (extension.case_id == case_id, update.case_id == case_id, breach.case_id == case_id)
    both = union_all(extensions.where(own[0]), updates.where(own[1], *owed), breaches.where(own[2]))
    found = [Told(**row) for row in glance.run(both).mappings()]
    return sorted(found, key=lambda told: (told.kind, told.on, told.id))


def _told(kind: str, table: Any, on: Any, new_on: Any, at: Any) -> Select[Any]:
    return select(literal(kind).label("kind"), table.id, on.label("on"), new_on.label("new_on"), at.label("at"))


def _said(words: Any, state: Any, by: Any) -> tuple[Any, Any, Any]:
    return words.label("words"), state.label("state"), by.label("by")
