"""A small base model and corrections for the tests of learning on site; the encoder's half says what a test tells it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from classifiers.calibration import Calibration, FlagThreshold
from classifiers.components import reading_pipeline
from classifiers.corrections import Correction, Judged
from classifiers.encoder import Encoder
from classifiers.examples import Example, Labels, read_corpus
from classifiers.fitting import Read, fit, read_all
from classifiers.heads import ALSO, CATEGORIES, FLAGS, QUESTIONS, Heads
from classifiers.model_files import Model
from classifiers.stack import KNOWN, Stack
from classifiers.taxonomy import Category
from classifiers.training import CORPUS
from classifiers.verdict import Text
from classifiers.vocabulary import Vocabulary
from classifiers.wordpieces import WordPieces

ENCODER_NAME = "stand-in"
PLOTS = [
    "How long is the list for an allotment plot?",
    "May I keep three hens on my allotment?",
    "Plot 14 is too big for me. Can it be halved?",
    "Who has the key of the allotment gate?",
    "I would like an allotment near Calder House, any plot will do.",
    "Is the water on yet at the allotments, my plot is dry.",
    "Can my brother share plot 9 with me?",
    "Please put me down for a plot, I have waited to retire for it.",
    "What does an allotment cost a year?",
    "I want to give up plot 22 at Michaelmas.",
    "Are bonfires allowed on the allotment in March?",
    "The shed on plot 3 came without a door, may I fit one?",
]
"""What a landlord counts as its own, and its packaged model does not."""
EACH = 60
"""Messages of each category that the small model is made from."""


@dataclass(frozen=True, kw_only=True)
class Saying(Encoder):
    """An encoder that says nothing, but of texts with one of these words that they are of a category."""

    words: dict[str, Category] = field(default_factory=dict)

    def answer(self, text: str):
        """Return log-odds of 4 for the category of the first word that stands there, else 0 everywhere."""
        answers = np.zeros(len(QUESTIONS), dtype=np.float32)
        for word, category in self.words.items():
            if word in text.lower():
                answers[CATEGORIES.index(category)] = 4.0
                break
        return answers


def saying(folder, **words: Category) -> Saying:
    """Return such an encoder; nothing is read from the folder."""
    return Saying(sha256=ENCODER_NAME, pieces=WordPieces(folder / "none"), session=None, words=words)


def some_of_the_corpus() -> list[Example]:
    """Return a few plain messages of each category, from two files."""
    found: dict[Category, list[Example]] = {one: [] for one in CATEGORIES}
    for one in read_corpus(CORPUS):
        if one.source in {"inbox-days", "report-site"} and len(found[one.labels.category]) < EACH:
            found[one.labels.category].append(one)
    return [one for several in found.values() for one in several]


def small_model(reads: Sequence[Read]) -> Model:
    """Return a model of these messages; both halves count alike."""
    vocabulary, heads = fit(reads)
    ones = np.ones(len(QUESTIONS), dtype=np.float32)
    return Model(
        name="small-1",
        vocabulary=vocabulary,
        heads=heads,
        stack=Stack(
            linear=ones * 0.5,
            encoder=ones,
            bias=ones * 0,
            known=np.zeros((len(KNOWN), len(QUESTIONS)), dtype=np.float32),
        ),
        encoder_sha256=ENCODER_NAME,
        calibration=Calibration(
            lean=1.2,
            bound=0.1,
            candidates=(0.1,) * len(CATEGORIES),
            also=(3.0,) * len(ALSO),
            flags={flag: FlagThreshold(alone=0.5, with_cue=0.0) for flag in FLAGS},
        ),
    )


def reads_of(examples: Sequence[Example]) -> list[Read]:
    """Read messages as the pipeline does."""
    return read_all(reading_pipeline(), examples)


def correction(number: int, words: str, category: Category, machine: Labels | None = None, **more) -> Correction:
    """Return an officer's word on a message that the machine had called out of scope, unless another word of its own is given."""
    machine = machine or Labels(category=Category.OUT_OF_SCOPE)
    text = Text(channel="email", subject=None, text=words)
    labels = Labels(category=category, **more)
    judged = Judged(labels=machine, scores={}, automatic=True, code="sure", model="small-1")
    example = Example(id=f"correction-{number}", source="corrections", text=text, labels=labels)
    return Correction(example=example, by="An Officer", why="it is ours", machine=judged)


def tiny_model(name: str, base: str | None = None, encoder: str = "e1") -> Model:
    """Return the smallest model there can be, with weights as wide as only a landlord's own has them."""
    ones = np.ones(len(QUESTIONS), dtype=np.float32)
    return Model(
        name=name,
        vocabulary=Vocabulary(words=("a",), pair_keys=np.empty(0, dtype=np.int64), pieces=(), idf=ones[:1]),
        heads=Heads(weights=np.full((1, len(QUESTIONS)), 300, dtype=np.int16), scales=ones, biases=ones),
        stack=Stack(linear=ones, encoder=ones, bias=ones, known=np.zeros((len(KNOWN), len(QUESTIONS)), dtype=np.float32)),
        encoder_sha256=encoder,
        calibration=Calibration(
            lean=1.0,
            bound=0.1,
            candidates=(0.1,) * len(CATEGORIES),
            also=(0.0,) * len(ALSO),
            flags={flag: FlagThreshold(alone=0.0, with_cue=0.0) for flag in FLAGS},
        ),
        about={"adapted": {"base": base}} if base else {},
    )
