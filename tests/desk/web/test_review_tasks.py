"""Other items of the queue: work with an outcome, taking and giving, messages that could not be read, possible replies."""

from __future__ import annotations

import pytest
from review_desk import UNSURE, at_desk, came, decide, rows, said, send, task_of, words_of

from desks import officer
from houses import arrive, house_of, mail, settle
from store.models import Case, Message, Party, Task

__all__ = ["house_of", "officer"]


def unreadable(house):
    number = arrive(house, mail(UNSURE))
    with house.store.unit("desk") as unit:
        unit.update(Message, number, problem="the door said: too large")
        unit.commit()
    settle(house)
    return task_of(house, "quarantine")


def test_work_is_finished_with_an_outcome_and_the_next_item_comes(officer):
    house, client = officer
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    page = client.get(f"/tasks/{task.id}")
    assert f'href="/cases/{rows(house, Case)[0].reference}#task-{task.id}"' in page.text
    answer = send(client, page, f"/tasks/{task.id}/done", outcome="booked for Tuesday")
    assert answer.headers["location"].startswith("/tasks/next?")
    assert rows(house, Task)[0].outcome == "booked for Tuesday"


def test_work_without_an_outcome_is_asked_for_one(officer):
    house, client = officer
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    answer = send(client, client.get(f"/tasks/{task.id}"), f"/tasks/{task.id}/done", outcome=" ")
    assert answer.status_code == 422
    assert '<a href="#outcome">Say what came of it</a>' in answer.text


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/cases/LBL-26-4F7K2P-9D", "/cases/LBL-26-4F7K2P-9D?done=1"),
        ("/cases/X?show=notes#task-1", "/cases/X?show=notes&done=1#task-1"),
        ("https://evil.example/", "/queue?done=1"),
        ("//evil.example", "/queue?done=1"),
        ("/\\evil.example", "/queue?done=1"),
    ],
)
def test_a_form_leads_back_to_the_desks_own_pages_alone(officer, back, where):
    house, client = officer
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    answer = client.post(f"/tasks/{task.id}/done", data={"outcome": "booked", "back": back})
    assert answer.headers["location"] == where


def test_f24_work_that_a_colleague_finished_is_not_finished_again(officer):
    house, client = officer
    came(house, "service_request! A tap.")
    task = task_of(house, "service_request")
    omar = at_desk(house, "omar")
    page = omar.get(f"/tasks/{task.id}")
    client.post(f"/tasks/{task.id}/done", data={"outcome": "booked"})
    answer = send(omar, page, f"/tasks/{task.id}/done", outcome="cancelled")
    assert answer.status_code == 409
    assert "Olive finished the task on 23 November 2026 at 12:00pm: booked" in words_of(answer)
    assert rows(house, Task)[0].outcome == "booked"


def test_an_item_is_taken_and_its_card_stays(officer):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    answer = send(client, client.get(f"/tasks/{task.id}?kind=triage"), f"/tasks/{task.id}/take")
    assert answer.headers["location"] == f"/tasks/{task.id}?view=all&kind=triage&done=1"
    page = client.get(answer.headers["location"])
    assert said(page) == "Given to you."
    assert f'action="/tasks/{task.id}/take' not in page.text
    assert task_of(house).assigned_to == "olive"


def test_an_item_goes_to_a_colleague_who_is_there_and_may_have_it(officer):
    house, client = officer
    at_desk(house, "omar")
    at_desk(house, "away", away_from=house.clock.now().date())
    at_desk(house, "audrey", "auditor")
    came(house, UNSURE)
    task = task_of(house)
    page = client.get(f"/tasks/{task.id}")
    assert '<option value="omar"' in page.text
    assert 'value="away"' not in page.text
    assert 'value="audrey"' not in page.text
    refused = send(client, page, f"/tasks/{task.id}/assign", officer="away")
    assert refused.status_code == 422
    assert "Away is away." in words_of(refused)
    send(client, page, f"/tasks/{task.id}/assign", officer="omar", whole_case="yes")
    assert (task_of(house).assigned_to, rows(house, Case)[0].assigned_to) == ("omar", "omar")


def test_an_item_that_somebody_took_meanwhile_is_not_taken_from_them(officer):
    house, olive = officer
    omar = at_desk(house, "omar")
    came(house, UNSURE)
    task = task_of(house)
    page = omar.get(f"/tasks/{task.id}")
    send(olive, olive.get(f"/tasks/{task.id}"), f"/tasks/{task.id}/take")
    answer = send(omar, page, f"/tasks/{task.id}/take")
    assert answer.status_code == 422
    assert "olive has it now" in words_of(answer)
    assert task_of(house).assigned_to == "olive"


