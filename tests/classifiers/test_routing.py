"""Which verdicts may act by themselves: each rule by itself, with numbers at hand."""

from dataclasses import replace

import pytest

from classifiers.calibration import Calibration, FlagThreshold
from classifiers.routing import Facts, route
from classifiers.taxonomy import Category, Flag

RULES = Calibration(
    temperature=1.0,
    shifts=(0.0, 0.0, 0.0, 0.0),
    torn=0.1,
    sure_complaint=0.9,
    sure_other=0.95,
    gap=0.5,
    bound=0.02,
    also=(0.0, 0.0, 0.0),
    flags={flag: FlagThreshold(alone=0.0, with_cue=0.0) for flag in Flag},
)


def facts(category, complaint, asb=0.0, request=0.0, other=0.0, **more) -> Facts:
    scores = dict(zip(Category, (complaint, asb, request, other), strict=True))
    plain = Facts(
        category=category, scores=scores, flags=(), words=10, language="en", machine_words=False, complaint_words=False
    )
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("asked", "way", "code"),
    [
        (facts(Category.COMPLAINT, 0.95, request=0.05), "auto", "sure"),
        (facts(Category.COMPLAINT, 0.89, request=0.11), "triage", "unsure"),
        (facts(Category.COMPLAINT, 0.48, request=0.52), "triage", "torn"),
        (facts(Category.SERVICE_REQUEST, 0.01, request=0.99), "auto", "sure"),
        (facts(Category.SERVICE_REQUEST, 0.03, request=0.97), "triage", "complaint_possible"),
        (facts(Category.ASB_REPORT, 0.01, asb=0.90, request=0.09), "triage", "unsure"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, flags=(Flag.EMERGENCY,)), "auto", "sure"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, flags=(Flag.SAFEGUARDING,)), "triage", "safeguarding"),
        (facts(Category.SERVICE_REQUEST, 0.01, request=0.99, complaint_words=True), "triage", "complaint_words"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, words=2), "triage", "few_words"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, language="pl"), "triage", "language"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, language=None), "auto", "sure"),
        (facts(Category.COMPLAINT, 0.95, request=0.05, machine_words=True), "triage", "machine_words"),
    ],
)
def test_only_what_is_sure_and_plain_acts_by_itself(asked, way, code):
    chosen, why = route(asked, RULES)
    assert (chosen, why.split(":")[0]) == (way, code)


def test_a_threshold_that_was_never_reached_lets_nothing_pass():
    never = replace(RULES, sure_complaint=2.0, sure_other=2.0)
    assert route(facts(Category.COMPLAINT, 1.0), never)[0] == "triage"
    assert route(facts(Category.ASB_REPORT, 0.0, asb=1.0), never)[0] == "triage"
