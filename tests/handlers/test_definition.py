"""The draft definition: the resident's own words as numbered points, what they ask for, and who answers (Code 5.6, 5.7)."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.definition import ASK_ALL, ASK_OUTCOME, NO_WORDS, Definition, Point, draft
from handlers.matters import LONGEST_POINT, MORE, MOST_POINTS
from handlers.redaction import LEFT_OUT, is_abusive
from handlers.requests import LONGEST_OUTCOME, MOST_OUTCOMES
from tests.handlers.landlords import northmere

LANDLORD = northmere()
LETTER = """Dear Housing Team,

I reported the leak under my bath on 3 March and a man came and said that he needed a part.
Nobody came back. I rang in April and was told that there is no booking.

Also, the rent statement says that I have a garage and I have never had one. Can you take that off?

I would like somebody to ring me and say what happens next.

Kind regards,
Joan Attwater
14 Elm Road
Northmere
NM1 2AB
Tel: 07700 900123
"""
PHRASES = st.sampled_from(
    (
        *(
            "Hello,",
            "Dear Sir or Madam",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "please fix it",
            "Kind regards",
            "Jo Nobody",
            "Tel: 07700 900123",
            "you idiot",
        ),
        *(
            "www.example.com/a",
            "http://x.y",
            "jo@example.org",
            "14 Elm Road",
            "Flat 3",
            "NM1 2AB",
            "\u202e",
            "\x00",
            "\u200d",
            "\ud800",
            "fuck",
            "!?",
        ),
        *(
            "council tax",
            "Also",
            "I want",
            "can you",
            "the leak came back.",
            "e.g.",
            "[link]",
            "{{ x }}",
            "<b>",
            "0" * 40,
            "a" * 700,
            "@",
            "://",
        ),
    )
)
ANY_TEXT = st.one_of(st.text(max_size=3000), st.lists(st.one_of(PHRASES, st.text(max_size=20)), max_size=80).map(" ".join))


def drafted(text: str, subject: str = "") -> Definition:
    return draft(text, subject, LANDLORD)


def points(text: str, subject: str = "") -> list[str]:
    return [point.words for point in drafted(text, subject).points]


def test_a_letter_becomes_its_matters_in_the_residents_words():
    definition = drafted(LETTER, "Leak and rent")
    assert [point.words for point in definition.points] == [
        (
            "I reported the leak under my bath on 3 March and a man came and said that he needed a part. Nobody came back. "
            "I rang in April and was told that there is no booking."
        ),
        "Also, the rent statement says that I have a garage and I have never had one.",
    ]
    assert definition.outcomes == ("Can you take that off?", "I would like somebody to ring me and say what happens next.")
    assert definition.question is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi\nthe lift is stuck again and nobody answers\nThanks\nDave", ["the lift is stuck again and nobody answers"]),
        ("Hello, the damp is back.", ["the damp is back."]),
        (
            "To Housing Options,\n\nNobody can find my papers anywhere in your office.",
            ["Nobody can find my papers anywhere in your office."],
        ),
        (
            "The tap drips, still, after six weeks of it.\n\nYours faithfully\nMrs P. Singh (tenant)",
            ["The tap drips, still, after six weeks of it."],
        ),
        (
            "My name is Ann Example.\nThe window will not shut and I told you so in May.",
            ["The window will not shut and I told you so in May."],
        ),
        ("i dnt rite good. they sed tusday. they dint cum", ["i dnt rite good. they sed tusday. they dint cum"]),
        (
            "Name: Ann\nEmail: a@b.example\nNobody has fixed the door in all this time, it is a joke.",
            ["Nobody has fixed the door in all this time, it is a joke."],
        ),
    ],
)
def test_greetings_names_and_address_lines_are_left_out(text, expected):
    assert points(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1. The lift has been out for two weeks\n2. The bins have not been emptied\n3. My officer never answers", 3),
        ("- no heating since Monday\n- no hot water\n- nobody rings back", 3),
        ("The lift has been out since Monday and nobody says why it is. Secondly, the bins have not been emptied.", 2),
        ("The lift has been out since Monday and nobody says why. It is the third time this year. I walk nine floors.", 1),
        ("I have three issues:\n1. the lift\n2. the bins\n3. the noise from the plant room at night", 3),
    ],
)
def test_matters_are_numbered_apart(text, count):
    assert len(points(text)) == count


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("The roof leaks. Please send somebody.", "Please send somebody."),
        ("I want it mended and my losses paid.", "I want it mended and my losses paid."),
        ("It has been weeks, can you tell me when they come?", "can you tell me when they come?"),
        ("The wall is wet. I'd like a date.", "I'd like a date."),
        ("Nobody came. Could the visit be done again?", "Could the visit be done again?"),
        ("It is £31,000!! sort it out", "sort it out"),
        ("I would ask that somebody looks at it.", "I would ask that somebody looks at it."),
        ("Send someone round please", "Send someone round please"),
        ("I’m asking you to move us.", "I’m asking you to move us."),
    ],
)
def test_what_is_asked_for_is_an_outcome_in_the_residents_words(words, outcome):
    assert drafted(words).outcomes == (outcome,)


@pytest.mark.parametrize(
    "words",
    [
        "I want to make a complaint about the lift.",
        "I would like to complain about your contractor.",
        "Please find attached my photos. The wall is black.",
        "Can you believe that nobody came?",
        "I need to use the lift and it is broken again.",
        "The lift is broken and nobody came.",
        "Please note that I have told you three times.",
    ],
)
def test_where_nothing_is_asked_for_we_ask(words):
    definition = drafted(words)
    assert definition.outcomes == ()
    assert definition.question == ASK_OUTCOME


@pytest.mark.parametrize(
    ("words", "responsibility", "who"),
    [
        ("Nobody came to mend my boiler.", "ours", None),
        ("Your officer was rude to me.", "ours", None),
        ("My council tax bill is wrong again.", "not_ours", "Council Tax"),
        ("I got two parking tickets outside the school.", "not_ours", "Street Parking"),
        ("The traffic warden tickets us on our own estate.", "being_clarified", "Street Parking"),
        ("You stopped my housing benefit so the rent is late.", "being_clarified", "Benefits"),
        ("The water company says that the pipe is yours.", "being_clarified", None),
        ("The pcntool is broken.", "ours", None),
    ],
)
def test_each_point_says_who_answers_for_it(words, responsibility, who):
    (point,) = drafted(words).points
    assert (point.responsibility, point.who) == (responsibility, who)


def test_responsibility_is_judged_point_by_point():
    found = drafted(
        "The lift in our block has been out for two weeks and nobody came.\n\nAlso I was sent a penalty charge notice for parking on the street."
    )
    assert [point.responsibility for point in found.points] == ["ours", "not_ours"]


@pytest.mark.parametrize(
    ("text", "subject", "words", "question"),
    [
        ("", "Leak in the kitchen", "Leak in the kitchen", ASK_OUTCOME),
        ("", "RE: Fwd: Leak in the kitchen", "Leak in the kitchen", ASK_OUTCOME),
        ("", "", NO_WORDS, ASK_ALL),
        ("Hello\n\nKind regards\nJo", "", NO_WORDS, ASK_ALL),
        ("👍", "!!!", NO_WORDS, ASK_ALL),
        ("You are all idiots.", "", f"{NO_WORDS} {LEFT_OUT}", ASK_ALL),
        ("You are all idiots.", "you idiots", f"{NO_WORDS} {LEFT_OUT}", ASK_ALL),
        ("still nobody", "No heating", "No heating: still nobody", ASK_OUTCOME),
    ],
)
def test_there_is_always_a_point_and_a_question_where_nothing_was_said(text, subject, words, question):
    definition = drafted(text, subject)
    assert [point.words for point in definition.points] == [words]
    assert definition.question == question


def test_abuse_is_left_out_and_said_to_be():
    found = points(
        "Your plumber never came on Monday. You are fucking useless idiots. And a bastard too. The tap still drips all night."
    )
    assert found == [f"Your plumber never came on Monday. {LEFT_OUT} The tap still drips all night."]


def test_who_swears_while_saying_what_is_wrong_is_still_heard():
    found = points("the fucking boiler is off, it has been off for three weeks and nobody came and I have a baby")
    assert found == [f"{LEFT_OUT} it has been off for three weeks and nobody came and I have a baby"]


def test_a_threat_is_left_out_whole():
    assert points("The lift is off again and nobody came to it. I will smash him and burn the place.") == [
        f"The lift is off again and nobody came to it. {LEFT_OUT}",
    ]


def test_a_long_letter_loses_nothing_it_need_not_lose():
    sentences = [f"On day {number} I rang and nobody could say when." for number in range(45)]
    found = points(" ".join(sentences))
    assert " ".join(found) == " ".join(sentences)
    assert 2 <= len(found) <= MOST_POINTS


def test_a_letter_that_is_too_long_says_that_there_is_more():
    found = points("The wall is wet and black and nobody came. " * 2000)
    assert len(found) == MOST_POINTS
    assert found[-1].endswith(MORE)
    assert not any(MORE in words for words in found[:-1])


def test_a_definition_needs_a_point_and_an_outcome_or_a_question():
    point = Point(words="The lift.", responsibility="ours")
    with pytest.raises(ValueError, match="at least one point"):
        Definition(points=(), outcomes=("x",))
    with pytest.raises(ValueError, match="at least one point"):
        Definition(points=(point,), outcomes=())
    assert Definition(points=(point,), outcomes=(), question="?").question == "?"


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT, subject=st.text(max_size=120))
@example(text="@" * 8000, subject="")
@example(text="a.b." * 2000, subject="")
@example(text="0 (0" * 2000, subject="")
@example(text="- a\n" * 2000, subject="")
@example(text="please " * 1200, subject="")
@example(text=" \n" * 4000, subject=" ")
@example(text="\n".join(["Kind regards"] * 600), subject="")
def test_any_text_makes_a_definition_that_is_fit_to_send(text, subject):
    definition = drafted(text, subject)
    assert definition == drafted(text, subject)
    assert 1 <= len(definition.points) <= MOST_POINTS
    assert len(definition.outcomes) <= MOST_OUTCOMES
    assert definition.outcomes or definition.question
    for words in (*(point.words for point in definition.points), *definition.outcomes):
        assert 0 < len(words.strip()) <= LONGEST_POINT
        assert words.isprintable()
        assert not is_abusive(words)
        assert not re.search(r"\w@\w+\.\w|://|(?<![\w.+-])www\.\w", words, re.IGNORECASE)
        assert not re.search(r"(?<!\d)\d{9}", words)
    assert all(len(outcome) <= LONGEST_OUTCOME for outcome in definition.outcomes)
