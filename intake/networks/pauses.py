"""How long a network asks us to be still, in any of the headers that networks use for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

UNSAID, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
_A_MOMENT = 1_000_000_000
"""A larger number is a moment in seconds since 1970 and not a number of seconds from now."""


def asked_pause(headers: Mapping[str, str]) -> timedelta:
    """Return the pause that ``Retry-After`` or a rate limit's reset asks for, within reason.

    Moments are reckoned from the answer's own ``Date``: the network's clock may differ from ours.
    """
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return _within_reason(timedelta(seconds=int(after[:9])))
    date = _moment(headers.get("date", ""))
    until = next((found for name in _RESETS if (found := _moment(headers.get(name, ""))) is not None), _moment(after))
    if until is None or date is None:
        return UNSAID
    return _within_reason(until - date)


def _within_reason(pause: timedelta) -> timedelta:
    return min(max(pause, timedelta(0)), LONGEST)


def _moment(value: str) -> datetime | None:
    if value.isdecimal():
        return datetime.fromtimestamp(int(value[:12]), UTC) if int(value[:12]) > _A_MOMENT else None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        try:
            found = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
    return found.replace(tzinfo=found.tzinfo or UTC)
