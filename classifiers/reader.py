"""Reads a tokenised ``Doc`` into features, remembering what each kind of token is, so that a message costs few look-ups."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from spacy.attrs import NORM
from spacy.tokens import Doc

from classifiers.vocabulary import NOTHING, Bag, Known, Vocabulary

MOST_REMEMBERED: Final = 50_000
"""Kinds of token kept at once; residents' misspellings never end, and memory does."""
SUBJECT: Final = -1
_BREAK: Final = (-2, Known(word=-1, pieces=NOTHING, counted=False, english=False, lettered=False))

Row = list[tuple[int, Known]]


class Reader:
    """A vocabulary with a memory of tokens met; one instance serves one process."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._met: dict[int, Known] = {}

    def row(self, doc: Doc, left_out: frozenset[int] = frozenset()) -> Row:
        """List the counted tokens of a text with their places, leaving out the tokens numbered in ``left_out``."""
        known = self._known(doc)
        return [(place, one) for place, one in enumerate(known) if one.counted and place not in left_out]

    def bag(self, heading: Row, body: Row) -> Bag:
        """Weigh subject and body together, with a break between, so that no pair of words spans both."""
        if not heading:
            return self.vocabulary.read(body)
        return self.vocabulary.read([*((SUBJECT, known) for _, known in heading), _BREAK, *body])

    def _known(self, doc: Doc) -> list[Known]:
        hashes: Any = doc.to_array([NORM]).ravel().tolist() if len(doc) else []
        met = self._met
        found = [met.get(number) for number in hashes]
        return [one if one is not None else self._meet(doc, place, hashes[place]) for place, one in enumerate(found)]

    def _meet(self, doc: Doc, place: int, number: int) -> Known:
        if len(self._met) >= MOST_REMEMBERED:
            self._met.clear()
        known = self.vocabulary.look_up(doc[place].norm_)
        self._met[number] = known
        return known


def tokens_at(doc: Doc, ranges: list[tuple[int, int]]) -> frozenset[int]:
    """Return the numbers of the tokens that touch any of the half-open character ranges."""
    if not ranges:
        return frozenset()
    starts = np.array([token.idx for token in doc])
    ends = starts + np.array([len(token) for token in doc])
    touched = [np.flatnonzero((starts < end) & (ends > start)) for start, end in ranges]
    return frozenset(int(number) for number in np.concatenate(touched))
