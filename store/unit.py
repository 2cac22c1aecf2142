"""The two ways to use the store: a ``Glance`` reads, a ``Unit`` writes all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, Integer, Select, bindparam, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from store.errors import showable, translated
from store.models import Table
from store.rows import Row, T, built, change, changes, columns, core, filled, finding, insertion, key_of
from store.seal_book import SealBook

BORDERS = ("T1", "T2", "T3", "T4", "T5", "T6", "contact", "desk", "search")
"""The transactions of the design's eight hops, in order; when a channel was heard; what the desk keeps of its people; the index."""

OnBorder = Callable[[str, str], None]
"""Told ``(border, "before")`` and ``(border, "after")`` around each commit."""


class Glance:
    """A consistent look at the store, in which nothing can be changed."""

    def __init__(self, connection: Connection) -> None:
        """Look through this connection; whoever opened it closes it."""
        self._connection = connection
        self.embedded = connection.dialect.name == "sqlite"

    def run(self, statement: Executable, rows: Sequence[Row] | Row | None = None) -> CursorResult[Any]:
        """Execute one statement of the database library: for modules of this package."""
        try:
            return self._connection.execute(statement, rows)
        except (SQLAlchemyError, UnicodeError) as error:
            raise translated(error) from showable(error)

    def has_table(self, name: str) -> bool:
        """Return whether the database has a table of this name."""
        return inspect(self._connection).has_table(name)

    def all(self, statement: Executable, values: Row | None = None) -> list[Any]:
        """Return all rows that a statement finds with these values for its parameters."""
        return list(self.run(statement, values).all())

    def models(self, table: type[T], statement: Executable, values: Row | None = None) -> list[T]:
        """Return the rows that a ``select`` of this whole table finds, as objects of it."""
        return [built(table, cast("Row", row)) for row in self.run(statement, values).mappings()]

    def get(self, table: type[T], key: Any) -> T | None:
        """Return the row with this primary key (a tuple where the key has several columns), or None."""
        found = self.find(table, **_named(table, key))
        return found[0] if found else None

    def find(self, table: type[T], **equals: Any) -> list[T]:
        """Return the rows whose columns have all these values (a list means any of them), by primary key."""
        lists = {name: list(value) for name, value in equals.items() if isinstance(value, (list, tuple, set))}
        if not all(lists.values()):
            return []
        empty = frozenset(name for name, value in equals.items() if value is None)
        told = {name: lists.get(name, value) for name, value in equals.items() if value is not None}
        return self.models(table, finding(table, tuple(equals), frozenset(lists), empty), told)


class Unit(Glance):
    """One transaction. Without ``commit`` nothing of it remains; after ``commit`` it cannot be used again."""

    def __init__(self, connection: Connection, border: str, on_border: OnBorder | None = None) -> None:
        """Write through this connection, as the transaction of this name (one of ``BORDERS``)."""
        super().__init__(connection)
        if border not in BORDERS:
            raise ValueError(f"there is no transaction {border!r}")
        self._border = border
        self._on_border = on_border or (lambda _border, _moment: None)
        self._book = SealBook(self)

    def seals(self, case_id: int) -> list[str]:
        """Return the seals of what was written on a case and stands in no event yet."""
        return self._book.of(case_id)

    def commit(self) -> None:
        """Make everything durable, or raise ``StoreUnavailable``, after which it may or may not have been."""
        self._book.close(self)
        self._on_border(self._border, "before")
        try:
            self._connection.commit()
        except SQLAlchemyError as error:
            raise translated(error) from showable(error)
        self._connection.close()
        self._on_border(self._border, "after")

    def insert(self, table: type[Table], rows: Sequence[Row]) -> list[int]:
        """Add rows to a table with an ``id``; return their ids in order. Columns left out get their defaults."""
        ids = self.new_ids(table, len(rows))
        self.add(table, [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)])
        return ids

    def new_ids(self, table: type[Table], number: int) -> list[int]:
        """Take ids for rows that this unit is going to add: with them known, the rows go in at twice the speed."""
        if number == 0:
            return []
        if self.embedded:  # nobody else writes while this unit does
            last = self.run(_last_id(table)).scalar_one()
            return list(range(last + 1, last + 1 + number))
        return list(self.run(_next_ids(table), {"number": number}).scalars())

    def add(self, table: type[Table], rows: Sequence[Row]) -> None:
        """Add rows whose ids nobody needs."""
        if rows:
            self.run(insertion(table), filled(table, rows))
            self._book.added(table, rows)

    def add_new(self, table: type[Table], rows: Sequence[Row], conflict: Sequence[str]) -> bool:
        """Add the rows whose columns ``conflict`` (a unique key) are not yet kept; of several alike, the first.

        Return whether all of them were new.
        """
        if not rows:
            return True
        statement = _insertion_of_new(table, tuple(conflict), embedded=self.embedded)
        return self.run(statement, filled(table, rows)).rowcount == len(rows)

    def insert_new(self, table: type[Table], rows: Sequence[Row], conflict: Sequence[str]) -> list[bool]:
        """Do as ``add_new``, and say for each row whether it was new. For few rows: it is slower."""
        first: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            first.setdefault(tuple(row[name] for name in conflict), row)
        if not first:
            return []
        wanted = [columns(table)[name] for name in conflict]
        statement = upsert(table, embedded=self.embedded).on_conflict_do_nothing(index_elements=wanted).returning(*wanted)
        new = {tuple(found) for found in self.run(statement, filled(table, list(first.values())))}
        keys = [tuple(row[name] for name in conflict) for row in rows]
        fresh = [key in new and first[key] is row for key, row in zip(keys, rows, strict=True)]
        self._book.added(table, [row for row, is_new in zip(rows, fresh, strict=True) if is_new])
        return fresh

    def update(self, table: type[Table], key: Any, **values: Any) -> bool:
        """Set these columns of one row; return whether there is such a row."""
        names, parameters = changes(table, [{**_named(table, key), **values}])
        self._book.changing(table, [{**_named(table, key), **values}])
        return self.run(change(table, names), parameters[0]).rowcount > 0

    def update_many(self, table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
        """Set columns of many rows, each found by the primary key among its values; all rows name the same columns."""
        listed = list(rows)
        if listed:
            self._book.changing(table, listed)
            names, parameters = changes(table, listed)
            self.run(change(table, names), parameters)


def upsert(table: type[Table], *, embedded: bool) -> Any:
    """Return an insertion that knows ``ON CONFLICT``, for SQLite or for PostgreSQL: for modules of this package."""
    return (sqlite if embedded else postgresql).insert(core(table))


def _named(table: type[Table], key: Any) -> dict[str, Any]:
    values = key if isinstance(key, tuple) else (key,)
    return {str(column.key): value for column, value in zip(key_of(table), values, strict=True)}


@cache
def _last_id(table: type[Table]) -> Select[Any]:
    return select(func.coalesce(func.max(columns(table).id), 0))


@cache
def _next_ids(table: type[Table]) -> Select[Any]:
    sequence = func.pg_get_serial_sequence(core(table).name, "id")
    numbers = func.generate_series(1, bindparam("number", type_=Integer)).alias("numbers")
    return select(func.nextval(sequence)).select_from(numbers)


@cache
def _insertion_of_new(table: type[Table], conflict: tuple[str, ...], *, embedded: bool) -> Any:
    statement = upsert(table, embedded=embedded).on_conflict_do_nothing(index_elements=list(conflict))
    # The library lets go of an insertion's count unless it is asked to keep it.
    return statement.execution_options(preserve_rowcount=True)
