"""The component that gives the verdict: the linear heads' answers, calibrated, routed and with their evidence.

A different inside (an encoder) replaces this component alone: it takes the same marked ``Doc`` and sets ``doc.cats`` and
``doc._.verdict``; the reading before it, and findings, routing and evidence after it, stay.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from classifiers.evidence import Witness
from classifiers.findings import Findings, cued_flags, findings, wordless
from classifiers.language import Ear
from classifiers.model_files import PACKAGED, Model, read
from classifiers.reader import Reader, Row
from classifiers.routing import Facts, route
from classifiers.taxonomy import Reason
from classifiers.verdict import Verdict
from classifiers.vocabulary import Bag

COMPONENT: Final = "linear_judgement"


@Language.factory(COMPONENT, default_config={"model_dir": str(PACKAGED)}, assigns=["doc.cats", "doc._.verdict"])
def linear_judgement_factory(nlp: Language, name: str, model_dir: str) -> LinearJudgement:  # noqa: ARG001 - spaCy calls it so
    """Make the component from the model kept in a folder."""
    return LinearJudgement(read(Path(model_dir)))


class LinearJudgement:
    """Judges a marked ``Doc`` with one trained model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._reader = Reader(model.vocabulary)
        self._ear = Ear()

    def __call__(self, doc: Doc) -> Doc:
        """Set the document's categories and verdict; offsets of the evidence are those of ``doc.text``."""
        heading, row = self._reader.rows(doc)
        bag = self._reader.bag(heading, row)
        found = self._findings(doc, bag, empty=not row and not heading)
        doc.cats = {category.value: score for category, score in found.scores.items()}
        doc._.verdict = self._verdict(doc, found, bag, heading + row)
        return doc

    def _findings(self, doc: Doc, bag: Bag, *, empty: bool) -> Findings:
        if empty:
            return wordless(Reason.NOT_FOR_US if _machine_words(doc) else Reason.NO_CONTENT)
        return findings(self.model.heads.answer(bag), cued_flags(doc), self.model.calibration)

    def _verdict(self, doc: Doc, found: Findings, bag: Bag, words: Row) -> Verdict:
        kinds = [known for _, known in words]
        language = self._ear.language(doc.text, kinds)
        facts = Facts(
            category=found.category,
            scores=found.scores,
            flags=found.flags,
            words=sum(known.lettered for known in kinds),
            language=language,
            machine_words=_machine_words(doc),
        )
        way, why = route(facts, self.model.calibration)
        return Verdict(
            category=found.category,
            also=found.also,
            flags=found.flags,
            reason=found.reason,
            confidence=min(found.scores[found.category], 1.0),
            scores=found.scores,
            route=way,
            why=why,
            evidence=tuple(Witness(doc, bag, self.model.heads).spans(found.category, found.also, found.flags)),
            language=language,
            model=self.model.name,
        )


def _machine_words(doc: Doc) -> bool:
    return bool(doc._.left_out or (doc._.subject is not None and doc._.subject._.left_out))
