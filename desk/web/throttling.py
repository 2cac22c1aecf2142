"""How often a sign-in may be tried: what keeps guessing slow, and tells nobody whether an account exists.

The tries are counted in the memory of each process. ``intake serve`` runs one process with the desk; with several on
several machines each counts for itself, so that a guesser has as many tries as there are processes; a start forgets all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from limits import RateLimitItem, RateLimitItemPerMinute

from handlers.clock import Clock
from intake.throttling import Tries, network

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
    _tries: Tries = field(default_factory=Tries)

    def sign_in(self, username: str, address: str) -> int:
        """Count a try; return 0, or after how many seconds the next one may be made."""
        return self._count(ADDRESS, network(address)) or self._count(ACCOUNT, username, network(address))

    def code(self, staff_id: int) -> int:
        """Count a try of a second-factor code or of one's own password; return as ``sign_in``."""
        return self._count(CODE, str(staff_id))

    def forgive(self, username: str, address: str) -> None:
        """Forget the tries of an account from an address: the right password came."""
        self._tries.forget(ACCOUNT, username, network(address))

    def _count(self, limit: RateLimitItem, *key: str) -> int:
        return self._tries.count(limit, self.clock.now(), *key)
