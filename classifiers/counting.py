"""Counts words, pairs and pieces over many messages, and keeps as vocabulary those that come up often enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifiers.tallying import Integers
from classifiers.vocabulary import Floats, Vocabulary
from classifiers.words import pieces

FEWEST_WORD: Final = 2
FEWEST_PAIR: Final = 3
FEWEST_PIECE: Final = 4
"""In how many messages a feature must stand before it is learnt."""

Sentence = Sequence[str]
"""Plain words in order; "" is a break: two of them in a row are what no pair reaches over, as a pair may skip one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frequencies:
    """In how many of ``messages`` each feature stands."""

    messages: int
    words: Counter[str]
    pairs: Counter[tuple[str, str, int]]
    pieces: Counter[str]


def frequencies(rows: Sequence[Sentence]) -> Frequencies:
    """Count document frequencies."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str, int]] = Counter()
    cut: Counter[str] = Counter()
    memory: dict[str, frozenset[str]] = {}
    for row in rows:
        kinds = {word for word in row if word}
        words.update(kinds)
        pairs.update(_pairs(row))
        cut.update(set().union(*(memory.setdefault(word, frozenset(pieces(word))) for word in kinds)))
    return Frequencies(messages=len(rows), words=words, pairs=pairs, pieces=cut)


def _pairs(row: Sentence) -> set[tuple[str, str, int]]:
    return {
        (first, second, skipping)
        for skipping in (0, 1)
        for first, second in zip(row, row[1 + skipping :], strict=False)
        if first and second
    }


def vocabulary_of(rows: Sequence[Sentence]) -> Vocabulary:
    """Keep what comes up often enough, in an order that depends on nothing but the messages' words."""
    counted = frequencies(rows)
    words = tuple(sorted(word for word, count in counted.words.items() if count >= FEWEST_WORD))
    kept_pieces = tuple(sorted(piece for piece, count in counted.pieces.items() if count >= FEWEST_PIECE))
    number = {word: place for place, word in enumerate(words)}
    keys = {
        (number[first] * len(words) + number[second]) * 2 + skipping: count
        for (first, second, skipping), count in counted.pairs.items()
        if count >= FEWEST_PAIR
    }
    pair_keys: Integers = np.array(sorted(keys), dtype=np.int64)
    seen = [*(counted.words[word] for word in words), *(keys[int(key)] for key in pair_keys)]
    seen += [counted.pieces[piece] for piece in kept_pieces]
    return Vocabulary(words=words, pair_keys=pair_keys, pieces=kept_pieces, idf=_idf(np.array(seen), counted.messages))


def _idf(seen: Integers, messages: int) -> Floats:
    smoothed: Floats = (np.log((1 + messages) / (1 + seen)) + 1).astype(np.float32)
    return smoothed
