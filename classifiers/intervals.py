"""How sure one can be of a share or a total that was only sampled: intervals, and whether shares have moved.

All of it is arithmetic on counts and stands alone: who counts, and what of, is nothing to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log, sqrt
from statistics import NormalDist


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """From where to where a quantity lies, as far as can be told."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return self.high - self.low

    def within(self, low: float, high: float) -> Interval:
        """Return it cut to what is possible at all."""
        return Interval(low=min(max(self.low, low), high), high=max(min(self.high, high), low))


@dataclass(frozen=True, kw_only=True, slots=True)
class Stratum:
    """A population of which some were drawn by lot and looked at, and what was found among those."""

    population: int
    checked: int
    found: int

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        if not 0 <= self.found <= self.checked <= self.population:
            raise ValueError(f"{self.found} found among {self.checked} checked of {self.population}: that cannot be")

    @property
    def weight(self) -> float:
        """How many of the population each that was checked stands for: one over the share that was checked."""
        return self.population / self.checked

    @property
    def reach(self) -> float:
        """How far one that was found moves a total that is uncertain: nothing where all were checked."""
        return self.weight * sqrt(1 - self.checked / self.population) if self.population else 0.0


def wilson(found: int, number: int, sure: float = 0.95) -> Interval:
    """Return Wilson's interval of a share; from 0 to 1 where nothing was counted."""
    if number == 0:
        return Interval(low=0.0, high=1.0)
    z, share = _z(sure), found / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return Interval(low=max(0.0, min(middle - half, share)), high=min(1.0, max(middle + half, share)))


def difference(found: int, number: int, found_before: int, number_before: int, sure: float = 0.95) -> Interval:
    """Return the interval of a share less an earlier share (Newcombe's: Wilson's of both, joined; honest for few and for none)."""
    now, before = wilson(found, number, sure), wilson(found_before, number_before, sure)
    if not number or not number_before:
        return Interval(low=-1.0, high=1.0)
    share, earlier = found / number, found_before / number_before
    down = sqrt((share - now.low) ** 2 + (before.high - earlier) ** 2)
    up = sqrt((now.high - share) ** 2 + (earlier - before.low) ** 2)
    return Interval(low=share - earlier - down, high=share - earlier + up)


def total(strata: Sequence[Stratum]) -> float:
    """Return the estimate of how many there are in all, each that was found standing for one over its share checked."""
    return fsum(stratum.weight * stratum.found for stratum in strata if stratum.checked)


def total_interval(strata: Sequence[Stratum], sure: float = 0.95) -> Interval:
    """Return the interval of ``total`` over populations that were sampled at different rates.

    The gamma interval of Fay and Feuer (1997) for weighted counts of what is rare: with one rate it is the exact Poisson
    interval times the weight, which is never narrower than the binomial one of Clopper and Pearson; with several it keeps
    its promise where the normal approximation does not, and has an upper end where nothing was found. Its spread is then
    multiplied by the root of the share not checked (finite population), so that nothing is uncertain where all were.
    """
    sampled = [stratum for stratum in strata if stratum.checked]
    estimate = total(sampled)
    variance = fsum(stratum.reach**2 * stratum.found for stratum in sampled)
    one_more = max((stratum.reach for stratum in sampled), default=0.0)
    tail = (1 - sure) / 2
    low = _gamma(tail, estimate, variance)
    high = _gamma(1 - tail, estimate + one_more, variance + one_more**2)
    return Interval(low=min(low, estimate), high=max(high, estimate))


def instability(now: Sequence[int], before: Sequence[int]) -> float:
    """Return the population stability index of two rows of counts; half a case is added to each, so that none is empty."""
    shares, earlier = _shares(now), _shares(before)
    return fsum((one - other) * log(one / other) for one, other in zip(shares, earlier, strict=True))


def instability_by_chance(now: Sequence[int], before: Sequence[int], sure: float = 0.999) -> float:
    """Return what the index stays under with this certainty where nothing has moved, for so few cases as these.

    Without a change the index times ``n * m / (n + m)`` follows a chi-squared distribution with one degree of freedom
    fewer than there are classes (Yurdakul and Naranjo, 2020).
    """
    freedom, number, earlier = len(now) - 1, sum(now), sum(before)
    if not number or not earlier:
        return float("inf")
    return _gamma(sure, freedom, 2.0 * freedom) * (1 / number + 1 / earlier)


def _shares(counts: Sequence[int]) -> list[float]:
    return [(count + 0.5) / (sum(counts) + 0.5 * len(counts)) for count in counts]


def _gamma(share: float, mean: float, variance: float) -> float:
    """Return the value under which this share of a gamma distribution lies."""
    if variance <= 0:
        return mean
    from scipy.special import gammaincinv  # noqa: PLC0415 - half a second, which a command that asks for no figures is spared

    return float(gammaincinv(mean * mean / variance, share)) * variance / mean


def _z(sure: float) -> float:
    return NormalDist().inv_cdf((1 + sure) / 2)
