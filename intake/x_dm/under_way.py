"""Which letters are ours: X tells us of them as of a colleague's words, sometimes before it has answered us."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

MOST = 20_000


class UnderWay:
    """Shared by the loop that sends and the threads in which X's requests are answered."""

    def __init__(self) -> None:
        """Nothing is under way yet."""
        self._lock = threading.Lock()
        self._saying: Counter[tuple[str, str]] = Counter()
        self._said: dict[str, None] = {}

    @contextmanager
    def saying(self, person: str, parts: Sequence[str]) -> Iterator[None]:
        """Note that these words are on their way to somebody for the length of a block."""
        named = Counter((person, "".join(part.split())) for part in parts)
        with self._lock:
            self._saying += named
        try:
            yield
        finally:
            with self._lock:
                self._saying -= named

    def said(self, id_: str) -> None:
        """Note the id that X gave to a letter."""
        with self._lock:
            self._said[id_] = None
            while len(self._said) > MOST:
                self._said.pop(next(iter(self._said)))

    def is_ours(self, id_: str, person: str, text: str) -> bool:
        """Say whether this is a letter that we have sent, or are sending."""
        with self._lock:
            return id_ in self._said or self._saying[person, "".join(text.split())] > 0
