"""The acknowledgement of a complaint: its twelve parts in order, and the resident's words in it (law-since-2024 section 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classifiers.taxonomy import Flag
from handlers.definition import Definition, Point, draft
from handlers.letter_kinds import KINDS
from handlers.letters import Draft, LetterBook
from tests.handlers.landlords import northmere
from tests.handlers.letter_cases import COMPLAINT, MIXED, PLAIN

TWELVE_PARTS = (
    "We are looking into your complaint (stage 1)",
    "Your reference: NMH-26-4F7K2P-9D",
    "We got your message on: Tuesday 22 December 2026",
    "Date of this letter: Tuesday 22 December 2026",
    "Thank you for telling us about this. We are sorry",
    "The Northmere Homes Complaints Team is dealing with your complaint",
    "01632 960101",
    "1. The leak under my sink has been there since March.",
    "- Please send a plumber.",
    "Points 1 and 4: we are responsible.",
    "Point 2: we think that Street Parking is responsible, and not our housing service.",
    "01632 960202",
    "Point 3: we are finding out if this is for us or for Council Tax.",
    "please reply and tell us. It helps us most to hear from you by Thursday 31 December 2026.",
    "The date of our answer stays the same.",
    "They may phone you",
    "We will send you our full answer by Friday 8 January 2027.",
    "The new date should not be later than Friday 22 January 2027.",
    "Repairs and other work go on",
    "large print, braille",
    "Somebody else can speak for you",
    "About points 1 and 3:",
    "Housing Ombudsman Service",
    "About points 2, 3 and 4:",
    "Local Government and Social Care Ombudsman",
    "If it is urgent",
    "Your privacy",
    "Information Commissioner",
)


@pytest.fixture(scope="module")
def book() -> LetterBook:
    return LetterBook(northmere())


def acknowledged(book: LetterBook, **changes: object) -> Draft:
    return book.draft("complaint_acknowledged", replace(COMPLAINT, **changes))  # type: ignore[arg-type]


def test_the_twelve_parts_stand_in_their_order(book):
    text = acknowledged(book, definition=MIXED).text
    at = 0
    for part in TWELVE_PARTS:
        assert part in text[at:], part
        at = text.index(part, at)


def test_no_answer_about_outcomes_makes_a_question(book):
    text = acknowledged(book, definition=PLAIN).text
    assert "What would you like us to do to put this right? Please reply and tell us." in text
    assert "What would you like us to do to put it right? Please reply." in acknowledged(book, definition=PLAIN).short


def test_where_words_may_not_be_repeated_none_of_them_is(book):
    made = acknowledged(book, definition=MIXED, repeat_words=False)
    for point in MIXED.points:
        for words in (made.subject, made.text, made.html, made.short):
            assert point.words not in words
            assert not any(outcome in words for outcome in MIXED.outcomes)
    assert "1. What you wrote to us on Tuesday 22 December 2026." in made.text
    assert "These are your own words" not in made.text
    assert "Point 1: we are finding out if this is for us." in made.text


def test_no_letter_that_a_message_brings_repeats_a_word_but_the_acknowledgement(book):
    for kind in set(book.kinds) - {"complaint_acknowledged", "out_of_scope_signposted", *KINDS}:
        told = {
            "page": "https://x.example",
            "officer": "Olive",
            "subject": "A matter",
            "words": "An officer's own.",
            "former": "LBL-26-1",
        }
        made = book.draft(kind, replace(COMPLAINT, definition=MIXED, look_by=date(2026, 12, 23), **told))
        assert "leak under my sink" not in made.text + made.html + made.short + made.subject


def test_words_cannot_become_a_page_or_a_template(book):
    said = "<script>alert(1)</script> <b>x</b> {{ landlord.name }} {% raw %} & \"quoted\" 'and' \x00"
    definition = Definition(points=(Point(words=said, responsibility="ours"),), outcomes=("<img src=x>",))
    made = acknowledged(book, definition=definition)
    assert "<script" not in made.html
    assert "<img" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html
    assert "{{ landlord.name }} {% raw %}" in made.html
    assert "{{ landlord.name }} {% raw %}" in made.text


def test_a_drafted_definition_goes_through_whole(book):
    text = "Nobody came on Tuesday.\n\nAlso my council tax bill is wrong.\n\nPlease send somebody to fix the tap. Ring 07700 900123."
    made = acknowledged(book, definition=draft(text, "Tap", northmere()))
    assert "1. Nobody came on Tuesday." in made.text
    assert "- Please send somebody to fix the tap." in made.text
    assert "07700" not in made.text + made.html


def test_all_points_for_the_housing_ombudsman_name_only_that_one(book):
    text = acknowledged(book, definition=PLAIN).text
    assert "About us as your landlord:" in text
    assert "Local Government" not in text


@pytest.mark.parametrize(
    ("points", "housing", "council"),
    [
        (["My homeless application was lost."], "About us as your landlord:", "About point 1:"),
        (["Nobody mends the boiler."], "About us as your landlord:", None),
        (["We are in temporary accommodation and the bathroom has no lock."], "About point 1:", "About point 1:"),
        (["I joined the housing register in May.", "I sent my papers again."], "About point 2:", "About points 1 and 2:"),
        (["I joined the housing register in May.", "The lift is broken."], "About point 2:", "About point 1:"),
    ],
)
def test_each_point_is_sent_to_the_right_ombudsman_and_in_doubt_to_both(book, points, housing, council):
    definition = Definition(points=tuple(Point(words=words, responsibility="ours") for words in points), outcomes=("x",))
    text = acknowledged(book, definition=definition).text
    assert f"{housing}\n\nHousing Ombudsman Service" in text
    assert (f"{council}\n\nLocal Government" in text) is (council is not None)


def test_an_office_says_itself_what_it_is_about():
    landlord = northmere()
    own = LetterBook(
        replace(landlord, housing_ombudsman=replace(landlord.housing_ombudsman, about="your home and its repairs"))
    )
    assert "About your home and its repairs:" in own.draft("complaint_acknowledged", COMPLAINT).text


def test_danger_comes_before_all_else_and_only_once(book):
    for flags in ((Flag.EMERGENCY,), (Flag.EMERGENCY, Flag.SAFEGUARDING)):
        text = acknowledged(book, flags=flags).text
        assert text.index("Please phone now if anyone is in danger") < text.index("Thank you for telling us")
        assert text.count("If anyone is in danger, call 999.") == 1
        assert "If it is urgent" not in text


def test_somebody_at_risk_is_given_ways_that_give_nothing_away(book):
    text = acknowledged(book, flags=(Flag.SAFEGUARDING,)).text
    assert "116 123" in text
    assert "press 55" in text
    assert not any(word in text.lower() for word in ("abuse", "safeguarding", "suicide", "violence"))


def test_building_safety_names_the_regulator_just_when_flagged(book):
    assert "0300 790 6787" in acknowledged(book, flags=(Flag.BUILDING_SAFETY,)).text
    assert "Building Safety Regulator" not in acknowledged(book).text


def test_who_asks_for_stage_two_hears_that_a_person_will_check(book):
    assert "If so, we will move it to stage 2 and tell you." in acknowledged(book, flags=(Flag.STAGE2,)).text
    assert "If so, we will move it to stage 2" not in acknowledged(book).text


def test_written_on_the_last_day_no_day_that_is_over_is_named_for_corrections(book):
    text = acknowledged(book, written_on=date(2026, 12, 31)).text
    assert "It helps us most to hear from you by" not in text
    assert "You can tell us at any time until we answer." in text
