"""The store that the desk's benchmark fills is one that the system could have written, and all its pages answer."""

import random

import pytest

from benchmarks.desk import _pages
from benchmarks.desk_house import COOKIE, desk_at, house_at, staff
from benchmarks.desk_rows import LONG, Filling, fill, settle
from benchmarks.system import configure
from desks import client_of
from store.chain import verify_chain
from store.models import Case, Message
from store.queue_rows import Wanted, queue_counts


@pytest.fixture
def config(tmp_path, migrated_url):
    made = configure(tmp_path, migrated_url, 1, 2)
    house = house_at(made)
    fill(house.store, Filling(open=250, closed=30))
    staff(house)
    settle(migrated_url)
    indexing = house.indexing()
    while indexing.words_once():
        pass
    yield made
    house.store.close()


def test_a_filled_store_is_sound_and_every_page_that_is_measured_answers(config):
    app = desk_at(config)
    house = app.state.desk.house
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        assert queue_counts(glance, Wanted(username="x", sees_restricted=True), ()).total == 251
        assert len(glance.find(Case, status="closed")) == 30
        assert len(glance.find(Message, case_id=281)) == LONG
        pages = list(_pages(glance, random.Random(1), 20))
    client, answers = client_of(house, app), {}
    for page in pages:
        client.cookies.set(COOKIE, page.who)
        answers |= {page.name: {client.get(address).status_code for address in page.addresses[:2]}}
    assert {name for name, codes in answers.items() if codes - {200, 303}} == set()
    assert len(answers) > 15
    house.store.close()
