"""How the second reader is doing: when it is left alone for a while, and what ``intake status`` says of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from classifiers.second_reader import NoVote, Vote
from handlers.clock import Clock
from store.engine import Store
from store.marks import record_trouble

log = structlog.get_logger(__name__)

SECOND_READER: Final = ("second", "reader")
MATTER: Final = "answers"
"""The name under which its troubles stand: ``second reader: it did not answer in time``."""
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)
USELESS: Final = 5
"""So many answers in a row that are no vote are the reader's fault, and no message's."""


class ReaderState:
    """Counts what went wrong in a row; a vote ends it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Know nothing yet: the first answer says whether an old trouble still stands."""
        self._store = store
        self._clock = clock
        self._failures = 0
        self._useless = 0
        self._until: datetime | None = None
        self._said: str | None = ""

    def rests(self) -> bool:
        """Return whether it is to be left alone for now."""
        return self._until is not None and self._clock.now() < self._until

    def failed(self, sentence: str, pause: float | None = None) -> None:
        """Leave it alone for a while, longer each time, and for as long as it asks to be."""
        rest = min(FIRST_REST * 2 ** min(self._failures, 8), LONGEST_REST)
        self._failures += 1
        self._until = self._clock.now() + max(rest, timedelta(seconds=pause or 0))
        log.warning("second reader is of no help", reason=sentence)
        self._say(sentence)

    def answered(self, answer: Vote | NoVote) -> None:
        """Take note of an answer: a vote says that all is well, and many that are none that something is wrong."""
        if isinstance(answer, NoVote):
            self._useless += 1
            if self._useless % USELESS == 0:
                self.failed(f"its last {self._useless} answers were no votes: {answer.why}")
            return
        self._failures, self._useless, self._until = 0, 0, None
        self._say(None)

    def _say(self, sentence: str | None) -> None:
        """Write down what stands, where it is not written down already."""
        if sentence == self._said:
            return
        with self._store.unit("contact") as unit:
            record_trouble(unit, *SECOND_READER, MATTER, at=self._clock.now(), sentence=sentence)
            unit.commit()
        self._said = sentence
