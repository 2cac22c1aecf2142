"""How the two halves are weighed: the fit finds what made the answers, and a stack is what was written."""

import json
from dataclasses import replace

import numpy as np
import pytest

from classifiers.heads import ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, QUESTIONS, REASON_PART
from classifiers.stack import KNOWN, Stack, leaning, stack_from_json, stack_to_json
from classifiers.stacking import Halves, fit_stack
from classifiers.taxonomy import Category

COUNT = 6_000
WEIGHTS = (0.4, 1.1)
SHIFTS = np.array([0.0, 0.5, -0.5, 1.0])
ADDED = 1.5
"""What the lists' second kind of knowledge adds to ``out_of_scope``; the others add nothing."""


def drawn(chance, scores):
    """Draw one of many by log-odds (Gumbel's way)."""
    return (scores + chance.gumbel(size=scores.shape)).argmax(axis=1)


@pytest.fixture(scope="module")
def halves() -> Halves:
    chance = np.random.default_rng(20_26)
    linear, encoder = (chance.normal(0, 2, (COUNT, len(QUESTIONS))).astype(np.float32) for _ in range(2))
    known = (chance.random((COUNT, len(KNOWN))) < 0.3).astype(np.float32)
    both = WEIGHTS[0] * linear + WEIGHTS[1] * encoder
    truths = np.zeros((COUNT, len(QUESTIONS)), dtype=bool)
    scores = both[:, CATEGORY_PART] + SHIFTS
    scores[:, -1] += ADDED * known[:, 1]
    category = drawn(chance, scores)
    truths[np.arange(COUNT), category] = True
    outside = np.flatnonzero(category == CATEGORIES.index(Category.OUT_OF_SCOPE))
    truths[outside, REASON_PART.start + drawn(chance, both[outside, REASON_PART])] = True
    for part in (ALSO_PART, FLAG_PART):
        truths[:, part] = both[:, part] - 1.0 + chance.logistic(size=both[:, part].shape) > 0
    return Halves(linear=linear, encoder=encoder, known=known, truths=truths)


@pytest.fixture(scope="module")
def fitted(halves) -> Stack:
    return fit_stack(halves)


@pytest.mark.parametrize("part", [CATEGORY_PART, REASON_PART, ALSO_PART, FLAG_PART])
def test_the_fit_finds_the_weights_that_made_the_answers(fitted, part):
    assert fitted.linear[part] == pytest.approx(WEIGHTS[0], abs=0.12)
    assert fitted.encoder[part] == pytest.approx(WEIGHTS[1], abs=0.12)


def test_the_fit_finds_what_is_added_to_each_question(fitted):
    shifts = fitted.bias[CATEGORY_PART]
    assert shifts - shifts[0] == pytest.approx(SHIFTS, abs=0.25)
    assert fitted.bias[FLAG_PART] == pytest.approx(-1.0, abs=0.15)
    assert not fitted.bias[REASON_PART].any()


def test_what_the_lists_say_tips_the_category_it_speaks_for_and_nothing_else(fitted):
    told = fitted.known[1]
    others = [told[number] for number in range(len(QUESTIONS)) if number != CATEGORIES.index(Category.OUT_OF_SCOPE)]
    # The penalty holds it below what was put in: knowledge may tip a verdict and must not make it.
    assert 0.3 < told[CATEGORIES.index(Category.OUT_OF_SCOPE)] - told[0] < ADDED
    assert max(map(abs, others)) < told[CATEGORIES.index(Category.OUT_OF_SCOPE)]
    assert np.abs(fitted.known[[0, 2]]).max() < 0.2


def test_a_half_that_knows_nothing_gets_no_say(halves):
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 2, halves.linear.shape).astype(np.float32)
    stack = fit_stack(replace(halves, linear=noise))
    assert np.abs(stack.linear[CATEGORY_PART]).max() < 0.1
    assert stack.encoder[CATEGORY_PART].min() > 0.8


def small(**changed) -> Stack:
    rows = {name: np.full(len(QUESTIONS), number, dtype=np.float32) for name, number in (("linear", 0.5), ("encoder", 2.0))}
    known = np.zeros((len(KNOWN), len(QUESTIONS)), dtype=np.float32)
    known[0] = 3.0
    return Stack(**{**rows, "bias": np.full(len(QUESTIONS), 0.25, dtype=np.float32), "known": known, **changed})


def test_answers_are_put_together_alike_for_one_message_and_for_many():
    ones = np.ones(len(QUESTIONS), dtype=np.float32)
    knows, knows_not = np.array([1, 0, 0], dtype=np.float32), np.zeros(3, dtype=np.float32)
    assert small().together(ones, ones, knows_not) == pytest.approx(0.5 + 2.0 + 0.25)
    many = small().together(np.stack([ones, ones]), np.stack([ones, 0 * ones]), np.stack([knows, knows_not]))
    assert many[0] == pytest.approx(5.75)
    assert many[1] == pytest.approx(0.75)


def test_a_stack_is_read_back_as_it_was_written(fitted):
    again = stack_from_json(json.loads(json.dumps(stack_to_json(fitted))))
    for name in ("linear", "encoder", "bias", "known"):
        assert getattr(again, name) == pytest.approx(getattr(fitted, name), abs=1e-5)
    assert stack_to_json(again) == stack_to_json(fitted)


@pytest.mark.parametrize(
    "changed",
    [
        {"linear": np.ones(len(QUESTIONS) - 1, dtype=np.float32)},
        {"bias": np.ones((1, len(QUESTIONS)), dtype=np.float32)},
        {"known": np.ones((len(KNOWN) + 1, len(QUESTIONS)), dtype=np.float32)},
        {"known": np.ones((len(QUESTIONS), len(KNOWN)), dtype=np.float32)},
    ],
)
def test_numbers_for_another_taxonomy_are_refused(changed):
    with pytest.raises(ValueError, match="taxonomy"):
        small(**changed)


def test_one_half_by_itself_leans_to_its_highest_category():
    answers = np.full(len(QUESTIONS), 9.0, dtype=np.float32)
    answers[CATEGORY_PART] = (-1.0, -3.0, 0.5, 0.25)
    assert leaning(answers) is Category.SERVICE_REQUEST
