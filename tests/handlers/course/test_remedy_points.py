"""A remedy names the points that it puts right; no answer goes while a point that went wrong has none (Code 7.1, 6.20, 5.8)."""

import json

import pytest
from answering_house import SORRY, TWO, answer_of, defined, drafted, issue, ready, said, save, staffed
from sqlalchemy import update
from timing import kinds, letter, letters_leave, one, rows

from handlers.case_acts import Refused
from handlers.course.contributors import ask, sign
from handlers.course.remedies import Offer, offer_remedy, point_remedy, withdraw_remedy
from handlers.defining import save as save_definition
from handlers.definition import Definition, Point
from houses import NOON
from store.course_models import Answer, Extension, Remedy
from store.models import Case, CaseEvent
from store.rows import columns, core
from store.seal_check import broken_seals

MONEY = {"kind": "money", "what": "For the stairs.", "impact": "three weeks of stairs", "pence": 5_000}


@pytest.fixture
def house(house_of):
    return staffed(house_of())


def sorry_for(*points):
    return Offer(kind="apology", what="We are sorry.", impact="she walked", points=points)


def written(house):
    case = defined(house)
    save(house, case)
    return case


def last(house, case, kind):
    return rows(house, CaseEvent, case_id=case.id, kind=kind)[-1]


def test_each_point_that_went_wrong_needs_a_remedy_and_the_refusal_names_the_one_without(house):
    case = written(house)
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    with pytest.raises(Refused, match="Point 2: something went wrong, so say what puts it right"):
        issue(house, case)
    assert answer_of(house, case).issued_at is None
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, points=(2,)))
    issue(house, case)
    text = letter(house, case, "complaint_answered").text
    assert "- An apology, for point 1: We are sorry." in text
    assert "- Money, £50, for point 2: For the stairs." in text


def test_a_remedy_that_names_no_point_is_for_all_of_them(house):
    case = written(house)
    offer_remedy(house.course, case.id, "olive", SORRY)
    issue(house, case)
    assert "An apology: We are sorry that you had to walk." in letter(house, case, "complaint_answered").text


def test_a_point_that_went_right_needs_no_remedy(house):
    case = defined(house)
    save(house, case, what=drafted(said={1: said("partly"), 2: said("not")}))
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    issue(house, case)
    assert "An apology, for point 1: We are sorry." in letter(house, case, "complaint_answered").text


def test_remedies_stand_in_the_letter_in_the_order_of_their_points_those_for_all_first(house):
    case = written(house)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, points=(2,)))
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    offer_remedy(house.course, case.id, "olive", Offer(kind="explanation", what="We explain it.", impact="she asked"))
    issue(house, case)
    row = letter(house, case, "complaint_answered")
    for words in (row.text, row.html):
        places = [words.index(said) for said in ("We explain it.", ", for point 1:", ", for point 2:")]
        assert places == sorted(places)


@pytest.mark.parametrize("points", [(3,), (0,), (1, 7)])
def test_a_remedy_is_for_points_that_the_complaint_has(house, points):
    case = defined(house)
    with pytest.raises(Refused, match="points that the complaint has") as refused:
        offer_remedy(house.course, case.id, "olive", sorry_for(*points))
    assert (refused.value.field, rows(house, Remedy)) == ("points", [])


def test_a_remedy_follows_its_point_when_the_definition_is_put_in_another_order(house):
    case = defined(house)
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    turned = Definition(points=TWO.points[::-1], outcomes=TWO.outcomes)
    save_definition(house.acts, case.id, "ben", one(house, Case, id=case.id).definition_version, turned, why="her order")
    save(house, case)
    with pytest.raises(Refused, match="Point 1: something went wrong"):
        issue(house, case)
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY, points=(1,)))
    issue(house, case)
    assert "An apology, for point 2: We are sorry." in letter(house, case, "complaint_answered").text


def test_a_remedy_whose_point_is_gone_holds_the_answer_up_until_somebody_says_what_it_is_for(house):
    case = defined(house)
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    offer_remedy(house.course, case.id, "olive", Offer(**MONEY))
    anew = Definition(
        points=(Point(words="The lift still stands.", responsibility="ours"), TWO.points[1]), outcomes=("Mend it",)
    )
    save_definition(house.acts, case.id, "ben", one(house, Case, id=case.id).definition_version, anew, why="her words")
    save(house, case)
    with pytest.raises(Refused, match="not in the definition any more: say which it is for: We are sorry"):
        issue(house, case)
    remedy = rows(house, Remedy)[0]
    point_remedy(house.course, case.id, "ben", remedy.id, (1,))
    event = last(house, case, "remedy_pointed")
    assert (event.by, json.loads(event.details)["points"]) == ("ben", [1])
    issue(house, case)
    assert "An apology, for point 1" in letter(house, case, "complaint_answered").text


