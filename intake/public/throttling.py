"""How many messages one network address may bring in a while: a brake on machines that no resident should ever feel.

Counted in the memory of each process: several processes count apart, and a start forgets all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerMinute
from starlette.requests import Request

from intake.throttling import Tries, network


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Throttle:
    """Counts what comes from each network address."""

    def __init__(self, clock: Clock, *, posts: int, lines: int, looks: int, refusals: int, minutes: int) -> None:
        """Let so many posts, lines and looks through in so many minutes, and read so many posts at all."""
        self._clock = clock
        self._posts = RateLimitItemPerMinute(posts, minutes, namespace="posts")
        self._lines = RateLimitItemPerMinute(lines, minutes, namespace="lines")
        self._looks = RateLimitItemPerMinute(looks, minutes, namespace="looks")
        self._refusals = RateLimitItemPerMinute(refusals, minutes, namespace="refusals")
        self._tries = Tries()

    def refused(self, request: Request) -> int:
        """Count a request that carries a message, before it is read; return 0, or after how many seconds to come again."""
        return self._hit(self._refusals, request)

    def waiting(self, request: Request) -> int:
        """Count a message that was read and could be kept; return as ``refused``."""
        return self._hit(self._posts, request)

    def speaking(self, request: Request) -> int:
        """Count a line of a conversation that goes on already; return as ``refused``."""
        return self._hit(self._lines, request)

    def looking(self, request: Request) -> int:
        """Count a look at a whole conversation; return as ``refused``."""
        return self._hit(self._looks, request)

    def _hit(self, limit: RateLimitItem, request: Request) -> int:
        return self._tries.count(limit, self._clock.now(), caller(request))


def caller(request: Request) -> str:
    """Return what stands for the network that a request came from."""
    return network(request.client.host if request.client else "")
