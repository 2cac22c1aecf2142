"""A house whose letters leave by GOV.UK Notify: from a complaint to the proof that it arrived, or to a person who knows it did not."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import uvicorn
from looking import events_of, everything, later, must_hold

from desk.health import look
from desk.public_wiring import door_of
from handlers import undecided
from houses import arrive, mail, settle
from intake.public.app import application
from standins.notify import TEMPLATE, TOKEN, NotifyServer, key
from store.casefile import bounced_lately
from store.models import Case, Disposition, Message, OutboxEntry, Party, Task

COMPLAINT = "complaint! *Nobody* came to mend the [boiler] on Tuesday. Please send somebody. See https://bad.example/x_y"
URL = "https://home.landlord.example"


@pytest.fixture
def server():
    standin = NotifyServer()
    standin.open()
    yield standin
    standin.close()


@pytest.fixture
def house(house_of, server, tmp_path):
    (tmp_path / "key").write_text(key("live"))
    (tmp_path / "token").write_text(TOKEN)
    notify = {
        "kind": "notify",
        "key_type": "live",
        "key_file": tmp_path / "key",
        "callback_token_file": tmp_path / "token",
        "template_id": TEMPLATE,
        "base_url": server.url,
        "timeout": 1.5,
        "reconcile_within": 0.2,
        "reconcile_every": 0.02,
    }
    return house_of(outgoing=notify, public={"url": URL})


def send(house):
    """Send what is due, as the role does."""

    async def all_of_it():
        way = house.outgoing()
        outbox = house.outbox(way)
        try:
            while await outbox.once():
                pass
        finally:
            await way.close()

    asyncio.run(all_of_it())


def acknowledged(house, server, words=COMPLAINT):
    """Let a complaint come and its acknowledgement go; return the letter as Notify has it."""
    arrive(house, mail(words))
    settle(house)
    send(house)
    (case,) = everything(house, Case)
    assert case.acknowledged_at is not None
    return server.letters[-1]


@contextmanager
def called_back(house, server):
    """Open the house's own public door on the loopback, and let Notify know its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        door = uvicorn.Server(uvicorn.Config(application(door_of(house)), log_config=None, lifespan="off"))
        serving = threading.Thread(target=door.run, kwargs={"sockets": [listening]})
        serving.start()
        while not door.started:
            time.sleep(0.01)
        server.hook = (f"http://127.0.0.1:{listening.getsockname()[1]}/hooks/notify", TOKEN)
        yield
        door.should_exit = True
        serving.join()


def tasks(house, kind="undelivered_letter"):
    return [task for task in everything(house, Task, kind=kind) if task.closed_at is None]


def test_an_acknowledgement_goes_with_its_reference_its_proof_and_their_words_made_harmless(house, server):
    letter = acknowledged(house, server)
    (case,), (kept,) = everything(house, Case), everything(house, OutboxEntry)
    assert case.reference in letter["subject"]
    assert case.reference in letter["body"]
    assert kept.answer == f"GOV.UK Notify took it: {letter['id']}, template {TEMPLATE} version 3"
    assert f"<{letter['reference']}>" == kept.header_id
    theirs = letter["asked"]["personalisation"]["resident_words"]
    assert "*Nobody* came to mend the [boiler]" in theirs
    assert "\\*Nobody\\* came to mend the \\[boiler\\]" in letter["body"]
    assert "bad.example" not in letter["body"]
    assert house.landlord.policy_url in letter["body"]
    assert f"{URL}/case/" in letter["body"]
    must_hold(house)


def test_what_notify_could_not_deliver_acknowledges_nothing_and_becomes_a_persons(house, server):
    letter = acknowledged(house, server)
    with called_back(house, server):
        assert server.ends(letter, "permanent-failure") == 200
        assert server.call_back(letter) == 200
        assert server.call_back(letter, token="another token") == 401
    settle(house)
    (case,), (task,) = everything(house, Case), tasks(house)
    assert case.acknowledged_at is None
    assert task.case_id == case.id
    assert "permanent-failure" in task.why
    receipts = [message for message in everything(house, Message) if message.channel == "notify"]
    assert [(message.disposition, message.case_id) for message in receipts] == [(Disposition.ACT, case.id)]
    assert len(events_of(house, case.id, "letter_failed")) == 1
    with house.store.glance() as glance:
        assert "ada@resident.example" in bounced_lately(glance, ["ada@resident.example"], house.clock.now() - timedelta(days=1))
    house.reception.refusals.write()
    assert look(house).figures["refused_requests"] == {"notify notify": 1}
    must_hold(house)


@pytest.mark.parametrize("status", ["temporary-failure", "technical-failure"])
def test_what_failed_for_now_is_a_persons_too_and_the_address_is_not_taken_for_dead(house, server, status):
    letter = acknowledged(house, server)
    with called_back(house, server):
        server.ends(letter, status)
    settle(house)
    assert status in tasks(house)[0].why
    with house.store.glance() as glance:
        assert bounced_lately(glance, ["ada@resident.example"], house.clock.now() - timedelta(days=1)) == {}
    must_hold(house)


