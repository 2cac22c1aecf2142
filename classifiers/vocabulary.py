"""The words, pairs of words and character pieces that the model knows, and how a message is read into them.

Features stand in one row: words first, then pairs (neighbours, then words with one between), then pieces.
Words and pairs make one TF-IDF block of length one (Euclid), pieces a shorter one: they help where spelling fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from classifiers.words import pieces, plain

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
PIECES_LENGTH = 0.7
"""Length of the pieces' block, chosen by out-of-fold macro-F1 among 0.5, 0.7, 0.8, 1 and 1.2."""
NOTHING: Integers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One kind of token, looked up once: its word's number (-1 unknown) and its pieces' feature numbers."""

    word: int
    pieces: Integers
    counted: bool
    english: bool
    lettered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Bag:
    """A message's features: numbers and TF-IDF values; and for each occurrence, which feature at which token."""

    features: Integers
    values: Floats
    counts: Integers
    feature_of: Integers
    token_of: Integers


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What can be seen in a message; ``pair_keys`` are ascending numbers ``(first * words + second) * 2 + skipping``."""

    words: tuple[str, ...]
    pair_keys: Integers
    pieces: tuple[str, ...]
    idf: Floats

    @property
    def size(self) -> int:
        """How many features there are."""
        return len(self.words) + len(self.pair_keys) + len(self.pieces)

    @property
    def first_piece(self) -> int:
        """The number of the first feature of the second block."""
        return len(self.words) + len(self.pair_keys)

    @cached_property
    def _word_numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def _piece_numbers(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self.pieces, start=self.first_piece)}

    def look_up(self, norm: str) -> Known:
        """Find what is known of one token, given its norm form."""
        word = plain(norm)
        numbers = [self._piece_numbers[piece] for piece in pieces(word) if piece in self._piece_numbers] if word else []
        return Known(
            word=self._word_numbers.get(word, -1),
            pieces=np.array(numbers, dtype=np.int64),
            counted=bool(word),
            english=word in ENGLISH,
            lettered=any(mark.isalpha() for mark in word),
        )

    def pairs(self, words: Integers) -> tuple[Integers, Integers]:
        """Find the known pairs in a row of word numbers: their feature numbers, and the place of each one's first word."""
        if not len(self.pair_keys):
            return NOTHING, NOTHING
        near, far = len(words[1:]), len(words[2:])
        places = np.concatenate([np.arange(near), np.arange(far)])
        second = np.concatenate([words[1:], words[2:]])
        keys = (words[places] * len(self.words) + second) * 2
        keys[near:] += 1
        slots = np.minimum(np.searchsorted(self.pair_keys, keys), len(self.pair_keys) - 1)
        # An unknown first word makes a negative key, which is never found; an unknown second one could hit another pair.
        known = (self.pair_keys[slots] == keys) & (second >= 0)
        return slots[known] + len(self.words), places[known]

    def read(self, row: list[tuple[int, Known]]) -> Bag:
        """Weigh a message, given as counted tokens in order, each with its place (-1 in the subject, -2 a break)."""
        words = np.array([known.word for _, known in row], dtype=np.int64)
        places = np.array([place for place, _ in row], dtype=np.int64)
        lengths = [len(known.pieces) for _, known in row]
        pair_features, pair_places = self.pairs(words)
        single = words >= 0
        feature_of = np.concatenate([words[single], pair_features, *(known.pieces for _, known in row)])
        token_of = np.concatenate([places[single], places[pair_places], np.repeat(places, lengths)])
        return self._weigh(feature_of, token_of)

    def _weigh(self, feature_of: Integers, token_of: Integers) -> Bag:
        features, inverse, counts = np.unique(feature_of, return_inverse=True, return_counts=True)
        values = (1.0 + np.log(counts)).astype(np.float32) * self.idf[features]
        cut = int(np.searchsorted(features, self.first_piece))
        for part, length in ((slice(0, cut), 1.0), (slice(cut, None), PIECES_LENGTH)):
            values[part] *= length / (np.sqrt(values[part] @ values[part]) or 1.0)
        return Bag(features=features, values=values, counts=counts, feature_of=inverse, token_of=token_of)


ENGLISH = frozenset(
    [
        "the",
        "and",
        "but",
        "or",
        "is",
        "was",
        "were",
        "been",
        "has",
        "have",
        "of",
        "to",
        "it",
        "this",
        "that",
        "there",
        "they",
        "you",
        "your",
        "our",
        "their",
        "with",
        "from",
        "for",
        "not",
        "what",
        "when",
        "who",
        "how",
        "would",
        "could",
        "should",
        "can",
        "will",
        "please",
        "just",
        "now",
        "all",
        "any",
        "about",
        "after",
        "before",
        "because",
        "which",
        "then",
        "than",
        "if",
    ]
)
"""Small words that are English and hardly anything else: "no", "me", "a", "do" or "on" would be found in half of Europe."""
