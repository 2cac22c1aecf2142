"""The bound under which a verdict may act by itself, told anew by what people said of messages that the machine had judged.

Two kinds of message say something of it: those that it let act by themselves and that the lot drew for a check, each of which stands
for many; and those that for its doubt alone went to a person (code ``unsure``), complaints among them, all of which somebody decides.
What went to a person for another reason, or would go there for one if it were sure, goes there under any bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from classifiers.calibration import Reals

WRONG: Final = 0.01
"""Share of what acts by itself that may be wrong."""
SURE: Final = 0.95
"""Certainty, on one side, of the limit of Clopper and Pearson."""
FEWEST_TO_LOWER: Final = 300
"""With fewer, not even a record without any error would show that so few are wrong."""
FEWEST_TO_RAISE: Final = 500
FEWEST_AUTOMATIC: Final = 50
NONE: Final = -1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A verdict on which a person had a say; it stands for ``weight`` such verdicts."""

    cost: float
    """Expected, as the machine reckoned it."""
    wrong: bool
    missed: bool = False
    """It was a complaint, and the machine had said that it is none."""
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebound:
    """The bound to go by, and why: ``checked`` and ``wrong`` count the verdicts under the old one."""

    bound: float
    checked: int
    wrong: int
    limit: float
    """What share of the verdicts under the old bound may be wrong at most, as far as can be told."""
    says: str


def rebounded(verdicts: Sequence[Checked], bound: float, in_use: float | None = None) -> Rebound:
    """Lower the bound where too many may be wrong under it; raise it only on many decided messages; else leave it.

    ``in_use`` is what it was lowered to before, if it was: from there it rises on many decided messages too, not because
    those that had lowered it are gone or have been outnumbered.
    """
    record = _Record(verdicts)
    told = _told(record, bound)
    if in_use is None or in_use >= told.bound or record.number_under(told.bound) >= FEWEST_TO_RAISE:
        return told
    return replace(told, bound=in_use, says=f"{told.says}. It had been lowered to {in_use:.4f} and stays there")


def _told(record: _Record, bound: float) -> Rebound:
    under = record.number_under(bound)
    wrong, limit = int(record.wrong[:under].sum()), record.limit(under)
    told = f"of {under} verdicts checked under the bound {bound:.4f}, {wrong} were wrong: at most {limit:.2%}"
    if under >= FEWEST_TO_LOWER and limit > WRONG:
        lower = record.lowered(under)
        says = f"{told}. Lowered to {lower:.4f}" if lower > NONE else f"{told}. No bound holds: nothing acts by itself"
        return Rebound(bound=lower, checked=under, wrong=wrong, limit=limit, says=says)
    higher = record.raised(under)
    if higher is not None:
        says = f"{told}. Raised to {higher:.4f}"
        return Rebound(bound=higher, checked=under, wrong=wrong, limit=limit, says=says)
    says = told if under >= FEWEST_TO_LOWER else f"{told}; too few to move it by ({FEWEST_TO_LOWER} are needed)"
    return Rebound(bound=bound, checked=under, wrong=wrong, limit=limit, says=says)


class _Record:
    """The verdicts in the order of their costs, the cheapest first."""

    def __init__(self, verdicts: Sequence[Checked]) -> None:
        ordered = sorted(verdicts, key=lambda one: one.cost)
        self.costs: Reals = np.array([one.cost for one in ordered], dtype=np.float64)
        self.wrong: Reals = np.array([one.wrong for one in ordered], dtype=np.float64)
        self.missed: Reals = np.array([one.missed for one in ordered], dtype=np.float64)
        self.weights: Reals = np.array([one.weight for one in ordered], dtype=np.float64)

    def number_under(self, bound: float) -> int:
        """Return how many of them may act by themselves."""
        return int(np.searchsorted(self.costs, bound, side="right"))

    def limit(self, number: int) -> float:
        """Return what share of the first so many may be wrong at most.

        Where they stand for different numbers, each counts for fewer than one: Kish's effective number in the exact limit
        (Korn and Graubard, 1998).
        """
        from scipy.special import betaincinv  # noqa: PLC0415 - half a second, and hardly anybody asks

        weights = self.weights[:number]
        if not number:
            return 1.0
        effective = weights.sum() ** 2 / (weights**2).sum()
        wrong = effective * (weights @ self.wrong[:number]) / weights.sum()
        return 1.0 if wrong >= effective else float(betaincinv(wrong + 1, effective - wrong, SURE))

    def lowered(self, under: int) -> float:
        """Return the greatest bound below which few enough are wrong; of few verdicts, none may be."""
        for number in self._ends(0, under - 1)[::-1]:
            enough = number >= FEWEST_TO_LOWER
            if (self.limit(number) <= WRONG) if enough else not self.wrong[:number].any():
                return float(self.costs[number - 1]) if number >= FEWEST_AUTOMATIC else NONE
        return NONE

    def raised(self, under: int) -> float | None:
        """Return the greatest bound above the old one that holds, but none past a complaint that was missed."""
        complaints = np.flatnonzero(self.missed[under:])
        most = under + int(complaints[0]) if len(complaints) else len(self.costs)
        for number in self._ends(max(under, FEWEST_TO_RAISE - 1), most)[::-1]:
            if self.limit(number) <= WRONG:
                return float(self.costs[number - 1])
        return None

    def _ends(self, fewest: int, most: int) -> list[int]:
        """List the numbers of verdicts, more than ``fewest`` and at most ``most``, that a bound can part: equal costs stay together."""
        return [
            number
            for number in range(fewest + 1, most + 1)
            if number == len(self.costs) or self.costs[number] > self.costs[number - 1]
        ]
