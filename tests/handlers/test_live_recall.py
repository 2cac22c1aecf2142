"""Live recall is told from what was checked by lot, with what is not known beside it; never more surely than that."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.live_recall import Stretch, live_recall, stretches, weeks
from store.drift_figures import CheckCount, JudgedCount, SaidCount


def week(days=7, **counted):
    return Stretch(days=days, **counted)


def test_a_hand_computed_example_in_which_nothing_was_found():
    """Each of 100 checked stands for 20 of 2,000, and moves the total by 20 * sqrt(1 - 0.05) = 19.494.

    With none found the upper end is that times -ln 0.025 = 3.68888: 71.91 may have been missed, and 160 were found.
    """
    told = live_recall([week(sent_away=2000, drawn=100, checked=100, changed=5, found=160)])
    assert (told.missed_estimate, told.recall) == (0, 1)
    assert (told.missed_interval.low, told.missed_interval.high) == pytest.approx((0, 71.910), abs=0.001)
    assert (told.interval.low, told.interval.high) == pytest.approx((160 / 231.910, 1), rel=1e-5)
    assert not told.enough
    assert told.says == (
        "too few checks to say live recall: somewhere from 0.690 to 1.000: "
        "100 checked of 2,000 sent away, 0 of them complaints; 160 complaints found"
    )


def test_a_hand_computed_example_in_which_two_were_found():
    """Each of 1,000 checked stands for 200 of 200,000: 400 missed, 4,000 found, 4,000 / 4,400.

    The exact Poisson interval of two events is 0.2422 to 7.2247 (Garwood's table): 48.4 to 1,445 missed.
    """
    told = live_recall([week(sent_away=200_000, drawn=1000, checked=1000, missed=2, known_missed=2, found=4000)])
    assert (told.missed_estimate, told.recall) == pytest.approx((400, 0.90909), rel=1e-4)
    assert (told.missed_interval.low, told.missed_interval.high) == pytest.approx((48.4, 1445), rel=0.01)
    assert (told.interval.low, told.interval.high) == pytest.approx((4000 / 5445, 4000 / 4048.4), rel=0.002)


def test_with_enough_checks_a_figure_is_named():
    told = live_recall([week(sent_away=2000, drawn=400, checked=400, changed=9, missed=1, known_missed=1, found=600)])
    assert told.enough
    assert told.says == (
        f"live recall 0.992 (95 % interval {told.interval.low:.3f} to {told.interval.high:.3f}): "
        "400 checked of 2,000 sent away, 1 of them complaints; 600 complaints found"
    )


def test_what_anybody_came_upon_is_missed_though_no_lot_drew_it():
    lucky = week(sent_away=1000, drawn=500, checked=500, missed=0, known_missed=7, found=93)
    told = live_recall([lucky])
    assert (told.missed_estimate, told.recall, told.interval.high) == pytest.approx((7, 0.93, 0.93))


def test_where_all_were_checked_there_is_nothing_to_guess():
    told = live_recall([week(sent_away=50, drawn=50, checked=50, missed=2, known_missed=2, found=18)])
    assert (told.recall, told.interval.low, told.interval.high, told.enough) == (0.9, 0.9, 0.9, True)


@pytest.mark.parametrize(
    ("counted", "says"),
    [
        ({}, "no message of the last 7 days was drawn for a check"),
        ({"sent_away": 500, "found": 40}, "no message of the last 7 days was drawn for a check"),
        ({"sent_away": 500, "drawn": 20, "found": 40}, "of 20 drawn none has been checked yet"),
        ({"sent_away": 5, "drawn": 5, "checked": 5}, "no complaint is known"),
    ],
)
def test_where_nothing_can_be_said_nothing_is(counted, says):
    told = live_recall([week(**counted)])
    assert (told.recall, told.interval, told.enough) == (None, None, False)
    assert told.says == f"nothing can be said of live recall: {says}"


def test_weeks_of_one_rate_are_one_stretch_though_chance_drew_none_in_some():
    drawn = (2, 0, 1, 3, 0, 2)
    told = stretches([week(7 * number, sent_away=30, drawn=one) for number, one in enumerate(drawn, 1)])
    assert [(one.days, one.sent_away, one.drawn) for one in told] == [(42, 180, 8)]


def test_where_the_percent_was_changed_each_check_stands_for_those_of_its_own_time():
    """One miss in 100 drawn of 1,000, then none in 500 of 1,000: 10 missed and 0, not 2,000 / 600."""
    now = week(7, sent_away=1000, drawn=100, checked=100, missed=1, known_missed=1, found=90)
    before = week(14, sent_away=1000, drawn=500, checked=500, found=90)
    assert len(stretches([now, before])) == 2
    told = live_recall([now, before])
    assert (told.missed_estimate, told.recall) == pytest.approx((10, 180 / 190))


def test_of_a_time_in_which_nothing_was_drawn_nothing_is_known_and_that_is_said():
    on = week(7, sent_away=1000, drawn=200, checked=200, found=90)
    off = week(14, sent_away=1500, drawn=0, found=1000)
    told = live_recall([on, off])
    assert (told.unchecked_stretches, told.sent_away) == (1500, 2500)
    # The thousand complaints of that time say nothing of what was missed in it: they do not count.
    assert (told.recall, told.interval) == (1.0, live_recall([on]).interval)
    assert told.says.endswith("; nothing is known of 1,500 sent away while none was checked")


COUNTS = st.tuples(st.integers(1, 3000), st.floats(0.01, 1), st.integers(0, 6), st.integers(0, 400), st.integers(0, 9))


@st.composite
def counted(draw):
    sent_away, share, missed, found, more = draw(COUNTS)
    checked = max(1, round(share * sent_away))
    missed = min(missed, checked)
    known = missed + min(more, sent_away - checked)
    return week(sent_away=sent_away, drawn=checked, checked=checked, missed=missed, known_missed=known, found=found)


@given(counted())
def test_the_interval_contains_the_estimate_and_keeps_to_what_is_known(one):
    told = live_recall([one])
    if told.recall is None:
        assert one.found == one.known_missed == 0
        return
    assert 0 <= told.interval.low <= told.recall <= told.interval.high <= 1
    assert told.interval.high <= one.found / (one.found + one.known_missed) if one.known_missed else told.interval.high == 1


@given(counted())
def test_one_more_missed_never_speaks_for_the_machine(one):
    if one.missed == one.checked:
        return
    worse = replace(one, missed=one.missed + 1, known_missed=one.known_missed + 1)
    told, then = live_recall([one]), live_recall([worse])
    if told.recall is not None:
        assert then.recall <= told.recall
        assert then.interval.low <= told.interval.low + 1e-12
        assert then.interval.high <= told.interval.high + 1e-12


@given(st.integers(20, 300), st.integers(2, 6), st.integers(1, 500))
def test_more_checks_without_a_miss_narrow_it(checked, times, found):
    fewer, more = (
        live_recall([week(sent_away=3000, drawn=number, checked=number, found=found)]) for number in (checked, checked * times)
    )
    assert more.interval.width < fewer.interval.width


def test_weeks_are_made_of_counts():
    alike = {"days": 7, "channel": "smtp", "model": "m", "code": ""}
    own = [
        JudgedCount(**alike, category="service_request", route="auto", opened=True, number=100),
        JudgedCount(**alike, category="service_request", route="auto", opened=False, number=1000),  # replies are seen anyway
        JudgedCount(**alike, category="service_request", route="triage", opened=True, number=50),
        JudgedCount(**alike, category="complaint", route="auto", opened=True, number=40),
        JudgedCount(**alike | {"days": 14}, category="complaint", route="auto", opened=True, number=9),
    ]
    words = [
        SaidCount(days=7, category=category, route=route, opened=True, said=said, number=number)
        for category, route, said, number in (
            ("service_request", "auto", "complaint", 3),
            ("service_request", "auto", "service_request", 9),
            ("service_request", "triage", "complaint", 11),
            ("asb_report", "triage", "asb_report", 7),
            ("complaint", "auto", "complaint", 20),
            ("complaint", "auto", "asb_report", 4),
        )
    ]
    checks = [
        CheckCount(days=7, category="service_request", said=said, waiting=waiting, number=number)
        for said, waiting, number in (
            ("complaint", False, 2),
            ("service_request", False, 9),
            ("asb_report", False, 1),
            (None, True, 4),
            (None, False, 1),
        )
    ]
    latest, earlier = weeks((7, 14), own, words, checks)
    # Found: 11 out of triage, 20 confirmed, and of 40 - 24 taken up nobody said otherwise.
    assert latest == week(7, sent_away=100, drawn=17, checked=12, changed=3, missed=2, known_missed=3, found=11 + 20 + 16)
    assert earlier == week(14, found=9)
