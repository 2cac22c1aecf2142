"""The component that gives the verdict: the linear heads' answers, calibrated, routed and with their evidence.

A different inside (an encoder) replaces this component alone: it takes the same marked ``Doc`` and sets ``doc.cats`` and
``doc._.verdict``; the reading before it, and findings, routing and evidence after it, stay.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.components import Marks, marked_parts
from classifiers.evidence import Witness
from classifiers.findings import Findings, cued, findings, not_understood, wordless
from classifiers.kinds import LETTERED
from classifiers.language import Ear, is_foreign
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.routing import Facts, route
from classifiers.tallying import Integers
from classifiers.taxonomy import Category, Reason
from classifiers.verdict import Verdict
from classifiers.vocabulary import Bag

COMPONENT: Final = "linear_judgement"

Parts = list[tuple[Doc, Marks]]


@Language.factory(COMPONENT, assigns=["doc.cats", "doc._.verdict"])
def linear_judgement_factory(nlp: Language, name: str) -> LinearJudgement:  # noqa: ARG001 - spaCy calls it so
    """Make the component, which judges once it has been given a model."""
    return LinearJudgement()


class LinearJudgement:
    """Judges a marked ``Doc`` with one trained model."""

    def __init__(self) -> None:
        self._ear = Ear()

    def take(self, model: Model) -> None:
        """Judge with this model from now on."""
        self.model = model
        self._reader = Reader(model.vocabulary)

    def __call__(self, doc: Doc) -> Doc:
        """Set the document's categories and verdict; offsets of the evidence are those of ``doc.text``."""
        parts = marked_parts(doc)
        rows = [self._reader.row(part, marks.left_out) for part, marks in parts]
        words = np.concatenate([row.facts for row in rows])
        language = self._ear.language(parts[0][1].text, words)
        bag = self._reader.bag(rows)
        found = self._findings(parts, bag, words, language)
        doc.cats = {category.value: score for category, score in found.scores.items()}
        doc._.verdict = self._verdict(parts, found, bag, self._facts(parts, found, words, language))
        return doc

    def _findings(self, parts: Parts, bag: Bag, words: Integers, language: str | None) -> Findings:
        if not words[:, LETTERED].any():
            return wordless(Reason.NOT_FOR_US if _for_machines(parts) else Reason.NO_CONTENT)
        if is_foreign(language):
            return not_understood()
        return findings(self.model.heads.answer(bag), cued(parts), self.model.calibration)

    def _facts(self, parts: Parts, found: Findings, words: Integers, language: str | None) -> Facts:
        return Facts(
            category=found.category,
            scores=found.scores,
            flags=found.flags,
            words=int(words[:, LETTERED].sum()),
            language=language,
            machine_words=_for_machines(parts),
            complaint_words=Category.COMPLAINT in cued(parts),
        )

    def _verdict(self, parts: Parts, found: Findings, bag: Bag, facts: Facts) -> Verdict:
        doc, marks = parts[0]
        way, why = route(facts, self.model.calibration)
        witness = Witness(doc, marks, bag, self.model.heads)
        spans = witness.spans(found) if found.understood else witness.left_out()
        return Verdict(
            category=found.category,
            also=found.also,
            flags=found.flags,
            reason=found.reason,
            confidence=min(found.scores[found.category], 1.0),
            scores=found.scores,
            route=way,
            why=why,
            evidence=tuple(spans),
            language=facts.language,
            model=self.model.name,
        )


def _for_machines(parts: Parts) -> bool:
    return any(marks.left_out for _, marks in parts)
