"""Intervals say what can be known from a sample, and no more: the arithmetic against tables, and what must always hold."""

import random
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.intervals import Stratum, difference, instability, instability_by_chance, total, total_interval, wilson


def stratum(population, checked, found):
    return Stratum(population=population, checked=checked, found=found)


@st.composite
def strata(draw):
    population = draw(st.integers(1, 5000))
    checked = draw(st.integers(1, population))
    return stratum(population, checked, draw(st.integers(0, min(checked, 30))))


SEVERAL = st.lists(strata(), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("found", "number", "low", "high"),
    [
        # Worked by hand with z = 1.959964: for 3 of 20, (0.15 + 0.09604) / 1.19207 -+ 0.15472.
        (3, 20, 0.0524, 0.3604),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_share_has_wilsons_interval(found, number, low, high):
    interval = wilson(found, number)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


def test_a_difference_has_newcombes_interval():
    # Newcombe (1998), table II, method 10: 56 of 70 against 48 of 80, and 0 of 10 against 0 of 20.
    interval = difference(56, 70, 48, 80)
    assert (interval.low, interval.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    interval = difference(0, 10, 0, 20)
    assert (interval.low, interval.high) == pytest.approx((-0.1611, 0.2775), abs=1e-4)
    assert (difference(3, 5, 0, 0).low, difference(0, 0, 3, 5).high) == (-1, 1)


@pytest.mark.parametrize(
    ("found", "low", "high"),
    # The exact Poisson interval of what was seen (Garwood's table): each stands for a million, and next to none were checked.
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (2, 0.2422, 7.2247), (10, 4.7954, 18.3904)],
)
def test_at_one_rate_a_total_has_the_exact_poisson_interval_of_what_was_seen(found, low, high):
    many = [stratum(10**12, 10**6, found)]
    interval = total_interval(many)
    assert total(many) == pytest.approx(1e6 * found)
    assert (interval.low, interval.high) == pytest.approx((1e6 * low, 1e6 * high), rel=1e-3, abs=1)


def test_where_half_was_checked_the_interval_is_the_finite_populations():
    # Nothing found in 500 of 1,000: m that are there stay unseen with a chance of about 0.5 ** m, which is 0.025 at m = 5.3.
    interval = total_interval([stratum(1000, 500, 0)])
    assert interval.low == 0
    assert interval.high == pytest.approx(5.3, abs=0.2)


def test_where_all_were_checked_nothing_is_uncertain():
    interval = total_interval([stratum(40, 40, 3), stratum(7, 7, 0)])
    assert (interval.low, interval.high) == (3, 3)


def test_each_that_was_found_stands_for_one_over_its_own_rate():
    mixed = [stratum(1000, 50, 1), stratum(400, 200, 3)]
    assert total(mixed) == 1 * 20 + 3 * 2
    # One found at the low rate makes more uncertain than three at the high one.
    assert total_interval(mixed).width > total_interval([stratum(1000, 50, 0), stratum(400, 200, 4)]).width


def test_strata_of_one_rate_are_as_one():
    parted = total_interval([stratum(1000, 100, 1), stratum(500, 50, 2)])
    whole = total_interval([stratum(1500, 150, 3)])
    assert (parted.low, parted.high) == pytest.approx((whole.low, whole.high))


def test_counts_that_cannot_be_are_refused():
    for wrong in ((5, 6, 0), (5, 3, 4), (5, 3, -1)):
        with pytest.raises(ValueError, match="cannot be"):
            stratum(*wrong)


@given(SEVERAL)
def test_the_interval_of_a_total_contains_the_estimate(some):
    interval = total_interval(some)
    assert 0 <= interval.low <= total(some) <= interval.high


@given(SEVERAL, st.integers(0, 3))
def test_one_more_that_was_found_moves_the_upper_end_up_wherever_it_was_found(some, which):
    at = which % len(some)
    more = [*some[:at], _with_one_more(some[at]), *some[at + 1 :]]
    assert total_interval(more).high >= total_interval(some).high


@given(strata())
def test_at_one_rate_one_more_that_was_found_moves_both_ends_up(one):
    """At several the lower end may fall: one found where few were checked says that there is much that nobody knows."""
    before, after = total_interval([one]), total_interval([_with_one_more(one)])
    assert (after.low, after.high) >= (before.low, before.high)
    assert after.low >= before.low


def _with_one_more(one):
    return stratum(one.population, one.checked, min(one.found + 1, one.checked))


@pytest.mark.parametrize(
    ("populations", "shares"),
    [((4000,), (0.05,)), ((1000,), (0.5,)), ((3000, 2000), (0.05, 0.2)), ((5000, 300), (0.02, 0.5))],
)
def test_the_interval_of_a_total_holds_it_as_often_as_it_says(populations, shares):
    lot, held = random.Random(5), 0
    for _ in range(300):
        there = [sum(lot.random() < 0.004 for _ in range(population)) for population in populations]
        some = [_drawn(lot, *one) for one in zip(populations, there, shares, strict=True)]
        interval = total_interval(some)
        held += interval.low <= sum(there) <= interval.high
    assert held >= 0.95 * 300


def _drawn(lot, population, there, share):
    checked = round(share * population)
    return stratum(population, checked, sum(number < there for number in lot.sample(range(population), checked)))


@given(st.integers(1, 8), st.integers(1, 200), st.integers(0, 8))
def test_the_interval_of_a_total_narrows_as_more_are_checked(times, checked, found):
    """The same share found among more that were checked."""
    found = min(found, checked)
    some = total_interval([stratum(100_000, checked, found)])
    more = total_interval([stratum(100_000, checked * (times + 1), found * (times + 1))])
    assert more.width < some.width


@given(st.integers(0, 300), st.integers(1, 300), st.integers(2, 9))
def test_a_shares_interval_contains_it_and_narrows(found, number, times):
    found = min(found, number)
    interval = wilson(found, number)
    assert 0 <= interval.low <= found / number <= interval.high <= 1
    assert wilson(found * times, number * times).width < interval.width
    assert wilson(found, number, 0.999).width > interval.width


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_differences_interval_contains_it_and_turns_round_with_its_sides(found, number, before, of):
    found, before = min(found, number), min(before, of)
    one, other = difference(found, number, before, of), difference(before, of, found, number)
    assert one.low - 1e-9 <= found / number - before / of <= one.high + 1e-9
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_the_stability_index_is_that_of_the_book():
    # (0.4 - 0.2) ln 2 + (0.6 - 0.8) ln 0.75, for so many that the half cases do not matter.
    assert instability([400_000, 600_000], [200_000, 800_000]) == pytest.approx(0.2 * 0.693147 + 0.2 * 0.287682, abs=1e-4)
    assert instability([3, 7], [300, 700]) < 0.01 < instability([0, 7], [300, 700])


def test_chance_makes_more_of_fewer():
    # The chi-squared distribution with 3 degrees of freedom has 0.1 % over 16.266.
    assert instability_by_chance([25] * 4, [250] * 4) == pytest.approx(16.266 * (1 / 100 + 1 / 1000), rel=1e-4)
    assert instability_by_chance([0] * 4, [9] * 4) == inf


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_the_same_shares_drawn_twice_stay_under_what_chance_may_do(seed):
    lot = random.Random(seed)
    names = "cccccssssssaaooo"
    now, before = ([sum(lot.choice(names) == name for _ in range(size)) for name in "csao"] for size in (60, 400))
    # Twice the bound: one draw in a thousand may pass the bound itself, and this draws a hundred times.
    assert instability(now, before) < 2 * instability_by_chance(now, before)
