"""Which verdicts may act by themselves: each rule by itself, with numbers at hand."""

from dataclasses import replace

import pytest

from classifiers.calibration import MISSED, Calibration, FlagThreshold
from classifiers.routing import Facts, route
from classifiers.taxonomy import Category, Flag

COMPLAINT, ASB, REQUEST, OUTSIDE = Category
RULES = Calibration(
    lean=1.0,
    bound=0.05,
    candidates=(0.1, 0.1, 0.1, 0.1),
    also=(0.0, 0.0, 0.0),
    flags={flag: FlagThreshold(alone=0.0, with_cue=0.0) for flag in Flag},
)


def facts(category, complaint, asb=0.0, request=0.0, other=0.0, **more) -> Facts:
    scores = dict(zip(Category, (complaint, asb, request, other), strict=True))
    return Facts(category=category, scores=scores, words=10, **more)


@pytest.mark.parametrize(
    ("asked", "way", "code"),
    [
        (facts(COMPLAINT, 0.96, request=0.04), "auto", "sure"),
        (facts(COMPLAINT, 0.94, request=0.06), "triage", "unsure"),
        (facts(REQUEST, 0.004, request=0.996), "auto", "sure"),
        (facts(REQUEST, 0.006, request=0.994), "triage", "unsure"),
        (facts(ASB, 0.0, asb=0.96, request=0.04), "auto", "sure"),
        (facts(ASB, 0.0, asb=0.94, request=0.06), "triage", "unsure"),
        (facts(COMPLAINT, 0.88, request=0.12), "triage", "several"),
        (facts(COMPLAINT, 0.4, asb=0.3, request=0.2, other=0.1), "triage", "several"),
        (facts(COMPLAINT, 0.96, request=0.04, leanings=(COMPLAINT, REQUEST)), "triage", "halves"),
        (facts(COMPLAINT, 0.96, request=0.04, leanings=(COMPLAINT, COMPLAINT)), "auto", "sure"),
        (facts(COMPLAINT, 0.96, request=0.04, leanings=(REQUEST, REQUEST)), "auto", "sure"),
        (facts(REQUEST, 0.0, request=1.0, complaint_words=True), "triage", "complaint_words"),
        (facts(COMPLAINT, 1.0, complaint_words=True), "auto", "sure"),
        (facts(REQUEST, 0.0, request=1.0, also=(OUTSIDE,)), "triage", "second"),
        (facts(COMPLAINT, 1.0, also=(REQUEST,)), "auto", "sure"),
        (facts(REQUEST, 0.0, request=1.0, flags=(Flag.EMERGENCY,)), "triage", "emergency"),
        (facts(COMPLAINT, 1.0, flags=(Flag.EMERGENCY,)), "auto", "sure"),
        (facts(COMPLAINT, 1.0, flags=(Flag.SAFEGUARDING,)), "triage", "safeguarding"),
        (facts(COMPLAINT, 1.0, language="pl"), "triage", "language"),
        (facts(COMPLAINT, 1.0, language="und"), "triage", "language"),
        (facts(COMPLAINT, 1.0, language=None), "auto", "sure"),
        (facts(COMPLAINT, 1.0, machine_words=True), "triage", "machine_words"),
        (facts(REQUEST, 0.3, request=0.7, machine_words=True, language="pl"), "triage", "machine_words"),
    ],
)
def test_only_what_is_sure_and_plain_acts_by_itself(asked, way, code):
    chosen, why = route(asked, RULES)
    assert (chosen, why.split(":")[0]) == (way, code)


@pytest.mark.parametrize(("words", "code"), [(0, "no_words"), (1, "few_words"), (2, "few_words"), (3, "sure")])
def test_too_few_words_are_not_judged_by_a_machine(words, code):
    assert route(replace(facts(COMPLAINT, 1.0), words=words), RULES)[1].split(":")[0] == code


def test_a_missed_complaint_weighs_ten_times_what_any_other_mistake_does():
    assert MISSED == 10.0
    _, why = route(facts(REQUEST, 0.05, request=0.95), RULES)
    assert "expected cost 0.500" in why
    _, why = route(facts(REQUEST, 0.0, asb=0.06, request=0.94), RULES)
    assert "expected cost 0.060" in why


def test_a_bound_that_was_never_found_lets_nothing_pass():
    never = replace(RULES, bound=-1.0)
    for category in Category:
        certain = Facts(category=category, scores={one: float(one is category) for one in Category}, words=10)
        assert route(certain, never)[0] == "triage"


def test_the_reason_names_what_is_possible_the_likeliest_first_and_what_each_half_says():
    _, why = route(facts(COMPLAINT, 0.45, request=0.55), RULES)
    assert why == "several: service_request (0.55) or complaint (0.45)"
    _, why = route(facts(COMPLAINT, 0.99, leanings=(ASB, COMPLAINT)), RULES)
    assert why == "halves: its words speak for asb_report, its sense for complaint"


@pytest.mark.parametrize("changed", [{"candidates": (0.1,)}, {"also": ()}, {"flags": {}}])
def test_a_calibration_for_another_taxonomy_is_refused(changed):
    with pytest.raises(ValueError, match="taxonomy"):
        replace(RULES, **changed)