def test_a_message_that_could_not_be_read_shows_why_and_is_read_again(officer):
    house, client = officer
    woken = []
    house.woken = lambda: woken.append("now")
    task = unreadable(house)
    page = client.get(f"/tasks/{task.id}")
    assert "Why it is here: the door said: too large" in words_of(page)
    woken.clear()
    answer = send(client, page, f"/tasks/{task.id}/read-again")
    assert (answer.status_code, woken) == (303, ["now"])
    settle(house)
    assert (rows(house, Message)[0].state, len(rows(house, Case))) == ("handled", 1)


def test_a_message_that_could_not_be_read_becomes_a_case_by_a_decision(officer):
    house, client = officer
    task = unreadable(house)
    decide(client, task.id, **{"as": "complaint"})
    assert (rows(house, Case)[0].category, rows(house, Message)[0].state) == ("complaint", "handled")
    assert rows(house, Task, kind="quarantine", closed_at=None) == []


def test_a_message_is_put_aside_for_a_reason_alone(officer):
    house, client = officer
    task = unreadable(house)
    page = client.get(f"/tasks/{task.id}")
    refused = send(client, page, f"/tasks/{task.id}/discard", reason=" ")
    assert refused.status_code == 422
    assert "Say why" in words_of(refused)
    send(client, page, f"/tasks/{task.id}/discard", reason="an advert")
    assert (rows(house, Case)[0].status, rows(house, Message)[0].disposition_why) == ("closed", "put aside by olive: an advert")


def possible_reply(house):
    came(house, "complaint! Nobody came.", message_id="<1@resident.example>")
    came(house, "complaint? my mum says nobody came", sender="bea@other.example", In_Reply_To="<1@resident.example>")
    return task_of(house, "possible_reply")


def test_a_possible_reply_is_joined_to_the_case_that_it_names(officer):
    house, client = officer
    task = possible_reply(house)
    page = client.get(f"/tasks/{task.id}")
    assert f"Join it to {rows(house, Case)[0].reference}" in words_of(page)
    send(client, page, f"/tasks/{task.id}/join", role="household")
    assert [message.case_id for message in rows(house, Message)] == [1, 1]
    assert "bea@other.example" in {party.address for party in rows(house, Party, case_id=1)}


def test_a_possible_reply_is_kept_apart(officer):
    house, client = officer
    task = possible_reply(house)
    send(client, client.get(f"/tasks/{task.id}"), f"/tasks/{task.id}/apart")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]
    assert task_of(house).case_id == 2


def test_a_possible_reply_to_a_case_that_is_closed_to_the_person_tells_nothing_of_it(officer):
    house, client = officer
    task = possible_reply(house)
    with house.store.unit("desk") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    page = client.get(f"/tasks/{task.id}")
    assert "It names a case that is closed to you." in words_of(page)
    assert rows(house, Case)[0].reference not in page.text
    assert client.post(f"/tasks/{task.id}/join").status_code == 404
    assert [message.case_id for message in rows(house, Message)] == [1, 2]


def test_a_definition_is_confirmed_on_its_card_and_the_next_item_comes(officer):
    house, client = officer
    came(house, "complaint! Nobody came about the boiler. Please send somebody.")
    task = task_of(house, "confirm_definition")
    page = client.get(f"/tasks/{task.id}?kind=confirm_definition")
    assert "Nobody came about the boiler." in page.text and 'name="outcome"' not in page.text
    (case,) = rows(house, Case)
    answer = send(client, page, f"/cases/{case.reference}/definition/confirm")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/tasks/next?view=all&kind=confirm_definition&after=")
    (case,) = rows(house, Case)
    assert case.defined_at is not None
    assert all(one.closed_at for one in rows(house, Task) if one.kind == "confirm_definition")
    assert "That was the last item" in client.get(answer.headers["location"], follow_redirects=True).text


def test_confirming_leads_to_no_other_site(officer):
    house, client = officer
    came(house, "complaint! Nobody came about the boiler. Please send somebody.")
    (case,) = rows(house, Case)
    data = {"version": "0", "back": "//elsewhere.example/?x"}
    answer = client.post(f"/cases/{case.reference}/definition/confirm", data=data)
    assert answer.headers["location"].startswith(f"/cases/{case.reference}?done=")
