"""Reads a tokenised ``Doc`` into features, remembering what each kind of token is, so that a message costs few look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from spacy.attrs import NORM
from spacy.tokens import Doc

from classifiers.kinds import BREAK_KIND, COUNTED, WORD, Kinds
from classifiers.tallying import Integers, tally
from classifiers.vocabulary import BREAK, SUBJECT, Bag, Tokens, Vocabulary

MOST_REMEMBERED: Final = 50_000
"""Kinds of token kept at once; residents' misspellings never end, and memory does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The counted tokens of a text: their kinds, the facts of those (one row each, see ``kinds.py``), and their places."""

    kinds: Integers
    facts: Integers
    places: Integers


class Reader:
    """A vocabulary with a memory of tokens met; one instance serves one process."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._kinds = Kinds()

    def row(self, doc: Doc, left_out: frozenset[int] = frozenset()) -> Row:
        """List the counted tokens of a text with their places, leaving out the tokens numbered in ``left_out``."""
        hashes: Any = doc.to_array([NORM]).ravel().tolist() if len(doc) else []
        kinds = self._kinds.numbers(hashes, lambda place: self.vocabulary.look_up(doc[place].norm_))
        facts = self._kinds.facts(kinds)
        kept = facts[:, COUNTED] > 0
        if left_out:
            kept[list(left_out)] = False
        places = kept.nonzero()[0]
        return Row(kinds=kinds[places], facts=facts[places], places=places)

    def bag(self, rows: Sequence[Row]) -> Bag:
        """Weigh a message, its body and then its subject if it has one; rows that were made before are then worthless.

        Two breaks stand between them, so that no pair of words spans both: a pair may skip one token.
        """
        body, *subjects = rows
        kinds, places = body.kinds, body.places
        for subject in subjects:
            apart = len(subject.kinds)
            kinds = np.concatenate([subject.kinds, [BREAK_KIND] * 2, kinds])
            places = np.concatenate([np.full(apart, SUBJECT), [BREAK] * 2, places])
        bag = self.vocabulary.read(self._tokens(kinds, places))
        if len(self._kinds) > MOST_REMEMBERED:
            self._kinds.forget()
        return bag

    def _tokens(self, kinds: Integers, places: Integers) -> Tokens:
        # What is the same for each token of a kind is done once for the kind, as most words of a message come again.
        met = tally(kinds, len(self._kinds))
        facts = self._kinds.facts(met.numbers)
        pieces, piece_kind = self._kinds.pieces(facts)
        return Tokens(
            words=facts[:, WORD][met.place_of],
            places=places,
            kind_of=met.place_of,
            kind_counts=met.times,
            pieces=pieces,
            piece_kind=piece_kind,
        )
