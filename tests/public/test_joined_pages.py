"""A colleague joins two cases: whoever has only a page still finds our answers, and nobody learns of a case that is not theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from open_door import client_of, door_of, page_of
from resident_house import (
    Case,
    Message,
    Party,
    Task,
    arrive,
    ask,
    link_of,
    mail,
    rows,
    work,
)

from desks import add_person, join_cases
from handlers.resident_links import ResidentLinks
from handlers.resident_pages import ResidentPages
from handlers.same_case_parting import part
from houses import house_of
from intake.public.door import Limits

__all__ = ["house_of"]

WORDS = "service_request! the boiler in my flat has been broken since March and nobody from the council ever came to mend it"


@pytest.fixture
def database():
    """Pages are the same on any database; what they ask of the store is tested on both, in tests/handlers."""
    return "sqlite"


@pytest.fixture
def house(house_of):
    house = house_of()
    add_person(house, "olive", "officer")
    return house


@pytest.fixture
def client(house):
    residents = ResidentPages(store=house.store, clock=house.clock, links=ResidentLinks(key=house.key), landlord=house.landlord)
    limits = Limits(patience=timedelta(0), quickest=timedelta(0))
    return client_of(door_of(inbox=house.reception, clock=house.clock, residents=residents, limits=limits))


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def joined(house, client, role=None):
    """A mail's case, and the same by a form without a mail address, which a colleague joins to it; return the form's next page."""
    arrive(house, mail(WORDS))
    work(house)
    where = client.post("/form", data={"page": page_of(client), "words": WORDS}).headers["location"]
    work(house)
    now = house.clock.now()
    with house.store.unit("T6") as unit:
        told = {"kind": "same_matter", "case_id": 2, "message_id": 2, "team": "housing", "why": "x"}
        (task,) = unit.insert(Task, [told | {"opened_at": now, "due_at": now}])
        unit.commit()
    offered(house)
    join_cases(house, task, "olive", role)
    return where


def offered(house):
    from handlers.rows import event_row
    from store.chain import append_events

    with house.store.unit("T6") as unit:
        append_events(unit, [event_row(2, "same_matter_offered", "x", house.clock.now(), case=1)])
        unit.commit()


def page_in(text):
    return re.search(r'href="(?:http://[^"/]+)?(/case/[^"]+)"', text)[1]


def test_the_form_leads_to_the_case_in_which_it_goes_on_and_its_letters(house, client):
    where = joined(house, client, "resident")
    first, second = rows(house, Case)
    text = client.get(where).text
    assert first.reference in text and second.reference not in text
    page = client.get(page_in(text)).text
    assert f"Your case {first.reference}" in page and "boiler" in page


def test_the_form_of_somebody_who_was_not_let_in_leads_to_the_case_that_it_had_opened(house, client):
    where = joined(house, client)
    first, second = rows(house, Case)
    text = client.get(where).text
    assert second.reference in text and first.reference not in text
    page = plain(client.get(page_in(text)).text)
    assert f"Your case {second.reference}" in page
    assert "the same thing as another case" in page and "We have closed" not in page and "Closed" not in page
    assert first.reference not in page and "boiler" in page, "their own words, and nothing of the other's"


def own_page(house):
    (party,) = rows(house, Party, case_id=2)
    return link_of(house, rows(house, Case)[1], party.address)


def test_a_page_of_a_case_that_goes_on_says_where_and_leads_there(house, client):
    joined(house, client, "resident")
    first, second = rows(house, Case)
    text = client.get(own_page(house)).text
    assert f"It goes on under the reference {first.reference}" in plain(text)
    assert not re.search(r'action="[^"]+/(complaint|definition|stage2)"', text)
    there = client.get(re.search(r'href="([^"]+)">Go to your case', text)[1])
    assert f"Your case {first.reference}" in there.text
    part(house.acts, 2, "olive", "two boilers")
    assert "Go to your case" not in client.get(own_page(house)).text
    assert second.reference in client.get(own_page(house)).text


@pytest.mark.parametrize(("role", "case_id"), [("resident", 1), (None, 3)])
def test_what_is_written_on_the_old_page_goes_where_the_case_goes_on(house, client, role, case_id):
    joined(house, client, role)
    ask(client, own_page(house), "words", words="service_request? And the kitchen is cold too.")
    work(house)
    assert rows(house, Message)[-1].case_id == case_id
    if role is None:
        assert rows(house, Case)[2].related_case_id == 1
        assert [task.case_id for task in rows(house, Task, kind="possible_reply")] == [3]


def test_nothing_of_a_restricted_case_is_repeated_on_the_page_of_the_one_that_went_into_it(house, client):
    joined(house, client, "resident")
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    assert "boiler" not in client.get(own_page(house)).text
