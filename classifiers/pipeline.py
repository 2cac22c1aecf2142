"""The classifier as everybody else sees it: a spaCy pipeline behind the ``Classifier`` port."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Final, cast

from spacy.language import Language

from classifiers.components import lay_out, reading_pipeline
from classifiers.cutting import Cutter
from classifiers.judgement import COMPONENT, LinearJudgement
from classifiers.model_files import PACKAGED, Model, read
from classifiers.verdict import Span, Text, Verdict
from classifiers.window import Window

MOST_HELD: Final = 100_000
"""Kinds of run and token that spaCy may remember before its pipeline is made anew, which takes 0.2 s; it forgets none by itself."""


class PipelineClassifier:
    """Judges texts through ``nlp``; ``model`` names the trained model in every verdict."""

    def __init__(self, model: Model, most_held: int = MOST_HELD) -> None:
        self._trained = model
        self._most_held = most_held
        # What is remembered of words is written while judging, and callers may have several threads.
        self._one_at_a_time = Lock()
        self.model = model.name
        self.nlp = pipeline_of(model)

    def classify(self, text: Text) -> Verdict:
        """Judge one text, the same way every time; never raises for any text, and takes time in proportion to its length.

        Of a text longer than ``window.HEAD + window.TAIL`` characters only head and tail are scored.
        """
        with self._one_at_a_time:
            return self._judged(text)

    def _judged(self, text: Text) -> Verdict:
        nlp = self.nlp
        if cast("Cutter", nlp.tokenizer).holds > self._most_held:
            nlp = self.nlp = pipeline_of(self._trained)
        doc, window = lay_out(nlp, text)
        verdict: Verdict = nlp(doc)._.verdict
        if window.text == text.text:
            return verdict
        return replace(verdict, evidence=tuple(_in_the_whole(span, text.text, window) for span in verdict.evidence))


def pipeline_of(model: Model) -> Language:
    """Build the whole spaCy pipeline around a model."""
    nlp = reading_pipeline()
    cast("LinearJudgement", nlp.add_pipe(COMPONENT)).take(model)
    return nlp


def load(path: Path | None = None) -> PipelineClassifier:
    """Load a model's pipeline, the packaged one by default; raises ``ModelError`` where there is none to use."""
    return PipelineClassifier(read(path or PACKAGED))


def _in_the_whole(span: Span, text: str, window: Window) -> Span:
    start, end = window.place(span.start), window.place(span.end - 1) + 1
    return replace(span, start=start, end=end, text=text[start:end])
