"""Whether the scanner answers: away for a while, it is a standing trouble of ``intake status``, until it answers again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from handlers.clock import Clock
from store.engine import Store
from store.marks import record_trouble

log = structlog.get_logger(__name__)

SCANNER: Final = ("scanner", "clamd")
MATTER: Final = "answers"
PATIENCE: Final = timedelta(minutes=10)
"""A scanner that takes new signatures, or starts with its machine, is away for a minute or two: nobody is needed."""


class ScannerState:
    """Remembers since when the scanner is away, and says so once it was for long."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Know nothing yet: the first answer says whether an old trouble still stands."""
        self._store = store
        self._clock = clock
        self._since: datetime | None = None
        self._said: bool | None = None

    def away(self, reason: str) -> None:
        """Take note that it did not answer."""
        now = self._clock.now()
        if self._since is None:
            self._since = now
            log.warning("the scanner is away, files wait unscanned", reason=reason)
        if now - self._since >= PATIENCE:
            self._say(f"{reason}: files stay unscanned meanwhile, and nothing else waits for it")

    def answered(self) -> None:
        """Take note that it did."""
        self._since = None
        self._say(None)

    def _say(self, sentence: str | None) -> None:
        if self._said is (sentence is not None):
            return
        with self._store.unit("contact") as unit:
            record_trouble(unit, *SCANNER, MATTER, at=self._clock.now(), sentence=sentence)
            unit.commit()
        self._said = sentence is not None
