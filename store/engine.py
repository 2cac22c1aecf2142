"""Opens the store: SQLite in one file, or PostgreSQL; both keep what they said they kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from store.connecting import PATIENCE, engine_for, reading
from store.errors import StoreUnavailable, showable, translated
from store.schema import must_be_current
from store.unit import Glance, OnBorder, Unit


class Store:
    """The open store; safe to share between threads."""

    def __init__(self, engine: Engine, on_border: OnBorder | None = None) -> None:
        """Use this engine, whose dialect is ``sqlite`` or ``postgresql``."""
        self._engine = engine
        self._on_border = on_border
        self.embedded = embedded = engine.dialect.name == "sqlite"
        # SQLite's own wait sleeps up to 100 ms a time and is not fair: writers of one process queue at a lock instead.
        self._turn: threading.Lock | None = threading.Lock() if embedded else None
        self.patience: float = PATIENCE
        self._reading = reading(engine)

    @contextmanager
    def unit(self, border: str) -> Iterator[Unit]:
        """Open a transaction; leaving the block without ``commit()`` undoes it. On SQLite only one is open at a time."""
        with self._own_turn(), _connected(self._engine) as connection:
            yield Unit(connection, border, self._on_border)

    @contextmanager
    def glance(self) -> Iterator[Glance]:
        """Open a look at one consistent state, which changes nothing and holds nobody up."""
        with _connected(self._reading) as connection:
            yield Glance(connection)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()
        self._reading.dispose()

    def __enter__(self) -> Self:
        """Use the store for the length of a block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store."""
        self.close()

    def _own_turn(self) -> AbstractContextManager[object]:
        return nullcontext() if self._turn is None else _held(self._turn, self.patience)


def open_store(url: str, on_border: OnBorder | None = None) -> Store:
    """Open the store at this SQLAlchemy URL, or raise ``SchemaOutOfDate``, ``StoreUnavailable`` or ``WrongStoreUrl``.

    ``on_border`` is told before and after each commit, with the transaction's name; production passes none.
    """
    store = Store(engine_for(url), on_border)
    try:
        with store.glance() as glance:
            must_be_current(glance)
    except BaseException:
        store.close()
        raise
    return store


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise translated(error) from showable(error)


@contextmanager
def _held(turn: threading.Lock, patience: float) -> Iterator[None]:
    if not turn.acquire(timeout=patience):
        raise StoreUnavailable("another transaction held the store too long")
    try:
        yield
    finally:
        turn.release()
