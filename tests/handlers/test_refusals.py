"""Requests that webhooks refuse are counted in memory and written down now and then; what must be mended stands until it is."""

from datetime import UTC, datetime

import pytest

from handlers.clock import FixedClock
from handlers.reception import Reception
from handlers.refusals import Refusals
from store.door_models import RefusedRequests, StandingTrouble
from store.errors import StoreUnavailable
from store.models import Contact

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def kept(store):
    with store.glance() as glance:
        return {(row.channel, row.account): row.number for row in glance.find(RefusedRequests)}


def test_what_is_refused_is_written_down_when_it_is_time_and_no_contact_is_noted(store):
    reception = Reception(store, FixedClock(NOON))
    for account in ("page", "page", "insta"):
        reception.refused("messenger", account)
    assert kept(store) == {}
    reception.refusals.write()
    reception.refusals.write()
    assert kept(store) == {("messenger", "page"): 2, ("messenger", "insta"): 1}
    reception.refused("messenger", "page")
    reception.refusals.write()
    assert kept(store) == {("messenger", "page"): 3, ("messenger", "insta"): 1}
    with store.glance() as glance:
        assert glance.find(Contact) == []


class Away:
    """A store that is away at first."""

    def __init__(self, store):
        self.store, self.is_away = store, True

    def unit(self, border):
        if self.is_away:
            raise StoreUnavailable("away")
        return self.store.unit(border)


def test_what_could_not_be_written_down_is_counted_with_the_next(store):
    away = Away(store)
    refusals = Refusals(away)
    refusals.add("x", "council")
    refusals.write()
    refusals.add("x", "council")
    away.is_away = False
    refusals.write()
    assert kept(store) == {("x", "council"): 2}


@pytest.mark.parametrize("mended", [True, False])
def test_trouble_stands_in_its_own_matter_until_that_is_mended_whatever_is_heard(store, mended):
    clock = FixedClock(NOON)
    reception = Reception(store, clock)
    reception.stands("messenger", "page", "upkeep", None)
    reception.stands("messenger", "page", "sending", "letters do not go out")
    reception.stands("messenger", "page", "sending", "letters still do not go out")
    reception.stands("messenger", "page", "upkeep", "the version ends")
    reception.heard("messenger", "page")
    if mended:
        reception.stands("messenger", "page", "sending", None)
    with store.glance() as glance:
        found = {(row.matter, row.sentence, row.since) for row in glance.find(StandingTrouble)}
    still = set() if mended else {("sending", "letters still do not go out", NOON)}
    assert found == still | {("upkeep", "the version ends", NOON)}
