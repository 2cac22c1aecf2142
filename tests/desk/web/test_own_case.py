"""The button that logs a reply as a case of its own: where it stands, what it does, and for whom."""

from __future__ import annotations

import pytest
from review_desk import at_desk, came, rows, send, task_of

from desks import officer
from houses import house_of
from store.models import Case, CaseEvent, OutboxEntry, Task

__all__ = ["house_of", "officer"]

LIFT = "complaint? The lift has been dead for three weeks and nobody answers me."


@pytest.fixture
def replied(officer):
    house, client = officer
    came(house, "complaint! Damp in the bedroom.", message_id="<1@r.example>")
    (letter,) = rows(house, OutboxEntry)
    came(house, LIFT, message_id="<2@r.example>", In_Reply_To=letter.header_id)
    return house, client, task_of(house, "reply")


def test_a_reply_is_logged_apart_with_one_form(replied):
    house, client, task = replied
    page = client.get(f"/tasks/{task.id}")
    answer = send(client, page, f"/tasks/{task.id}/own-case", category="complaint")
    assert answer.headers["location"].startswith("/tasks/next?")
    own = rows(house, Case)[1]
    assert own.category == "complaint"
    first = client.get(f"/cases/{rows(house, Case)[0].reference}")
    assert "A reply was logged as a case of its own" in first.text
    assert own.reference in first.text
    assert "Logged apart from another case" in client.get(f"/cases/{own.reference}").text


def test_it_is_asked_what_it_is(replied):
    house, client, task = replied
    answer = send(client, client.get(f"/tasks/{task.id}"), f"/tasks/{task.id}/own-case", category="")
    assert answer.status_code == 422
    assert '<a href="#category">Choose what it is</a>' in answer.text
    assert len(rows(house, Case)) == 1


def test_no_other_task_has_the_form_or_takes_it(replied):
    house, client, _task = replied
    other = task_of(house, "confirm_definition")
    assert "/own-case" not in client.get(f"/tasks/{other.id}").text
    answer = client.post(f"/tasks/{other.id}/own-case", data={"category": "complaint"})
    assert answer.status_code == 422
    assert len(rows(house, Case)) == 1


def test_who_only_reads_logs_nothing_apart(replied):
    house, _client, task = replied
    audrey = at_desk(house, "audrey", "auditor")
    assert "/own-case" not in audrey.get(f"/tasks/{task.id}").text
    assert audrey.post(f"/tasks/{task.id}/own-case", data={"category": "complaint"}).status_code == 403
    assert len(rows(house, Case)) == 1


def test_a_form_of_another_site_logs_nothing_apart(replied):
    house, client, task = replied
    told = {"data": {"category": "complaint"}, "headers": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}}
    assert client.post(f"/tasks/{task.id}/own-case", **told).status_code == 403
    assert rows(house, CaseEvent, kind="logged_apart") == []
    assert rows(house, Task, id=task.id)[0].closed_at is None


def test_a_new_grievance_in_an_open_complaint_has_the_same_form(officer):
    house, client = officer
    came(house, "complaint! Damp in the bedroom.", message_id="<1@r.example>")
    (letter,) = rows(house, OutboxEntry)
    came(
        house,
        "complaint! Now the lift has been dead for three weeks.",
        message_id="<2@r.example>",
        In_Reply_To=letter.header_id,
    )
    task = task_of(house, "new_matter")
    page = client.get(f"/tasks/{task.id}")
    assert "Decide what becomes of it" in page.text
    assert f"/tasks/{task.id}/own-case" in page.text
    send(client, page, f"/tasks/{task.id}/own-case", category="service_request")
    assert rows(house, Case)[1].category == "service_request"
    assert rows(house, Task, id=task.id)[0].outcome == f"logged apart as {rows(house, Case)[1].reference}"
