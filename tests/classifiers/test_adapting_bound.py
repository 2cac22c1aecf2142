"""The bound is lowered where too much of what acted by itself was wrong, and raised only on many decided messages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.adapting_bound import FEWEST_TO_LOWER, FEWEST_TO_RAISE, NONE, WRONG, Checked, rebounded

BOUND = 0.1


def record(number, wrong=(), *, start=0.0, step=0.0001, weight=1.0, missed=()):
    """Return so many verdicts with rising costs, those with the numbers in ``wrong`` wrong."""
    return [
        Checked(cost=start + step * one, wrong=one in wrong or one in missed, missed=one in missed, weight=weight)
        for one in range(number)
    ]


def test_three_hundred_without_an_error_are_just_enough_to_show_that_one_in_a_hundred_is_wrong():
    told = rebounded(record(300), BOUND)
    assert told.bound == BOUND
    # One-sided, none of 300: 1 - 0.05 ** (1 / 300).
    assert told.limit == pytest.approx(1 - 0.05 ** (1 / 300))
    assert rebounded(record(298), BOUND).limit > WRONG


def test_with_few_verdicts_the_bound_stays_however_many_are_wrong():
    told = rebounded(record(299, wrong=range(100)), BOUND)
    assert told.bound == BOUND
    assert "too few" in told.says


@pytest.mark.parametrize(
    ("verdicts", "lowered"),
    [
        pytest.param(record(900, wrong=range(800, 820)), 0.0001 * 802, id="three of 803 may be wrong, by the tables"),
        pytest.param(record(400, wrong=range(200, 210)), 0.0001 * 199, id="fewer than 300 remain: they must be spotless"),
        pytest.param(record(400, wrong=range(49, 60)), NONE, id="under fifty spotless ones: nothing acts by itself"),
        pytest.param(record(400, wrong=range(10)), NONE, id="the surest were wrong"),
    ],
)
def test_the_bound_is_lowered_to_the_greatest_that_holds(verdicts, lowered):
    assert rebounded(verdicts, BOUND).bound == pytest.approx(lowered)


def test_equal_costs_are_never_parted():
    same = [Checked(cost=0.05, wrong=one < 10) for one in range(350)]
    assert rebounded([*record(100, step=0.0001), *same], BOUND).bound == pytest.approx(0.0099)


def test_a_bound_is_raised_only_on_five_hundred_and_never_past_a_missed_complaint():
    unsure = record(400, start=0.11)
    assert rebounded([*record(99), *unsure], BOUND).bound == BOUND
    assert rebounded([*record(100), *unsure], BOUND).bound == pytest.approx(0.11 + 0.0399)
    complaint = record(400, start=0.11, missed=[395])
    assert rebounded([*record(200), *complaint], BOUND).bound == pytest.approx(0.11 + 0.0394)


def test_a_bound_is_not_raised_where_the_new_verdicts_are_wrong_too_often():
    assert rebounded([*record(500), *record(400, wrong=range(0, 400, 10), start=0.11)], BOUND).bound < 0.115


def test_what_stands_for_many_counts_for_fewer_than_it_is():
    alike = rebounded(record(400, wrong=[7], weight=20.0), BOUND).limit
    assert alike == pytest.approx(rebounded(record(400, wrong=[7]), BOUND).limit)
    uneven = [*record(200, wrong=[7], weight=20.0), *record(200, start=0.05)]
    assert rebounded(uneven, BOUND).limit > alike


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30), st.booleans()), max_size=900),
    st.integers(0, 300),
)
def test_a_bound_moves_only_on_what_it_promises(given_rows, bound):
    verdicts = [
        Checked(cost=cost / 1000, wrong=spoilt == 0, missed=spoilt == 0 and complaint) for cost, spoilt, complaint in given_rows
    ]
    told = rebounded(verdicts, bound / 1000)
    under = [one for one in verdicts if one.cost <= told.bound]
    if told.bound > bound / 1000:
        assert len(under) >= FEWEST_TO_RAISE
        assert not any(one.missed for one in under if one.cost > bound / 1000)
    if told.bound < bound / 1000:
        assert told.checked >= FEWEST_TO_LOWER
        assert told.limit > WRONG
        share = sum(one.wrong for one in under) / len(under) if under else 0.0
        assert share <= WRONG
    elif told.bound == bound / 1000:
        assert told.checked < FEWEST_TO_LOWER or told.limit <= WRONG


def test_costs_are_put_in_order_first():
    shuffled = sorted(record(900, wrong=range(800, 820)), key=lambda one: hash(one.cost))
    assert any(one.cost > other.cost for one, other in pairwise(shuffled))
    assert rebounded(shuffled, BOUND).bound == rebounded(record(900, wrong=range(800, 820)), BOUND).bound


@pytest.mark.parametrize(
    ("number", "in_use", "bound"),
    [
        pytest.param(400, None, BOUND, id="never lowered"),
        pytest.param(400, 0.01, 0.01, id="it does not come back by itself"),
        pytest.param(499, 0.01, 0.01, id="nor on one less than five hundred"),
        pytest.param(500, 0.01, BOUND, id="it does on five hundred under the new one"),
        pytest.param(400, 0.2, BOUND, id="a higher one is told anew"),
        pytest.param(400, BOUND, BOUND, id="as it was"),
    ],
)
def test_a_bound_that_was_lowered_rises_only_on_five_hundred_decided_messages(number, in_use, bound):
    told = rebounded(record(number), BOUND, in_use)
    assert told.bound == pytest.approx(bound)
    assert ("stays there" in told.says) == (bound == 0.01)
