"""The search index of each database behind one interface: words of cases go in, conditions over cases come out.

SQLite has FTS5, which keeps the words themselves and takes them out of its index again; PostgreSQL has a column of type
``tsvector`` under a GIN index. Both are given words as ``store.search_words`` makes them, so both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Integer, Select, String, column, func, literal, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from store.models import Case
from store.rows import columns, core
from store.search_query import Condition, as_fts5, as_tsquery, pairs
from store.unit import Glance, Unit

LARGEST = 400_000
"""Bytes of words that are indexed of one case: with their places they stay within the megabyte of a ``tsvector``."""
GAP = ""
"""Stands between two texts in a list of words, so that no run of words goes from one into the next."""
FEW = 1_000
"""So many cases are sorted by number in an instant."""
ROWID: ColumnElement[int] = literal_column("search_index.rowid", Integer)
_LAST_PLACE, _MOST_PLACES = 16_383, 255


Asked = tuple[Condition, Condition | None]
"""What a case must fulfil, and what it must not."""
Filters = Sequence[ColumnElement[bool]]
"""Further conditions, over the columns of ``Case``."""


class WordIndex(Protocol):
    """One database's index."""

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Keep these words of a case in place of any before."""
        ...

    def newest(self, glance: Glance, asked: Asked, filters: Filters, below: int | None, limit: int) -> list[int]:
        """Return the cases with the highest numbers, below that one, the highest first."""
        ...

    def number(self, glance: Glance, asked: Asked, filters: Filters, most: int) -> int:
        """Count the cases, up to ``most``."""
        ...


def index_of(glance: Glance) -> WordIndex:
    """Return the index of the database that is looked at."""
    return Fts5() if glance.embedded else TextSearch()


def remove(unit: Unit, case_ids: Iterable[int]) -> None:
    """Take cases out of the index."""
    key = "rowid" if unit.embedded else "case_id"
    unit.run(text(f"DELETE FROM search_index WHERE {key} = :case_id"), [{"case_id": id_} for id_ in case_ids])  # noqa: S608  # two fixed names


class Fts5:
    """SQLite's index, which finds cases in the order of their numbers, and only as many as are asked for."""

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Write the words as one text; a word that nobody can ask for stands in the gaps."""
        told = " ".join(word or "x" for word in within(found))
        statement = text("INSERT OR REPLACE INTO search_index (rowid, words) VALUES (:case_id, :words)")
        unit.run(statement, {"case_id": case_id, "words": told})

    def newest(self, glance: Glance, asked: Asked, filters: Filters, below: int | None, limit: int) -> list[int]:
        """Ask backwards from the highest number."""
        statement = self._matching(asked, filters).order_by(ROWID.desc()).limit(limit)
        return list(glance.run(statement if below is None else statement.where(below > ROWID)).scalars())

    def number(self, glance: Glance, asked: Asked, filters: Filters, most: int) -> int:
        """Count no further than asked."""
        return _number(glance, self._matching(asked, filters), most)

    def _matching(self, asked: Asked, filters: Filters) -> Select[Any]:
        # The plus keeps the planner from asking the index about one case after the other.
        joined = table("search_index").join(core(Case), columns(Case).id == literal_column("+search_index.rowid"))
        matches = literal_column("search_index", String).op("MATCH", is_comparison=True)(literal(as_fts5(*asked), String))
        return select(ROWID).select_from(joined).where(matches, *filters)


class TextSearch:
    """PostgreSQL's index, which finds all cases at once and in no order.

    Its planner guesses how many there are, and guesses wrong: for a rare word it reads the table backwards to the end.
    So a question is first put to the index alone, up to ``FEW``; only what is common is sought from the newest backwards.
    """

    def put(self, unit: Unit, case_id: int, found: Sequence[str]) -> None:
        """Write the words with their places as a ``tsvector``, past all parsers."""
        statement = text(
            "INSERT INTO search_index (case_id, words) VALUES (:case_id, CAST(:words AS tsvector)) "
            "ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
        )
        unit.run(statement, {"case_id": case_id, "words": _vector(within(found))})

    def newest(self, glance: Glance, asked: Asked, filters: Filters, below: int | None, limit: int) -> list[int]:
        """Ask for a few in any order; where there are more, for the newest alone."""
        ids = columns(Case).id
        further = filters if below is None else (*filters, ids < below)
        some = list(glance.run(self._by_index(asked, further).limit(FEW + 1)).scalars())
        if len(some) <= FEW:
            return sorted(some, reverse=True)[:limit]
        indexed = table("search_index", column("case_id"), column("words"))
        joined = indexed.join(core(Case), ids == indexed.c.case_id)
        statement = select(indexed.c.case_id).select_from(joined).where(_matches(indexed.c.words, asked), *further)
        return list(glance.run(statement.order_by(indexed.c.case_id.desc()).limit(limit)).scalars())

    def number(self, glance: Glance, asked: Asked, filters: Filters, most: int) -> int:
        """Count no further than asked."""
        return _number(glance, self._by_index(asked, filters), most)

    def _by_index(self, asked: Asked, filters: Filters) -> Select[Any]:
        indexed = table("search_index", column("case_id"), column("words"))
        # OFFSET 0 keeps the planner from mixing the two questions.
        hits = select(indexed.c.case_id).where(_matches(indexed.c.words, asked)).offset(0).subquery("hits")
        return select(hits.c.case_id).select_from(hits.join(core(Case), columns(Case).id == hits.c.case_id)).where(*filters)


def _matches(words: ColumnElement[Any], asked: Asked) -> ColumnElement[bool]:
    return words.op("@@", is_comparison=True)(literal(as_tsquery(*asked), String).cast(TSQUERY))


def _number(glance: Glance, statement: Select[Any], most: int) -> int:
    return int(glance.run(select(func.count()).select_from(statement.limit(most).subquery())).scalar_one())


def within(found: Iterable[str]) -> Iterator[str]:
    """Yield words until there are as many as one case may have."""
    size = 0
    for word in found:
        size += len(word.encode()) + 1
        if size > LARGEST:
            return
        yield word


def _vector(found: Iterable[str]) -> str:
    told = list(found)
    places: dict[str, list[str]] = {}
    for at, word in enumerate(told, start=1):
        if word and len(stands := places.setdefault(word, [])) < _MOST_PLACES:
            stands.append(str(min(at, _LAST_PLACE)))
    written = [f"'{word}':{','.join(stands)}" for word, stands in places.items()]
    return " ".join([*written, *(f"'{pair}'" for pair in dict.fromkeys(pairs(told)))])
