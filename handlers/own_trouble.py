"""What is wrong in this house itself, kept before the desk until it is mended, beside the trouble of the channels."""

from __future__ import annotations

from handlers.clock import Clock
from store.door_models import StandingTrouble
from store.engine import Store
from store.marks import record_trouble

STORE = ("store", "all")
"""The name under which the house's own trouble stands."""


class StandingTroubleOf:
    """One matter in which something may be wrong; it is written only where it changes."""

    def __init__(self, store: Store, clock: Clock, matter: str) -> None:
        """Keep what is wrong in this matter."""
        self._store = store
        self._clock = clock
        self._matter = matter
        self._said: str | None = ""

    def stands(self, sentence: str | None) -> None:
        """Say what is wrong, or that nothing is any more."""
        if sentence == self._said:
            return
        if sentence is not None or self._is_kept():
            with self._store.unit("contact") as unit:
                record_trouble(unit, *STORE, self._matter, at=self._clock.now(), sentence=sentence)
                unit.commit()
        self._said = sentence

    def _is_kept(self) -> bool:
        # Whoever ran before may have left it standing.
        with self._store.glance() as glance:
            return bool(glance.find(StandingTrouble, channel=STORE[0], account=STORE[1], matter=self._matter))
