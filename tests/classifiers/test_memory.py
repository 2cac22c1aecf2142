"""What the pipeline remembers to be quick changes no answer and stays bounded."""

import random
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy import blank
from spacy.attrs import NORM, ORTH, SPACY

from classifiers.components import reading_pipeline
from classifiers.heads import QUESTIONS
from classifiers.kinds import Kinds
from classifiers.model_files import read
from classifiers.pipeline import PipelineClassifier, load
from classifiers.tallying import tally
from classifiers.verdict import Text

SPACY_ITSELF, OURS = blank("en"), reading_pipeline()
RUNS = st.sampled_from(
    ["can't", "(it's,", ":)", ": (", "a.m.", "10a.m.", "8)", "\n", "\n\n", "  ", "\xa0", "e.g.", "£20", "Mr.", "x/y", "don’t"]
)
TEXTS = st.one_of(st.text(st.characters(codec="utf-8")), st.lists(RUNS, max_size=30).map("".join), st.lists(RUNS).map(" ".join))
ASKED = Text(channel="chat", subject="Tap", text="The tap in the kitchen drips and I can't turn it off, please send someone.")


def gibberish(number: int) -> Text:
    chance = random.Random(number)
    words = ["".join(chance.choices("abcdefghijklmnop'.,", k=8)) for _ in range(50)]
    return Text(channel="chat", subject=words[0], text=" ".join(words))


@given(text=TEXTS)
def test_a_text_is_cut_into_the_very_tokens_that_spacy_makes(text):
    theirs, ours = SPACY_ITSELF.make_doc(text), OURS.make_doc(text)
    asked = [ORTH, SPACY, NORM]
    assert theirs.to_array(asked).tolist() == ours.to_array(asked).tolist()
    assert ours.text == text


class Silent:
    """An encoder that says nothing, at once: what is remembered of words has nothing to do with it."""

    pieces = SimpleNamespace(numbers=lambda _text: np.zeros(2, dtype=np.int64))

    def answer(self, text):
        return np.zeros(len(QUESTIONS), dtype=np.float32)


@pytest.fixture(scope="module")
def forgetful(model_folder) -> PipelineClassifier:
    return PipelineClassifier(read(model_folder), Silent(), most_held=10_000)


def test_the_strings_that_spacy_keeps_do_not_grow_without_end(forgetful):
    sizes = []
    for number in range(200):
        forgetful.classify(gibberish(number))
        with forgetful.pipeline() as nlp:
            sizes.append(len(nlp.vocab.strings))
    assert max(sizes[100:]) <= max(sizes[:100]) * 1.1
    assert max(sizes) < 20_000


def test_a_pipeline_made_anew_gives_the_same_verdict(forgetful):
    before = forgetful.classify(ASKED)
    with forgetful.pipeline() as first:
        pass
    for number in range(100):
        forgetful.classify(gibberish(number))
    with forgetful.pipeline() as last:
        assert last is not first
    assert forgetful.classify(ASKED) == before


def test_a_pipeline_is_lent_to_one_at_a_time_and_lent_again(model_folder):
    fresh = load(model_folder)
    with fresh.pipeline() as one, fresh.pipeline() as other:
        assert other is not one
    with fresh.pipeline() as again, fresh.pipeline() as another:
        assert {id(again), id(another)} == {id(one), id(other)}


@given(numbers=st.lists(st.integers(min_value=0, max_value=40)))
def test_a_tally_counts_each_number_and_finds_every_occurrence(numbers):
    met = tally(np.array(numbers, dtype=np.int64), 41)
    assert met.numbers.tolist() == sorted(set(numbers))
    assert met.times.tolist() == [numbers.count(one) for one in sorted(set(numbers))]
    assert met.numbers[met.place_of].tolist() == numbers


def test_a_kind_that_was_forgotten_is_looked_up_again_and_is_what_it_was(model_folder):
    vocabulary, kinds = read(model_folder).vocabulary, Kinds()

    def seen(words):
        numbers = kinds.numbers([hash(word) for word in words], lambda place: vocabulary.look_up(words[place]))
        facts = kinds.facts(numbers)
        return facts[:, :4].tolist(), [part.tolist() for part in kinds.pieces(facts)]

    words = ["boiler", "wibblewobble", "the", "boiler", ".", *(f"word{number}" for number in range(5_000))]
    before = seen(words)
    assert len(kinds) == 1 + len(set(words))
    kinds.forget()
    assert len(kinds) == 1
    assert seen(words) == before


def test_threads_that_share_a_classifier_get_the_verdicts_of_one_alone(forgetful, model_folder):
    asked = [gibberish(number) for number in range(60)] + [ASKED] * 20
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(forgetful.classify, asked))
    alone = PipelineClassifier(read(model_folder), Silent())
    assert together == [alone.classify(one) for one in asked]
