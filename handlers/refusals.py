"""Counts requests that webhooks refused: in memory as they come, for anybody can send them, and in the store now and then."""

from __future__ import annotations

from collections import Counter
from threading import Lock

import structlog

from store.engine import Store
from store.errors import StoreError
from store.marks import count_refused

log = structlog.get_logger(__name__)

WRITE_EVERY = 10.0
"""Seconds between two writings."""


class Refusals:
    """What was refused since it was last written down, by channel and account; told from any thread."""

    def __init__(self, store: Store) -> None:
        """Have nothing to write yet."""
        self._store = store
        self._lock = Lock()
        self._waiting: Counter[tuple[str, str]] = Counter()

    def add(self, channel: str, account: str) -> None:
        """Count one; costs no more than that."""
        with self._lock:
            self._waiting[channel, account] += 1

    def write(self) -> None:
        """Write down what was counted; what the store does not take now is written the next time."""
        with self._lock:
            counted, self._waiting = self._waiting, Counter()
        if not counted:
            return
        try:
            self._keep(counted)
        except StoreError as error:
            log.warning("refused requests wait to be counted", error=str(error))
            with self._lock:
                self._waiting += counted

    def _keep(self, counted: Counter[tuple[str, str]]) -> None:
        with self._store.unit("contact") as unit:
            for (channel, account), number in sorted(counted.items()):
                count_refused(unit, channel, account, number)
            unit.commit()
