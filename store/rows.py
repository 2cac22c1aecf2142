"""Rows as plain mappings, filled up with their table's defaults, so that many of them go in with one statement.

Statements are built once and run with parameters: to build one takes the database library several times as long as to
run it. Hence the small functions under ``cache`` beside each question that is asked for every message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, Insert, Select, Update, bindparam, insert, select, update
from sqlalchemy import Table as CoreTable

from store.models import Table

Row = Mapping[str, Any]
T = TypeVar("T", bound=Table)


def core(table: type[Table]) -> CoreTable:
    """Return the table itself, as SQLAlchemy Core knows it."""
    return cast("CoreTable", table.__table__)  # type: ignore[attr-defined]  # declared by SQLModel when the class is made


def columns(table: type[Table]) -> Any:
    """Return the columns of a table, by the names of its attributes."""
    return core(table).c


def whole(table: type[Table]) -> Select[Any]:
    """Return the statement that finds all columns of a table's rows."""
    return select(core(table))


def key_of(table: type[Table]) -> tuple[ColumnElement[Any], ...]:
    """Return the primary key's columns, in order."""
    return tuple(core(table).primary_key.columns)


def any_of(name: str) -> BindParameter[Any]:
    """Return the place of a list in a statement that is built once; the list must not be empty when it is run."""
    return bindparam(name, expanding=True)


@cache
def finding(table: type[Table], names: tuple[str, ...], lists: frozenset[str], empty: frozenset[str]) -> Select[Any]:
    """Return the statement that finds rows by the values of these columns, in the order of their key.

    ``lists`` names those which may have any of several values, ``empty`` those which must have none.
    """
    statement = whole(table).order_by(*key_of(table))
    for name in names:
        column = columns(table)[name]
        told = column.is_(None) if name in empty else column == bindparam(name, type_=column.type)
        statement = statement.where(column.in_(any_of(name)) if name in lists else told)
    return statement


@cache
def blank(table: type[Table]) -> Row:
    """Return the values of everything that a new row may leave out, the id not among them."""
    values = {}
    for name, field in table.model_fields.items():
        if not field.is_required() and not core(table).c[name].primary_key:
            values[name] = field.get_default(call_default_factory=True)
    return values


def filled(table: type[Table], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows with the same columns each, as one statement for many rows needs them."""
    empty = blank(table)
    return [{**empty, **row} for row in rows]


@cache
def insertion(table: type[Table]) -> Insert:
    """Return the statement that adds rows."""
    return insert(core(table))


@cache
def change(table: type[Table], names: tuple[str, ...]) -> Update:
    """Return the statement that sets these columns of a row found by its key; parameters are named ``key_*`` and ``new_*``."""
    statement = update(core(table)).values({name: bindparam(f"new_{name}") for name in names})
    for column in key_of(table):
        statement = statement.where(column == bindparam(f"key_{column.key}", type_=column.type))
    return statement


def changes(table: type[Table], rows: Sequence[Row]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the columns that rows set beside their key, and the parameters of ``change``."""
    keys = {column.key for column in key_of(table)}
    names = tuple(name for name in rows[0] if name not in keys)
    return names, [{f"{'key' if name in keys else 'new'}_{name}": value for name, value in row.items()} for row in rows]


def built(table: type[T], row: Row) -> T:
    """Return the row as an object of its table."""
    return table(**row)
