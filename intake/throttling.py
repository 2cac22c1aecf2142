"""How often something may be tried in a while, counted in the memory of each process; and who counts as one who tries."""

from __future__ import annotations

import ipaddress
import math
from datetime import datetime

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Tries:
    """What was tried lately, by limit and key."""

    def __init__(self) -> None:
        """Know of nothing yet."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, now: datetime, *key: str) -> int:
        """Count a try; return 0, or after how many seconds the next one may be made."""
        if self._limiter.hit(limit, *key):
            return 0
        left = self._limiter.get_window_stats(limit, *key).reset_time - now.timestamp()
        return min(max(math.ceil(left), 1), limit.get_expiry())

    def forget(self, limit: RateLimitItem, *key: str) -> None:
        """Forget the tries of a key."""
        self._limiter.clear(limit, *key)


def network(address: str) -> str:
    """Return what stands for one household or office: an IPv4 address, or the first half of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(known) if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))  # noqa: PLR2004
