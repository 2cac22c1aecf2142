"""Drift is told where it is surely no chance and matters, and not otherwise; with the sentence that says so."""

import random

import pytest

from desk.watch_table import rows
from handlers.drifting import drift, sentences
from handlers.shares import disagreement, moved
from store.drift_figures import JudgedCount, SaidCount

CATEGORIES = ("complaint", "asb_report", "service_request", "out_of_scope")
STILL = (300, 100, 500, 100)


def counts(days, numbers, **values):
    alike = {"days": days, "channel": "smtp", "model": "linear-1", "route": "auto", "code": "", "opened": True} | values
    return [JudgedCount(category=name, number=number, **alike) for name, number in zip(CATEGORIES, numbers, strict=True)]


def doubted(days, **codes):
    return [found for code, number in codes.items() for found in counts(days, (number, 0, 0, 0), route="triage", code=code)]


def told(*some):
    return sentences(drift([one for few in some for one in few]))


def test_the_same_shares_have_not_moved():
    assert told(counts(7, STILL), counts(28, STILL), counts(118, STILL)) == ["what the machine says has not moved"]


def test_a_window_is_held_against_the_time_before_both():
    """The last four weeks hold the last one too; neither is held against the other."""
    found = drift(
        [
            *counts(7, (1, 2, 3, 4)),
            *counts(14, (10, 0, 0, 0)),
            *counts(28, (0, 5, 0, 0)),
            *counts(35, STILL),
            *counts(118, STILL),
        ]
    )
    week, month = found.windows
    assert (week.number, month.number, week.number_before, month.number_before) == (10, 25, 2000, 2000)
    assert (month.categories["complaint"].share, month.categories["complaint"].share_before) == (11 / 25, 0.3)


def test_shares_that_moved_are_told_with_what_they_were():
    said = told(counts(7, (300, 400, 200, 100)), counts(28, (3000, 1000, 5000, 1000)), counts(118, (900, 300, 1500, 300)))
    assert len(said) == 1
    assert said[0].startswith(
        "the categories of the last 7 days are not those of the time before: report of antisocial behaviour 40 % and before 10 %, "
        "service request 20 % and before 50 % (stability index 0.6"
    )


@pytest.mark.parametrize("numbers", [(3, 4, 2, 1), (0, 3, 0, 0), (6, 8, 4, 2)])
def test_few_messages_are_no_drift_however_different(numbers):
    """By shares alone these have moved as far as those above, and by the index much farther than it calls large."""
    found = drift([*counts(7, numbers), *counts(118, (900, 300, 1500, 300))])
    assert found.windows[0].index > 0.25
    assert not any(window.moved for window in found.windows)
    assert sentences(found) == [f"too few messages to tell drift from chance: {sum(numbers)} in 28 days, 3000 before"]


def test_a_week_of_few_messages_is_named_where_the_month_says_enough():
    assert told(counts(7, (3, 1, 5, 1)), counts(28, STILL), counts(118, STILL)) == [
        "what the machine says has not moved; 10 messages in 7 days are too few to tell"
    ]


def test_a_small_move_is_no_drift_however_sure():
    found = drift([*counts(7, (33_000, 10_000, 47_000, 10_000)), *counts(118, (30_000, 10_000, 50_000, 10_000))])
    assert found.windows[0].index > found.windows[0].by_chance
    assert found.windows[0].categories["complaint"].difference.low > 0
    assert not found.windows[0].moved and not found.windows[0].categories["complaint"].moved


def test_a_category_that_moved_by_itself_is_told_though_the_index_is_small():
    """One of ten points more or less is sure with so many, and the index of the whole stays under what matters."""
    found = drift([*counts(7, (2_400, 1_000, 5_600, 1_000)), *counts(118, (3_000, 1_000, 5_000, 1_000))])
    assert not any(window.moved for window in found.windows)
    moved = {row[0] for row in rows(found) if row[-1] == "yes"}
    assert moved == {"complaint", "service request"}
    assert sentences(found) == [
        "complaint moved, though the categories as a whole did not: 24 % in the last 7 days and 30 % before",
        "service request moved, though the categories as a whole did not: 56 % in the last 7 days and 50 % before",
    ]


