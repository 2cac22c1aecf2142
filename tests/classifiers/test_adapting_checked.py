"""Which of staff's words tell of the bound: what the lot drew, and what would act by itself under a higher one."""

from dataclasses import replace

import pytest

from classifiers.adapting_checked import checked
from classifiers.corrections import Correction
from classifiers.examples import Labels
from classifiers.taxonomy import Category, Flag
from site_houses import correction

C, S, O = Category.COMPLAINT, Category.SERVICE_REQUEST, Category.OUT_OF_SCOPE  # noqa: E741  # short, for the tables below


def said(machine: Category, person: Category, **how) -> Correction:
    """Return a person's word on what the model ``small-1`` had judged, sure of it unless told otherwise."""
    labels = {name: how.pop(name) for name in ("also", "flags") if name in how}
    one = correction(1, "words", person, Labels(category=machine, **labels))
    scores = dict.fromkeys(Category, 0.1) | {machine: 0.7}
    return replace(one, machine=replace(one.machine, scores=scores, **how))


DRAWN = {"drawn": True, "automatic": True, "code": "sure"}
UNSURE = {"automatic": False, "code": "unsure"}


@pytest.mark.parametrize(
    ("one", "tells"),
    [
        pytest.param(said(S, S, **DRAWN), True, id="drawn"),
        pytest.param(said(S, S, **DRAWN, model="small-1+20-ab+bound-0.0100"), True, id="by a model of the landlord's own"),
        pytest.param(said(S, S, **DRAWN, model="small-10"), False, id="by another model"),
        pytest.param(said(S, S, **DRAWN | {"drawn": False}), False, id="acted by itself, and not drawn"),
        pytest.param(said(C, C, **DRAWN), False, id="a complaint that was logged, from which nothing is drawn"),
        pytest.param(said(S, S, **UNSURE), True, id="unsure"),
        pytest.param(said(C, C, **UNSURE), True, id="unsure of a complaint"),
        pytest.param(said(S, S, **UNSURE | {"code": "halves"}), False, id="its halves disagreed"),
        pytest.param(said(S, S, **UNSURE, also=frozenset({O})), False, id="unsure, with a second category"),
        pytest.param(said(S, S, **UNSURE, flags=frozenset({Flag.EMERGENCY})), False, id="unsure, with an emergency"),
        pytest.param(said(C, C, **UNSURE, flags=frozenset({Flag.EMERGENCY})), True, id="a complaint waits for no emergency"),
        pytest.param(
            said(S, S, **UNSURE, flags=frozenset({Flag.HAZARD})), True, id="unsure, with a flag that may act by itself"
        ),
        pytest.param(replace(said(S, S), machine=None), False, id="judged by no machine"),
    ],
)
def test_what_tells_of_the_bound_is_what_a_bound_lets_go_or_holds_back(one, tells):
    assert len(checked([one], {}, "small-1")) == tells


def test_without_all_scores_there_is_no_cost():
    assert checked([replace(said(S, S), machine=replace(said(S, S, **DRAWN).machine, scores={S: 1.0}))], {}, "small-1") == []


@pytest.mark.parametrize(
    ("machine", "person", "wrong", "missed", "cost"),
    [
        pytest.param(S, S, False, False, 10 * 0.1 + 0.2, id="right"),
        pytest.param(S, O, True, False, 10 * 0.1 + 0.2, id="wrong"),
        pytest.param(S, C, True, True, 10 * 0.1 + 0.2, id="a complaint that was missed"),
        pytest.param(C, C, False, False, 0.3, id="a complaint that was found"),
        pytest.param(C, S, True, False, 0.3, id="no complaint"),
    ],
)
def test_what_it_costs_and_whether_it_was_wrong(machine, person, wrong, missed, cost):
    (one,) = checked([said(machine, person, **UNSURE)], {}, "small-1")
    assert (one.wrong, one.missed, one.weight) == (wrong, missed, 1.0)
    assert one.cost == pytest.approx(cost)


def test_one_that_was_drawn_stands_for_as_many_as_this_models_family_sent_away_for_each():
    away = {"small-1": 30, "small-1+20-ab": 10, "older-7": 5_000}
    two = [said(S, S, **DRAWN), said(S, S, **DRAWN), said(S, S, **UNSURE)]
    assert [one.weight for one in checked(two, away, "small-1")] == [20.0, 20.0, 1.0]
