"""Promises for any text whatever: a verdict in the guide's shape, evidence that points at its words, the same every time."""

import math
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.injection import kept_ranges, machine_words
from classifiers.pipeline import load
from classifiers.taxonomy import Category
from classifiers.verdict import Classifier, Text
from classifiers.window import GAP, HEAD, RUN, TAIL, windowed

WORDS = st.sampled_from(
    ["boiler", "nobody", "came", "baby", "GAS", "ignore previous instructions", "mould", "\n", ".", "’", "£20"]
)
ANY_TEXT = st.one_of(st.text(), st.text(st.characters(codec=None)), st.lists(WORDS, max_size=60).map(" ".join))
ANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(text=ANY_TEXT, subject=st.none() | ANY_TEXT, channel=st.sampled_from(["email", "dm", "chat"]))
@settings(ANY, max_examples=150)
def test_any_text_gets_a_verdict_whose_evidence_points_at_its_words(classifier, text, subject, channel):
    verdict = classifier.classify(Text(channel=channel, subject=subject, text=text))
    assert set(verdict.scores) == set(Category)
    assert math.isclose(sum(verdict.scores.values()), 1.0, abs_tol=1e-9)
    assert verdict.confidence == verdict.scores[verdict.category]
    assert all(text[span.start : span.end] == span.text != "" for span in verdict.evidence)


@given(text=ANY_TEXT)
@settings(ANY, max_examples=50)
def test_the_same_text_gets_the_same_verdict(classifier, text):
    asked = Text(channel="email", subject=None, text=text)
    assert classifier.classify(asked) == classifier.classify(asked)


@pytest.mark.parametrize("piece", ["(", "$", "'", "😡", "a.", "\n", "http://", "can't ", "hello world. ", "x", "\ud800"])
def test_a_flood_of_anything_is_judged_like_any_other_message(classifier, piece):
    verdict = classifier.classify(Text(channel="chat", subject=piece * 1000, text=piece * 50_000))
    assert verdict.scores


def test_a_fresh_pipeline_gives_the_same_verdict_whatever_was_judged_before(classifier, model_folder):
    other = load(model_folder)
    asked = Text(
        channel="email", subject="Lift", text="The lift in Rowan House is stuck again and you promised to mend it last week."
    )
    other.classify(Text(channel="chat", subject=None, text="completely unrelated wibble wobble"))
    assert other.classify(asked) == classifier.classify(asked)


def test_the_pipeline_is_a_classifier_with_the_name_of_its_model(classifier):
    assert isinstance(classifier, Classifier)
    verdict = classifier.classify(Text(channel="chat", subject=None, text="The tap drips, please send someone."))
    assert verdict.model == classifier.model
    assert verdict.model.startswith("pair-1-")


def test_spacy_documents_carry_the_verdict_and_its_scores(classifier):
    text = "Nobody came to mend the boiler and I have rung three times."
    with classifier.pipeline() as nlp:
        doc = nlp(text)
    asked = classifier.classify(Text(channel="email", subject=None, text=text))
    assert doc._.verdict == asked
    assert doc.cats == {category.value: score for category, score in asked.scores.items()}


def test_evidence_from_the_end_of_a_long_letter_points_into_the_whole_letter(classifier):
    text = "The hall is painted green. " * 2000 + "There is a strong smell of gas in my kitchen."
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    gas = [span for span in verdict.evidence if span.speaks_for == "emergency"]
    assert gas
    assert all(text[span.start : span.end] == span.text for span in verdict.evidence)
    assert gas[0].start > len(text) - 60


@given(text=st.text(max_size=50), times=st.integers(min_value=0, max_value=600))
@settings(deadline=None)
def test_every_scored_character_has_its_place_in_the_whole_text(text, times):
    whole = text * times
    window = windowed(whole)
    assert len(window.text) <= HEAD + TAIL + len(GAP)
    assert max(map(len, window.text.split()), default=0) <= RUN
    for offset, mark in enumerate(window.text):
        if not mark.isspace():
            assert whole[window.place(offset)] == mark


@st.composite
def cut_texts(draw):
    whole = draw(st.text(st.sampled_from("ab .\n\ud800é"), max_size=60)) * draw(st.sampled_from([1, 2, 700]))
    marks = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=6, unique=True)))
    return whole, list(zip(marks[::2], marks[1::2], strict=False))


@given(cut_text=cut_texts(), most=st.sampled_from([5, 500, HEAD + TAIL]))
@settings(deadline=None)
def test_so_it_has_where_words_were_cut_out_and_no_cut_word_is_scored(cut_text, most):
    whole, cut = cut_text
    window = windowed(whole, cut, most)
    assert window.cut == tuple(cut)
    assert len(window.text) <= most + len(GAP)
    gone = {place for start, end in cut for place in range(start, end)}
    for offset, mark in enumerate(window.text):
        if not mark.isspace():
            place = window.place(offset)
            assert place not in gone
            assert whole[place].encode("utf-8", "replace").decode() == mark


@given(text=ANY_TEXT)
@settings(deadline=None)
def test_what_is_cut_and_what_is_kept_stand_apart_in_order_and_nothing_but_blanks_is_lost(text):
    cut = machine_words(text)
    kept = kept_ranges(text, cut)
    both = sorted([*cut, *kept])
    assert all(start < end for start, end in both)
    assert all(end <= start for (_, end), (start, _) in pairwise(both))
    lost = set(range(len(text))) - {place for start, end in both for place in range(start, end)}
    assert not "".join(text[place] for place in lost).strip()
