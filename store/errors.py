"""What can go wrong with the store, by what to do next.

::

    StoreError
    ├── StoreUnavailable   temporary: try again; nothing of this transaction may be counted on
    ├── AlreadyThere       a key is taken: somebody else was first
    ├── NotStorable        a value no column can hold: trying again cannot help
    ├── SchemaOutOfDate    run ``intake migrate``, or the newer program
    └── WrongStoreUrl      the configuration names no store that we can use

Sentences never hold a row's values: these are residents' words (promise 10). The cause is chained for whoever debugs.
"""

from __future__ import annotations

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

UNIQUE_VIOLATION = "23505"  # SQLSTATE of PostgreSQL
SQLITE_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}


class StoreError(Exception):
    """The store did not do what it was asked."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is busy, or broke off: try again."""


class AlreadyThere(StoreError):
    """A row with this key is already kept."""


class NotStorable(StoreError):
    """A row holds a value that its column cannot keep, such as a time without a zone."""


class SchemaOutOfDate(StoreError):
    """The tables are not those that this program was written for."""


class WrongStoreUrl(StoreError, ValueError):
    """The configured ``store_url`` is no SQLite file and no PostgreSQL database."""


def translated(error: Exception) -> StoreError:
    """Return our error for one of the database library's, without any value of a row."""
    if isinstance(error, IntegrityError):
        return _constraint(error)
    if isinstance(error, (DataError, UnicodeError)):
        return NotStorable(f"a value cannot be stored ({type(error).__name__})")
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return NotStorable(f"a value cannot be stored ({type(error.orig).__name__})")
    cause = getattr(error, "orig", None) or error
    return StoreUnavailable(f"the store cannot be used now ({type(cause).__name__})")


def _constraint(error: IntegrityError) -> StoreError:
    cause = error.orig
    if getattr(cause, "sqlstate", None) == UNIQUE_VIOLATION or getattr(cause, "sqlite_errorname", None) in SQLITE_UNIQUE:
        return AlreadyThere("a row with this key is already kept")
    return NotStorable("a row breaks a rule of its table")
