"""Fills a store with many cases: real ones, made by the system from real mails, copied row by row through the real tables.

Each copy is a case of its own: ids are moved on, and everything that names a mail, a person or a case is made different,
so that indexes grow as they would. Times are moved back by half an hour and more, so that copies do not count as
letters of just now; dates owed stay. Hashes of events are copied as they are: nothing here checks the chain.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, Table, create_engine, text
from sqlalchemy.engine import Engine

NAMES = frozenset(
    {"external_id", "raw_sha256", "sender_address", "header_id", "repeat_key", "content_key", "reference", "resident_address"}
    | {"address", "recipient", "in_reply_to", "input_sha256"}
)
"""Columns that tell one mail, person or case from another."""
OWED = frozenset({"due_at", "next_at"})
LEFT_OUT = frozenset({"alembic_version", "mailbox_position", "contact", "tally", "file_scan"})


def multiply(url: str, copies: int) -> int:
    """Add ``copies`` copies of all that the store holds; return how many cases there are then."""
    engine = create_engine(url)
    tables = MetaData()
    tables.reflect(engine)
    # The search index is made anew from what it finds, and on SQLite its tables are the database's own business.
    kept = [table for table in tables.sorted_tables if table.name not in LEFT_OUT and not table.name.startswith("search_")]
    with engine.begin() as connection:
        strides = {table.name: _stride(connection, table) for table in kept}
        for table in kept:
            connection.execute(text(f"CREATE TEMPORARY TABLE first_{table.name} AS SELECT * FROM {table.name}"))
        for number in range(1, copies + 1):
            for table in kept:
                connection.execute(text(_copying(table, number, strides, engine)))
        for table in kept:
            connection.execute(text(f"DROP TABLE first_{table.name}"))
        # What the doors counted must still be what is there.
        connection.execute(text(f"UPDATE tally SET number = number * {copies + 1}"))
        _settle(connection, kept)
        cases = connection.execute(text("SELECT count(*) FROM case_file")).scalar_one()
    engine.dispose()
    return int(cases)


def _stride(connection: Connection, table: Table) -> int:
    if "id" not in table.c:
        return 0
    return int(connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one())


def _copying(table: Table, number: int, strides: dict[str, int], engine: Engine) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(_value(column, number, strides, engine.dialect.name) for column in table.c)
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM first_{table.name}"


def _value(column: Column[object], number: int, strides: dict[str, int], dialect: str) -> str:
    name = f'"{column.name}"'
    belongs_to = next((key.column.table.name for key in column.foreign_keys), None)
    if belongs_to is None and column.name == "id" and isinstance(column.type, Integer):
        belongs_to = column.table.name
    if belongs_to is not None:
        return f"{name} + {number * strides[belongs_to]}"
    if column.name in NAMES:
        return f"'{number}.' || {name}"
    if isinstance(column.type, DateTime) and column.name not in OWED:
        return _earlier(name, 30 + number, dialect)
    return name


def _earlier(name: str, minutes: int, dialect: str) -> str:
    if dialect == "postgresql":
        return f"{name} - interval '{minutes} minutes'"
    # SQLAlchemy reads six digits of a second; SQLite writes three.
    return f"strftime('%Y-%m-%d %H:%M:%f', {name}, '-{minutes} minutes') || '000'"


def _settle(connection: Connection, tables: list[Table]) -> None:
    """Move PostgreSQL's sequences on, and let it count the rows as its own upkeep would have by then."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c:
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"))
    connection.execute(text("ANALYZE"))
