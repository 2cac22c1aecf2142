"""Rebuilds the model from labelled messages: fits, calibrates on what each fold had not seen, and writes its provenance."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.calibrating import OutOfFold, calibrate, macro_f1
from classifiers.calibration import Calibration, choose
from classifiers.components import marked_parts, reading_pipeline
from classifiers.examples import Example, digest, read_corpus
from classifiers.findings import cued_flags
from classifiers.fitting import SEED, STRENGTH, Read, fit, read_all, read_bag
from classifiers.heads import CATEGORIES, CATEGORY_PART, QUESTIONS
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.vocabulary import Floats

CORPUS: Final = Path(__file__).parent / "corpus"
FAMILY: Final = "linear-1"
FEWEST_SOURCES: Final = 2
_VERSIONS: Final = ("numpy", "scikit-learn", "spacy")

Tell = Callable[[str], None]


class TrainingError(Exception):
    """Labelled messages from which no model can be made."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A new model, and the examples that it has not seen."""

    model: Model
    held_back: tuple[Example, ...]


def train(corpus: Path = CORPUS, corrections: Iterable[Example] = (), tell: Tell = lambda _: None) -> Trained:
    """Train on nine tenths of the examples; ``tell`` is given a sentence at each step. Takes minutes, not seconds.

    Out-of-fold answers are made file by file: what calibrates was judged by a model that never saw the file's hand.
    """
    examples = [*read_corpus(corpus), *corrections]
    learnt_from = [one for one in examples if not one.held_back]
    if len({one.source for one in learnt_from}) < FEWEST_SOURCES:
        raise TrainingError(f"{corpus} needs labelled messages in at least {FEWEST_SOURCES} .jsonl files.")
    reads = read_all(reading_pipeline(), learnt_from)
    seen = out_of_fold(reads, tell)
    calibration = calibrate(seen)
    tell(f"Fitting the model to {len(reads)} messages.")
    vocabulary, heads = fit(reads)
    corpus_hash = digest(examples)
    about = _about(corpus_hash, examples, reads, seen, calibration)
    name = f"{FAMILY}-{corpus_hash[:8]}"
    model = Model(name=name, vocabulary=vocabulary, heads=heads, calibration=calibration, about=about)
    return Trained(model=model, held_back=tuple(one for one in examples if one.held_back))


def out_of_fold(reads: Sequence[Read], tell: Tell) -> OutOfFold:
    """Answer every message by heads that were fitted to all the other files."""
    answers: Floats = np.zeros((len(reads), len(QUESTIONS)), dtype=np.float32)
    for source in sorted({one.example.source for one in reads}):
        tell(f"Fitting without {source}.")
        vocabulary, heads = fit([one for one in reads if one.example.source != source])
        reader = Reader(vocabulary)
        for number, one in enumerate(reads):
            if one.example.source == source:
                answers[number] = heads.answer(read_bag(reader, one.doc))
    labels = [one.example.labels for one in reads]
    return OutOfFold(answers=answers, labels=labels, cued=[cued_flags(marked_parts(one.doc)) for one in reads])


def _about(
    corpus_hash: str, examples: Sequence[Example], reads: Sequence[Read], seen: OutOfFold, calibration: Calibration
) -> dict[str, Any]:
    return {
        "corpus_sha256": corpus_hash,
        "examples": len(examples),
        "held_back": len(examples) - len(reads),
        "seed": SEED,
        "strength": STRENGTH,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _VERSIONS},
        "macro_f1_without_the_file": _by_source(reads, seen, calibration),
    }


def _by_source(reads: Sequence[Read], seen: OutOfFold, calibration: Calibration) -> dict[str, float]:
    truth = np.array([CATEGORIES.index(labels.category) for labels in seen.labels])
    chosen = choose(calibration.probabilities(seen.answers[:, CATEGORY_PART]), calibration.torn)
    sources = np.array([one.example.source for one in reads])
    each = {one: round(macro_f1(truth[sources == one], chosen[sources == one]), 4) for one in sorted(set(sources.tolist()))}
    return {"all files": round(macro_f1(truth, chosen), 4), **each}
