"""Whose addresses take no answers, by their local parts alone, and which people's only look like them (mail rule A7)."""

import pytest

from handlers.automatic import NOBODY
from houses import arrive, mail, settle
from promises.looking import send

NOBODYS = [
    "noreply",
    "no-reply",
    "no_reply",
    "no.reply",
    "noreply123",
    "council-noreply",
    "councilnoreply",
    "housing.no-reply",
    "no-replies",
    "do-not-reply",
    "do_not_reply",
    "donotreply",
    "do.not.reply",
    "do-not-respond",
    "auto-reply",
    "autoreply",
    "mailer-daemon",
    "postmaster",
    "postmaster+1",
    "bounce",
    "bounces",
    "bounces+ada=x.example",
    "bounce-123",
    "bouncehandler",
    "owner-tenants",
    "tenants-owner",
    "tenants-request",
    "listserv",
    "majordomo",
    "mailer_daemon",
    "prvs=1234567890=bounce",
    "nepasrepondre",
    "nicht-antworten",
    "no.responder",
]
PEOPLES = [
    "bouncer.dave",
    "casino-reply",
    "casino.responder",
    "prvs=1234567890=ada",
    "ada",
    "reply",
    "replies.ada",
    "postmasters.wife",
    "piano.replay",
    "norep",
    "owner",
    "requests",
    "autorepair",
]


@pytest.mark.parametrize("local", NOBODYS)
def test_an_address_that_says_nobody_reads_it_is_nobodys(local):
    assert NOBODY.fullmatch(local)


@pytest.mark.parametrize("local", PEOPLES)
def test_an_address_that_only_looks_like_it_is_a_persons(local):
    assert not NOBODY.fullmatch(local)


def test_a_long_thread_keeps_its_first_id_and_the_last_twenty(house_of):
    house = house_of()
    ids = [f"<{number}@resident.example>" for number in range(30)]
    arrive(house, mail("complaint! Still wet.", message_id="<last@resident.example>", References=" ".join(ids)))
    settle(house)
    (reply,) = send(house).sent
    assert list(reply.references) == [ids[0], *ids[10:], "<last@resident.example>"]
