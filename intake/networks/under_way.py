"""Which letters are ours: networks tell us of them as of a colleague's words, sometimes before they have answered us."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

MOST = 20_000


class UnderWay:
    """Shared by whoever sends and whoever takes in; ``where`` is a person or a conversation, as the network names it."""

    def __init__(self) -> None:
        """Nothing is under way yet."""
        self._lock = threading.Lock()
        self._saying: Counter[tuple[str, str]] = Counter()
        self._said: dict[str, None] = {}

    @contextmanager
    def saying(self, where: str, parts: Sequence[str]) -> Iterator[None]:
        """Note that these words are on their way there for the length of a block."""
        named = Counter((where, "".join(part.split())) for part in parts)
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

    def is_ours(self, id_: str, where: str, text: str) -> bool:
        """Say whether this is a letter that we have sent, or are sending."""
        with self._lock:
            return id_ in self._said or self._saying[where, "".join(text.split())] > 0