def test_what_an_answer_said_of_a_remedy_is_not_said_anew(house):
    case = ready(house)
    (remedy,) = rows(house, Remedy)
    with pytest.raises(Refused, match="Nothing was changed"):
        point_remedy(house.course, case.id, "olive", remedy.id, ())
    issue(house, case)
    with pytest.raises(Refused, match="An answer said already"):
        point_remedy(house.course, case.id, "olive", remedy.id, (1,))
    with pytest.raises(Refused, match="a person must"):
        point_remedy(house.course, case.id, "sweep", remedy.id, (1,))


def test_a_withdrawn_remedy_puts_nothing_right(house):
    case = ready(house)
    withdraw_remedy(house.course, case.id, "olive", rows(house, Remedy)[0].id, "a mistake")
    with pytest.raises(Refused, match="Points 1 and 2: something went wrong"):
        issue(house, case)


# --- colleagues' parts, and what the record says of fairness ---


def test_no_answer_goes_while_a_colleagues_part_is_not_signed_unless_somebody_says_why(house):
    case = ready(house)
    ask(house.course, case.id, "olive", username="ben", part="The lift engineer's log", on=NOON.date())
    for why in ("", " \n"):
        with pytest.raises(Refused, match="Ben did not sign their part yet") as refused:
            issue(house, case, without=why)
        assert refused.value.field == "without"
    assert answer_of(house, case).issued_at is None
    issue(house, case, without="He fell ill, and the log is before me")
    event = last(house, case, "part_left_out")
    assert (event.by, event.why) == ("olive", "He fell ill, and the log is before me")
    assert json.loads(event.details)["parts"] == [{"who": "ben", "part": "The lift engineer's log"}]


def test_a_part_that_is_signed_holds_nothing_up_and_leaves_no_word_of_a_part_left_out(house):
    case = ready(house)
    ask(house.course, case.id, "olive", username="ben", part="The log", on=NOON.date())
    from store.course_models import Contributor

    sign(house.course, case.id, "ben", number=one(house, Contributor).id, words="The log is as I read it")
    issue(house, case)
    assert "part_left_out" not in kinds(house, case)


def test_the_record_says_what_was_declared_looked_at_and_how_the_resident_could_give_their_side(house):
    case = ready(house)
    issue(house, case)
    told = json.loads(last(house, case, "answer_issued").details)
    assert (told["declared"], told["no_interest"]) == ("none", "olive")
    assert told["looked_at"] == ["The lift engineer's log", "Your message"]
    assert told["account"] == "She wrote on 2 November, and we spoke on 10 November."


# --- under seal ---


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        (Remedy, "points", [{"number": 2, "words": "other"}]),
        (Remedy, "points", None),
        (Answer, "account", "other"),
        (Answer, "account", None),
    ],
)
def test_what_the_tables_were_given_later_is_under_seal_too(house, table, name, value):
    case = written(house)
    offer_remedy(house.course, case.id, "olive", sorry_for(1))
    with house.store.unit("desk") as unit:
        assert list(broken_seals(unit)) == []
        unit.run(update(core(table)).where(columns(table).case_id == case.id).values(**{name: value}))
        unit.commit()
    with house.store.glance() as glance:
        assert any("is not as it was written" in found for found in broken_seals(glance))


OLD_SEALS = {Answer: "account", Extension: "findings", Remedy: "points"}


@pytest.mark.parametrize("table", OLD_SEALS)
def test_a_row_of_before_has_the_seal_that_it_had_then(table):
    from store.rows import blank
    from store.seals import seal_of

    row = dict(blank(table)) | {"case_id": 1}
    before = {key: value for key, value in row.items() if key != OLD_SEALS[table]}
    assert seal_of(table, row) == seal_of(table, before)
    assert seal_of(table, row | {OLD_SEALS[table]: "x"}) != seal_of(table, row)


def test_an_answered_case_is_whole_under_seal(house):
    case = written(house)
    offer_remedy(house.course, case.id, "olive", sorry_for(1, 2))
    issue(house, case)
    letters_leave(house)
    with house.store.glance() as glance:
        assert list(broken_seals(glance)) == []
