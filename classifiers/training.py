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
from classifiers.counting import vocabulary_of
from classifiers.examples import Example, digest, read_corpus
from classifiers.findings import Cued, Findings, cued, findings
from classifiers.fitting import SEED, STRENGTH, Read, fit, read_all, read_bag, words_of
from classifiers.heads import CATEGORIES, CATEGORY_PART, QUESTIONS
from classifiers.language import Ear, is_foreign
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.routing import FEWEST_WORDS, Facts, route
from classifiers.scorecard import Scorecard, score
from classifiers.tallying import Integers
from classifiers.taxonomy import Category
from classifiers.verdict import Verdict
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
    reads = in_english(read_all(reading_pipeline(), learnt_from))
    seen = out_of_fold(reads, tell)
    calibration = calibrate(seen)
    tell(f"Fitting the model to {len(reads)} messages.")
    vocabulary, heads = fit(reads)
    corpus_hash = digest(examples)
    about = _about(corpus_hash, examples, reads, seen, calibration)
    name = f"{FAMILY}-{corpus_hash[:8]}"
    model = Model(name=name, vocabulary=vocabulary, heads=heads, calibration=calibration, about=about)
    return Trained(model=model, held_back=tuple(one for one in examples if one.held_back))


def in_english(reads: Sequence[Read]) -> list[Read]:
    """Leave out messages in other languages: there are too few to learn from, and they are not judged by the heads."""
    reader, ear = Reader(vocabulary_of([words_of(one.doc) for one in reads])), Ear()
    return [one for one in reads if not is_foreign(ear.language(one.example.text.text, _words(reader, one)))]


def _words(reader: Reader, read: Read) -> Integers:
    return np.concatenate([reader.row(part, marks.left_out).facts for part, marks in marked_parts(read.doc)])


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
    return OutOfFold(answers=answers, labels=labels, phrases=[cued(marked_parts(one.doc)) for one in reads])


def _about(
    corpus_hash: str, examples: Sequence[Example], reads: Sequence[Read], seen: OutOfFold, calibration: Calibration
) -> dict[str, Any]:
    return {
        "corpus_sha256": corpus_hash,
        "examples": len(examples),
        "held_back": sum(one.held_back for one in examples),
        "learnt_from": len(reads),
        "seed": SEED,
        "strength": STRENGTH,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _VERSIONS},
        "macro_f1_without_the_file": _by_source(reads, seen, calibration),
        "without_the_file": unseen_scorecard(seen, calibration).as_json(),
    }


def unseen_scorecard(seen: OutOfFold, calibration: Calibration) -> Scorecard:
    """Score the out-of-fold answers as if each message were plain English of some length."""
    return score(
        (labels, _verdict(findings(answers, phrases, calibration), phrases, calibration))
        for labels, answers, phrases in zip(seen.labels, seen.answers, seen.phrases, strict=True)
    )


def _verdict(found: Findings, phrases: Cued, calibration: Calibration) -> Verdict:
    facts = Facts(
        category=found.category,
        scores=found.scores,
        flags=found.flags,
        words=FEWEST_WORDS,
        language="en",
        machine_words=False,
        complaint_words=Category.COMPLAINT in phrases,
    )
    way, why = route(facts, calibration)
    return Verdict(
        category=found.category,
        also=found.also,
        flags=found.flags,
        reason=found.reason,
        confidence=found.scores[found.category],
        scores=found.scores,
        route=way,
        why=why,
        model="",
    )


def _by_source(reads: Sequence[Read], seen: OutOfFold, calibration: Calibration) -> dict[str, float]:
    truth = np.array([CATEGORIES.index(labels.category) for labels in seen.labels])
    chosen = choose(calibration.probabilities(seen.answers[:, CATEGORY_PART]), calibration.torn)
    sources = np.array([one.example.source for one in reads])
    each = {one: round(macro_f1(truth[sources == one], chosen[sources == one]), 4) for one in sorted(set(sources.tolist()))}
    return {"all files": round(macro_f1(truth, chosen), 4), **each}
