"""Several items at once: asked first, each by itself, what does not fit left out with its reason, all undone with one key."""

from __future__ import annotations

import pytest
from review_desk import UNSURE, at_desk, decide, rows, said, send, several, task_of, words_of

from desks import officer
from houses import house_of
from store.models import Case, OutboxEntry, OutboxState, Task, Verdicting

__all__ = ["house_of", "officer"]


def tick(client, act, *ids, back="view=all&kind=triage"):
    return client.post("/tasks/bulk", data={"act": act, "task": [str(id_) for id_ in ids], "back": back})


def ids_of(house, kind="triage"):
    return [task.id for task in rows(house, Task, kind=kind)]


def test_nothing_happens_before_it_is_confirmed_and_then_each_is_done_and_said(officer):
    house, client = officer
    several(house, UNSURE, "service_request? A tap.", "asb_report? Noise.")
    page = tick(client, "accept", *ids_of(house))
    assert page.status_code == 200
    assert "Accept 3 items as judged" in words_of(page)
    assert "Nobody came to mend the boiler." in words_of(page)
    assert {case.status for case in rows(house, Case)} == {"triage"}
    answer = send(client, page, "/tasks/bulk/confirm")
    assert answer.headers["location"].startswith("/queue?view=all&kind=triage&done=")
    assert [case.category for case in rows(house, Case)] == ["complaint", "service_request", "asb_report"]
    assert said(client.get(answer.headers["location"])) == "3 items accepted."


def test_all_of_it_is_undone_with_one_button_within_the_seconds(officer):
    house, client = officer
    several(house, UNSURE, "service_request? A tap.")
    answer = send(client, tick(client, "accept", *ids_of(house)), "/tasks/bulk/confirm")
    page = client.get(answer.headers["location"])
    act = answer.headers["location"].rpartition("=")[2]
    undone = client.post(f"/acts/{act}/undo", headers={"referer": str(page.url)})
    assert undone.headers["location"].startswith("/queue?view=all&kind=triage&done=")
    assert said(client.get(undone.headers["location"])) == "Undone. All 2 are as they were before."
    assert {case.status for case in rows(house, Case)} == {"triage"}
    states = [letter.state for letter in rows(house, OutboxEntry) if letter.kind != "receipt"]
    assert states == [OutboxState.SUPPRESSED] * 2


def test_danger_what_a_person_judged_and_what_asks_for_more_are_left_out_with_the_reason(officer):
    house, client = officer
    several(house, UNSURE, "complaint? [emergency] gas", "service_request! A tap.", UNSURE + " Twice.")
    with house.store.unit("desk") as unit:
        unit.insert(Verdicting, [rows(house, Verdicting)[-1].model_dump(exclude={"id"}) | {"by": "omar"}])
        unit.commit()
    page = tick(client, "accept", *ids_of(house), *ids_of(house, "service_request"))
    told = words_of(page)
    assert "Accept 1 item as judged" in told
    for reason in (
        "it speaks of danger: look at it by itself",
        "it asks for more than a check",
        "a person has judged it already",
    ):
        assert reason in told
    send(client, page, "/tasks/bulk/confirm")
    assert [case.status for case in rows(house, Case)] == ["open", "triage", "open", "triage"]


def test_what_a_colleague_judged_between_the_question_and_the_answer_is_left_alone(officer):
    house, client = officer
    several(house, UNSURE, "service_request? A tap.")
    page = tick(client, "accept", *ids_of(house))
    omar = at_desk(house, "omar")
    decide(omar, ids_of(house)[0], **{"as": "asb_report"})
    answer = send(client, page, "/tasks/bulk/confirm")
    assert said(client.get(answer.headers["location"])) == "1 item accepted. 1 left out: it was finished meanwhile."
    assert [case.category for case in rows(house, Case)] == ["asb_report", "service_request"]


def test_a_judgement_that_changed_since_the_question_is_not_accepted_unseen(officer):
    house, client = officer
    several(house, UNSURE)
    page = tick(client, "accept", *ids_of(house))
    with house.store.unit("desk") as unit:
        row = rows(house, Verdicting)[0].model_dump(exclude={"id"})
        unit.insert(Verdicting, [row | {"category": "asb_report"}])
        unit.commit()
    answer = send(client, page, "/tasks/bulk/confirm")
    assert answer.status_code == 409
    assert "Nothing was done. 1 left out: somebody judged it since you saw it." in words_of(answer)
    assert rows(house, Case)[0].status == "triage"


def test_restricted_items_are_as_if_they_had_not_been_ticked(officer):
    house, client = officer
    several(house, UNSURE, UNSURE + " Secret.")
    with house.store.unit("desk") as unit:
        unit.update(Case, 2, restricted=True)
        unit.commit()
    for act, title in (("take", "Take 1 item"), ("accept", "Accept 1 item as judged")):
        page = tick(client, act, *ids_of(house))
        assert title in words_of(page)
        assert "Secret" not in page.text
        assert "Left out" not in page.text
    client.post("/tasks/bulk/confirm", data={"act": "take", "item": [f"{id_}:1" for id_ in ids_of(house)]})
    assert [task.assigned_to for task in rows(house, Task)] == ["olive", None]


def test_items_are_given_to_a_colleague_and_whoever_may_not_have_one_does_not_get_it(officer):
    house, client = officer
    at_desk(house, "omar")
    several(house, UNSURE, "service_request? A tap.")
    page = tick(client, "assign", *ids_of(house))
    assert '<option value="omar">Omar (0 open items), has least to do</option>' in page.text
    asked = send(client, page, "/tasks/bulk/confirm")
    assert asked.status_code == 422
    assert "Choose who is to have them" in words_of(asked)
    answer = send(client, page, "/tasks/bulk/confirm", officer="omar")
    assert said(client.get(answer.headers["location"])) == "2 items given away."
    assert {task.assigned_to for task in rows(house, Task)} == {"omar"}
    refused = client.post(
        "/tasks/bulk/confirm", data={"act": "assign", "officer": "nobody", "item": [f"{task_of(house).id}:1"]}
    )
    assert refused.status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "accept"},
        {"act": "burn", "task": ["1"]},
        {"act": "take", "task": ["", "x", "0", "9" * 30, "-1", "1.5"]},
        {},
    ],
)
def test_nothing_ticked_or_nothing_known_asked_is_said_and_does_nothing(officer, sent):
    house, client = officer
    several(house, UNSURE)
    answer = client.post("/tasks/bulk", data=sent)
    assert answer.status_code == 422
    assert "Go back to the list" in words_of(answer)
    assert [task.assigned_to for task in rows(house, Task)] == [None]


@pytest.mark.parametrize("item", ["", "x", "1", "1:2:3", ":", "9" * 30 + ":1", "-1:1"])
def test_a_confirmation_of_what_nobody_was_asked_does_nothing(officer, item):
    house, client = officer
    several(house, UNSURE)
    answer = client.post("/tasks/bulk/confirm", data={"act": "accept", "item": [item]})
    assert answer.status_code == 409
    assert rows(house, Case)[0].status == "triage"
