"""How often a sign-in may be tried: what keeps guessing slow, and tells nobody whether an account exists.

The tries are counted in the memory of each process. ``intake serve`` runs one process with the desk; with several on
several machines each counts for itself, so that a guesser has as many tries as there are processes; a start forgets all.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, field

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from handlers.clock import Clock

MINUTES = 15
ACCOUNT = RateLimitItemPerMinute(5, MINUTES, namespace="account")
"""Tries of one account from one address."""
ADDRESS = RateLimitItemPerMinute(60, MINUTES, namespace="address")
"""Tries of any account from one address: an office behind one address signs in within minutes of nine o'clock."""
CODE = RateLimitItemPerMinute(10, MINUTES, namespace="code")
"""Second-factor codes of one account, from anywhere: whoever tries them knows the password already."""


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """Counts tries of signing in; each question counts one."""

    clock: Clock
    _limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    def sign_in(self, username: str, address: str) -> int:
        """Count a try; return 0, or after how many seconds the next one may be made."""
        return self._hit(ADDRESS, network(address)) or self._hit(ACCOUNT, username, network(address))

    def code(self, staff_id: int) -> int:
        """Count a try of a second-factor code or of one's own password; return as ``sign_in``."""
        return self._hit(CODE, str(staff_id))

    def forgive(self, username: str, address: str) -> None:
        """Forget the tries of an account from an address: the right password came."""
        self._limiter.clear(ACCOUNT, username, network(address))

    def _hit(self, limit: RateLimitItemPerMinute, *key: str) -> int:
        if self._limiter.hit(limit, *key):
            return 0
        left = self._limiter.get_window_stats(limit, *key).reset_time - self.clock.now().timestamp()
        return min(max(math.ceil(left), 1), limit.get_expiry())


def network(address: str) -> str:
    """Return what stands for one household or office: an IPv4 address, or the first half of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(known) if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))  # noqa: PLR2004
