"""Rebuilds the light half from labelled messages: fits the heads, stacks them with the encoder, calibrates on unseen files."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.calibrating import OutOfFold, calibrate
from classifiers.calibration import Calibration
from classifiers.components import marked_parts, reading_pipeline
from classifiers.counting import vocabulary_of
from classifiers.encoder import ENCODER, Encoder, load_encoder
from classifiers.examples import Example, digest, read_corpus
from classifiers.findings import Cued, cued, findings
from classifiers.fitting import SEED, STRENGTH, Read, answers_of, fit, read_all, read_bag, words_of
from classifiers.gazetteers import still_known
from classifiers.heads import CATEGORY_PART, QUESTIONS
from classifiers.judgement import knowledge_row
from classifiers.language import Ear, is_foreign
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.routing import FEWEST_WORDS, Facts, route
from classifiers.scorecard import Scorecard, score
from classifiers.stack import leaning
from classifiers.stacking import Halves, fit_stack
from classifiers.tallying import Integers
from classifiers.taxonomy import Category
from classifiers.unseen import folds_of, kept_answers, key_of, unseen_answers
from classifiers.verdict import Verdict
from classifiers.vocabulary import Floats
from classifiers.wordpieces import read_by_encoder

CORPUS: Final = Path(__file__).parent / "corpus"
FAMILY: Final = "pair-1"
FEWEST_SOURCES: Final = 2
HIDDEN: Final = 0.7
"""Share of the names on the example lists that are hidden from each message while the stack is fitted."""
_VERSIONS: Final = ("numpy", "onnxruntime", "scikit-learn", "scipy", "spacy", "tokenizers")

Tell = Callable[[str], None]


class TrainingError(Exception):
    """Labelled messages from which no model can be made."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A new model, and the examples that it has not seen."""

    model: Model
    held_back: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """What both halves, each without the message's file, said of the messages that a model is made from."""

    reads: Sequence[Read]
    halves: Halves
    phrases: Sequence[Cued]


def train(corpus: Path = CORPUS, encoder: Path = ENCODER, tell: Tell = lambda _: None) -> Trained:
    """Train the light half on nine tenths of the examples; ``tell`` is given a sentence at each step. Takes a minute or two.

    Out-of-fold answers are made file by file: what calibrates was judged by halves that never saw the file's hand.
    """
    examples = list(read_corpus(corpus))
    learnt_from = [one for one in examples if not one.held_back]
    if len({one.source for one in learnt_from}) < FEWEST_SOURCES:
        raise TrainingError(f"{corpus} needs labelled messages in at least {FEWEST_SOURCES} .jsonl files.")
    loaded = load_encoder(encoder)
    unseen = unseen_by_both(in_english(read_all(reading_pipeline(), learnt_from)), loaded, encoder, tell)
    stack = fit_stack(unseen.halves)
    seen = stacked(unseen, stack.together(unseen.halves.linear, unseen.halves.encoder, unseen.halves.known))
    calibration = calibrate(seen)
    tell(f"Fitting the model to {len(unseen.reads)} messages.")
    vocabulary, heads = fit(unseen.reads)
    corpus_hash = digest(examples)
    model = Model(
        name=f"{FAMILY}-{corpus_hash[:8]}",
        vocabulary=vocabulary,
        heads=heads,
        stack=stack,
        encoder_sha256=loaded.sha256,
        calibration=calibration,
        about=_about(corpus_hash, examples, loaded) | without_the_file(unseen, seen, calibration),
    )
    return Trained(model=model, held_back=tuple(one for one in examples if one.held_back))


def in_english(reads: Sequence[Read]) -> list[Read]:
    """Leave out messages in other languages: there are too few to learn from, and they are not judged by the heads."""
    reader, ear = Reader(vocabulary_of([words_of(one.doc) for one in reads])), Ear()
    return [one for one in reads if not is_foreign(ear.language(marked_parts(one.doc)[0][1].text, _words(reader, one)))]


def _words(reader: Reader, read: Read) -> Integers:
    return np.concatenate([reader.row(part, marks.left_out).facts for part, marks in marked_parts(read.doc)])


def unseen_by_both(reads: Sequence[Read], encoder: Encoder, folder: Path, tell: Tell) -> Unseen:
    """Ask both halves of every message without its file."""
    parts = [marked_parts(one.doc) for one in reads]
    texts = [read_by_encoder(one) for one in parts]
    kept = kept_answers(folder)
    others = sum(key_of(text) not in kept for text in texts)
    if kept and others:
        tell(f"{others} of {len(texts)} messages are not as the encoder's kept answers know them: it is asked as it is now.")
    halves = Halves(
        linear=_out_of_fold(reads, tell),
        encoder=unseen_answers(texts, encoder, folder),
        known=np.array([_partly_known(one) for one in reads]),
        truths=np.array([answers_of(one.example.labels) for one in reads]),
    )
    return Unseen(reads=reads, halves=halves, phrases=[cued(one) for one in parts])


