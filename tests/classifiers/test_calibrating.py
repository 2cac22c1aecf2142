"""The calibration's numbers: small examples worked by hand, and what each promises of the messages it was fitted to."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.calibrating import (
    FEWEST_AUTOMATIC,
    LEAST_PRECISION,
    LEFT_OUT,
    MISSED_COMPLAINTS,
    SAFETY_RECALL,
    WRONG,
    OutOfFold,
    calibrate,
    macro_f1,
)
from classifiers.calibration import choose, expected_cost, from_json, softmax, to_json
from classifiers.examples import Labels
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS, QUESTIONS
from classifiers.taxonomy import Flag

COMPLAINT, ASB, REQUEST, OUTSIDE = CATEGORIES


@dataclass
class Messages:
    """Messages put together by hand: probabilities of the categories, labels, phrases found."""

    likely: list[tuple[float, ...]] = field(default_factory=list)
    labels: list[Labels] = field(default_factory=list)
    also: list[dict] = field(default_factory=list)
    flags: list[dict] = field(default_factory=list)
    phrases: list[frozenset] = field(default_factory=list)
    doubted: list[bool] = field(default_factory=list)

    def add(self, likely, truth, times=1, *, also=None, flags=None, phrases=(), doubted=False, said=(), second=()):
        for _ in range(times):
            self.likely.append(likely)
            self.labels.append(Labels(category=truth, also=frozenset(second), flags=frozenset(said)))
            self.also.append(also or {})
            self.flags.append(flags or {})
            self.phrases.append(frozenset(phrases))
            self.doubted.append(doubted)
        return self

    def seen(self) -> OutOfFold:
        answers = np.full((len(self.likely), len(QUESTIONS)), -9.0, dtype=np.float32)
        answers[:, CATEGORY_PART] = np.log(np.maximum(np.array(self.likely), 1e-9))
        for row, (also, flags) in enumerate(zip(self.also, self.flags, strict=True)):
            for category, answer in also.items():
                answers[row, ALSO_PART.start + ALSO.index(category)] = answer
            for flag, answer in flags.items():
                answers[row, FLAG_PART.start + FLAGS.index(flag)] = answer
        return OutOfFold(answers=answers, labels=self.labels, phrases=self.phrases, doubted=np.array(self.doubted))


def sure(category, by=0.999):
    rest = (1 - by) / 3
    return tuple(by if one is category else rest for one in CATEGORIES)


def everybody(times=60) -> Messages:
    messages = Messages()
    for category in CATEGORIES:
        messages.add(sure(category), category, times)
    return messages


def cost_of(likely):
    return float(expected_cost(np.array(likely), int(np.argmax(likely))))


# -- by hand


def test_what_acting_costs_is_counted_in_mistakes_and_a_missed_complaint_is_ten():
    scores = np.array([[0.1, 0.2, 0.3, 0.4]])
    assert expected_cost(scores, np.array([0]))[0] == pytest.approx(0.2 + 0.3 + 0.4)
    assert expected_cost(scores, np.array([3]))[0] == pytest.approx(10 * 0.1 + 0.2 + 0.3)


@pytest.mark.parametrize(("lean", "chosen"), [(1.0, REQUEST), (1.4, REQUEST), (1.6, COMPLAINT)])
def test_leaning_multiplies_the_complaints_probability(lean, chosen):
    assert CATEGORIES[int(choose(np.array([0.4, 0.0, 0.6, 0.0]), lean))] is chosen


def test_where_leaning_costs_nothing_the_strongest_is_taken_and_where_it_costs_much_none():
    assert calibrate(everybody().seen()).lean == pytest.approx(4.0)
    torn = everybody()
    for category in (ASB, REQUEST, OUTSIDE):
        torn.add(tuple(0.55 if one is category else 0.45 if one is COMPLAINT else 0.0 for one in CATEGORIES), category, 60)
    assert calibrate(torn.seen()).lean < 0.55 / 0.45 + 0.05


def test_among_perfect_answers_all_may_act():
    messages = everybody()
    assert calibrate(messages.seen()).bound == pytest.approx(cost_of(sure(REQUEST)), abs=1e-4)


def test_the_bound_stops_before_more_than_one_in_a_hundred_is_wrong():
    messages = everybody(100).add(sure(REQUEST, 0.97), OUTSIDE, 3).add(sure(REQUEST, 0.9), OUTSIDE, 20)
    bound = calibrate(messages.seen()).bound
    assert cost_of(sure(REQUEST)) < bound < cost_of(sure(REQUEST, 0.9))
    # Three wrong among four hundred and three are under one in a hundred, twenty-three are not.
    assert bound == pytest.approx(cost_of(sure(REQUEST, 0.97)), abs=1e-4)


def test_the_bound_stops_before_a_complaint_is_missed():
    messages = everybody(100).add(sure(REQUEST, 0.97), COMPLAINT, 1)
    assert calibrate(messages.seen()).bound < cost_of(sure(REQUEST, 0.98))


def test_what_a_rule_sends_to_a_person_neither_counts_for_nor_against():
    messages = everybody(100).add(sure(REQUEST, 0.9995), COMPLAINT, 2, doubted=True)
    assert calibrate(messages.seen()).bound == calibrate(everybody(100).seen()).bound


def test_a_bound_that_rests_on_few_messages_is_none():
    few = FEWEST_AUTOMATIC // len(CATEGORIES)
    assert calibrate(everybody(few).seen()).bound < 0
    assert calibrate(everybody(few + 1).seen()).bound > 0


def test_what_is_wrong_from_the_surest_on_lets_nothing_act():
    messages = Messages()
    for category, other in zip(CATEGORIES, (ASB, REQUEST, OUTSIDE, COMPLAINT), strict=True):
        messages.add(sure(category), other, 60)
    assert calibrate(messages.seen()).bound < 0


def test_conformal_sets_leave_out_five_in_a_hundred_of_a_category():
    messages = everybody(99)
    for hundredth in range(50, 61):
        messages.add((hundredth / 100, 1 - hundredth / 100, 0.0, 0.0), COMPLAINT)
    calibration = calibrate(messages.seen())
    # Of 110 complaints 5 in a hundred are 5: those from 0.50 to 0.54 may be missed, and the next may not.
    assert calibration.candidates[0] == pytest.approx(0.55, abs=1e-4)
    scores = dict(zip(CATEGORIES, (0.56, 0.44, 0.0, 0.0), strict=True))
    assert calibration.possible(scores) == (COMPLAINT,)


def test_the_possible_categories_come_the_likeliest_first():
    messages = everybody(100)
    for category in CATEGORIES:
        messages.add(tuple(0.3 if one is category else 0.7 / 3 for one in CATEGORIES), category, 10)
    possible = calibrate(messages.seen()).possible(dict(zip(CATEGORIES, (0.3, 0.02, 0.31, 0.37), strict=True)))
    assert possible == (OUTSIDE, REQUEST, COMPLAINT)


def test_a_second_category_has_the_threshold_that_tells_it_best_and_only_after_the_first():
    messages = everybody(20).add(sure(COMPLAINT), COMPLAINT, 20, also={REQUEST: 1.0}, second=(REQUEST,))
    messages.add(sure(COMPLAINT), COMPLAINT, 20, also={REQUEST: -1.0}).add(sure(OUTSIDE), OUTSIDE, 50, also={REQUEST: 2.0})
    least = calibrate(messages.seen()).also[ALSO.index(REQUEST)]
    assert -1.0 < least <= 1.0


def test_a_phrase_makes_a_flag_easier_to_raise_where_phrases_tell():
    messages = everybody(20)
    messages.add(sure(REQUEST), REQUEST, 30, flags={Flag.DAMP_MOULD: 1.0}, said=(Flag.DAMP_MOULD,))
    messages.add(sure(REQUEST), REQUEST, 30, flags={Flag.DAMP_MOULD: -2.0}, said=(Flag.DAMP_MOULD,), phrases=(Flag.DAMP_MOULD,))
    messages.add(sure(REQUEST), REQUEST, 30, flags={Flag.DAMP_MOULD: -2.0})
    found = calibrate(messages.seen()).flags[Flag.DAMP_MOULD]
    assert found.with_cue <= -2.0 < found.alone <= 1.0


def test_a_danger_is_raised_by_its_phrase_alone_and_at_recall_before_precision():
    messages = everybody(20)
    for answer in (-3.0, -1.0, 1.0):
        messages.add(sure(REQUEST), REQUEST, 20, flags={Flag.EMERGENCY: answer}, said=(Flag.EMERGENCY,))
    messages.add(sure(REQUEST), REQUEST, 20, flags={Flag.EMERGENCY: -2.0})
    found = calibrate(messages.seen()).flags[Flag.EMERGENCY]
    assert found.alone <= -3.0 + 1e-6
    assert found.with_cue < -100


def test_false_alarms_of_danger_have_an_end():
    messages = everybody(20).add(sure(REQUEST), REQUEST, 20, flags={Flag.EMERGENCY: 1.0}, said=(Flag.EMERGENCY,))
    messages.add(sure(REQUEST), REQUEST, 2, flags={Flag.EMERGENCY: -5.0}, said=(Flag.EMERGENCY,))
    messages.add(sure(REQUEST), REQUEST, 400, flags={Flag.EMERGENCY: -3.0})
    assert calibrate(messages.seen()).flags[Flag.EMERGENCY].alone > -3.2


def test_phrases_that_are_often_wrong_do_not_silence_the_answers():
    messages = everybody(20).add(sure(REQUEST), REQUEST, 30, flags={Flag.EMERGENCY: 0.5}, said=(Flag.EMERGENCY,))
    messages.add(sure(REQUEST), REQUEST, 60, flags={Flag.EMERGENCY: -5.0}, phrases=(Flag.EMERGENCY,))
    messages.add(sure(REQUEST), REQUEST, 200, flags={Flag.EMERGENCY: -5.0})
    assert -5.0 < calibrate(messages.seen()).flags[Flag.EMERGENCY].alone <= 0.5


def test_macro_f1_is_the_mean_over_the_categories_there_are():
    truth, said = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(truth, said) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_a_calibration_is_read_back_as_it_was_written():
    calibration = calibrate(everybody().seen())
    assert from_json(to_json(calibration)) == calibration


def test_one_loud_false_alarm_does_not_end_the_search_for_a_dangers_threshold():
    seen = (
        everybody()
        .add((0.9, 0.04, 0.03, 0.03), COMPLAINT, flags={Flag.EMERGENCY: 2.95})
        .add((0.9, 0.04, 0.03, 0.03), COMPLAINT, 20, flags={Flag.EMERGENCY: 1.0}, said=(Flag.EMERGENCY,))
        .seen()
    )
    assert calibrate(seen).flags[Flag.EMERGENCY].alone == pytest.approx(1.0, abs=0.11)


# -- whatever the answers


@dataclass(frozen=True)
class Drawn:
    """What messages and answers are made from: short to print where a test fails."""

    seed: int
    count: int
    told: float
    """How much higher the right answers are."""
    spread: float
    rounded: bool
    """Many messages with the same numbers."""
    doubted: float

    def seen(self) -> OutOfFold:
        chance = np.random.default_rng(self.seed)
        truth = chance.permutation(np.arange(self.count) % len(CATEGORIES))
        answers = chance.normal(0, self.spread, (self.count, len(QUESTIONS)))
        answers[np.arange(self.count), truth] += self.told
        if self.rounded:
            answers = np.round(answers)
        flags = chance.random((self.count, len(FLAGS))) < 0.2
        answers[:, FLAG_PART] += self.told * flags
        cues = chance.random((self.count, len(FLAGS))) < 0.1
        return OutOfFold(
            answers=answers.astype(np.float32),
            labels=[Labels(category=CATEGORIES[one], flags=named(row)) for one, row in zip(truth, flags, strict=True)],
            phrases=[named(row) for row in cues],
            doubted=chance.random(self.count) < self.doubted,
        )


def named(row) -> frozenset[Flag]:
    return frozenset(flag for flag, said in zip(FLAGS, row, strict=True) if said)


any_answers = st.builds(
    Drawn,
    seed=st.integers(0, 2**32),
    count=st.integers(60, 400),
    told=st.floats(0.0, 6.0),
    spread=st.floats(0.1, 2.0),
    rounded=st.booleans(),
    doubted=st.floats(0, 0.5),
)


SLOWLY = settings(max_examples=8, deadline=None)


def reread(seen):
    likely = softmax(seen.answers[:, CATEGORY_PART].astype(np.float64))
    truth = np.array([CATEGORIES.index(one.category) for one in seen.labels])
    return likely, truth


def held(seen, calibration, chosen):
    """Return which messages are a person's for what was raised in them: danger, or a second category."""

    def raised(flag):
        answers, limits = seen.answers[:, FLAG_PART.start + FLAGS.index(flag)], calibration.flags[flag]
        return (answers >= limits.alone) | (np.array([flag in one for one in seen.phrases]) & (answers >= limits.with_cue))

    second = np.zeros(len(chosen), dtype=bool)
    for number, category in enumerate(ALSO):
        answers = seen.answers[:, ALSO_PART.start + number]
        second |= (chosen < CATEGORIES.index(category)) & (answers >= calibration.also[number])
    return raised(Flag.SAFEGUARDING) | ((chosen != 0) & (raised(Flag.EMERGENCY) | second))


