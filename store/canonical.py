"""The one JSON text for a plain value, so that the same value always has the same hash."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any


def canonical(value: Any) -> str:
    """Return the one JSON text for a plain value: keys sorted, ASCII, no blanks, times as UTC in ISO format."""
    return _ENCODER.encode(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an event cannot keep a {type(value).__name__}")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain)
"""Made once: ``json.dumps`` makes one anew for each value that it writes in a manner of one's own."""
