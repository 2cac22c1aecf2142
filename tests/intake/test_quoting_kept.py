"""Words that look like something old and are new stay; losing them is worse than keeping an old line."""

from __future__ import annotations

import pytest

from intake import header_lines
from intake.quoting import new_words

BROKEN = "The lift is broken again today."


@pytest.mark.parametrize(
    "text",
    [
        "I write about my home.\n>From Monday on there is no heating at all in the flat.\nPlease help us soon.",
        "Nothing works here at all.\n\n>From Monday on we have no water.",
        ">From the first day it was damp.\nPlease help us soon.",
        f"{BROKEN}\n\nFrom: Ann Smith, 4 High Road\nTo: The Housing Office\nDate: 4 March\nSubject: Damp\n\nThe damp is back.",
    ],
)
def test_all_of_it_is_new(text):
    assert new_words(text) == text


@pytest.mark.parametrize(
    "postscript",
    [
        "PS the lift alarm is broken too, please hurry, my mother fell last night",
        "P.S. And the bins.",
        "I nearly forgot to say that the door to the bin store is broken as well.",
    ],
)
def test_what_is_said_below_a_signature_stays_and_the_signature_goes(postscript):
    assert new_words(f"{BROKEN}\n-- \nJane\n020 7946 0000\n\n{postscript}") == f"{BROKEN}\n\n{postscript}"


@pytest.mark.parametrize(
    "below",
    [
        "Jane Smith\n12 High Road\n020 7946 0000",
        "Jane Smith\n\nOpen Monday to Friday from nine until five in the afternoon.",
        "Jane\n\nWe are proud of our town, and you find us at www.smith.example every single day.",
        "Jane\n\nProud member of the Institute",
        "PS",
    ],
)
def test_a_signature_goes_whole(below):
    assert new_words(f"{BROKEN}\n-- \n{below}") == BROKEN


QUOTED = "On Monday, H <h@council.example> wrote:\n> We will come.\n>From here on it is quoted.\n> Yours"


def test_an_escaped_line_within_a_quotation_is_quoted():
    assert new_words(f"Nobody came on Tuesday again.\n\n{QUOTED}") == "Nobody came on Tuesday again."


@pytest.mark.parametrize("word", sorted(header_lines._KINDS))
def test_every_word_that_is_listed_is_found(word):
    assert header_lines.kind_of(f"{word}: x") or header_lines.kind_of(f"{word.upper()}: x")


BLOCKS = {
    "Romanian": ("De la", "Trimis", "Către", "Subiect"),
    "Urdu": ("منجانب", "تاریخ", "بنام", "موضوع"),
    "Bengali": ("প্রেরক", "তারিখ", "প্রতি", "বিষয়"),
    "Hindi": ("प्रेषक", "भेजा गया", "प्रति", "विषय"),
    "Somali": ("Ka", "Taariikh", "Ku", "Mawduuca"),
    "Greek": ("Από", "Ημερομηνία", "Προς", "Θέμα"),
    "English": ("From", "Sent", "To", "Subject"),
}


@pytest.mark.parametrize("language", BLOCKS)
@pytest.mark.parametrize("who", ["Housing <h@council.example>", "Housing Team"])
def test_what_stands_below_a_header_block_is_old_in_every_language(language, who):
    sender, date, to, subject = BLOCKS[language]
    block = f"{sender}: {who}\n{date}: 2 Nov 2026 09:12\n{to}: Ann\n{subject}: Damp"
    assert new_words(f"Nobody came on Tuesday again.\n\n{block}\n\nWe will come on Tuesday.") == "Nobody came on Tuesday again."