@pytest.mark.parametrize("numbers", [(0, 3, 0, 0), (3, 4, 2, 1)])
def test_the_table_calls_no_category_moved_where_there_are_too_few_to_tell(numbers):
    found = drift([*counts(7, numbers), *counts(118, (900, 300, 1500, 300))])
    assert not [row for row in rows(found) if row[-1] == "yes"]


def test_nothing_before_is_nothing_to_be_held_against():
    found = drift(counts(7, STILL))
    assert (found.windows[0].index, found.windows[0].moved, found.automatic.share_before) == (None, False, None)
    assert sentences(found) == ["too few messages to tell drift from chance: 1000 in 28 days, 0 before"]
    assert sentences(drift([])) == ["too few messages to tell drift from chance: 0 in 28 days, 0 before"]


def test_chance_alone_is_called_drift_next_to_never():
    lot = random.Random(7)
    false = 0
    for _ in range(300):
        now, before = (
            [sum(name == drawn for drawn in lot.choices(range(4), STILL, k=size)) for name in range(4)] for size in (40, 400)
        )
        false += drift([*counts(7, now), *counts(118, before)]).windows[0].moved
    assert false <= 3


def test_what_the_machine_leaves_to_people_is_watched_by_channel_and_by_reason():
    before = [*counts(118, STILL), *counts(118, (900, 0, 0, 0), channel="webform"), *doubted(118, torn=150, unsure=150)]
    lately = [*counts(28, STILL), *counts(28, (600, 0, 0, 0), channel="webform"), *doubted(28, torn=50, unsure=200)]
    lately += counts(28, (300, 0, 0, 0), channel="webform", route="triage", code="halves")
    found = drift([*before, *lately])
    assert found.channels["webform"].share == pytest.approx(2 / 3) and found.channels["webform"].share_before == 1
    assert (found.codes["torn"].number, found.codes["torn"].of, found.codes["torn"].moved) == (50, 550, True)
    said = sentences(found)
    assert "by webform, no person was needed for 67 % in the last 28 days and 100 % before" in said
    assert (
        "of what waited for a person, the reason was: the machine's two halves disagree, for 55 % in the last 28 days and 0 % before"
        in said
    )
    assert not [sentence for sentence in said if "smtp" in sentence]


def test_what_moved_under_another_model_is_told_with_the_models():
    said = told(counts(28, (500, 0, 0, 0), model="linear-2"), counts(118, STILL))
    assert said[-1] == "the model was not the same all the time: lately linear-2, before linear-1"


def test_a_reason_without_a_code_is_none():
    assert list(drift(doubted(7, **{"": 4})).codes) == ["none"]


@pytest.mark.parametrize(
    ("now", "of", "before", "of_before", "so"),
    [
        (50, 100, 20, 100, True),
        (5, 10, 2, 10, False),
        (0, 0, 20, 100, False),
        (20, 100, 0, 0, False),
        (54, 100_00, 30, 100_00, False),
    ],
)
def test_a_share_has_moved_where_it_is_sure_and_matters(now, of, before, of_before, so):
    assert moved(now, of, before, of_before).moved is so


def test_disagreement_is_counted_by_route_and_category():
    def said(category, route, word, number):
        return SaidCount(days=7, category=category, route=route, opened=True, said=word, number=number)

    found = disagreement(
        [
            said("complaint", "triage", "complaint", 30),
            said("complaint", "triage", "asb_report", 10),
            said("asb_report", "triage", "asb_report", 10),
            said("service_request", "auto", "complaint", 1),
        ]
    )
    assert [(found[route]["all"].judged, found[route]["all"].changed) for route in ("triage", "auto")] == [(50, 10), (1, 1)]
    complaint = found["triage"]["complaint"]
    assert (complaint.judged, complaint.changed, complaint.share) == (40, 10, 0.25)
    assert complaint.interval.low < 0.25 < complaint.interval.high
    assert (found["auto"]["complaint"].judged, found["auto"]["complaint"].share) == (0, None)
