"""A share held against what it was: how often something is so of the machine's verdicts, lately and before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.intervals import Interval, difference, wilson
from classifiers.taxonomy import Category
from store.drift_figures import JudgedCount, SaidCount

SURE = 0.999
"""Many shares are looked at: with one false alarm in a thousand each, false ones stay rare in all."""
POINTS = 0.05
"""A share that moved by less does not matter, however sure it is."""

Which = Callable[[JudgedCount], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A share now and before; ``moved`` where the difference is surely no chance, and large enough to matter."""

    number: int
    of: int
    share: float | None
    number_before: int
    of_before: int
    share_before: float | None
    difference: Interval
    moved: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """How often people said otherwise than the machine, of the messages on which they spoke."""

    judged: int
    changed: int
    share: float | None
    interval: Interval


def moved(number: int, of: int, number_before: int, of_before: int) -> Moved:
    """Hold a share against the share before; the difference is told with 99.9 % certainty."""
    apart = difference(number, of, number_before, of_before, SURE)
    share, before = _share(number, of), _share(number_before, of_before)
    matters = share is not None and before is not None and abs(share - before) >= POINTS
    return Moved(
        number=number,
        of=of,
        share=share,
        number_before=number_before,
        of_before=of_before,
        share_before=before,
        difference=apart,
        moved=matters and not apart.low <= 0 <= apart.high,
    )


def against(now: Sequence[JudgedCount], before: Sequence[JudgedCount], which: Which) -> Moved:
    """Hold the share of such verdicts against the share that they had before."""
    (number, of), (number_before, of_before) = ((in_all(some, which), in_all(some)) for some in (now, before))
    return moved(number, of, number_before, of_before)


def in_all(some: Sequence[JudgedCount], which: Which = lambda _one: True) -> int:
    """Return how many verdicts there are of which this is so."""
    return sum(one.number for one in some if which(one))


def disagreement(said: Sequence[SaidCount]) -> dict[str, dict[str, Changed]]:
    """Return how often people changed the machine's category: by route, and there by category and in ``all``."""
    return {route: _by_category([one for one in said if one.route == route]) for route in ("auto", "triage")}


def _by_category(words: Sequence[SaidCount]) -> dict[str, Changed]:
    each = {str(category): _changed([one for one in words if one.category == category]) for category in Category}
    return {"all": _changed(words)} | each


def _changed(words: Sequence[SaidCount]) -> Changed:
    judged = sum(one.number for one in words)
    other = sum(one.number for one in words if one.said != one.category)
    return Changed(judged=judged, changed=other, share=_share(other, judged), interval=wilson(other, judged))


def _share(number: int, of: int) -> float | None:
    return number / of if of else None
