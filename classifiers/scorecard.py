"""Compares verdicts with labels: the figures of ``intake score``, each defined once, here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from classifiers.examples import Labels
from classifiers.taxonomy import Category, Flag, Reason
from classifiers.verdict import Verdict

BINS: Final = 10
"""Equal-width bins of confidence for the calibration error."""

Pair = tuple[Labels, Verdict]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Right and wrong answers to one question, over all messages."""

    found: int
    missed: int
    invented: int

    @property
    def precision(self) -> float:
        """Share of the answers given that are right; 0 where none was given."""
        return _share(self.found, self.found + self.invented)

    @property
    def recall(self) -> float:
        """Share of the right answers that were given; 0 where there were none."""
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.found, 2 * self.found + self.missed + self.invented)

    def as_json(self) -> dict[str, float | int]:
        """Return plain values."""
        support = self.found + self.missed
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, "support": support}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scorecard:
    """How well verdicts agree with labels; shares are between 0 and 1."""

    messages: int
    categories: dict[Category, Tally]
    confusion: dict[Category, dict[Category, int]]
    """Counts by true category, then by the verdict's."""
    reasons: Tally
    also: Tally
    flags: dict[Flag, Tally]
    calibration_error: float
    """Expected calibration error of the category's confidence."""
    automatic: int
    """Messages routed ``auto``."""
    automatic_wrong: int
    """Of these, how many have another category than the label."""
    complaints_missed: int
    """Complaints routed ``auto`` as something else: the ones nobody would look at."""
    complaints_called_other: int
    """Complaints given another category, whatever the route."""

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the categories that the labels hold."""
        held = [tally.f1 for tally in self.categories.values() if tally.found + tally.missed]
        return _share(sum(held), len(held))

    @property
    def automatic_share(self) -> float:
        """Share of the messages that act by themselves."""
        return _share(self.automatic, self.messages)

    @property
    def automatic_error(self) -> float:
        """Share of these that are wrong."""
        return _share(self.automatic_wrong, self.automatic)

    @property
    def flags_together(self) -> Tally:
        """All flags counted as one question."""
        return _sum(self.flags.values())

    def as_json(self) -> dict[str, Any]:
        """Return the figures of ``intake score`` as plain values."""
        return {
            "messages": self.messages,
            "macro_f1": self.macro_f1,
            "categories": {one.value: tally.as_json() for one, tally in self.categories.items()},
            "confusion": {one.value: {other.value: n for other, n in row.items()} for one, row in self.confusion.items()},
            "reason": self.reasons.as_json(),
            "also": self.also.as_json(),
            "flags": {
                "together": self.flags_together.as_json(),
                "each": {flag.value: tally.as_json() for flag, tally in self.flags.items()},
            },
            "calibration_error": self.calibration_error,
            "automatic": {
                "share": self.automatic_share,
                "error": self.automatic_error,
                "messages": self.automatic,
            },
            "complaints_missed": self.complaints_missed,
            "complaints_called_other": self.complaints_called_other,
        }


def score(pairs: Iterable[Pair]) -> Scorecard:
    """Compare each verdict with its labels."""
    held = list(pairs)
    automatic = [(labels, verdict) for labels, verdict in held if verdict.route == "auto"]
    missed = [one for one in held if _other_than_complaint(*one)]
    return Scorecard(
        messages=len(held),
        categories={one: _tally([({p[0].category}, {p[1].category}) for p in held], {one}) for one in Category},
        confusion={one: {other: _count(held, one, other) for other in Category} for one in Category},
        reasons=_tally([(_set(labels.reason), _set(verdict.reason)) for labels, verdict in held], set(Reason)),
        also=_tally([(labels.also, set(verdict.also)) for labels, verdict in held], set(Category)),
        flags={one: _tally([(labels.flags, set(verdict.flags)) for labels, verdict in held], {one}) for one in Flag},
        calibration_error=_calibration_error(held),
        automatic=len(automatic),
        automatic_wrong=sum(labels.category is not verdict.category for labels, verdict in automatic),
        complaints_missed=sum(verdict.route == "auto" for _, verdict in missed),
        complaints_called_other=len(missed),
    )


def _other_than_complaint(labels: Labels, verdict: Verdict) -> bool:
    return labels.category is Category.COMPLAINT and verdict.category is not Category.COMPLAINT


def _tally(answers: Sequence[tuple[AbstractSet[Any], AbstractSet[Any]]], asked: AbstractSet[Any]) -> Tally:
    right = [(truth & asked, said & asked) for truth, said in answers]
    return Tally(
        found=sum(len(truth & said) for truth, said in right),
        missed=sum(len(truth - said) for truth, said in right),
        invented=sum(len(said - truth) for truth, said in right),
    )


def _calibration_error(pairs: Sequence[Pair]) -> float:
    bins: list[list[Pair]] = [[] for _ in range(BINS)]
    for pair in pairs:
        bins[min(int(pair[1].confidence * BINS), BINS - 1)].append(pair)
    gaps = (
        abs(sum(labels.category is verdict.category for labels, verdict in one) - sum(verdict.confidence for _, verdict in one))
        for one in bins
    )
    return _share(sum(gaps), len(pairs))


def _count(pairs: Sequence[Pair], truth: Category, said: Category) -> int:
    return sum(labels.category is truth and verdict.category is said for labels, verdict in pairs)


def _sum(tallies: Iterable[Tally]) -> Tally:
    held = list(tallies)
    return Tally(
        found=sum(one.found for one in held),
        missed=sum(one.missed for one in held),
        invented=sum(one.invented for one in held),
    )


def _set(reason: Reason | None) -> frozenset[Reason]:
    return frozenset() if reason is None else frozenset({reason})


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
