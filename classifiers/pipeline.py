"""The classifier as everybody else sees it: a spaCy pipeline behind the ``Classifier`` port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, cast

from spacy.language import Language

from classifiers.components import lay_out, names_of, reading_pipeline
from classifiers.cutting import Cutter
from classifiers.encoder import ENCODER, Encoder, load_encoder
from classifiers.gazetteers import Gazetteer
from classifiers.gazetteers_finding import Names
from classifiers.judgement import COMPONENT, Judgement
from classifiers.model_files import PACKAGED, Model, ModelError, read
from classifiers.verdict import Span, Text, Verdict
from classifiers.window import Window

MOST_HELD: Final = 100_000
"""Kinds of run and token that spaCy may remember before its pipeline is made anew, which takes 0.2 s; it forgets none by itself."""

FOR_A_MACHINE: Final = "left out: addressed to a machine"
MOST_SHOWN: Final = 50
"""Orders to a machine that are shown of a message: who writes a thousand need not be shown each."""


class PipelineClassifier:
    """Judges texts through spaCy pipelines, one for each thread that asks; ``model`` names the trained model in every verdict."""

    def __init__(self, model: Model, encoder: Encoder, most_held: int = MOST_HELD, gazetteer: Gazetteer | None = None) -> None:
        self._trained = model
        self._names = names_of(gazetteer)
        self._encoder = encoder
        self._most_held = most_held
        # What is remembered of words is written while judging, so no two threads share a pipeline.
        self._idle: SimpleQueue[Language] = SimpleQueue()
        self._idle.put(pipeline_of(model, encoder, self._names))
        self.model = model.name

    def classify(self, text: Text) -> Verdict:
        """Judge one text, the same way every time; never raises for any text, and takes time in proportion to its length.

        Of a text longer than ``window.HEAD + window.TAIL`` characters only head and tail are scored.
        """
        with self.pipeline() as nlp:
            doc, window = lay_out(nlp, text)
            verdict: Verdict = nlp(doc)._.verdict
        if window.text == text.text:
            return verdict
        shown = [_in_the_whole(span, text.text, window) for span in verdict.evidence]
        return replace(verdict, evidence=(*shown, *left_out(text.text, window)))

    @contextmanager
    def pipeline(self) -> Iterator[Language]:
        """Lend a pipeline that nobody else uses meanwhile."""
        try:
            nlp = self._idle.get_nowait()
        except Empty:
            nlp = pipeline_of(self._trained, self._encoder, self._names)
        if cast("Cutter", nlp.tokenizer).holds > self._most_held:
            nlp = pipeline_of(self._trained, self._encoder, self._names)
        try:
            yield nlp
        finally:
            self._idle.put(nlp)


def pipeline_of(model: Model, encoder: Encoder, gazetteer: Gazetteer | Names | None = None) -> Language:
    """Build the whole spaCy pipeline around a model, and the names that the landlord knows."""
    nlp = reading_pipeline(gazetteer)
    cast("Judgement", nlp.add_pipe(COMPONENT)).take(model, encoder)
    return nlp


def load(path: Path | None = None, encoder: Path = ENCODER, gazetteer: Gazetteer | None = None) -> PipelineClassifier:
    """Load a model's pipeline, the packaged one by default; raises ``ModelError`` where there is none to use."""
    model = read(path or PACKAGED)
    loaded = load_encoder(encoder)
    if loaded.sha256 != model.encoder_sha256:
        raise ModelError(f"The model {model.name} was made beside another encoder; make it anew with `intake train`.")
    return PipelineClassifier(model, loaded, gazetteer=gazetteer)


def left_out(text: str, window: Window) -> list[Span]:
    """Show what was cut out before scoring."""
    return [
        Span(start=start, end=end, text=text[start:end], speaks_for=FOR_A_MACHINE) for start, end in window.cut[:MOST_SHOWN]
    ]


def _in_the_whole(span: Span, text: str, window: Window) -> Span:
    start, end = window.place(span.start), window.place(span.end - 1) + 1
    return replace(span, start=start, end=end, text=text[start:end])
