"""Shows the words that drove a verdict: the strongest runs of words for each thing said, and the phrases that were found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spacy.tokens import Doc

from classifiers.components import Marks
from classifiers.findings import Findings
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, FLAG_PART, FLAGS, Heads
from classifiers.taxonomy import Flag
from classifiers.verdict import Span
from classifiers.vocabulary import Bag

FOR_CATEGORY: Final = 3
LONGEST_RUN: Final = 7
WORTH_SHOWING: Final = 0.3
"""A run is shown when it pulls at least this share of what the strongest one pulls."""
FOR_A_MACHINE: Final = "left out: addressed to a machine"


class Witness:
    """Gathers the evidence in one text, with offsets into the scored text."""

    def __init__(self, doc: Doc, marks: Marks, bag: Bag, heads: Heads) -> None:
        self._doc, self._marks, self._bag, self._heads = doc, marks, bag, heads

    def spans(self, found: Findings) -> list[Span]:
        """List what speaks for the category, for each further category and for each flag, then what was left out."""
        spans = list(self._runs(CATEGORIES.index(found.category), found.category.value, FOR_CATEGORY))
        for one in found.also:
            spans += self._runs(ALSO_PART.start + ALSO.index(one), one.value, 1)
        for flag in found.flags:
            spans += self._for_flag(flag)
        return spans + self.left_out()

    def left_out(self) -> list[Span]:
        """List what was cut out before scoring."""
        numbers = self._marks.left_out
        starts = sorted(number for number in numbers if number - 1 not in numbers)
        ends = sorted(number + 1 for number in numbers if number + 1 not in numbers)
        return [self._span(first, end, FOR_A_MACHINE) for first, end in zip(starts, ends, strict=True)]

    def _for_flag(self, flag: Flag) -> Iterator[Span]:
        cue = next((cue for cue in self._marks.cues if cue.speaks_for is flag), None)
        if cue is not None:
            yield self._span(cue.first, cue.end, flag.value)
        else:
            yield from self._runs(FLAG_PART.start + FLAGS.index(flag), flag.value, 1)

    def _runs(self, question: int, speaks_for: str, most: int) -> Iterator[Span]:
        pull = self._heads.pull(self._bag, question, len(self._doc)).tolist()
        strongest = 0.0
        for _ in range(most):
            first, end, weight = _strongest_run(pull)
            strongest = strongest or weight
            if weight <= 0 or weight < WORTH_SHOWING * strongest:
                return
            yield self._span(first, end, speaks_for)
            pull[first:end] = [0.0] * (end - first)

    def _span(self, first: int, end: int, speaks_for: str) -> Span:
        last = self._doc[end - 1]
        start, stop = self._doc[first].idx, last.idx + len(last)
        return Span(start=start, end=stop, text=self._marks.text[start:stop], speaks_for=speaks_for)


def _strongest_run(pull: list[float]) -> tuple[int, int, float]:
    """Grow a run from the strongest token over neighbours that pull the same way; returns first, end and its whole pull."""
    if not pull:
        return 0, 0, 0.0
    first = pull.index(max(pull))
    end = first + 1
    while end - first < LONGEST_RUN:
        before = pull[first - 1] if first else 0.0
        after = pull[end] if end < len(pull) else 0.0
        if max(before, after) <= 0:
            break
        first, end = (first - 1, end) if before >= after else (first, end + 1)
    return first, end, sum(pull[first:end])
