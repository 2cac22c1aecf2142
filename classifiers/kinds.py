"""Remembers what is known of each kind of token, in columns, so that a whole message is looked up in a few steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from classifiers.tallying import Integers
from classifiers.vocabulary import NOTHING, Known

WORD, COUNTED, ENGLISH, LETTERED, START, LENGTH = range(6)
"""Columns of the facts: those of :class:`Known`, and where among all pieces the kind's own stand."""
BREAK_KIND: Final = 0
_FIRST_ROOM: Final = 4096


class Kinds:
    """Facts and pieces of numbered kinds; number ``BREAK_KIND`` is a break that is no word and next to no word."""

    def __init__(self) -> None:
        self._facts: Integers = np.zeros((_FIRST_ROOM, 6), dtype=np.int64)
        self._pieces: Integers = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.forget()

    def __len__(self) -> int:
        return self._count

    def forget(self) -> None:
        """Forget all kinds but the break; whoever holds numbers must let go of them."""
        self.of_hash: dict[int, int] = {}
        self._count = self._filled = 0
        self._add(Known(word=-1, pieces=NOTHING, counted=False, english=False, lettered=False))

    def numbers(self, hashes: list[int], look_up: Callable[[int], Known]) -> Integers:
        """Return the numbers of tokens given by the hash of their norm; ``look_up`` is asked, by place, of those never met."""
        of_hash = self.of_hash
        found = list(map(of_hash.get, hashes))
        if None in found:
            for place, one in enumerate(hashes):
                if one not in of_hash:
                    of_hash[one] = self._add(look_up(place))
            found = [of_hash[one] for one in hashes]
        return np.array(found, dtype=np.int64)

    def facts(self, numbers: Integers) -> Integers:
        """Return one row of facts for each number."""
        return self._facts.take(numbers, axis=0)

    def pieces(self, facts: Integers) -> tuple[Integers, Integers]:
        """Return the pieces of all these kinds in one row, and for each piece the index of its kind."""
        lengths = facts[:, LENGTH]
        ends = np.cumsum(lengths)
        kind = np.repeat(np.arange(len(facts)), lengths)
        places = np.arange(len(kind)) + (facts[:, START] - ends + lengths)[kind]
        return self._pieces[places], kind

    def _add(self, known: Known) -> int:
        number, start, length = self._count, self._filled, len(known.pieces)
        self._facts = _with_room(self._facts, number + 1)
        self._pieces = _with_room(self._pieces, start + length)
        self._facts[number] = (known.word, known.counted, known.english, known.lettered, start, length)
        self._pieces[start : start + length] = known.pieces
        self._count, self._filled = number + 1, start + length
        return number


def _with_room(column: Integers, needed: int) -> Integers:
    """Return a column at least so long, doubled where it was too short."""
    while needed > len(column):
        column = np.concatenate([column, np.zeros_like(column)])
    return column
