"""Phrases are found where they stand, however the lines of a mail were broken."""

import pytest

from classifiers.components import MARKS, lay_out, reading_pipeline
from classifiers.verdict import Text


@pytest.fixture(scope="module")
def nlp():
    return reading_pipeline()


def found(nlp, text):
    doc = nlp(lay_out(nlp, Text(channel="email", subject=None, text=text))[0])
    return {(cue.speaks_for.value, doc[cue.first : cue.end].text) for cue in doc.user_data[MARKS].cues}


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("There is a strong smell of gas here.", "smell of gas"),
        ("There is a strong smell\nof gas here.", "smell\nof gas"),
        ("There\nis a strong smell of\ngas here.", "smell of\ngas"),
        ("smell\nof\ngas", "smell\nof\ngas"),
        ("A smell  of   gas.", "smell  of   gas"),
        ("A smell\tof gas.", "smell\tof gas"),
        ("A smell\r\nof gas.", "smell\r\nof gas"),
        ("A smell\u00a0of\u00a0gas.", "smell\u00a0of\u00a0gas"),
        ("  A smell\n    of gas.", "smell\n    of gas"),
        ("A smell \n\tof gas.", "smell \n\tof gas"),
    ],
)
def test_white_space_of_any_kind_within_a_phrase_is_a_blank(nlp, text, cue):
    assert ("emergency", cue) in found(nlp, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n\n",
        "It is the smell\n\nof gas bills that I mind.",
        "smell of\n\n\ngas",
        "smell of\r\n\r\ngas",
        "smell of\n  \n gas",
    ],
)
def test_a_new_paragraph_is_no_blank(nlp, text):
    assert found(nlp, text) == set()


def test_contracted_words_are_taken_apart_after_a_line_end_too(nlp):
    assert ("emergency", "n't\nbreathing") in found(nlp, "Come now.\nShe isn't\nbreathing")
