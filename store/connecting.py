"""How the two databases are spoken to, so that what is committed is durable and readers hold nobody up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from store.errors import StoreUnavailable, WrongStoreUrl

PATIENCE = 30
"""Seconds that a transaction waits for another one before it is called unavailable."""

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # WAL's usual NORMAL may lose the last commits with the power
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={PATIENCE * 1000}",
    "PRAGMA wal_autocheckpoint=4000",  # pages of 4 KiB: mails with photographs fill the usual 1,000 every second
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-8000",
)
POSTGRESQL_SETTINGS = (
    "SET synchronous_commit = on",
    "SET TIME ZONE 'UTC'",
    f"SET lock_timeout = '{PATIENCE}s'",
    # A machine that vanishes in mid-transaction must not hold its claims for the two hours that TCP takes to notice.
    "SET idle_in_transaction_session_timeout = '60s'",
)
THREADS = 32
"""Most connections at once: as many as the default executor of asyncio has threads."""


def engine_for(url: str) -> Engine:
    """Return the engine for this URL, making a SQLite file's folder, or raise ``WrongStoreUrl`` or ``StoreUnavailable``."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise WrongStoreUrl(
            "store_url is no database URL; write sqlite:///var/intake.db or postgresql+psycopg://..."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed)
    raise WrongStoreUrl(f"store_url must be SQLite or PostgreSQL, not {parsed.get_backend_name()}")


def reading(engine: Engine) -> Engine:
    """Return the engine for only looking at the same store: one consistent state, no lock that a writer would wait for.

    It is to be disposed of beside the other.
    """
    if engine.dialect.name == "sqlite":
        # Connections of its own, each told for good that it changes nothing: a writer's could not be told so for free.
        return _sqlite_engine(engine.url, (*SQLITE_SETTINGS, "PRAGMA query_only=ON"), "BEGIN")
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise WrongStoreUrl("store_url must name a file: what is kept in memory is not kept")
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the store's folder {folder} cannot be made: {error.strerror}") from error
    return _sqlite_engine(url, SQLITE_SETTINGS, "BEGIN IMMEDIATE")


def _sqlite_engine(url: URL, settings: tuple[str, ...], begin: str) -> Engine:
    # isolation_level None: the driver begins nothing by itself, so that we say how a transaction begins.
    arguments = {"timeout": PATIENCE, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, **_pool())
    event.listen(engine, "connect", _tell(settings))
    event.listen(engine, "begin", _beginning(begin))
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), isolation_level="READ COMMITTED", pool_pre_ping=True, **_pool()
    )
    event.listen(engine, "connect", _tell(POSTGRESQL_SETTINGS))
    return engine


def _pool() -> dict[str, Any]:
    # hide_parameters: a resident's words must not reach a log through an error message
    return {
        "pool_size": 8,
        "max_overflow": THREADS - 8,
        "pool_timeout": PATIENCE,
        "pool_use_lifo": True,  # the connection used last still has in memory what the next page asks for
        "hide_parameters": True,
        "json_serializer": _as_json,
    }


def _as_json(value: object) -> str:
    # Most lists in most rows are empty, and making an encoder for each costs more than all else about the column.
    if value == []:
        return "[]"
    return "{}" if value == {} else json.dumps(value)


def _tell(settings: tuple[str, ...]) -> Any:
    def told(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.close()
        connection.commit()

    return told


def _beginning(begin: str) -> Any:
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return begun
