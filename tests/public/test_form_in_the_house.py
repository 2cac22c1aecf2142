"""The web form in front of a real house: kept, understood, logged, answered, with its reference on the next page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from open_door import client_of, door_of, page_of

from handlers.resident_links import ResidentLinks
from handlers.resident_pages import ResidentPages
from houses import settle
from intake.public.door import Limits
from intake.public.form_draft import TRAP
from store.models import Case, Message, MessageState, OutboxEntry

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
WORDS = "complaint! The lift has been broken for three weeks and nobody answers."
AT_ONCE = Limits(patience=timedelta(0), quickest=timedelta(0))


@pytest.fixture
def front(house_of):
    """Return a house and a browser's stand-in at its public door."""
    house = house_of()
    residents = ResidentPages(store=house.store, clock=house.clock, links=ResidentLinks(key=house.key), landlord=house.landlord)
    return house, client_of(door_of(inbox=house.reception, clock=house.clock, residents=residents, limits=AT_ONCE))


def sent(client, **fields):
    return client.post("/form", data={"page": page_of(client), **fields}, files=fields.pop("files", None))


def rows(house, model):
    with house.store.glance() as glance:
        return glance.find(model)


def test_a_complaint_is_logged_and_its_reference_stands_on_the_next_page(front):
    house, client = front
    where = sent(client, words=WORDS, name="Zoë", home="Flat 3", email="zoe@resident.example").headers["location"]
    assert "Your message is safe" in client.get(where).text
    settle(house)
    (case,) = rows(house, Case)
    assert case.reference in client.get(where).text
    assert (case.resident_name, case.home) == ("Zoë", "Flat 3")
    (letter,) = rows(house, OutboxEntry)
    assert letter.recipient == "zoe@resident.example"
    assert case.reference in letter.subject


def test_somebody_without_a_mail_address_finds_the_letter_on_a_page_of_their_own(front):
    house, client = front
    where = sent(client, words=WORDS, phone="07700 900123").headers["location"]
    settle(house)
    (case,), (letter,) = rows(house, Case), rows(house, OutboxEntry)
    assert letter.recipient.startswith("webform:web:")
    assert letter.way == "webform:web"
    assert case.resident_phone == "07700 900123"
    page = client.get(where).text
    own = page.partition('href="/case/')[2].partition('"')[0]
    assert case.reference in client.get(f"/case/{own}").text


def test_a_form_that_is_sent_twice_is_one_case_and_one_letter(front):
    house, client = front
    page = page_of(client)
    places = {client.post("/form", data={"page": page, "words": WORDS}).headers["location"] for _ in range(3)}
    settle(house)
    assert len(places) == len(rows(house, Case)) == len(rows(house, OutboxEntry)) == 1


def test_what_a_machine_may_have_filled_in_waits_for_a_person_and_is_never_thrown_away(front):
    house, client = front
    where = sent(client, words=WORDS, more="x").headers["location"]
    settle(house)
    (message,) = rows(house, Message)
    assert message.state is MessageState.SHUNTED
    assert TRAP in message.problem
    assert client.get(where).status_code == 200


def test_photos_are_the_messages_own(front):
    house, client = front
    page = page_of(client)
    files = [("files", ("stairs.jpg", JPEG, "image/jpeg"))]
    assert client.post("/form", data={"page": page, "words": WORDS}, files=files).status_code == 303
    settle(house)
    (case,) = rows(house, Case)
    assert case.reference
    (message,) = rows(house, Message)
    assert message.new_text == WORDS


def test_nobody_reaches_a_page_that_another_was_given(front):
    house, client = front
    first, second = (sent(client, words=f"{WORDS} {number}").headers["location"] for number in range(2))
    settle(house)
    references = {case.reference for case in rows(house, Case)}
    shown = [next(name for name in references if name in client.get(where).text) for where in (first, second)]
    assert len(set(shown)) == 2
    mixed = first.rpartition(".")[0] + "." + second.rpartition(".")[2]
    assert client.get(mixed).status_code == 404