def test_a_word_of_failure_after_it_was_delivered_changes_nothing(house, server):
    letter = acknowledged(house, server)
    with called_back(house, server):
        assert [server.ends(letter, status) for status in ("delivered", "permanent-failure")] == [200, 200]
    settle(house)
    (case,), (kept,) = everything(house, Case), everything(house, OutboxEntry)
    assert case.acknowledged_at is not None
    assert kept.progress == "delivered"
    assert tasks(house) == []


def ask(house):
    async def once():
        way = house.outgoing()
        try:
            return await undecided.Undecided(house.store, way, house.clock).once()
        finally:
            await way.close()

    return asyncio.run(once())


def test_what_nobody_called_back_about_is_asked_for_after_an_hour_and_then_no_more(house, server):
    letter = acknowledged(house, server)
    assert ask(house) == 0
    later(house, minutes=61)
    assert ask(house) == 1
    settle(house)
    assert everything(house, OutboxEntry)[0].progress is None
    server.ends(letter, "permanent-failure")
    assert ask(house) == 1
    settle(house)
    assert tasks(house)
    assert ask(house) == 0


def test_what_was_delivered_is_asked_for_no_more(house, server):
    letter = acknowledged(house, server)
    later(house, minutes=61)
    server.ends(letter, "delivered")
    assert ask(house) == 1
    settle(house)
    assert everything(house, OutboxEntry)[0].progress == "delivered"
    assert ask(house) == 0


def test_letters_are_asked_for_in_portions_one_after_the_other_and_then_anew(house, server, monkeypatch):
    monkeypatch.setattr(undecided, "AT_ONCE", 1)
    for number in (1, 2):
        arrive(house, mail(f"complaint! Number {number} drips.", sender=f"tenant{number}@resident.example"))
    settle(house)
    send(house)
    later(house, minutes=61)
    server.asked.clear()

    async def rounds():
        way = house.outgoing()
        asking = undecided.Undecided(house.store, way, house.clock)
        try:
            return [await asking.once() for _ in range(4)]
        finally:
            await way.close()

    assert asyncio.run(rounds()) == [1, 1, 0, 1]
    # They left together, so either may have come there first.
    first, second, again = (one.path.rpartition("/")[2] for one in server.asked)
    assert again == first
    assert {first, second} == {letter["id"] for letter in server.letters}


def test_asking_goes_on_where_it_was_broken_off_and_ends_after_a_week(house, server):
    acknowledged(house, server)
    later(house, minutes=61)
    server.go_away()
    assert ask(house) == 0
    server.come_back()
    assert ask(house) == 1
    later(house, days=7)
    assert ask(house) == 0


def test_a_letter_whose_process_died_before_it_was_written_down_is_found_and_not_repeated(house, server):
    arrive(house, mail(COMPLAINT))
    settle(house)

    async def died():
        way = house.outgoing()
        outbox = house.outbox(way)
        outbox._write_down = lambda lease, outcomes: None
        await outbox.once()
        await way.close()

    asyncio.run(died())
    assert everything(house, OutboxEntry)[0].state == "due"
    later(house, minutes=16)
    send(house)
    assert everything(house, OutboxEntry)[0].state == "sent"
    assert len(server.letters) == 1


def test_a_letter_of_which_notify_knows_nothing_after_a_broken_line_is_a_persons(house, server):
    arrive(house, mail(COMPLAINT))
    settle(house)
    server.how = "lost"
    send(house)
    (case,), (letter,) = everything(house, Case), everything(house, OutboxEntry)
    assert letter.state == "uncertain"
    assert case.acknowledged_at is None
    assert tasks(house)
    later(house, days=1)
    send(house)
    assert server.letters == []


@pytest.mark.parametrize(("status", "state"), [("delivered", "sent"), ("permanent-failure", "failed")])
def test_a_letter_that_nobody_knew_of_is_proved_by_a_later_word_of_it(house, server, status, state):
    arrive(house, mail(COMPLAINT))
    settle(house)
    server.how, server.unknown_for = "timeout_after_accept", 1000
    send(house)
    assert everything(house, OutboxEntry)[0].state == "uncertain"
    with called_back(house, server):
        server.ends(server.letters[0], status)
    settle(house)
    later(house, minutes=17)
    settle(house)
    (case,), (letter,) = everything(house, Case), everything(house, OutboxEntry)
    assert letter.state == state
    assert (case.acknowledged_at is not None) is (status == "delivered")
    assert tasks(house)
    must_hold(house)


def test_what_must_be_mended_stands_in_the_status_until_a_letter_goes(house, server):
    arrive(house, mail(COMPLAINT))
    settle(house)
    kept, server.templates = server.templates, {}
    send(house)
    assert any("notify notify" in sentence and "template_id" in sentence for sentence in look(house).troubles)
    server.templates = kept
    later(house, minutes=10)
    send(house)
    assert not any("notify" in sentence for sentence in look(house).troubles)
    assert len(server.letters) == 1


def test_a_receipt_makes_nobody_a_party_and_opens_no_case(house, server):
    letter = acknowledged(house, server)
    before = [party.address for party in everything(house, Party)]
    with called_back(house, server):
        server.ends(letter, "delivered")
    settle(house)
    assert [party.address for party in everything(house, Party)] == before
    assert len(everything(house, Case)) == 1
    assert [event.kind for event in events_of(house, 1)][-1] == "letter_delivered"
