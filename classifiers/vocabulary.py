"""The words, pairs of words and character pieces that the model knows, and how a message is read into them.

Features stand in one row: words first, then pairs (neighbours, then words with one between), then pieces.
Words and pairs make one TF-IDF block of length one (Euclid), pieces a shorter one: they help where spelling fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.tallying import Integers, Reals, tally
from classifiers.words import pieces, plain

Floats = npt.NDArray[np.float32]
PIECES_LENGTH = 0.7
"""Length of the pieces' block, chosen by out-of-fold macro-F1 among 0.5, 0.7, 0.8, 1 and 1.2."""
SIEVE: Final = 2**18
NOTHING: Integers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """One kind of token, looked up once: its word's number (-1 unknown) and its pieces' feature numbers."""

    word: int
    pieces: Integers
    counted: bool
    english: bool
    lettered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """A message to be weighed: for each token its word's number and its place, and the pieces, once for each kind of token."""

    words: Integers
    places: Integers
    """Places in the text, ``SUBJECT`` in the subject, ``BREAK`` between the two."""
    kind_of: Integers
    kind_counts: Reals
    pieces: Integers
    piece_kind: Integers


SUBJECT: Final = -1
BREAK: Final = -2


@dataclass(frozen=True, kw_only=True, slots=True)
class Bag:
    """A message's features: numbers, TF-IDF values and counts; and, for each occurrence, which feature at which place.

    Pieces (``piece_of``) have their occurrences once for each kind of token, as ``tokens`` has them.
    """

    features: Integers
    values: Floats
    counts: Reals
    feature_of: Integers
    places: Integers
    piece_of: Integers
    tokens: Tokens

    def spread(self, pull: Reals, length: int) -> Floats:
        """Lay each feature's pull at the tokens it stands in, and sum it up for each of the body's ``length`` tokens."""
        tokens, bins = self.tokens, length - BREAK
        kinds = np.bincount(tokens.piece_kind, weights=pull[self.piece_of], minlength=len(tokens.kind_counts))
        whole = np.bincount(self.places - BREAK, weights=pull[self.feature_of], minlength=bins)
        cut = np.bincount(tokens.places - BREAK, weights=kinds[tokens.kind_of], minlength=bins)
        spread: Floats = (whole + cut)[-BREAK:].astype(np.float32)
        return spread


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
        known = map(self._piece_numbers.get, pieces(word) if word else ())
        return Known(
            word=self._word_numbers.get(word, -1),
            pieces=np.array([number for number in known if number is not None], dtype=np.int64),
            counted=bool(word),
            english=word in ENGLISH,
            lettered=word.isalpha() or any(mark.isalpha() for mark in word),
        )

    @cached_property
    def _sieve(self) -> npt.NDArray[np.bool_]:
        sieve = np.zeros(SIEVE, dtype=np.bool_)
        sieve[self.pair_keys & (SIEVE - 1)] = True
        return sieve

    def pairs(self, words: Integers) -> tuple[Integers, Integers]:
        """Find the known pairs in a row of word numbers: their feature numbers, and the place of each one's first word."""
        if not len(self.pair_keys):
            return NOTHING, NOTHING
        first, second = words * (2 * len(self.words)), words * 2
        keys = np.concatenate([first[:-1] + second[1:], first[:-2] + second[2:] + 1])
        # Most keys are no pair's: a sieve that lets one in eight of those through is cheaper than searching for all,
        # and so is searching in order.
        likely = self._sieve[keys & (SIEVE - 1)].nonzero()[0]
        likely = likely[np.argsort(keys[likely])]
        keys, apart = keys[likely], likely >= len(words) - 1
        slots = np.minimum(np.searchsorted(self.pair_keys, keys), len(self.pair_keys) - 1)
        places = likely - apart * (len(words) - 1)
        # An unknown first word makes a negative key, which is never found; an unknown second one could hit another pair.
        known = (self.pair_keys[slots] == keys) & (words[places + 1 + apart] >= 0)
        return slots[known] + len(self.words), places[known]

    def read(self, tokens: Tokens) -> Bag:
        """Weigh a message."""
        pair_features, pair_places = self.pairs(tokens.words)
        single = (tokens.words >= 0).nonzero()[0]
        whole = tally(np.concatenate([tokens.words[single], pair_features]), self.first_piece)
        cut = tally(tokens.pieces, self.size, tokens.kind_counts[tokens.piece_kind])
        features, counts = np.concatenate([whole.numbers, cut.numbers]), np.concatenate([whole.times, cut.times])
        return Bag(
            features=features,
            values=self._weigh(features, counts, len(whole.numbers)),
            counts=counts,
            feature_of=whole.place_of,
            places=tokens.places[np.concatenate([single, pair_places])],
            piece_of=cut.place_of + len(whole.numbers),
            tokens=tokens,
        )

    def _weigh(self, features: Integers, counts: Reals, first_piece: int) -> Floats:
        values: Floats = (1.0 + np.log(counts)).astype(np.float32) * self.idf[features]
        for part, length in ((slice(0, first_piece), 1.0), (slice(first_piece, None), PIECES_LENGTH)):
            values[part] *= length / (np.sqrt(values[part] @ values[part]) or 1.0)
        return values


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
