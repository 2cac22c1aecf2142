"""Reads JSON that others wrote: whatever is missing or of another kind comes back empty, never as an error."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.storable import storable

OLDEST = timedelta(days=30)
"""How long before its arrival a platform may say that something was written."""


def at(value: Any, *path: str | int) -> Any:
    """Return what stands at this path of keys and numbers; None where there is no such way."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def words(value: Any, *path: str | int) -> str:
    """Return the text at a path, storable; "" where there is none."""
    found = at(value, *path)
    return storable(found) if isinstance(found, str) else ""


def many(value: Any, *path: str | int) -> list[Any]:
    """Return the list at a path; an empty one where there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def moment(value: Any, *path: str | int) -> datetime | None:
    """Return the time at a path (RFC 3339), aware and in UTC; None where there is none."""
    try:
        found = datetime.fromisoformat(words(value, *path))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def believed(told: datetime | None, arrival: datetime) -> datetime:
    """Return the platform's time where that can be: not in the future, not older than 30 days; else the arrival."""
    return told if told is not None and arrival - OLDEST <= told <= arrival else arrival


def as_bytes(update: Any) -> bytes:
    """Return an update as it is kept: JSON in ASCII, so that every character that JSON may hold can be kept."""
    return json.dumps(update, separators=(",", ":")).encode("ascii")


def name_of_unread(body: Any) -> str:
    """Return the name under which something is kept that cannot be understood: the same for the same."""
    return f"unread:{hashlib.sha256(as_bytes(body)).hexdigest()}"


def content_key(media_type: str, account: str, external_id: str) -> str:
    """Return the key by which the same update by two routes is known."""
    return hashlib.sha256(f"{media_type}\x00{account}\x00{external_id}".encode()).hexdigest()
