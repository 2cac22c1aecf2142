"""The component that gives the verdict: both halves' answers, stacked, calibrated, routed and with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.components import Marks, marked_parts
from classifiers.cues import Cue
from classifiers.encoder import Encoder
from classifiers.evidence import Witness
from classifiers.findings import Findings, cued, findings, not_understood, wordless
from classifiers.gazetteers import Known
from classifiers.kinds import LETTERED
from classifiers.language import Ear, is_foreign
from classifiers.model_files import Model
from classifiers.reader import Reader
from classifiers.routing import Facts, route
from classifiers.stack import KNOWN, leaning
from classifiers.tallying import Integers
from classifiers.taxonomy import Category, Reason
from classifiers.verdict import Verdict
from classifiers.vocabulary import Bag, Floats
from classifiers.wordpieces import read_by_encoder

COMPONENT: Final = "judgement"

Parts = list[tuple[Doc, Marks]]


@Language.factory(COMPONENT, assigns=["doc.cats", "doc._.verdict"])
def judgement_factory(nlp: Language, name: str) -> Judgement:  # noqa: ARG001 - spaCy calls it so
    """Make the component, which judges once it has been given a model."""
    return Judgement()


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What both halves say of one message, and what its words are."""

    parts: Parts
    bag: Bag
    words: Integers
    language: str | None
    linear: Floats
    encoder: Floats


class Judgement:
    """Judges a marked ``Doc`` with one trained model and the encoder it was weighed beside."""

    def __init__(self) -> None:
        self._ear = Ear()

    def take(self, model: Model, encoder: Encoder) -> None:
        """Judge with this model from now on."""
        self.model = model
        self._encoder = encoder
        self._reader = Reader(model.vocabulary)

    def __call__(self, doc: Doc) -> Doc:
        """Set the document's categories and verdict; offsets of the evidence are those of ``doc.text``."""
        heard = self.hear(marked_parts(doc))
        found = found_in(heard, self.model)
        doc.cats = {category.value: score for category, score in found.scores.items()}
        doc._.verdict = self._verdict(heard, found)
        return doc

    def hear(self, parts: Parts) -> Heard:
        """Ask both halves of a message in its marked parts; nothing is decided yet."""
        rows = [self._reader.row(part, marks.left_out) for part, marks in parts]
        words = np.concatenate([row.facts for row in rows])
        language = self._ear.language(parts[0][1].text, words)
        for doc, marks in parts:
            there = {cue[:3] for cue in marks.cues}
            marks.cues += tuple(cue for cue in self._foreign_cues(doc, marks, language) if cue[:3] not in there)
        bag = self._reader.bag(rows)
        return Heard(
            parts=parts,
            bag=bag,
            words=words,
            language=language,
            linear=self.model.heads.answer(bag),
            encoder=self._encoder.answer(read_by_encoder(parts)),
        )

    def _foreign_cues(self, doc: Doc, marks: Marks, language: str | None) -> Iterator[Cue]:
        for found in self._ear.cues.find(marks.text, language):
            span = doc.char_span(found.start, found.end, alignment_mode="expand")
            if span is not None:
                yield Cue(speaks_for=found.speaks_for, first=span.start, end=span.end, gloss=found.gloss)

    def _verdict(self, heard: Heard, found: Findings) -> Verdict:
        bare = verdict_on(heard, found, self.model)
        witness = Witness(heard.parts, heard.bag, self.model, self._encoder)
        closely = bare.route == "triage"
        spans = witness.spans(found, heard.encoder, closely=closely) if found.understood else witness.noticed(found)
        return replace(bare, evidence=tuple(spans))


def found_in(heard: Heard, model: Model) -> Findings:
    """Say what a message is by what both halves say of it."""
    if not heard.words[:, LETTERED].any():
        # Where words for a machine were cut, a person looks, as the route says; the verdict is that of the rest.
        return wordless(Reason.NO_CONTENT)
    if is_foreign(heard.language):
        return not_understood(cued(heard.parts))
    answers = model.stack.together(heard.linear, heard.encoder, known_of(heard.parts))
    return findings(answers, cued(heard.parts), model.calibration)


def verdict_on(heard: Heard, found: Findings, model: Model) -> Verdict:
    """Route what was found; the evidence, which takes several more readings, is left to whoever shows it."""
    way, why = route(_facts(heard, found), model.calibration)
    return Verdict(
        category=found.category,
        also=found.also,
        flags=found.flags,
        reason=found.reason,
        confidence=min(found.scores[found.category], 1.0),
        scores=found.scores,
        candidates=model.calibration.possible(found.scores) if found.understood else (),
        route=way,
        why=why,
        language=heard.language,
        model=model.name,
    )


def known_of(parts: Parts) -> Floats:
    """Return 1 for each of ``KNOWN`` that the landlord's lists say of a message, else 0."""
    return knowledge_row(known for _, marks in parts for known in marks.known)


def knowledge_row(names: Iterable[Known]) -> Floats:
    """Return 1 for each of ``KNOWN`` among the names found, else 0."""
    said = {known.knowledge.value for known in names}
    return np.array([name in said for name in KNOWN], dtype=np.float32)


def _facts(heard: Heard, found: Findings) -> Facts:
    return Facts(
        category=found.category,
        scores=found.scores,
        also=found.also,
        flags=found.flags,
        words=int(heard.words[:, LETTERED].sum()),
        language=heard.language,
        machine_words=_for_machines(heard.parts),
        complaint_words=Category.COMPLAINT in cued(heard.parts),
        leanings=(leaning(heard.linear), leaning(heard.encoder)) if found.understood else None,
    )


def _for_machines(parts: Parts) -> bool:
    return any(marks.for_machines for _, marks in parts)
