"""Files of the corpus dealt into folds, and what the encoder said of each message when it had not yet seen its fold.

Fine-tuning takes an hour, so these answers are kept beside the encoder; the light half is refitted with them in a minute.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from classifiers.encoder import UNSEEN, Encoder
from classifiers.heads import QUESTIONS
from classifiers.vocabulary import Floats

FOLDS: Final = 4


def folds_of(sources: Sequence[str]) -> dict[str, int]:
    """Deal files into ``FOLDS`` of about the same size, given the file of each message: the largest first, to the lightest.

    A file is one hand's, and a fold is left out whole: so nothing is judged by a model that knows its writer.
    """
    weights = [0] * FOLDS
    dealt: dict[str, int] = {}
    for source, count in sorted(Counter(sources).items(), key=lambda one: (-one[1], one[0])):
        lightest = weights.index(min(weights))
        dealt[source] = lightest
        weights[lightest] += count
    return dealt


def key_of(text: str) -> int:
    """Return a number for a text as the encoder reads it: whoever changes a message has a message nobody has seen."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big", signed=True)


def save_unseen(texts: Sequence[str], answers: Floats, folder: Path) -> None:
    """Keep the answers (texts by ``QUESTIONS``) beside the encoder, half as exact as they were given."""
    np.savez_compressed(folder / UNSEEN, keys=np.array([key_of(one) for one in texts]), answers=answers.astype(np.float16))


def unseen_answers(texts: Sequence[str], encoder: Encoder, folder: Path) -> Floats:
    """Return what the encoder says of texts that it has not seen: kept answers of the corpus, its own of all others."""
    kept = kept_answers(folder)
    found: Floats = np.zeros((len(texts), len(QUESTIONS)), dtype=np.float32)
    for number, text in enumerate(texts):
        answers = kept.get(key_of(text))
        found[number] = encoder.answer(text) if answers is None else answers
    return found


def kept_answers(folder: Path) -> dict[int, Floats]:
    """Return the answers that are kept beside an encoder, by ``key_of`` each text; none where none are kept."""
    path = folder / UNSEEN
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["answers"].astype(np.float32), strict=True))
