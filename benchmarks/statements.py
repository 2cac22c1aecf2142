"""Which statements a page asks of the database, how long each takes, and how the database goes about the slow ones."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, create_engine, event, text


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One statement as it was run."""

    statement: str
    parameters: Any
    seconds: float


@dataclass
class Listening:
    """Notes every statement of this process between entering and leaving."""

    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began: dict[int, float] = defaultdict(float)

    def __enter__(self) -> Self:
        """Begin."""
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End."""
        event.remove(Engine, "before_cursor_execute", self._before)
        event.remove(Engine, "after_cursor_execute", self._after)

    def _before(self, *_told: Any) -> None:
        self._began[threading.get_ident()] = time.perf_counter()

    def _after(self, *told: Any) -> None:
        seconds = time.perf_counter() - self._began[threading.get_ident()]
        _connection, _cursor, statement, parameters, *_rest = told
        self.asked.append(Asked(statement=statement, parameters=parameters, seconds=seconds))


def plan_of(url: str, asked: Asked) -> str:
    """Return how the database goes about a statement."""
    engine = create_engine(url)
    with engine.connect() as connection:
        how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS) "
        rows = connection.exec_driver_sql(how + asked.statement, asked.parameters).all()
        if connection.dialect.name == "sqlite":
            return "\n".join(f"{row[0]:>4} {row[1]:>4} {row[3]}" for row in rows)
        connection.execute(text("ROLLBACK"))
    return "\n".join(row[0] for row in rows)
