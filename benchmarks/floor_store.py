"""The floor's store: one table, rows in batches, every batch flushed to the disk before its commit returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import psycopg

Row = tuple[str, bytes]
"""Envelope sender and raw mail."""
Waiting = tuple[int, str, bytes]
"""Row number, envelope sender, the first bytes of the mail."""
HEAD = 4_096
"""So many bytes hold the headers of any mail of the set."""


class FloorStore(Protocol):
    """What the floor needs of a database."""

    def put(self, rows: Sequence[Row]) -> None:
        """Keep the rows in one transaction."""
        ...

    def waiting(self, most: int) -> list[Waiting]:
        """Return rows without an answer, oldest first."""
        ...

    def answered(self, numbers: Sequence[int]) -> None:
        """Mark rows as answered in one transaction."""
        ...

    def counts(self) -> tuple[int, int]:
        """Return how many rows there are, and how many are not answered."""
        ...


class SqliteFloor:
    """SQLite with a write-ahead log and ``synchronous = FULL``: a commit waits for the disk."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, mail_from TEXT NOT NULL, answered INTEGER NOT NULL"
            " DEFAULT 0, raw BLOB NOT NULL)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS mail_waiting ON mail (id) WHERE answered = 0")

    def put(self, rows: Sequence[Row]) -> None:
        """Keep the rows in one transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO mail (mail_from, raw) VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def waiting(self, most: int) -> list[Waiting]:
        """Return rows without an answer, oldest first."""
        query = "SELECT id, mail_from, substr(raw, 1, ?) FROM mail WHERE answered = 0 ORDER BY id LIMIT ?"
        return self._db.execute(query, (HEAD, most)).fetchall()

    def answered(self, numbers: Sequence[int]) -> None:
        """Mark rows as answered in one transaction."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("UPDATE mail SET answered = 1 WHERE id = ?", [(number,) for number in numbers])
        self._db.execute("COMMIT")

    def counts(self) -> tuple[int, int]:
        """Return how many rows there are, and how many are not answered."""
        found: tuple[int, int] = self._db.execute("SELECT count(*), count(*) FILTER (WHERE answered = 0) FROM mail").fetchone()
        return found


class PostgresFloor:
    """PostgreSQL as it is set up: ``synchronous_commit = on``."""

    def __init__(self, conninfo: str) -> None:
        self._db = psycopg.connect(conninfo, autocommit=True)
        # EXTERNAL: PostgreSQL would try to compress every base64 body, which costs as much again as keeping it.
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS mail (id bigserial PRIMARY KEY, mail_from text NOT NULL, answered int NOT NULL"
            " DEFAULT 0, raw bytea STORAGE EXTERNAL NOT NULL)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS mail_waiting ON mail (id) WHERE answered = 0")

    def put(self, rows: Sequence[Row]) -> None:
        """Keep the rows in one transaction."""
        with self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany("INSERT INTO mail (mail_from, raw) VALUES (%s, %b)", rows)

    def waiting(self, most: int) -> list[Waiting]:
        """Return rows without an answer, oldest first."""
        query = "SELECT id, mail_from, substr(raw, 1, %s) FROM mail WHERE answered = 0 ORDER BY id LIMIT %s"
        return self._db.execute(query, (HEAD, most)).fetchall()

    def answered(self, numbers: Sequence[int]) -> None:
        """Mark rows as answered in one transaction."""
        self._db.execute("UPDATE mail SET answered = 1 WHERE id = ANY(%s)", (list(numbers),))

    def counts(self) -> tuple[int, int]:
        """Return how many rows there are, and how many are not answered."""
        row = self._db.execute("SELECT count(*), count(*) FILTER (WHERE answered = 0) FROM mail").fetchone()
        assert row is not None
        return row[0], row[1]


def open_floor(url: str) -> FloorStore:
    """Open ``sqlite:///PATH`` or ``postgresql://...``, and make the table where it is missing."""
    if url.startswith("sqlite:///"):
        return SqliteFloor(Path(url.removeprefix("sqlite:///")))
    return PostgresFloor(url.replace("postgresql+psycopg://", "postgresql://"))
