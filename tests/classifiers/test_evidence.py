"""The words shown for a verdict are the words that drove it."""

from dataclasses import replace

import numpy as np
import pytest

from classifiers.components import lay_out, marked_parts
from classifiers.evidence import LIGHTEST_RUN, LONGEST_SENTENCE, Witness
from classifiers.findings import findings
from classifiers.heads import CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS
from classifiers.judgement import COMPONENT, found_in
from classifiers.leaving_out import MOST_LEFT_OUT, Leaver
from classifiers.taxonomy import Flag
from classifiers.verdict import Text
from classifiers.window import HEAD, TAIL
from classifiers.wordpieces import read_by_encoder


def shown(classifier, text, what):
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    return [span.text for span in verdict.evidence if span.speaks_for == what]


@pytest.mark.parametrize(
    ("text", "what", "words"),
    [
        ("The weather is mild. You said Tuesday but nobody came. Yours, Ann Reed", "complaint", "nobody came"),
        ("I live at 4 Elm House. There is a strong smell of gas in my kitchen. Thank you.", "emergency", "smell of gas"),
        ("Good morning. There is black mould on the wall. Regards", "damp_mould", "mould"),
        ("Hello. My neighbour plays loud music all night long. Regards", "asb_report", "loud music"),
        ("I have rung you and I want a refund of what I paid for the carpet.", "compensation", "refund"),
    ],
)
def test_the_telling_words_are_shown(classifier, text, what, words):
    assert any(words in span for span in shown(classifier, text, what))


def test_every_flag_and_category_has_something_to_show_for_it(classifier):
    text = "I use a wheelchair. I reported the lift on Monday and nobody came. Also please can you order me a new key fob."
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    named = {span.speaks_for for span in verdict.evidence}
    assert {verdict.category, *verdict.also, *verdict.flags} <= named


def test_a_flag_from_the_subject_is_raised_without_a_place_in_the_text(classifier):
    verdict = classifier.classify(
        Text(channel="email", subject="Gas leak, strong smell of gas", text="At 4 Elm House, kitchen.")
    )
    assert "emergency" in verdict.flags
    assert all(verdict.evidence[i].end <= len("At 4 Elm House, kitchen.") for i in range(len(verdict.evidence)))
    assert "emergency" not in {span.speaks_for for span in verdict.evidence}


SENTENCES = (
    "The lift in Rowan House is stuck again.",
    "You said on Monday that somebody would come.",
    "My son uses a wheelchair.",
)


@pytest.fixture
def heard(classifier, encoder):
    """Return what both halves say of a text, and who weighs its sentences."""

    def hear(text, subject=None):
        with classifier.pipeline() as nlp:
            doc, _ = lay_out(nlp, Text(channel="email", subject=subject, text=text))
            for name, part in nlp.pipeline:
                doc = doc if name == COMPONENT else part(doc)
            judgement = nlp.get_pipe(COMPONENT)
            heard = judgement.hear(marked_parts(doc))
            return heard, Leaver(heard.parts, heard.bag, judgement.model, encoder), judgement.model

    return hear


def test_what_the_words_of_the_sentences_add_is_the_whole_answer_of_the_linear_half(heard):
    said, leaver, model = heard(" ".join(SENTENCES))
    whole = (said.linear - model.heads.biases) * model.stack.linear
    assert leaver.linear().sum(axis=0) == pytest.approx(whole[CATEGORY_PART], abs=1e-3)
    assert len(leaver.sentences) == len(SENTENCES)


def test_what_a_sentence_adds_for_the_encoder_is_what_is_missing_without_it(heard, encoder):
    said, leaver, model = heard(" ".join(SENTENCES), subject="Lift")
    shares = leaver.encoder(said.encoder, leaver.linear())
    for number in range(len(SENTENCES)):
        rest = " ".join(["Lift", *SENTENCES[:number], *SENTENCES[number + 1 :]])
        fallen = (said.encoder - encoder.answer(rest)) * model.stack.encoder
        assert np.array_equal(shares[number], fallen[CATEGORY_PART])


def test_of_many_sentences_those_that_tell_most_are_left_out_one_by_one_and_no_more(heard):
    said, leaver, _ = heard(
        " ".join(
            f"The {word} in our kitchen is broken."
            for word in ["tap", "sink", "oven", "light", "door", "bin", "pan", "cup", "jug", "pot", "lid"]
        )
    )
    shares = leaver.encoder(said.encoder, leaver.linear())
    weighed = np.flatnonzero(shares.any(axis=1))
    assert len(leaver.sentences) > MOST_LEFT_OUT >= len(weighed)
    telling = np.abs(leaver.linear()).sum(axis=1)
    assert telling[weighed].min() >= np.delete(telling, weighed).max()


def test_a_message_of_one_sentence_is_not_left_out(heard):
    said, leaver, _ = heard(SENTENCES[0])
    assert not leaver.encoder(said.encoder, leaver.linear()).any()
    assert read_by_encoder(said.parts) == SENTENCES[0]


def test_what_acts_by_itself_shows_its_sentences_too(classifier):
    verdict = classifier.classify(
        Text(channel="email", subject=None, text="Good morning. Nobody came on Tuesday as you had promised me.")
    )
    assert any(span.speaks_for == verdict.category for span in verdict.evidence)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello\n\nThe lift is stuck.\n\n\nNobody came. \n", ["Hello", "The lift is stuck.", "Nobody came."]),
        (
            'He said "go away." Then he left (at last!) and I wept.',
            ['He said "go away."', "Then he left (at last!)", "and I wept."],
        ),
        ("\n \n", []),
    ],
)
def test_sentences_hold_words_and_end_where_a_reader_ends_them(heard, text, sentences):
    said, leaver, _ = heard(text)
    doc = said.parts[0][0]
    assert [doc[one.first : one.end].text.strip() for one in leaver.sentences] == sentences


