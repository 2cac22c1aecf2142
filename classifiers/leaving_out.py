"""What each sentence of a message does to its category: exactly for the linear half, for the encoder by leaving it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from spacy.tokens import Doc

from classifiers.components import Marks
from classifiers.encoder import Encoder
from classifiers.heads import CATEGORIES, CATEGORY_PART
from classifiers.model_files import Model
from classifiers.vocabulary import Bag, Floats
from classifiers.wordpieces import read_by_encoder

MOST_LEFT_OUT: Final = 8
"""Sentences left out one after the other, each at the price of a reading."""
MOST_READ_AGAIN: Final = 160
"""Word pieces read again for all of these together: of a longer message fewer sentences are left out, those with most linear pull."""


class Sentence(NamedTuple):
    """A half-open range of tokens of the text."""

    first: int
    end: int


def sentences_of(doc: Doc, marks: Marks) -> list[Sentence]:
    """List the sentences that hold words, without what was left out before scoring."""
    found = [Sentence(span.start, span.end) for span in doc.sents]
    return [one for one in found if any(_counts(doc, marks, place) for place in range(one.first, one.end))]


def _counts(doc: Doc, marks: Marks, place: int) -> bool:
    return place not in marks.left_out and not doc[place].is_space


class Leaver:
    """Weighs the sentences of one message for one model and its encoder."""

    def __init__(self, parts: Sequence[tuple[Doc, Marks]], bag: Bag, model: Model, encoder: Encoder) -> None:
        self._parts = parts
        self._bag = bag
        self._heads, self._stack, self._encoder = model.heads, model.stack, encoder
        self.sentences = sentences_of(*parts[0])

    def linear(self) -> Floats:
        """Return what the words of each sentence add for each category (sentences by ``CATEGORIES``): exact, as all is a sum."""
        length = len(self._parts[0][0])
        firsts, ends = ([one[side] for one in self.sentences] for side in (0, 1))
        shares: Floats = np.zeros((len(self.sentences), len(CATEGORIES)), dtype=np.float32)
        for question in range(len(CATEGORIES)):
            pulled = np.concatenate([[0.0], np.cumsum(self._heads.pull(self._bag, question, length))])
            shares[:, question] = pulled[ends] - pulled[firsts]
        weighed: Floats = shares * self._stack.linear[CATEGORY_PART]
        return weighed

    def encoder(self, whole: Floats, linear: Floats) -> Floats:
        """Return by how much each category's answer of the encoder falls from ``whole`` without each sentence (shaped as ``linear``)."""
        shares: Floats = np.zeros_like(linear)
        if len(self.sentences) < 2:  # noqa: PLR2004 - without its only sentence nothing is left to read
            return shares
        pieces = len(self._encoder.pieces.numbers(read_by_encoder(self._parts)))
        telling = np.argsort(-np.abs(linear).sum(axis=1), kind="stable")[
            : min(MOST_LEFT_OUT, max(1, MOST_READ_AGAIN // pieces))
        ]
        for number in telling.tolist():
            fallen = (whole - self._encoder.answer(self._without(self.sentences[number]))) * self._stack.encoder
            shares[number] = fallen[CATEGORY_PART]
        return shares

    def _without(self, sentence: Sentence) -> str:
        (doc, marks), *subjects = self._parts
        gone = marks.left_out | frozenset(range(sentence.first, sentence.end))
        return read_by_encoder([(doc, Marks(text=marks.text, left_out=gone)), *subjects])
