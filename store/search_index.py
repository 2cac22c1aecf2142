"""The search index of each database behind one interface: words of cases go in, conditions over cases come out.

SQLite has FTS5, which keeps the words themselves and takes them out of its index again; PostgreSQL has a column of type
``tsvector`` under a GIN index. Both are given words as ``store.search_words`` makes them, so both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, String, column, literal, literal_column, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from store.models import Case
from store.rows import columns, core
from store.search_query import Condition, as_fts5, as_tsquery
from store.unit import Glance, Unit

LARGEST = 400_000
"""Bytes of words that are indexed of one case: with their places they stay within the megabyte of a ``tsvector``."""
GAP = ""
"""Stands between two texts in a list of words, so that no run of words goes from one into the next."""
_LAST_PLACE, _MOST_PLACES = 16_383, 255


class WordIndex(Protocol):
    """One database's index."""

    case_id: ColumnElement[int]
    """The column that names the case."""

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Keep these words of a case in place of any before."""
        ...

    def source(self) -> FromClause:
        """Return the index joined with its cases, to be searched from the index."""
        ...

    def meets(self, condition: Condition, but_not: Condition | None) -> ColumnElement[bool]:
        """Return the condition under which a row of the index is found."""
        ...


def index_of(glance: Glance) -> WordIndex:
    """Return the index of the database that is looked at."""
    return Fts5() if glance.embedded else TextSearch()


def remove(unit: Unit, case_ids: Iterable[int]) -> None:
    """Take cases out of the index."""
    key = "rowid" if unit.embedded else "case_id"
    unit.run(text(f"DELETE FROM search_index WHERE {key} = :case_id"), [{"case_id": id_} for id_ in case_ids])  # noqa: S608  # two fixed names


class Fts5:
    """SQLite's index."""

    case_id: ColumnElement[int] = literal_column("search_index.rowid")

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Write the words as one text; a word that nobody can ask for stands in the gaps."""
        told = " ".join(word or "x" for word in within(found))
        statement = text("INSERT OR REPLACE INTO search_index (rowid, words) VALUES (:case_id, :words)")
        unit.run(statement, {"case_id": case_id, "words": told})

    def source(self) -> FromClause:
        """Return the join; the plus keeps the planner from asking the index about one case after the other."""
        return table("search_index").join(core(Case), columns(Case).id == literal_column("+search_index.rowid"))

    def meets(self, condition: Condition, but_not: Condition | None) -> ColumnElement[bool]:
        """Return ``MATCH``."""
        asked = literal(as_fts5(condition, but_not), String)
        matched: ColumnElement[bool] = literal_column("search_index", String).op("MATCH", is_comparison=True)(asked)
        return matched


class TextSearch:
    """PostgreSQL's index."""

    case_id: ColumnElement[int] = literal_column("search_index.case_id")

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Write the words with their places as a ``tsvector``, past all parsers."""
        statement = text(
            "INSERT INTO search_index (case_id, words) VALUES (:case_id, CAST(:words AS tsvector)) "
            "ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
        )
        unit.run(statement, {"case_id": case_id, "words": _vector(within(found))})

    def source(self) -> FromClause:
        """Return the join."""
        indexed: Any = table("search_index", column("case_id"))
        joined: FromClause = indexed.join(core(Case), columns(Case).id == indexed.c.case_id)
        return joined

    def meets(self, condition: Condition, but_not: Condition | None) -> ColumnElement[bool]:
        """Return ``@@``."""
        asked = literal(as_tsquery(condition, but_not), String).cast(TSQUERY)
        matched: ColumnElement[bool] = literal_column("search_index.words").op("@@", is_comparison=True)(asked)
        return matched


def within(found: Iterable[str]) -> Iterator[str]:
    """Yield words until there are as many as one case may have."""
    size = 0
    for word in found:
        size += len(word.encode()) + 1
        if size > LARGEST:
            return
        yield word


def _vector(found: Iterable[str]) -> str:
    places: dict[str, list[str]] = {}
    for at, word in enumerate(found, start=1):
        if word and len(stands := places.setdefault(word, [])) < _MOST_PLACES:
            stands.append(str(min(at, _LAST_PLACE)))
    return " ".join(f"'{word}':{','.join(stands)}" for word, stands in places.items())