def _partly_known(read: Read) -> Floats:
    """Return what is known of a message where most names are not on the lists, others for each message.

    The example lists were made from the corpus: a stack fitted with all of them would lean on names that a landlord's own
    lists may lack.
    """
    found = [known for _, marks in marked_parts(read.doc) for known in marks.known]
    return knowledge_row(still_known(found, HIDDEN, key_of(read.example.id)))


def _out_of_fold(reads: Sequence[Read], tell: Tell) -> Floats:
    answers: Floats = np.zeros((len(reads), len(QUESTIONS)), dtype=np.float32)
    fold_of = folds_of([one.example.source for one in reads])
    for fold in sorted(set(fold_of.values())):
        tell(f"Fitting without {', '.join(sorted(name for name, one in fold_of.items() if one == fold))}.")
        vocabulary, heads = fit([one for one in reads if fold_of[one.example.source] != fold])
        reader = Reader(vocabulary)
        for number, one in enumerate(reads):
            if fold_of[one.example.source] == fold:
                answers[number] = heads.answer(read_bag(reader, one.doc))
    return answers


def stacked(unseen: Unseen, answers: Floats) -> OutOfFold:
    """Put stacked answers beside labels and phrases, and say which messages a rule sends to a person in any case."""
    halves = unseen.halves
    apart = halves.linear[:, CATEGORY_PART].argmax(axis=1) != halves.encoder[:, CATEGORY_PART].argmax(axis=1)
    says_so = np.array([Category.COMPLAINT in one for one in unseen.phrases])
    return OutOfFold(
        answers=answers,
        labels=[one.example.labels for one in unseen.reads],
        phrases=unseen.phrases,
        doubted=apart | (says_so & (answers[:, CATEGORY_PART].argmax(axis=1) != 0)),
    )


def without_the_file(unseen: Unseen, seen: OutOfFold, calibration: Calibration) -> dict[str, Any]:
    """Score the out-of-fold answers, of all files and of each, as if each message were plain English of some length."""
    verdicts = unseen_verdicts(unseen, seen, calibration)
    cards: dict[str, Scorecard] = {"all files": score(zip(seen.labels, verdicts, strict=True))}
    for source in sorted({one.example.source for one in unseen.reads}):
        rows = [number for number, one in enumerate(unseen.reads) if one.example.source == source]
        cards[source] = score((seen.labels[row], verdicts[row]) for row in rows)
    return {
        "without_the_file": cards["all files"].as_json(),
        "each_without_itself": {name: _in_short(card) for name, card in cards.items()},
    }


def unseen_verdicts(unseen: Unseen, seen: OutOfFold, calibration: Calibration) -> list[Verdict]:
    """Return what the out-of-fold answers come to, message by message."""
    halves = unseen.halves
    return [
        _verdict(answers, phrases, calibration, linear, encoder)
        for answers, phrases, linear, encoder in zip(seen.answers, seen.phrases, halves.linear, halves.encoder, strict=True)
    ]


def _in_short(card: Scorecard) -> dict[str, Any]:
    whole = card.as_json()
    return {
        "messages": card.messages,
        "macro_f1": round(card.macro_f1, 4),
        "complaint_recall": round(card.categories[Category.COMPLAINT].recall, 4),
        "flags_f1": round(card.flags_together.f1, 4),
        "automatic": round(whole["automatic"]["share"], 4),
        "automatic_wrong": round(whole["automatic"]["error"], 4),
        "complaints_missed": card.complaints_missed,
    }


def _verdict(answers: Floats, phrases: Cued, calibration: Calibration, linear: Floats, encoder: Floats) -> Verdict:
    found = findings(answers, phrases, calibration)
    facts = Facts(
        category=found.category,
        scores=found.scores,
        also=found.also,
        flags=found.flags,
        words=FEWEST_WORDS,
        complaint_words=Category.COMPLAINT in phrases,
        leanings=(leaning(linear), leaning(encoder)),
    )
    way, why = route(facts, calibration)
    return Verdict(
        category=found.category,
        also=found.also,
        flags=found.flags,
        reason=found.reason,
        confidence=min(found.scores[found.category], 1.0),
        scores=found.scores,
        route=way,
        why=why,
        model="",
    )


def _about(corpus_hash: str, examples: Sequence[Example], encoder: Encoder) -> dict[str, Any]:
    return {
        "corpus_sha256": corpus_hash,
        "examples": len(examples),
        "held_back": sum(one.held_back for one in examples),
        "seed": SEED,
        "strength": STRENGTH,
        "encoder": {name: encoder.about.get(name) for name in ("name", "corpus_sha256", "seed", "base_sha256")},
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _VERSIONS},
    }
