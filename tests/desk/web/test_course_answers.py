"""An answer at the desk: written in a form point by point, looked at as it would go, issued; actions and remedies beside it."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, officer, sign_in, signed_in
from handlers.definition import Definition, Point
from houses import arrive, house_of, mail, settle
from store.chain import verify_chain
from store.course_models import Action, Answer, Remedy
from store.models import Case, CaseEvent, OutboxEntry, Task

__all__ = ["house_of", "officer"]

WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."
POINT = "The lift has been broken for three weeks."
DAY = {"due-day": "4", "due-month": "12", "due-year": "2026"}
WHOLE = {
    "finding-1": "partly",
    "reasons-1": "You told us on 2 November.\r\n\r\n- We came on 20 November.",
    "reference-1": "Our lifts policy, part 4",
    "decision": "We took too long to mend the lift.",
    "evidence": "The lift engineer's log\r\nYour message",
    "interest": "none",
    "account": "She wrote on 2 November, and we spoke on 10 November.",
}
ACTION = DAY | {"agreed": "no", "agreed_how": "she did not answer the telephone"}
SORRY = {"kind": "apology", "impact": "five floors for three weeks", "what": "We are sorry that you had to walk."}


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def confirmed(house, sender="ada@resident.example"):
    arrive(house, mail(WORDS, sender=sender), sender=sender)
    settle(house)
    case = rows(house, Case)[-1]
    definition = Definition(points=(Point(words=POINT, responsibility="ours"),), outcomes=("Mend it",))
    house.confirming.confirm(case.id, "olive", case.definition_version, definition, "as she said")
    return rows(house, Case, id=case.id)[0]


def page(client, case, name, of=""):
    answer = client.get(f"/cases/{case.reference}/acts/{name}{f'?of={of}' if of else ''}")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def hidden(tree):
    return {node.attributes["name"]: node.attributes["value"] for node in tree.css("#form input[type=hidden]")}


def act(client, case, name, data, of=""):
    tree = page(client, case, name, of)
    return client.post(f"/cases/{case.reference}/acts/{name}", data=hidden(tree) | data)


def words_of(text, selector="main"):
    return " ".join(LexborHTMLParser(text).css_first(selector).text(separator=" ").split())


def panel(client, case):
    tree = LexborHTMLParser(client.get(f"/cases/{case.reference}").text)
    found = tree.css_first("#panel-answer")
    return None if found is None else found.parent


def test_an_answer_is_written_looked_at_and_issued_through_the_forms(officer):
    house, client = officer
    case = confirmed(house)
    assert act(client, case, "answer", WHOLE).status_code == 303
    assert act(client, case, "remedy", SORRY).status_code == 303
    assert (
        act(
            client, case, "action", ACTION | {"what": "Mend the door", "owner": "another", "other": "The lift firm"}
        ).status_code
        == 303
    )
    tree = page(client, case, "issue-answer")
    shown = tree.css_first("pre.desk-letter__text").text()
    answer = client.post(f"/cases/{case.reference}/acts/issue-answer", data=hidden(tree) | {"clear": "yes"})
    assert answer.status_code == 303
    (letter,) = [row for row in rows(house, OutboxEntry) if row.kind.startswith("complaint_answered")]
    assert letter.text.strip() == shown.strip()
    assert "Who does it: The lift firm. By when: Friday 4 December 2026." in letter.text
    assert "Answer issued." in words_of(client.get(answer.headers["location"]).text, "body")
    assert "Olive" in letter.text


def test_nothing_is_issued_without_the_tick_and_the_letter_is_shown_again(officer):
    house, client = officer
    case = confirmed(house)
    act(client, case, "answer", WHOLE)
    act(client, case, "remedy", SORRY)
    answer = act(client, case, "issue-answer", {})
    assert answer.status_code == 422
    assert "no interest in this complaint" in words_of(answer.text, ".govuk-error-summary")
    assert LexborHTMLParser(answer.text).css_first("pre.desk-letter__text") is not None
    assert rows(house, Answer)[0].issued_at is None


def test_what_keeps_an_answer_back_is_all_said_at_once(officer):
    house, client = officer
    case = confirmed(house)
    act(client, case, "answer", WHOLE | {"reference-1": "", "decision": " ", "interest": "", "account": ""})
    said = words_of(client.get(f"/cases/{case.reference}/acts/issue-answer").text)
    told = (
        "policy, law or good practice for point 1",
        "what you decided",
        "Declare your interests",
        "give their side",
        "what puts it right",
    )
    assert [words for words in told if words not in said] == []


def test_the_form_holds_the_draft_and_tells_how_hard_it_is_to_read(officer):
    house, client = officer
    case = confirmed(house)
    first = page(client, case, "answer")
    assert "Reading age" not in first.css_first("main").text()
    assert first.css_first("#evidence").text().strip() == "Your message of 23 November 2026"
    assert POINT in first.css_first("#finding-1 legend").text()
    hard = "Subsequent to the aforementioned correspondence, determination of responsibilities necessitated consideration."
    act(client, case, "answer", WHOLE | {"reasons-1": hard})
    tree = page(client, case, "answer")
    assert tree.css_first("#reasons-1").text().strip() == hard
    assert tree.css_first("#finding-1-partly").attributes.get("checked", "no") != "no"
    assert "use shorter sentences and plainer words" in tree.css_first("main").text()
    act(client, case, "answer", WHOLE)
    assert "Most people can read this." in page(client, case, "answer").css_first("main").text()


def test_the_second_of_two_who_save_is_told_with_409_and_loses_no_word(officer):
    house, client = officer
    case = confirmed(house)
    add_person(house, "ben", "officer")
    other = sign_in(house, client_of(house), "ben")
    mine, theirs = hidden(page(client, case, "answer")), hidden(page(other, case, "answer"))
    assert other.post(f"/cases/{case.reference}/acts/answer", data=theirs | WHOLE).status_code == 303
    address, data = f"/cases/{case.reference}/acts/answer", mine | WHOLE | {"decision": "Olive's words."}
    for _ in range(2):
        answer = client.post(address, data=data)
        assert answer.status_code == 409
        tree = LexborHTMLParser(answer.text)
        assert tree.css_first("#decision").text().strip() == "Olive's words."
        data = data | hidden(tree)
    assert rows(house, Answer)[0].by == "ben"


def test_an_unconfirmed_definition_or_a_request_has_no_form_but_the_reason(officer):
    house, client = officer
    arrive(house, mail(WORDS))
    arrive(house, mail("service_request! mend the tap", sender="bo@else.example"), sender="bo@else.example")
    settle(house)
    complaint, request = rows(house, Case)
    assert "confirm it first" in words_of(client.get(f"/cases/{complaint.reference}/acts/answer").text)
    for name in ("answer", "issue-answer", "action", "remedy", "complaint-withdrawn"):
        tree = page(client, request, name)
        assert tree.css_first("form#form") is None, name
    assert panel(client, request) is None


def test_the_panel_shows_draft_actions_and_remedies_with_what_can_be_done_about_each(officer):
    house, client = officer
    case = confirmed(house)
    assert "Write the answer" in panel(client, case).text()
    act(client, case, "answer", WHOLE)
    act(client, case, "remedy", {"kind": "money", "impact": "three weeks", "what": "For the wait.", "amount": "£900"})
    team = next(iter(house.landlord.teams))
    act(client, case, "action", ACTION | {"what": "Mend the <b>door</b>", "owner": team})
    shown = panel(client, case)
    said = " ".join(shown.text(separator=" ").split())
    for words in (
        "Draft",
        "Money, £900",
        "Waits for approval",
        "Mend the <b>door</b>",
        house.landlord.teams[team].name,
        "To do",
    ):
        assert words in said
    links = [node.attributes["href"].rpartition("/acts/")[2] for node in shown.css("a")]
    (remedy,), (action,) = rows(house, Remedy), rows(house, Action)
    assert {"answer", "issue-answer", f"remedy-approve?of={remedy.id}", f"action-done?of={action.id}", "remedy"} <= set(links)
    for link in links:
        assert client.get(f"/cases/{case.reference}/acts/{link}").status_code == 200


def test_a_manager_approves_through_the_form_and_its_task_is_gone(officer):
    house, client = officer
    case = confirmed(house)
    act(client, case, "remedy", {"kind": "money", "impact": "three weeks", "what": "For the wait.", "amount": "900"})
    (remedy,) = rows(house, Remedy)
    assert "somebody else has to approve it" in words_of(
        client.get(f"/cases/{case.reference}/acts/remedy-approve?of={remedy.id}").text
    )
    manager = signed_in(house, "mona", "manager")
    assert act(manager, case, "remedy-approve", {}, of=remedy.id).status_code == 303
    assert rows(house, Remedy)[0].approved_by == "mona"
    assert rows(house, Task, kind="remedy_approval", closed_at=None) == []
    assert act(client, case, "remedy-given", {"outcome": "paid"}, of=remedy.id).status_code == 303


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (SORRY | {"impact": ""}, "impact"),
        (SORRY | {"kind": ""}, "kind"),
        (SORRY | {"kind": "money", "amount": "a lot"}, "amount"),
        (SORRY | {"due-day": "31", "due-month": "2", "due-year": "2027"}, "due"),
        (SORRY | DAY | {"due-year": "2025"}, "due"),
    ],
)
def test_a_remedy_that_is_none_leads_to_the_field_that_is_to_be_mended(officer, data, field):
    house, client = officer
    case = confirmed(house)
    answer = act(client, case, "remedy", data)
    assert answer.status_code == 422
    assert LexborHTMLParser(answer.text).css_first(".govuk-error-summary a").attributes["href"] == f"#{field}"
    assert rows(house, Remedy) == []


def test_an_action_is_done_dropped_and_given_another_day_through_its_forms(officer):
    house, client = officer
    case = confirmed(house)
    for what in ("Mend the door", "Mend the light", "Write to all"):
        act(client, case, "action", ACTION | {"what": what, "owner": case.team})
    done, dropped, moved = rows(house, Action)
    assert act(client, case, "action-done", {"outcome": "mended"}, of=done.id).status_code == 303
    assert act(client, case, "action-drop", {"why": "no light there"}, of=dropped.id).status_code == 303
    assert act(client, case, "action-day", DAY | {"due-day": "9", "why": "holidays"}, of=moved.id).status_code == 303
    found = {row.what: (row.done_by, row.dropped_by, row.due_on.day) for row in rows(house, Action)}
    assert found == {"Mend the door": ("olive", None, 4), "Mend the light": (None, "olive", 4), "Write to all": (None, None, 9)}
    assert len(rows(house, Task, kind="contact_resident", closed_at=None)) == 2


def test_a_complaint_is_taken_back_in_the_residents_words_through_the_form(officer):
    house, client = officer
    case = confirmed(house)
    on = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    assert act(client, case, "complaint-withdrawn", on | {"words": ""}).status_code == 422
    assert act(client, case, "complaint-withdrawn", on | {"words": "Leave it, the lift works."}).status_code == 303
    assert rows(house, Case)[0].status == "closed"
    (event,) = rows(house, CaseEvent, kind="complaint_withdrawn")
    assert (event.by, event.why, json.loads(event.details)["said_on"]) == ("olive", "Leave it, the lift works.", "2026-11-23")
    assert "The resident took the complaint back" in words_of(client.get(f"/cases/{case.reference}?show=history").text)
