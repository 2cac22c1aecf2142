"""Files are left out whole, and what the encoder said of a message before it had seen its file is found by its words."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.examples import read_corpus
from classifiers.heads import QUESTIONS
from classifiers.training import CORPUS
from classifiers.unseen import FOLDS, folds_of, save_unseen, unseen_answers


class Asked:
    """An encoder that answers with the length of a text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def answer(self, text):
        self.texts.append(text)
        return np.full(len(QUESTIONS), len(text), dtype=np.float32)


SOURCES = st.lists(st.sampled_from([f"file-{number}" for number in range(12)]), min_size=1, max_size=300)


@given(sources=SOURCES, seed=st.integers())
def test_the_deal_is_the_same_whatever_the_order_of_the_messages(sources, seed):
    mixed = random.Random(seed).sample(sources, len(sources))
    assert folds_of(sources) == folds_of(mixed)


@given(sources=SOURCES)
def test_every_file_has_one_fold_and_no_fold_is_heavier_than_the_lightest_by_more_than_a_file(sources):
    dealt, counts = folds_of(sources), Counter(sources)
    assert set(dealt) == set(sources)
    assert set(dealt.values()) <= set(range(FOLDS))
    weights = [sum(counts[name] for name, fold in dealt.items() if fold == one) for one in range(FOLDS)]
    assert max(weights) - min(weights) <= max(counts.values())


def test_the_corpus_is_dealt_into_folds_of_about_a_quarter():
    sources = [one.source for one in read_corpus(CORPUS)]
    dealt = folds_of(sources)
    shares = Counter(dealt[source] for source in sources)
    assert len(shares) == FOLDS
    assert all(0.2 < count / len(sources) < 0.3 for count in shares.values())


@pytest.fixture
def kept(tmp_path):
    texts = ["The tap drips.", "Nobody came.\nNobody rang.", "half a character \ud800"]
    answers = np.arange(len(texts) * len(QUESTIONS), dtype=np.float32).reshape(len(texts), -1)
    save_unseen(texts, answers, tmp_path)
    return tmp_path, texts, answers


def test_kept_answers_are_found_by_their_text_in_any_order_and_nobody_is_asked(kept):
    folder, texts, answers = kept
    asked = Asked()
    found = unseen_answers(texts[::-1], asked, folder)
    assert np.array_equal(found, answers[::-1])
    assert asked.texts == []


@pytest.mark.parametrize("changed", ["The tap drips", "the tap drips.", "The tap drips. ", "Another message."])
def test_a_changed_text_is_a_text_that_nobody_has_seen_and_the_encoder_is_asked(kept, changed):
    folder, texts, answers = kept
    asked = Asked()
    found = unseen_answers([texts[1], changed], asked, folder)
    assert asked.texts == [changed]
    assert np.array_equal(found[0], answers[1])
    assert set(found[1].tolist()) == {float(len(changed))}


def test_where_nothing_was_kept_the_encoder_is_asked_everything(tmp_path):
    asked = Asked()
    assert unseen_answers(["a", "bb"], asked, tmp_path).shape == (2, len(QUESTIONS))
    assert asked.texts == ["a", "bb"]


def test_answers_are_kept_to_a_thousandth(tmp_path):
    answers = np.random.default_rng(1).normal(0, 4, (3, len(QUESTIONS))).astype(np.float32)
    save_unseen(["a", "b", "c"], answers, tmp_path)
    assert unseen_answers(["a", "b", "c"], Asked(), tmp_path) == pytest.approx(answers, rel=1e-3, abs=1e-3)
