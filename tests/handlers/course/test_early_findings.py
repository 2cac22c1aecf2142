"""Points that can be answered before the rest are told in the letter that asks for more time (policy 4.3.5)."""

import json
from datetime import date

import pytest
from answering_house import REASON, SORRY, defined, drafted, said, save, staffed
from timing import letter, one, owed, rows

from handlers.barring import bar
from handlers.case_acts import Refused
from handlers.course.extending import Later, approve, extend
from handlers.course.remedies import offer_remedy
from handlers.defining import save as save_definition
from handlers.definition import Definition, Point
from store.course_models import Extension
from store.models import Case, CaseEvent
from store.seal_check import broken_seals

NEW, BEYOND = date(2026, 12, 14), date(2026, 12, 29)
HALF = {1: said("partly"), 2: said(finding="")}


@pytest.fixture
def house(house_of):
    return staffed(house_of())


def later(*points, **more):
    return Later(**({"new_on": NEW, "reason": "We wait for the report.", "every_days": 7, "points": points} | more))


def test_a_point_that_is_answered_in_the_draft_is_told_with_its_finding_and_reasons(house):
    case = defined(house)
    save(house, case, what=drafted(said=HALF))
    extend(house.course, case.id, "olive", later(1, can_say="The rest needs the report."))
    row = letter(house, case, "extension_notice")
    for words in (
        "The rest needs the report.",
        "Point 1: The lift has been broken for three weeks.",
        "We agree with part of this (partly upheld).",
        REASON,
        "What we went by: Our lifts policy, part 4",
    ):
        assert words in row.text
        assert words in row.html
    assert "Point 2:" not in row.text
    assert "We cannot answer any part of it yet" not in row.text
    kept = one(house, Extension).findings
    assert [(point["number"], point["finding"]) for point in kept] == [(1, "partly")]
    event = json.loads(rows(house, CaseEvent, case_id=case.id, kind="extended")[0].details)
    assert event["found"] == {"1": "partly"}
    with house.store.glance() as glance:
        assert list(broken_seals(glance)) == []


@pytest.mark.parametrize(("points", "told"), [((2,), "Point 2:"), ((1, 2), "Point 2:"), ((9,), "Point 9:")])
def test_a_point_to_which_the_draft_does_not_say_all_is_not_told(house, points, told):
    case = defined(house)
    save(house, case, what=drafted(said=HALF))
    with pytest.raises(Refused, match=f"{told} the draft of the answer does not say all yet") as refused:
        extend(house.course, case.id, "olive", later(*points))
    assert (refused.value.field, rows(house, Extension)) == ("points", [])
    assert owed(house, case, "respond_1") is not None


def test_a_point_whose_words_changed_since_the_draft_is_not_told(house):
    case = defined(house)
    save(house, case)
    anew = Definition(points=(Point(words="The lift still stands.", responsibility="ours"),), outcomes=("Mend it",))
    save_definition(house.acts, case.id, "ben", one(house, Case, id=case.id).definition_version, anew, why="her words")
    with pytest.raises(Refused, match="does not say all yet"):
        extend(house.course, case.id, "olive", later(1))


def test_nothing_is_found_by_somebody_with_an_interest_or_named_in_it(house):
    case = defined(house)
    save(house, case, what=drafted(declared="the engineer is my brother"))
    with pytest.raises(Refused, match="You declared an interest"):
        extend(house.course, case.id, "olive", later(1))
    save(house, case, "ben", version=1)
    bar(house.acts, case.id, "mona", "ben", "the complaint is about him")
    with pytest.raises(Refused, match="Ben wrote this and must not handle the case"):
        extend(house.course, case.id, "olive", later(1))


def test_beyond_the_limit_the_letter_tells_what_the_draft_said_when_it_was_asked_for(house):
    case = defined(house)
    save(house, case)
    offer_remedy(house.course, case.id, "olive", SORRY)
    extend(house.course, case.id, "olive", later(2, new_on=BEYOND, second_reason="The part comes from abroad."))
    save(house, case, what=drafted(said={1: said(), 2: said("not", "We told you on 3 November.")}), version=1)
    approve(house.course, case.id, "mona", one(house, Extension).id)
    text = letter(house, case, "extension_notice").text
    assert "Point 2: Nobody tells us anything.\n\nWe agree with you about this (upheld)." in text
    assert "We told you on 3 November." not in text


def test_without_a_point_the_letter_says_that_nothing_can_be_answered_yet(house):
    case = defined(house)
    extend(house.course, case.id, "olive", later())
    assert "We cannot answer any part of it yet." in letter(house, case, "extension_notice").text
    assert one(house, Extension).findings is None
