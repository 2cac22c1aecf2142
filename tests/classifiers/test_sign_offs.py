"""The block under a letter: names, numbers and addresses go unread by both halves, and no word of the letter goes with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.examples import read_corpus
from classifiers.sign_offs import contact_block
from classifiers.training import CORPUS
from classifiers.verdict import Text

LETTER = "Nobody has answered my three letters about the lift."
BLOCKS = [
    "Many thanks,\nA. Resident\n14 Example House\n07700 900123",
    "Kind regards\nColin Abbott\n3 Fennimore Close",
    "Yours faithfully,\n\nMrs J. O'Neill\nFlat 9, Larch Lodge\nSE6 4RU\ntel 020 7946 0123",
    "Best wishes\nDr Priya Patel\nSenior Lecturer | University of Somewhere\nwww.example.org | priya@example.org",
    "--\nSam\nsam@example.org",
    "A. Resident\n14 Example House\n07700 900123",
    "12 Mill Lane\nLondon SE12 3XY",
]
LETTERS = [
    LETTER,
    f"{LETTER}\n\nMany thanks,\nAnn",
    f"{LETTER}\n\nKind regards,\nColin Abbott\n3 Fennimore Close\n\nPS. The tap drips too.",
    f"{LETTER}\nThe flats are\n14 Example House\n16 Example House\nand mine.",
    f"{LETTER}\nPlease ring 07700 900123.",
    "14 Example House\n07700 900123",
    "Gas leak!\n14 Example House\n07700 900123",
    f"Thanks,\n{LETTER}",
    f"{LETTER}\nThanks,\nAnn\n07700 900123\nps theres a strange smell in the hall",
    f"{LETTER}\nThanks,\nAnn\nwater coming in call me 07700 900123",
    f"{LETTER}\n14 Example House\nwater pouring in call me 07700 900123",
    f"{LETTER}\nThanks,\nAnn\n07700 900123\nPLEASE COME NOW",
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n \n"])
def test_a_block_that_says_how_to_reach_the_writer_begins_where_the_letter_ends(block, between):
    told = f"{LETTER}{between}{block}\n"
    assert told[: contact_block(told)].rstrip() == LETTER


@pytest.mark.parametrize("letter", LETTERS)
def test_words_of_a_letter_are_no_block(letter):
    assert contact_block(letter) == len(letter)


@given(st.text(max_size=400))
def test_of_any_text_at_least_three_words_stay_or_all_of_it(text):
    end = contact_block(text)
    assert 0 <= end <= len(text)
    assert end == len(text) or len(text[:end].split()) >= 3


@pytest.mark.parametrize(
    "line", ["\n", "flat 1 " + "a" * 70 + "!\n", "A" * 79 + "!\n", "1 " + "a " * 38 + "\n", "12 34 " * 12 + "\n"]
)
def test_a_flood_of_short_lines_is_looked_through_once(line):
    told = LETTER + "\n" + line * (20_000 // len(line))
    assert contact_block(told) <= len(told)


@pytest.mark.parametrize("block", BLOCKS[:6])
def test_what_a_letter_is_does_not_hang_on_the_block_under_it(classifier, block):
    plain = classifier.classify(Text(channel="email", subject="The lift", text=LETTER))
    signed = classifier.classify(Text(channel="email", subject="The lift", text=f"{LETTER}\n\n{block}"))
    assert (signed.category, signed.also, signed.flags, signed.scores) == (
        plain.category,
        plain.also,
        plain.flags,
        plain.scores,
    )
    assert all(span.end <= len(LETTER) for span in signed.evidence)


@pytest.mark.parametrize("words", ["Gas Leak", "gas leak", "Smell Of Gas"])
def test_danger_under_a_name_is_read(classifier, words):
    told = f"{LETTER}\n\nThanks,\nAnn Lee\n07700 900123\n{words}"
    assert "emergency" in classifier.classify(Text(channel="email", subject=None, text=told)).flags


def test_an_address_under_a_letter_still_says_whose_home_it_is(classifier):
    letter = "The tap in the kitchen drips, who do I ring about it?"
    plain, theirs = (
        classifier.classify(Text(channel="email", subject=None, text=letter + below))
        for below in ("", "\n\nKind regards,\nAnn Lee\nFlat 4, Peabody Trust\n07700 900123")
    )
    assert theirs.scores != plain.scores


def test_of_the_corpus_hardly_a_message_has_one():
    found = [one.id for one in read_corpus(CORPUS) if contact_block(one.text.text) < len(one.text.text)]
    assert 5 < len(found) < 60
