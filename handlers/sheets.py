"""Tables for other people's programs: CSV in which a spreadsheet works nothing out (what residents write is never executed)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would work out instead of showing it."""


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a line of names and a line for each row; a list in a cell stands there with semicolons."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return made.getvalue()


def _cell(value: object) -> str:
    words = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{words}" if words.startswith(_FORMULA) else words