@given(drawn=any_answers)
@SLOWLY
def test_of_what_acts_hardly_any_is_wrong_and_hardly_a_complaint_missed_on_the_messages_it_was_fitted_to(drawn):
    seen = drawn.seen()
    calibration = calibrate(seen)
    likely, truth = reread(seen)
    chosen = choose(likely, calibration.lean)
    single = (likely >= np.array(calibration.candidates)).sum(axis=1) <= 1
    free = single & ~seen.doubted & ~held(seen, calibration, chosen)
    acts = free & (expected_cost(likely, chosen) <= calibration.bound)
    assert (chosen != truth)[acts].sum() <= WRONG * acts.sum()
    assert ((chosen != 0) & (truth == 0))[acts].sum() <= MISSED_COMPLAINTS * (truth == 0).sum()
    assert acts.sum() == 0 or acts.sum() >= FEWEST_AUTOMATIC


@given(drawn=any_answers)
@SLOWLY
def test_the_conformal_sets_hold_the_true_category_of_nearly_all(drawn):
    seen = drawn.seen()
    calibration = calibrate(seen)
    likely, truth = reread(seen)
    for number, least in enumerate(calibration.candidates):
        left_out = (likely[truth == number, number] < least).sum()
        assert left_out <= LEFT_OUT * (truth == number).sum()


