"""The words shown for a verdict are the words that drove it."""

import pytest

from classifiers.verdict import Text


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
