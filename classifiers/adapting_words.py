"""A landlord's own words: added to a vocabulary that does not know them, so that something can be learnt of them.

A word of one resident's is not the landlord's: it must stand in several cases, of several senders, and be nobody's name.
Only single words are added, at the end of the words: pairs and pieces move up by so many places, and keep all else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from classifiers.corrections import Correction
from classifiers.heads import Heads
from classifiers.model_files import Model
from classifiers.vocabulary import Floats, Vocabulary

FEWEST: Final = 3
"""In how many cases, and of how many senders, a word must stand before it is added."""
_TELLING: Final = re.compile(r"[@/0-9]")
"""What stands in addresses, links and numbers, which name somebody or something rather than say what is asked for."""


def unknown_words(vocabulary: Vocabulary, rows: Sequence[Iterable[str]], said: Sequence[Correction]) -> tuple[str, ...]:
    """List the words that stand in enough of these corrections and are not in the vocabulary, in the alphabet's order."""
    left_out = frozenset(vocabulary.words).union(*(one.names for one in said))
    cases: defaultdict[str, set[str]] = defaultdict(set)
    senders: defaultdict[str, set[str]] = defaultdict(set)
    for row, one in zip(rows, said, strict=True):
        for word in set(row) - left_out:
            cases[word].add(one.case)
            senders[word].add(one.sender)
    enough = (word for word in cases if min(len(cases[word]), len(senders[word])) >= FEWEST)
    return tuple(sorted(word for word in enough if word and not _TELLING.search(word)))


def with_words(model: Model, words: Sequence[str]) -> Model:
    """Return the model with further words in its vocabulary, which speak for nothing yet.

    A message that holds none of them is judged as before; in one that does, they take their share of its length.
    """
    if not words:
        return model
    vocabulary, heads = model.vocabulary, model.heads
    place, count = len(vocabulary.words), len(words)
    rarest = vocabulary.idf[:place].max()
    extended = Vocabulary(
        words=(*vocabulary.words, *words),
        pair_keys=_rekeyed(vocabulary, place + count),
        pieces=vocabulary.pieces,
        idf=_inserted(vocabulary.idf, place, np.full(count, rarest, dtype=np.float32)),
    )
    silent = np.zeros((count, heads.weights.shape[1]), dtype=heads.weights.dtype)
    weights = np.concatenate([heads.weights[:place], silent, heads.weights[place:]])
    return replace(model, vocabulary=extended, heads=Heads(weights=weights, scales=heads.scales, biases=heads.biases))


def name_of_feature(vocabulary: Vocabulary, feature: int) -> str | None:
    """Return a word, or a pair of words with a blank or `` … `` between; None for a piece, which says nothing to a reader."""
    place = feature - len(vocabulary.words)
    if place < 0:
        return vocabulary.words[feature]
    if feature >= vocabulary.first_piece:
        return None
    pair, skipping = divmod(int(vocabulary.pair_keys[place]), 2)
    first, second = divmod(pair, len(vocabulary.words))
    return f"{vocabulary.words[first]}{' … ' if skipping else ' '}{vocabulary.words[second]}"


def _rekeyed(vocabulary: Vocabulary, words: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the pairs' keys for a vocabulary of so many words; their order stays."""
    pairs, skipping = np.divmod(vocabulary.pair_keys, 2)
    first, second = np.divmod(pairs, len(vocabulary.words))
    keys: np.ndarray[tuple[int], np.dtype[np.int64]] = (first * words + second) * 2 + skipping
    return keys


def _inserted(row: Floats, place: int, more: Floats) -> Floats:
    return np.concatenate([row[:place], more, row[place:]])
