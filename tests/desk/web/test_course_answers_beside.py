"""What stands beside the fields of answers and remedies: stage 1's findings, guidance and bands, parts that are not signed."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import client_of, officer, sign_in, signed_in
from handlers.course.contributors import ask
from houses import NOON, house_of
from store.course_models import Action, Answer, Extension, Remedy
from store.models import Message, OutboxEntry
from tests.desk.web.test_course_answers import ACTION, DAY, SORRY, WHOLE, act, confirmed, page, panel, rows, words_of
from tests.handlers.course.timing import letters_leave

__all__ = ["house_of", "officer"]

GUIDED = {
    "guidance": {"title": "The guidance of Examples", "link": "https://ombudsman.example.org/remedies"},
    "policy": {"title": "Our compensation policy", "link": "https://northmere.example.gov.uk/compensation"},
    "bands": [
        {"from_pounds": 1, "to_pounds": 20, "what_for": "a small trouble"},
        {"from_pounds": 21, "to_pounds": 40, "what_for": "a greater trouble"},
    ],
}
MONEY = {"kind": "money", "impact": "three weeks", "what": "For the wait.", "amount": "20.50"}


@pytest.fixture
def guided(house_of):
    house = house_of(remedies=GUIDED)
    return house, signed_in(house)


def at_stage_2(house, client, case, **answer):
    """Answer a complaint, let stage 2 begin, and return a colleague who may answer it."""
    act(client, case, "answer", WHOLE | answer)
    act(client, case, "remedy", SORRY)
    act(client, case, "issue-answer", {"clear": "yes"})
    letters_leave(house)
    (message,) = rows(house, Message)
    other = signed_in(house, "mona", "manager")
    told = {"of": str(message.id), "disagreement": "The lift broke again on Sunday."}
    assert act(other, case, "stage2", told).status_code == 303
    signed_in(house, "ben", "officer")
    house.confirming.confirm(case.id, "ben", case.definition_version)
    return sign_in(house, client_of(house), "ben")


def test_the_form_of_the_final_response_opens_on_what_stage_1_found_and_what_they_disagree_with(officer):
    house, client = officer
    case = confirmed(house)
    other = at_stage_2(house, client, case)
    tree = page(other, case, "answer")
    main = " ".join(tree.css_first("main").text(separator=" ").split())
    assert "They do not agree: The lift broke again on Sunday." in main
    beside = " ".join(tree.css_first("#finding-1 .govuk-inset-text").text(separator=" ").split())
    for words in (
        "Stage 1 found: Partly upheld.",
        "You told us on 2 November.",
        "- We came on 20 November.",
        "It went by: Our lifts policy, part 4",
    ):
        assert words in beside
    assert tree.css_first("#reasons-1").text().strip() == ""
    assert tree.css("#finding-1 input[checked]") == []


def test_the_form_of_a_first_answer_has_nothing_beside_its_fields(officer):
    house, client = officer
    tree = page(client, confirmed(house), "answer")
    assert tree.css(".govuk-inset-text") == []
    assert "They do not agree" not in tree.css_first("main").text()


def test_guidance_policy_and_bands_stand_beside_the_amount_and_the_band_with_the_remedy(guided):
    house, client = guided
    case = confirmed(house)
    tree = page(client, case, "remedy")
    links = {node.attributes["href"]: " ".join(node.text().split()) for node in tree.css("main ul.govuk-list a")}
    assert links == {
        "https://northmere.example.gov.uk/compensation": "Our compensation policy (opens in a new tab)",
        "https://ombudsman.example.org/remedies": "The guidance of Examples (opens in a new tab)",
    }
    assert "£1 to £20.99: a small trouble" in tree.css_first("main").text()
    answer = act(client, case, "remedy", MONEY)
    assert "£1 to £20.99: a small trouble." in words_of(client.get(answer.headers["location"]).text, "body")
    act(client, case, "remedy", MONEY | {"amount": "41"})
    said = " ".join(panel(client, case).text(separator=" ").split())
    assert "Band: £1 to £20.99: a small trouble." in said
    assert "Band: £41 is in none of the landlord's bands." in said


def test_without_bands_nothing_is_said_of_them(officer):
    house, client = officer
    case = confirmed(house)
    act(client, case, "remedy", MONEY)
    assert "Band" not in panel(client, case).text()
    assert "Band" not in page(client, case, "remedy").css_first("main").text()


def test_the_form_that_issues_names_the_parts_that_are_not_signed_and_asks_why(officer):
    house, client = officer
    case = confirmed(house)
    signed_in(house, "ben", "officer")
    act(client, case, "answer", WHOLE)
    act(client, case, "remedy", SORRY)
    assert page(client, case, "issue-answer").css_first("#without") is None
    ask(house.course, case.id, "olive", username="ben", part="The engineer's log", on=NOON.date())
    tree = page(client, case, "issue-answer")
    assert "Not signed yet: Ben (The engineer's log)" in tree.css_first("#without-hint").text()
    refused = act(client, case, "issue-answer", {"clear": "yes", "without": ""})
    assert refused.status_code == 422
    assert LexborHTMLParser(refused.text).css_first(".govuk-error-summary a").attributes["href"] == "#without"
    assert rows(house, Answer)[0].issued_at is None
    assert act(client, case, "issue-answer", {"clear": "yes", "without": "He fell ill."}).status_code == 303


@pytest.mark.parametrize(("change", "field"), [({"agreed": ""}, "agreed"), ({"agreed_how": " "}, "agreed_how")])
def test_the_form_of_an_action_asks_whether_it_was_agreed(officer, change, field):
    house, client = officer
    case = confirmed(house)
    answer = act(client, case, "action", ACTION | {"what": "Mend the door", "owner": case.team} | change)
    assert answer.status_code == 422
    assert LexborHTMLParser(answer.text).css_first(".govuk-error-summary a").attributes["href"] == f"#{field}"
    assert rows(house, Action) == []
    act(client, case, "action", ACTION | {"what": "Mend the door", "owner": case.team, "agreed": "yes"})
    assert rows(house, Action)[0].agreed is True


def test_the_points_of_a_remedy_are_ticked_and_changed_through_its_forms(officer):
    house, client = officer
    from handlers.definition import Definition, Point

    case = confirmed(house)
    two = (
        Point(words="The lift is broken.", responsibility="ours"),
        Point(words="The stairs are dark.", responsibility="ours"),
    )
    house.confirming.confirm(case.id, "olive", case.definition_version, Definition(points=two, outcomes=("Mend it",)), "two")
    act(client, case, "remedy", SORRY | {"points": ["2"]})
    (remedy,) = rows(house, Remedy)
    assert [point["number"] for point in remedy.points] == [2]
    assert "For point 2." in " ".join(panel(client, case).text(separator=" ").split())
    tree = page(client, case, "remedy-points", of=remedy.id)
    assert [node.attributes["value"] for node in tree.css("input[name=points][checked]")] == ["2"]
    assert act(client, case, "remedy-points", {"points": ["1", "2"]}, of=remedy.id).status_code == 303
    assert [point["number"] for point in rows(house, Remedy)[0].points] == [1, 2]


def test_a_remedy_gets_another_day_through_its_form(officer):
    house, client = officer
    case = confirmed(house)
    act(client, case, "remedy", SORRY | DAY)
    (remedy,) = rows(house, Remedy)
    assert act(client, case, "remedy-day", DAY | {"due-day": "9", "why": "holidays"}, of=remedy.id).status_code == 303
    assert rows(house, Remedy)[0].due_on.day == 9
    assert act(client, case, "remedy-day", DAY | {"due-day": "10", "why": " "}, of=remedy.id).status_code == 422


def test_points_that_the_draft_answers_can_be_ticked_where_more_time_is_taken(officer):
    house, client = officer
    case = confirmed(house)
    on = {"new_on-day": "14", "new_on-month": "12", "new_on-year": "2026"}
    told = on | {"reason": "We wait for the report.", "every_days": "7", "points": ["1"]}
    assert page(client, case, "more-time").css("input[name=points]") == []
    act(client, case, "answer", WHOLE)
    choice = page(client, case, "more-time").css_first("#points").text()
    assert "Point 1, partly upheld: The lift has been broken for three weeks." in choice
    assert act(client, case, "more-time", told).status_code == 303
    assert rows(house, Extension)[0].findings[0]["number"] == 1
    (letter,) = [row for row in rows(house, OutboxEntry) if row.kind.startswith("extension_notice")]
    assert "We agree with part of this (partly upheld)." in letter.text
