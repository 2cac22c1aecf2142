"""The measurement of learning on site says what came of a training, also where nothing was learnt."""

from collections import Counter

import pytest

from benchmarks.learning import Lesson, Told
from classifiers.adapting_gate import Asked, Panel, gate
from classifiers.examples import Example, Labels
from classifiers.taxonomy import Category
from classifiers.verdict import Text, Verdict

TOO_FEW = {"model": None, "changes": 4, "remark": None, "learnt": {}, "objection": None}
"""What ``intake train --corrections --json`` says where too few messages were put right."""


def compared(called: Category) -> dict:
    """Return what it says of one complaint of the corpus that a new model calls so."""
    text = Text(channel="email", subject=None, text="words")
    held = [Example(id="1", source="corpus", text=text, labels=Labels(category=Category.COMPLAINT))]
    asked = Asked(held_back=held, local=[], replayed=[])
    old, new = (Panel(held_back=[verdict(one)], local=[], replayed=[]) for one in (Category.COMPLAINT, called))
    return gate(asked, old, old, new).as_json()


def verdict(category: Category) -> Verdict:
    scores = dict.fromkeys(Category, 0.1) | {category: 0.7}
    return Verdict(category=category, confidence=0.7, scores=scores, route="triage", why="", model="m")


LET_IN = {**TOO_FEW, "changes": 40, "model": "m+40-ab", "learnt": {"strongest": {"complaint": ["plot +1.20"]}}}


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param(TOO_FEW, "4 of 50 verdicts were changed by the officer. Too few to learn from", id="too few"),
        pytest.param({**LET_IN, **compared(Category.COMPLAINT)}, "changed by the officer. Let in.", id="let in"),
        pytest.param(
            {**LET_IN, "model": None, **compared(Category.SERVICE_REQUEST)}, "it would take 1 for something else.", id="refused"
        ),
        pytest.param(
            {**LET_IN, "model": None, "remark": "Nothing new to learn: m.", **compared(Category.COMPLAINT)},
            "by the officer. Nothing new to learn: m.",
            id="nothing new",
        ),
    ],
)
def test_each_outcome_of_a_training_is_told(said, says):
    lesson = Lesson(name="right", said=said)
    counts = {"corrected": Counter({"out_of_scope (auto)": 50})}
    told = Told(right=lesson, wrong=lesson, back="the packaged model again", before=counts, after=counts).report()
    assert told.count(says) == 2
    assert "| corrected | 50 | 50 out_of_scope (auto) | 50 out_of_scope (auto) |" in told
