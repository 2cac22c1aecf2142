"""Numbers of rows, as they stand in addresses."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

LARGEST_ID: Final = 2**31 - 1
"""The largest number of a row; both databases refuse one that is much larger, each with a fault of its own."""

RowId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""A row's number in the path of an address; any other number is answered as an address that is none."""
