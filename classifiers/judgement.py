"""The component that gives the verdict: the linear heads' answers, calibrated, routed and with their evidence.

A different inside (an encoder) replaces this component alone: it takes the same marked ``Doc`` and sets ``doc.cats`` and
``doc._.verdict``; the reading before it, and findings, routing and evidence after it, stay.
"""

from __future__ import annotations

from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from classifiers.components import Marks, marked_parts
from classifiers.evidence import Witness
from classifiers.findings import Findings, cued_flags, findings, wordless
from classifiers.language import Ear
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.routing import Facts, route
from classifiers.taxonomy import Reason
from classifiers.verdict import Verdict
from classifiers.vocabulary import Bag, Known

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
        bag = self._reader.bag(rows[1] if len(rows) > 1 else [], rows[0])
        found = self._findings(parts, bag, empty=not any(rows))
        doc.cats = {category.value: score for category, score in found.scores.items()}
        doc._.verdict = self._verdict(parts, found, bag, [known for row in rows for _, known in row])
        return doc

    def _findings(self, parts: Parts, bag: Bag, *, empty: bool) -> Findings:
        if empty:
            return wordless(Reason.NOT_FOR_US if _for_machines(parts) else Reason.NO_CONTENT)
        return findings(self.model.heads.answer(bag), cued_flags(parts), self.model.calibration)

    def _verdict(self, parts: Parts, found: Findings, bag: Bag, words: list[Known]) -> Verdict:
        doc, marks = parts[0]
        language = self._ear.language(marks.text, words)
        facts = Facts(
            category=found.category,
            scores=found.scores,
            flags=found.flags,
            words=sum(known.lettered for known in words),
            language=language,
            machine_words=_for_machines(parts),
        )
        way, why = route(facts, self.model.calibration)
        spans = Witness(doc, marks, bag, self.model.heads).spans(found.category, found.also, found.flags)
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
            language=language,
            model=self.model.name,
        )


def _for_machines(parts: Parts) -> bool:
    return any(marks.left_out for _, marks in parts)
