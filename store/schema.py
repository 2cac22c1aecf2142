"""The tables' version: brings them up to date, and refuses tables of another time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from store.connecting import engine_for, reading
from store.errors import SchemaOutOfDate, showable, translated
from store.unit import Glance

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0011"
"""The revision this program was written for: the last file in ``store/migrations/versions``."""

ONE_AT_A_TIME = 7203115
"""Our number for PostgreSQL's advisory lock: two processes never migrate at once."""


def migrate(url: str) -> None:
    """Bring the tables at this URL up to date, all of it or nothing; an empty database gets them all."""
    from alembic import command  # noqa: PLC0415  # only this command needs it, and it is slow to import

    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
            command.upgrade(configuration(connection), "head")
    except SQLAlchemyError as error:
        raise translated(error) from showable(error)
    finally:
        engine.dispose()


def current_revision(url: str) -> str | None:
    """Return the revision of the tables at this URL; None when there are none."""
    engine = reading(engine_for(url))
    try:
        with engine.connect() as connection:
            return revision(Glance(connection))
    except SQLAlchemyError as error:
        raise translated(error) from showable(error)
    finally:
        engine.dispose()


def configuration(connection: Connection) -> Config:
    """Return what Alembic needs to work through this connection."""
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revision(glance: Glance) -> str | None:
    """Return the revision written in the database, or None where nothing was ever migrated."""
    if not glance.has_table("alembic_version"):
        return None
    found: str | None = glance.run(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def must_be_current(glance: Glance) -> None:
    """Raise ``SchemaOutOfDate`` unless the tables are those of this program; revisions are numbers and sort as text."""
    found = revision(glance)
    if found is None or found < HEAD:
        raise SchemaOutOfDate(f"the store's tables are {_told(found)}, this program needs {HEAD}: run `intake migrate`")
    if found > HEAD:
        raise SchemaOutOfDate(
            f"the store's tables are {_told(found)}, newer than this program's {HEAD}: install the newer program, then run `intake migrate`"
        )


def _told(found: str | None) -> str:
    return "missing" if found is None else f"at revision {found}"
