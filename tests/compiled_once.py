"""Statements are compiled once for all the stores that tests open, and not for each anew: that was a third of the tests' time.

SQLAlchemy keeps what it compiled by statement and dialect. Each store has a dialect object of its own, though all of one database
are alike; here they count as one. Only the tests' own processes do so, never a house that they start.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from store import connecting

COMPILED: dict[Any, Any] = {}


def share() -> None:
    """Let every store that is opened from now on in this process find what the others compiled."""
    for kind in (SQLiteDialect, PGDialect):
        kind.__eq__, kind.__hash__ = _alike, _kind  # type: ignore[method-assign]
    connecting.create_engine = _sharing(connecting.create_engine)


def _alike(self: Dialect, other: object) -> bool:
    return type(self) is type(other)


def _kind(self: Dialect) -> int:
    return hash(type(self))


def _sharing(make: Callable[..., Engine]) -> Callable[..., Engine]:
    @wraps(make)
    def made(*given: Any, **options: Any) -> Engine:
        engine = make(*given, **options)
        engine.update_execution_options(compiled_cache=COMPILED)
        return engine

    return made
