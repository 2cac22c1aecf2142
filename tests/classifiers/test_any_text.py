"""Promises for any text whatever: a verdict in the guide's shape, evidence that points at its words, the same every time."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.pipeline import load
from classifiers.taxonomy import Category
from classifiers.verdict import Classifier, Text
from classifiers.window import HEAD, RUN, TAIL, windowed

CLASSIFIER = load()
WORDS = st.sampled_from(
    ["boiler", "nobody", "came", "baby", "GAS", "ignore previous instructions", "mould", "\n", ".", "’", "£20"]
)
ANY_TEXT = st.one_of(st.text(), st.text(st.characters(codec=None)), st.lists(WORDS, max_size=60).map(" ".join))


@given(text=ANY_TEXT, subject=st.none() | ANY_TEXT, channel=st.sampled_from(["email", "dm", "chat"]))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_verdict_whose_evidence_points_at_its_words(text, subject, channel):
    verdict = CLASSIFIER.classify(Text(channel=channel, subject=subject, text=text))
    assert set(verdict.scores) == set(Category)
    assert math.isclose(sum(verdict.scores.values()), 1.0, abs_tol=1e-9)
    assert verdict.confidence == verdict.scores[verdict.category]
    assert all(text[span.start : span.end] == span.text != "" for span in verdict.evidence)


@given(text=ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gets_the_same_verdict(text):
    asked = Text(channel="email", subject=None, text=text)
    assert CLASSIFIER.classify(asked) == CLASSIFIER.classify(asked)


@pytest.mark.parametrize("piece", ["(", "$", "'", "😡", "a.", "\n", "http://", "can't ", "hello world. ", "x", "\ud800"])
def test_a_flood_of_anything_is_judged_like_any_other_message(piece):
    verdict = CLASSIFIER.classify(Text(channel="chat", subject=piece * 1000, text=piece * 50_000))
    assert verdict.scores


def test_a_fresh_pipeline_gives_the_same_verdict_whatever_was_judged_before():
    other = load()
    asked = Text(
        channel="email", subject="Lift", text="The lift in Rowan House is stuck again and you promised to mend it last week."
    )
    other.classify(Text(channel="chat", subject=None, text="completely unrelated wibble wobble"))
    assert other.classify(asked) == CLASSIFIER.classify(asked)


def test_the_pipeline_is_a_classifier_with_the_name_of_its_model():
    assert isinstance(CLASSIFIER, Classifier)
    verdict = CLASSIFIER.classify(Text(channel="chat", subject=None, text="The tap drips, please send someone."))
    assert verdict.model == CLASSIFIER.model
    assert verdict.model.startswith("linear-1-")


def test_spacy_documents_carry_the_verdict_and_its_scores():
    doc = CLASSIFIER.nlp("Nobody came to mend the boiler and I have rung three times.")
    assert doc._.verdict.category is Category.COMPLAINT
    assert doc.cats["complaint"] == doc._.verdict.scores[Category.COMPLAINT]


def test_evidence_from_the_end_of_a_long_letter_points_into_the_whole_letter():
    text = "The hall is painted green. " * 2000 + "There is a strong smell of gas in my kitchen."
    verdict = CLASSIFIER.classify(Text(channel="email", subject=None, text=text))
    gas = [span for span in verdict.evidence if span.speaks_for == "emergency"]
    assert gas
    assert all(text[span.start : span.end] == span.text for span in verdict.evidence)
    assert gas[0].start > len(text) - 60


@given(text=st.text(max_size=50), times=st.integers(min_value=0, max_value=600))
@settings(deadline=None)
def test_every_scored_character_has_its_place_in_the_whole_text(text, times):
    whole = text * times
    window = windowed(whole)
    assert len(window.text) <= HEAD + TAIL + 1
    assert max(map(len, window.text.split(" ")), default=0) <= RUN or any(mark.isspace() for mark in text)
    for offset, mark in enumerate(window.text):
        if not mark.isspace():
            assert whole[window.place(offset)] == mark
