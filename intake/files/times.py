"""When a message kept as a file was truly received: the legal clock runs from there, not from the import.

In order: the topmost Received header that has a date; what the file says of its own (the mbox From_ line, or
``received_at`` of a JSON line); the Date header, which the sender wrote; the file's own time. A time before electronic
mail or in the future is no time, and the next source is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_HEADER = 256 * 1024
"""Bytes of a mail in which its header fields are looked for (mail rule K2)."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FIELD = re.compile(rb"^(received|date)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")


def received_at(raw: bytes, *, told: datetime | None, file_time: datetime, now: datetime) -> datetime:
    """Return when this mail was received, in UTC, never later than ``now``; ``told`` is what its container says."""
    received, date = _header_times(raw)
    return best([*received, told, date, file_time], now)


def best(times: Iterable[datetime | None], now: datetime) -> datetime:
    """Return the first time that can be true, or ``now``."""
    return next((time.astimezone(UTC) for time in times if time is not None and EARLIEST <= time <= now), now)


def _header_times(raw: bytes) -> tuple[list[datetime], datetime | None]:
    head = raw[:LONGEST_HEADER]
    end = _END.search(head)
    received: list[datetime] = []
    date = None
    for name, value in _FIELD.findall(head, 0, end.start() if end else len(head)):
        if name.lower() == b"date":
            date = date or mail_time(value)
        elif (time := mail_time(value.rpartition(b";")[2])) is not None:
            received.append(time)
    return received[:1], date


def mail_time(value: bytes) -> datetime | None:
    """Return the instant that a mail date names (RFC 5322 section 3.3), or ``None``; without a zone it is UTC."""
    try:
        time = parsedate_to_datetime(" ".join(value.decode("ascii", "replace").split()))
        aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
