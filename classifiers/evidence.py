"""Shows what drove a verdict: the telling sentences, the words for each flag and further category, the phrases found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from spacy.tokens import Doc

from classifiers.components import Marks
from classifiers.cues import Cue
from classifiers.encoder import Encoder
from classifiers.findings import Findings
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, FLAG_PART, FLAGS
from classifiers.leaving_out import Leaver, Sentence
from classifiers.model_files import Model
from classifiers.taxonomy import Flag
from classifiers.verdict import Span
from classifiers.vocabulary import Bag, Floats

FOR_CATEGORY: Final = 2
LONGEST_RUN: Final = 7
LONGEST_SENTENCE: Final = 40
"""Of a sentence with more tokens only its strongest run is shown, or else its beginning: who writes without stops writes one."""
LIGHTEST_RUN: Final = 0.5
"""What a run of words must add to the log-odds to be shown for a flag or a second category: single small words add less."""
WORTH_SHOWING: Final = 0.3
"""A sentence is shown when it pulls at least this share of what the strongest one pulls."""


class Witness:
    """Gathers the evidence in one message, with offsets into its scored text."""

    def __init__(self, parts: Sequence[tuple[Doc, Marks]], bag: Bag, model: Model, encoder: Encoder) -> None:
        self._doc, self._marks = parts[0]
        self._in_the_subject = frozenset(cue.speaks_for for _, marks in parts[1:] for cue in marks.cues)
        self._bag, self._model = bag, model
        self._leaver = Leaver(parts, bag, model, encoder)

    def spans(self, found: Findings, heard: Floats, *, closely: bool) -> list[Span]:
        """List what speaks for the category, for each further category and for each flag.

        ``closely`` asks the encoder again without each sentence: for a person who looks, as it takes several readings.
        """
        shares = self._leaver.linear()
        if closely:
            shares = shares + self._leaver.encoder(heard, shares)
        spans = list(self._for_category(found, self._leaver.sentences, shares))
        for one in found.also:
            spans += self._run(ALSO_PART.start + ALSO.index(one), one.value)
        for flag in found.flags:
            spans += self._for_flag(flag)
        return spans

    def noticed(self, found: Findings) -> list[Span]:
        """List the phrases found in a text that was not understood."""
        cues = [cue for cue in self._marks.cues if cue.speaks_for in found.flags]
        return [self._of_cue(cue) for cue in cues]

    def _for_category(self, found: Findings, sentences: Sequence[Sentence], shares: Floats) -> Iterator[Span]:
        """Show the sentences that speak most for the category and against its nearest rival."""
        ours, rival = sorted(CATEGORIES, key=lambda one: (one is not found.category, -found.scores[one]))[:2]
        pull = shares[:, CATEGORIES.index(ours)] - shares[:, CATEGORIES.index(rival)]
        order = np.argsort(-pull, kind="stable")[:FOR_CATEGORY].tolist()
        for number in order:
            if pull[number] <= 0 or pull[number] < WORTH_SHOWING * pull[order[0]]:
                return
            yield self._told(sentences[number], CATEGORIES.index(ours), ours.value)

    def _told(self, sentence: Sentence, question: int, speaks_for: str) -> Span:
        first, end = sentence
        if end - first > LONGEST_SENTENCE:
            run_first, run_end, weight = _strongest_run(self._pull(question)[first:end], first)
            # Where only the encoder heard it, no single word pulls: then any run would be an arbitrary one.
            first, end = (run_first, run_end) if weight > 0 else (first, first + LONGEST_SENTENCE)
        while end > first + 1 and self._doc[end - 1].is_space:
            end -= 1
        return self._span(first, end, speaks_for)

    def _for_flag(self, flag: Flag) -> Iterator[Span]:
        cue = next((cue for cue in self._marks.cues if cue.speaks_for is flag), None)
        if cue is not None:
            yield self._of_cue(cue)
        elif flag not in self._in_the_subject:
            # What the subject says has no place in the text: any words shown there instead would be the wrong ones.
            yield from self._run(FLAG_PART.start + FLAGS.index(flag), flag.value)

    def _run(self, question: int, speaks_for: str) -> Iterator[Span]:
        first, end, weight = _strongest_run(self._pull(question))
        if weight >= LIGHTEST_RUN:
            yield self._span(first, end, speaks_for)

    def _pull(self, question: int) -> list[float]:
        pull: list[float] = self._model.heads.pull(self._bag, question, len(self._doc)).tolist()
        return pull

    def _of_cue(self, cue: Cue) -> Span:
        return self._span(cue.first, cue.end, cue.speaks_for.value, cue.gloss or None)

    def _span(self, first: int, end: int, speaks_for: str, meaning: str | None = None) -> Span:
        last = self._doc[end - 1]
        start, stop = self._doc[first].idx, last.idx + len(last)
        return Span(start=start, end=stop, text=self._marks.text[start:stop], speaks_for=speaks_for, meaning=meaning)


def _strongest_run(pull: list[float], offset: int = 0) -> tuple[int, int, float]:
    """Grow a run from the strongest token over neighbours that pull the same way; returns first, end and its whole pull."""
    if not pull:
        return offset, offset, 0.0
    first = pull.index(max(pull))
    end = first + 1
    while end - first < LONGEST_RUN:
        before = pull[first - 1] if first else 0.0
        after = pull[end] if end < len(pull) else 0.0
        if max(before, after) <= 0:
            break
        first, end = (first - 1, end) if before >= after else (first, end + 1)
    return offset + first, offset + end, sum(pull[first:end])