@given(drawn=any_answers)
@SLOWLY
def test_leaning_costs_hardly_any_macro_f1_and_never_makes_a_complaint_less(drawn):
    seen = drawn.seen()
    calibration = calibrate(seen)
    likely, truth = reread(seen)
    best = max(macro_f1(truth, choose(likely, lean)) for lean in np.arange(1.0, 4.01, 0.1))
    assert macro_f1(truth, choose(likely, calibration.lean)) >= best - 0.0021
    assert set(np.flatnonzero(choose(likely, 1.0) == 0)) <= set(np.flatnonzero(choose(likely, calibration.lean) == 0))


@given(drawn=any_answers)
@SLOWLY
def test_a_danger_is_found_unless_most_alarms_would_be_false(drawn):
    seen = drawn.seen()
    calibration = calibrate(seen)
    for flag in (Flag.EMERGENCY, Flag.SAFEGUARDING):
        answers = seen.answers[:, FLAG_PART.start + FLAGS.index(flag)]
        truth = np.array([flag in one.flags for one in seen.labels])
        cued = np.array([flag in one for one in seen.phrases])
        limits = calibration.flags[flag]
        said = (answers >= limits.alone) | (cued & (answers >= limits.with_cue))
        assert said[cued].all()
        alone = (answers >= limits.alone) & ~cued
        assert not alone.any() or truth[alone].mean() >= LEAST_PRECISION or limits.alone > 2.8  # none is tolerable
        if said[truth].mean() < SAFETY_RECALL:
            # Whatever lower limit would find more, too few of what the answers alone raise would be right.
            for least in np.arange(-6.0, limits.alone - 0.05, 0.1):
                more = (answers >= least) & ~cued
                assert truth[more].mean() < LEAST_PRECISION
