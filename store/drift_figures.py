"""What is counted to watch the machine at work: its verdicts, people's words over them, and the spot checks, each by age.

Nothing here has an index of its own: judgements are numbered in the order in which they were made, so the primary key finds
a period, and a message's other judgements and tasks are found by ``message_id``. One question each, answered in groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, case, exists, func, select

from store.models import Disposition, Message, Task, Verdicting
from store.rows import columns, core
from store.spot_rows import KIND
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """Who is the machine and who is not a person; ``spoken_for`` are the models of rows by the machine that give another's word.

    Messages by the channels ``logged`` are left out: a colleague heard those and wrote them down.
    """

    machine: str
    not_people: tuple[str, ...]
    spoken_for: tuple[str, ...]
    logged: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedCount:
    """So many verdicts of the machine are alike; ``days`` is the least of the ages asked for that they are not older than.

    ``code`` is what stands before the colon in the reason for triage; ``opened`` says that the message opened a case.
    """

    days: int
    channel: str
    model: str
    category: str
    route: str
    code: str
    opened: bool
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidCount:
    """So many messages that the machine judged alike are by a person's last word ``said``."""

    days: int
    category: str
    route: str
    opened: bool
    said: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckCount:
    """So many spot checks came to the same: ``said`` by a person, or nothing yet (``waiting``), or closed without a word."""

    days: int
    category: str
    said: str | None
    waiting: bool
    number: int


def first_number(glance: Glance, since: datetime) -> int:
    """Return the number of the last judgement before then; what follows it is the period."""
    verdict = columns(Verdicting)
    return glance.run(select(func.max(verdict.id)).where(verdict.at < since)).scalar() or 0


def judged_counts(glance: Glance, now: datetime, ages: Sequence[int], sides: Sides, first: int) -> list[JudgedCount]:
    """Count the machine's own verdicts not older than the last of the ages (days, ascending)."""
    statement = judged_question(now, ages, sides, first, embedded=glance.embedded)
    return [JudgedCount(**{**row, "opened": bool(row["opened"])}) for row in glance.run(statement).mappings()]


def said_counts(glance: Glance, now: datetime, ages: Sequence[int], sides: Sides, first: int) -> list[SaidCount]:
    """Count people's words over the machine's verdicts of these ages."""
    statement = said_question(now, ages, sides, first)
    return [SaidCount(**{**row, "opened": bool(row["opened"])}) for row in glance.run(statement).mappings()]


def check_counts(glance: Glance, now: datetime, ages: Sequence[int], sides: Sides) -> list[CheckCount]:
    """Count what came of the checks that were drawn among verdicts of these ages."""
    statement = checks_question(now, ages, sides)
    return [CheckCount(**{**row, "waiting": bool(row["waiting"])}) for row in glance.run(statement).mappings()]


def judged_question(now: datetime, ages: Sequence[int], sides: Sides, first: int, *, embedded: bool) -> Select[Any]:
    """Return the question behind ``judged_counts``."""
    verdict, message = columns(Verdicting), columns(Message)
    alike = (
        _age(verdict.at, now, ages),
        message.channel,
        verdict.model,
        verdict.category,
        verdict.route,
        _code(verdict, embedded=embedded).label("code"),
        _opened(message),
    )
    joined = core(Verdicting).join(core(Message), message.id == verdict.message_id)
    found = select(*alike).select_from(joined).where(verdict.id > first, _its_own(verdict, sides))
    return _counted(found.where(_not_older(verdict.at, now, ages), message.channel.not_in(sides.logged)))


def said_question(now: datetime, ages: Sequence[int], sides: Sides, first: int) -> Select[Any]:
    """Return the question behind ``said_counts``: people's words are few, and each leads to the machine's."""
    word, verdict, message = core(Verdicting).alias("word"), columns(Verdicting), columns(Message)
    told = word.c.message_id, word.c.category.label("said"), _own_of(word.c.message_id, sides).label("own")
    # SQLite, left to itself, goes through all verdicts and looks for words: by the number of one it cannot but begin here.
    words = select(*told).where(word.c.id > first, _last_word(word, sides)).subquery("words")
    alike = _age(verdict.at, now, ages), verdict.category, verdict.route, _opened(message), words.c.said
    joined = words.join(core(Verdicting), verdict.id == words.c.own).join(core(Message), message.id == words.c.message_id)
    found = select(*alike).select_from(joined)
    return _counted(found.where(_not_older(verdict.at, now, ages), message.channel.not_in(sides.logged)))


def checks_question(now: datetime, ages: Sequence[int], sides: Sides) -> Select[Any]:
    """Return the question behind ``check_counts``: a check is never opened before what it checks was judged."""
    word, verdict, task, message = core(Verdicting).alias("word"), columns(Verdicting), columns(Task), columns(Message)
    waiting = and_(word.c.id.is_(None), task.closed_at.is_(None)).label("waiting")
    alike = _age(verdict.at, now, ages), verdict.category, word.c.category.label("said"), waiting
    heard = and_(word.c.message_id == task.message_id, _last_word(word, sides))
    own = verdict.id == _own_of(task.message_id, sides)
    joined = core(Task).join(core(Verdicting), own).join(core(Message), message.id == task.message_id).outerjoin(word, heard)
    drawn = task.kind == KIND, message.channel.not_in(sides.logged), task.opened_at >= now - timedelta(days=ages[-1])
    return _counted(select(*alike).select_from(joined).where(*drawn, _not_older(verdict.at, now, ages)))


def _counted(found: Select[Any]) -> Select[Any]:
    # Grouped from outside: PostgreSQL takes an expression with parameters, said twice, for two different ones.
    alike = found.subquery("alike")
    return select(*alike.c, func.count().label("number")).group_by(*alike.c)


def _age(at: ColumnElement[Any], now: datetime, ages: Sequence[int]) -> ColumnElement[Any]:
    return case(*((at >= now - timedelta(days=days), days) for days in ages), else_=ages[-1]).label("days")


def _not_older(at: ColumnElement[Any], now: datetime, ages: Sequence[int]) -> ColumnElement[bool]:
    return at >= now - timedelta(days=ages[-1])


def _code(verdict: Any, *, embedded: bool) -> ColumnElement[Any]:
    colon = (func.instr if embedded else func.strpos)(verdict.why, ":")
    return case((and_(verdict.route != "auto", colon > 1), func.substr(verdict.why, 1, colon - 1)), else_="")


def _opened(message: Any) -> ColumnElement[Any]:
    return func.coalesce(message.disposition == Disposition.CASE, False).label("opened")


def _its_own(verdict: Any, sides: Sides) -> ColumnElement[bool]:
    return and_(verdict.by == sides.machine, verdict.model.not_in(sides.spoken_for))


def _own_of(message_id: ColumnElement[Any], sides: Sides) -> ScalarSelect[Any]:
    """Return the number of the machine's own verdict of a message: the first, where it read it again."""
    own = core(Verdicting).alias("own")
    return select(func.min(own.c.id)).where(own.c.message_id == message_id, _its_own(own.c, sides)).scalar_subquery()


def _last_word(word: FromClause, sides: Sides) -> ColumnElement[bool]:
    later = core(Verdicting).alias("later")
    same = later.c.message_id == word.c.message_id, later.c.id > word.c.id
    return and_(_word(word.c, sides), ~exists().where(*same, _word(later.c, sides)))


def _word(row: Any, sides: Sides) -> ColumnElement[bool]:
    return and_(row.by.not_in(sides.not_people), row.undone_at.is_(None))
