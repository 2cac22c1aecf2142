"""Many messages that could not be read, after a mend: all with one reason are read again, each in its own case."""

from __future__ import annotations

import pytest
from review_desk import UNSURE, rows, said, send, words_of

from desks import officer
from houses import arrive, house_of, mail, settle
from store.models import Case, Message, Task

__all__ = ["house_of", "officer"]
REASONS = ("only 5 of 9 bytes were taken", "only 7 of 8 bytes were taken", "could not be stored")


@pytest.fixture
def desk(officer):
    house, client = officer
    for number, reason in enumerate(REASONS):
        sender = f"r{number}@x.example"
        arrived = arrive(house, mail(UNSURE, sender=sender), sender=sender)
        with house.store.unit("desk") as unit:
            unit.update(Message, arrived, problem=reason)
            unit.commit()
    settle(house)
    return house, client, [task.id for task in rows(house, Task, kind="quarantine")]


def test_f8_all_with_one_reason_are_read_again_after_they_were_shown(desk):
    house, client, (first, _second, other) = desk
    card = client.get(f"/tasks/{first}?kind=quarantine")
    assert "Read all 2 with this reason again" in words_of(card)
    page = send(client, card, "/tasks/bulk")
    assert "Read 2 items again" in words_of(page)
    assert [row.state for row in rows(house, Message)] == ["shunted"] * 3
    woken = []
    house.woken = lambda: woken.append("now")
    answer = send(client, page, "/tasks/bulk/confirm")
    assert woken == ["now"]
    assert said(client.get(answer.headers["location"])) == "2 items put back to be read again."
    assert settle(house) == 2
    assert [row.state for row in rows(house, Message)] == ["handled", "handled", "shunted"]
    assert [task.id for task in rows(house, Task, kind="quarantine", closed_at=None)] == [other]
    assert len(rows(house, Case)) == 3


def test_one_alone_with_its_reason_offers_no_more_than_itself(desk):
    _house, client, (_first, _second, other) = desk
    assert "with this reason again" not in client.get(f"/tasks/{other}").text


def test_ticked_items_are_read_again_and_those_that_could_be_read_are_left_out(desk):
    house, client, ids = desk
    readable = rows(house, Task, kind="triage")[0].id
    page = client.get("/queue?kind=quarantine")
    assert 'value="read"' in page.text
    page = client.post("/tasks/bulk", data={"act": "read", "task": [str(id_) for id_ in (*ids, readable)], "back": ""})
    assert "Read 3 items again" in words_of(page)
    assert "it could be read: open it" in words_of(page)
    send(client, page, "/tasks/bulk/confirm")
    assert {row.state for row in rows(house, Message)} == {"waiting"}


def test_a_queue_without_such_messages_offers_no_reading_again(officer):
    house, client = officer
    arrive(house, mail(UNSURE))
    settle(house)
    assert 'value="read"' not in client.get("/queue").text


def test_an_officer_reads_sentences_and_no_codes_and_each_once(officer):
    house, client = officer
    number = arrive(house, mail(UNSURE))
    with house.store.unit("desk") as unit:
        unit.update(Message, number, problem="reader_died:time")
        unit.commit()
    settle(house)
    card = client.get(f"/tasks/{rows(house, Task, kind='quarantine')[0].id}")
    assert words_of(card).count("It could not be read: it took more time or memory than any mail should.") == 1
    for page in (card, client.get("/queue?kind=quarantine")):
        assert "took more time or memory" in words_of(page)
        assert "reader_died" not in words_of(page)
