"""Reads the Date header, which may be absent, nonsense, or years away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = timedelta(days=30)
"""How long before its receipt a mail is believed to have been written."""
LATEST = timedelta(days=1)
"""How far ahead of ours a writer's clock may be."""
_LONGEST = 200


def read_date(value: str) -> datetime | None:
    """Return the moment that a Date header names, aware and in UTC; None where it names none."""
    try:
        moment = parsedate_to_datetime(value[:_LONGEST])
        # RFC 5322 section 3.3: "-0000" is a time in UTC whose zone is not told.
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def believed(written: datetime | None, received_at: datetime | None) -> datetime | None:
    """Return the writer's date where it is near the receipt, else the receipt; the legal clock runs on receipt anyway."""
    if received_at is None:
        return written
    if written is None or not received_at - EARLIEST <= written <= received_at + LATEST:
        return received_at
    return written
