"""What can go wrong with the store, by what to do next.

::

    StoreError
    ├── StoreUnavailable   temporary: try again; nothing of this transaction may be counted on
    ├── AlreadyThere       a key is taken: somebody else was first
    ├── NotStorable        a value no column can hold: trying again cannot help
    ├── SchemaOutOfDate    run ``intake migrate``, or the newer program
    └── WrongStoreUrl      the configuration names no store that we can use

Neither a sentence nor its cause ever holds a row's values: these are residents' words (promise 10).
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
    cause = getattr(error, "orig", None) or error
    if isinstance(error, IntegrityError):
        return _constraint(cause)
    if not showable(error):
        return NotStorable(f"a value cannot be stored ({type(cause).__name__})")
    return StoreUnavailable(f"the store cannot be used now ({type(cause).__name__})")


def showable(error: Exception) -> Exception | None:
    """Return the error to be chained as the cause, or None where its text may quote a row."""
    quotes = isinstance(error, (IntegrityError, DataError, UnicodeError))
    refused_before_sending = isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    return None if quotes or refused_before_sending else error


def _constraint(cause: BaseException) -> StoreError:
    # SQLite names the columns alone; PostgreSQL's own text quotes the whole row, so its rule's name must do.
    sqlite_name = getattr(cause, "sqlite_errorname", None)
    rule = (
        str(cause) if sqlite_name else getattr(getattr(cause, "diag", None), "constraint_name", None) or "a column left empty"
    )
    if sqlite_name in SQLITE_UNIQUE or getattr(cause, "sqlstate", None) == UNIQUE_VIOLATION:
        return AlreadyThere(f"a row with this key is already kept ({rule})")
    return NotStorable(f"a row breaks a rule of its table ({rule})")
