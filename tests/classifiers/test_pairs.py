"""Two words make a pair within the subject or within the text, never over the border of the two."""

import pytest

from classifiers.components import lay_out, reading_pipeline
from classifiers.counting import vocabulary_of
from classifiers.fitting import read_bag, words_of
from classifiers.reader import Reader
from classifiers.verdict import Text

APART = Text(channel="email", subject="mould lift", text="gas stairs")
TOGETHER = Text(channel="email", subject=None, text="mould lift gas gas stairs")


@pytest.fixture(scope="module")
def docs():
    nlp = reading_pipeline()
    return [nlp(lay_out(nlp, text)[0]) for text in (APART, TOGETHER)]


def pairs_of(vocabulary, keys):
    words, size = vocabulary.words, len(vocabulary.words)
    return {(words[key // 2 // size], words[key // 2 % size]) for key in keys.tolist()}


def test_no_pair_is_learnt_over_the_border_of_subject_and_text(docs):
    apart, together = (vocabulary_of([words_of(doc)] * 3) for doc in docs)
    assert {("lift", "gas"), ("mould", "gas")} < pairs_of(together, together.pair_keys)
    assert pairs_of(apart, apart.pair_keys) == {("mould", "lift"), ("gas", "stairs")}


def test_no_pair_is_heard_over_the_border_of_subject_and_text(docs):
    apart, together = docs
    vocabulary = vocabulary_of([words_of(together)] * 3)
    bag = read_bag(Reader(vocabulary), apart)
    heard = bag.features[(bag.features >= len(vocabulary.words)) & (bag.features < vocabulary.first_piece)]
    assert pairs_of(vocabulary, vocabulary.pair_keys[heard - len(vocabulary.words)]) == {("mould", "lift"), ("gas", "stairs")}