def long_sentence(words):
    return " ".join([words, *(f"and the {number}th of them also" for number in range(20))])


def test_a_long_sentence_of_which_no_word_pulls_is_shown_from_its_beginning(heard, encoder):
    """Where the encoder alone hears it, the strongest word is any word."""
    sentences = [long_sentence(words) for words in ("You said that somebody would come", "The lift is broken again")]
    said, _, model = heard(". ".join(sentences))
    silent = replace(model, heads=replace(model.heads, weights=np.zeros_like(model.heads.weights)))
    found = found_in(said, silent)
    # As though without either sentence the encoder were far less sure.
    loud = said.encoder + 100 * (np.arange(len(said.encoder)) == CATEGORIES.index(found.category)).astype(np.float32)
    spans = Witness(said.parts, said.bag, silent, encoder).spans(found, loud, closely=True)
    shown = [span.text for span in spans if span.speaks_for == found.category]
    assert shown
    assert all(len(text.split()) > LONGEST_SENTENCE // 2 for text in shown)
    assert all(any(sentence.startswith(text) for sentence in sentences) for text in shown)


@pytest.mark.parametrize(
    ("text", "words", "meaning"),
    [
        ("Dzień dobry, w mojej kuchni czuć gaz i bardzo się boję, proszę o pomoc", "czuć gaz", "smell gas"),
        ("There is a strong smell of gas in my kitchen.", "smell of gas", None),
    ],
)
def test_danger_words_of_another_language_are_shown_with_their_meaning(classifier, text, words, meaning):
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    (span,) = [one for one in verdict.evidence if one.speaks_for == "emergency" and words in one.text]
    assert span.meaning == meaning


def test_what_cannot_be_ruled_out_is_told_where_the_message_was_understood(classifier):
    def judged(text):
        return classifier.classify(Text(channel="email", subject=None, text=text))

    told = judged("The bins were not emptied again and my tap drips.")
    scores = [told.scores[one] for one in told.candidates]
    assert told.candidates and scores == sorted(scores, reverse=True)
    foreign = judged("Dzień dobry, w mojej kuchni cieknie kran i bardzo proszę o pomoc")
    assert (foreign.language, foreign.candidates) == ("pl", ())


def test_no_blank_is_shown_at_the_ends_of_what_is_shown(classifier):
    text = "Hello\n\nYou said on Tuesday that you would come.\n\nNobody came.\n\nThanks"
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    assert verdict.evidence
    assert all(span.text == span.text.strip() for span in verdict.evidence)


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_words_are_shown_for_a_flag_only_if_they_weigh_something(heard, encoder, share):
    said, _, model = heard("The lift is stuck. It has been raining a lot.")
    question = FLAG_PART.start + FLAGS.index(Flag.ABUSIVE)
    word = int(said.bag.feature_of[0])
    weights, scales = np.zeros_like(model.heads.weights), np.ones_like(model.heads.scales)
    weights[said.bag.features[word], question] = 100
    scales[question] = share * LIGHTEST_RUN / (100 * said.bag.values[word] / said.bag.counts[word])
    light = replace(model, heads=replace(model.heads, weights=weights, scales=scales))
    found = replace(findings(said.linear, frozenset(), model.calibration), also=(), flags=(Flag.ABUSIVE,))
    spans = Witness(said.parts, said.bag, light, encoder).spans(found, said.encoder, closely=False)
    assert ("abusive" in {span.speaks_for for span in spans}) is (share > 1)


def test_a_long_message_is_read_again_only_so_often_as_its_length_allows(heard, encoder):
    class Counting:
        pieces = encoder.pieces
        readings = 0

        def answer(self, text):
            self.readings += 1
            return encoder.answer(text)

    for words, least, most in ((500, 1, 1), (30, 2, 4)):
        said, _, model = heard(" ".join("The tap in the kitchen of our flat drips again." for _ in range(words // 10)))
        counting = Counting()
        leaver = Leaver(said.parts, said.bag, model, counting)
        leaver.encoder(said.encoder, leaver.linear())
        assert least <= counting.readings <= most


@pytest.mark.parametrize("edge", ["", " ", "\n", "\r\n", "\t", ".", " \u00a0\n"])
def test_no_words_from_both_sides_of_the_gap_in_a_long_letter_are_shown_as_one(classifier, edge):
    filler = "The hall is painted green. " * 700
    before, after = f"Nobody came and there is a strong smell of{edge}", f"{edge}gas, and nobody mends the boiler. "
    head, tail = filler[: HEAD - len(before)], (after + filler)[:TAIL]
    text = f"{head[:-2]}. {before}{filler}{tail}"
    assert text[HEAD - len(before) :].startswith(before)
    assert text[-TAIL:].startswith(after)
    verdict = classifier.classify(Text(channel="email", subject=None, text=text))
    assert verdict.evidence
    assert max(len(span.text) for span in verdict.evidence) < 1_000
    assert "emergency" not in verdict.flags


def test_two_blanks_after_a_stop_begin_no_sentence(heard):
    said, leaver, _ = heard("Hello.  The lift is stuck.   \n  Nobody came.")
    doc = said.parts[0][0]
    assert [doc[one.first].text for one in leaver.sentences] == ["Hello", "The", "Nobody"]
