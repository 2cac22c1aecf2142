"""What all tables share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def partial_index(name: str, *names: str, where: str) -> Index:
    """Return an index over the rows of which this SQL condition holds, on both databases."""
    return Index(name, *names, sqlite_where=text(where), postgresql_where=text(where))


def json_field(empty: Callable[[], Any]) -> Any:
    """Return a column of plain lists or objects, empty unless given."""
    return Field(default_factory=empty, sa_column=Column(JSON, nullable=False))


def json_perhaps() -> Any:
    """Return a column of a plain list or object, or of nothing at all."""
    return Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class Table(SQLModel):
    """What all tables share: one metadata with a naming convention, so that migrations can name every constraint."""

    metadata = MetaData(naming_convention=NAMING)
