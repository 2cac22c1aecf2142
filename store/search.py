"""Search over everything that was written or received: one row a case, for those who may see it.

The best come first (see ``store.search_query.conditions``), and among equals the newest case; a page's last row says
where the next page begins. Nobody is told, nor counted, what they may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from store.models import Case
from store.queue_rows import may_see
from store.rows import columns
from store.search_index import index_of
from store.search_query import Term, conditions, terms
from store.search_shown import Snippet, snippets
from store.search_sources import sources_of
from store.search_upkeep import forget, tidy, touch
from store.search_words import FACTS, MESSAGE
from store.unit import Glance

MOST_COUNTED = 1_000
"""Cases that are counted; of more it is said that there are more."""

__all__ = ["MOST_COUNTED", "Found", "Spot", "Wanted", "forget", "found_cases", "number_found", "terms", "tidy", "touch"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where in the results a row stands: how good it is (0 is best), and its case."""

    grade: int
    case_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is sought, and by whom; an empty field asks for nothing in particular. ``before`` is left out, ``since`` is not."""

    terms: tuple[Term, ...]
    username: str
    sees_restricted: bool = False
    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A case that was found, with pieces of the texts in which it was."""

    case: Case
    spot: Spot
    snippets: list[Snippet]


def found_cases(glance: Glance, wanted: Wanted, after: Spot | None, limit: int) -> list[Found]:
    """Return the next cases after a spot, at most so many."""
    spots = _spots(glance, wanted, after, limit)
    ids = [spot.case_id for spot in spots]
    cases = {case.id: case for case in glance.find(Case, id=ids)}
    shown = _snippets(glance, ids, wanted.terms)
    return [Found(case=cases[spot.case_id], spot=spot, snippets=shown[spot.case_id]) for spot in spots]


def number_found(glance: Glance, wanted: Wanted) -> int:
    """Return how many cases there are, ``MOST_COUNTED`` + 1 meaning more."""
    if not wanted.terms:
        return 0
    widest = conditions(wanted.terms)[-1]
    return index_of(glance).number(glance, (widest, None), _filters(wanted), MOST_COUNTED + 1)


def _spots(glance: Glance, wanted: Wanted, after: Spot | None, limit: int) -> list[Spot]:
    graded = conditions(wanted.terms) if wanted.terms else []
    first = min(after.grade, len(graded)) if after else 0
    spots: list[Spot] = []
    for grade in range(first, len(graded)):
        better = graded[grade - 1] if grade else None
        below = after.case_id if after and grade == after.grade else None
        asked = graded[grade], better
        ids = index_of(glance).newest(glance, asked, _filters(wanted), below, limit - len(spots))
        spots += [Spot(grade=grade, case_id=id_) for id_ in ids]
        if len(spots) >= limit:
            break
    return spots


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    case = columns(Case)
    chosen = ((wanted.statuses, case.status), (wanted.categories, case.category), (wanted.teams, case.team))
    filters: list[ColumnElement[bool]] = [column.in_(values) for values, column in chosen if values]
    if wanted.since is not None:
        filters.append(case.received_at >= wanted.since)
    if wanted.before is not None:
        filters.append(case.received_at < wanted.before)
    return [may_see(wanted.username, sees_restricted=wanted.sees_restricted), *filters]


def _snippets(glance: Glance, case_ids: Sequence[int], asked: Sequence[Term]) -> dict[int, list[Snippet]]:
    """Return snippets for each case; files, letters and notes are read only for those that need them."""
    whole = set(range(len(asked)))
    shown = {id_: snippets(texts, asked) for id_, texts in sources_of(glance, case_ids, (FACTS, MESSAGE)).items()}
    short = [id_ for id_, pieces in shown.items() if whole.difference(*(piece.terms for piece in pieces))]
    return shown | {id_: snippets(texts, asked) for id_, texts in sources_of(glance, short).items()}
