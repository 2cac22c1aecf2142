"""What is asked of refusals and of ombudsmen's orders across all cases: registers, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, select

from store.course_models import Discretion, OmbudsmanOrder, Refusal
from store.models import Case
from store.rows import any_of, columns, core, whole
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A row of a register with the reference of its case."""

    reference: str
    row: Any


def kept_of(glance: Glance, case_id: int) -> set[str]:
    """Return which of these tables hold anything of a case, by one question: most cases have nothing in any of them."""
    return set(glance.run(_kept_of(), {"case_id": case_id}).scalars())


@cache
def _kept_of() -> Any:
    of_case: Any = bindparam("case_id")
    tables = (Refusal, Discretion, OmbudsmanOrder)
    parts = [select(literal(table.__tablename__)).where(columns(table).case_id == of_case) for table in tables]
    return parts[0].union(*parts[1:])


def overdue_orders(glance: Glance, today: date, limit: int = 100) -> list[OmbudsmanOrder]:
    """Return the orders whose day is over, that are not done, and of which nobody was told yet."""
    return glance.models(OmbudsmanOrder, _overdue(), {"today": today, "limit": limit})


@cache
def _overdue() -> Select[Any]:
    order = columns(OmbudsmanOrder)
    wanted = order.due_on < bindparam("today", type_=order.due_on.type), order.done_at.is_(None), order.warned_at.is_(None)
    return whole(OmbudsmanOrder).where(*wanted).order_by(order.due_on, order.id).limit(bindparam("limit"))


def refusals(glance: Glance) -> list[Registered]:
    """Return all refusals, whatever became of them, in the order in which they were proposed."""
    return _registered(glance, glance.models(Refusal, whole(Refusal).order_by(columns(Refusal).id)))


def orders(glance: Glance, *, open_only: bool = False) -> list[Registered]:
    """Return what ombudsmen told us, what is due first before the rest."""
    order = columns(OmbudsmanOrder)
    statement = whole(OmbudsmanOrder).order_by(order.due_on.is_(None), order.due_on, order.id)
    wanted = statement.where(order.done_at.is_(None)) if open_only else statement
    return _registered(glance, glance.models(OmbudsmanOrder, wanted))


def _registered(glance: Glance, rows: list[Any]) -> list[Registered]:
    if not rows:
        return []
    case = columns(Case)
    found = select(case.id, case.reference).select_from(core(Case)).where(case.id.in_(any_of("ids")))
    names = dict(map(tuple, glance.all(found, {"ids": sorted({row.case_id for row in rows})})))
    return [Registered(reference=names[row.case_id], row=row) for row in rows]
