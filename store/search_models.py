"""The tables beside the search index: how far each case is indexed, and the words got out of attached files.

The index itself is no table of the models, as each database has its own kind: see ``store.search_index``.
"""

from __future__ import annotations

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from store.tables import Table, partial_index


class SearchCase(Table, table=True):
    """How far a case is indexed: ``events`` is how many it had then, -1 when it is to be indexed again."""

    __tablename__ = "search_case"
    __table_args__ = (
        partial_index("ix_search_case_due", "case_id", where="events < 0"),
        partial_index("ix_search_case_files", "case_id", where="files_due"),
    )
    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    events: int
    files_due: bool
    digest: str


class SearchFile(Table, table=True):
    """The words of one file of a message, read once; a message whose files have none has one row all the same."""

    __tablename__ = "search_file"
    __table_args__ = (UniqueConstraint("message_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    number: int
    name: str
    words: str = Field(sa_column=Column(Text, nullable=False))
    problem: str | None = None
