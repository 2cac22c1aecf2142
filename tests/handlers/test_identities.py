"""Addresses linked as one resident's: by staff, by the resident's own proof, undone without loss, and never more than that."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from desk_house import came, rows
from hypothesis import given
from hypothesis import strategies as st

from chats import ADA, wrote
from desks import add_person
from handlers import identities
from handlers.case_acts import Refused, Stale
from handlers.identity_proof import GOOD_FOR, Claim, NotProven, Proving, claim_of, proof_token
from handlers.tokens import TokenKey, seal
from houses import NOON
from promises.looking import later
from store.chain import verify_chain
from store.chat_models import IdentityLink
from store.desk_models import CaseStaff
from store.identity_rows import cases_of_resident, linked_with, open_on
from store.models import Case, CaseEvent, Message, Party
from store.queue_rows import may_see

MAIL, BEA = "ada@resident.example", "whatsapp:housing:447700900123"
KEY, OTHER = TokenKey(secret=b"k" * 32), TokenKey(secret=b"o" * 32)


@pytest.fixture
def house(house_of):
    """A house with a case by mail and one by chat, of different people as far as anybody knows."""
    house = house_of()
    add_person(house, "olive", "officer")
    came(house, "complaint! nobody came")
    wrote(house, "service_request! a tap drips")
    return house


def link(house, case_id=1, one=MAIL, other=ADA, why="she said so on the telephone"):
    return identities.link(house.acts, case_id, "olive", one, other, why=why)


def links(house):
    return [(row.first, row.second, row.how, row.undone_by) for row in rows(house, IdentityLink)]


def others(house, address):
    with house.store.glance() as glance:
        return linked_with(glance, [address])


def kinds(house, case_id):
    return [event.kind for event in rows(house, CaseEvent, case_id=case_id)]


def test_a_link_holds_from_both_sides_and_is_an_event_on_the_cases_of_both(house):
    link(house)
    assert links(house) == [(MAIL, ADA, "staff", None)]
    assert (others(house, MAIL), others(house, ADA)) == ([ADA], [MAIL])
    for case_id in (1, 2):
        event = rows(house, CaseEvent, case_id=case_id)[-1]
        assert (event.kind, event.by, event.why) == ("identity_linked", "olive", "she said so on the telephone")
        assert json.loads(event.details) == {"address": MAIL, "other": ADA, "how": "staff"}
    with house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_undone_it_stands_as_history_and_can_be_made_again(house):
    link(house)
    identities.unlink(house.acts, 2, "olive", 1, "it was her sister")
    assert links(house) == [(MAIL, ADA, "staff", "olive")]
    assert others(house, MAIL) == []
    assert kinds(house, 1)[-1] == kinds(house, 2)[-1] == "identity_unlinked"
    with pytest.raises(Stale, match="not linked"):
        identities.unlink(house.acts, 1, "olive", 1, "again")
    link(house, case_id=2, one=ADA, other=MAIL)
    assert len(links(house)) == 2
    assert others(house, ADA) == [MAIL]


def test_links_and_messages_stay_what_they_are(house):
    before = [row.model_dump() for table in (Message, Party) for row in rows(house, table)]
    link(house)
    identities.unlink(house.acts, 1, "olive", 1, "x")
    assert [row.model_dump() for table in (Message, Party) for row in rows(house, table)] == before
    assert [case.id for case in rows(house, Case)] == [1, 2]


def test_a_chain_of_links_is_one_resident_until_one_of_it_is_undone(house):
    link(house)
    link(house, case_id=2, one=ADA, other=BEA)
    assert others(house, MAIL) == sorted([ADA, BEA])
    identities.unlink(house.acts, 1, "olive", 1, "x")
    assert (others(house, MAIL), others(house, BEA)) == ([], [ADA])


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"why": " "}, "Say why"),
        ({"other": MAIL}, "same address"),
        ({"other": "nobody"}, "correct format"),
        ({"other": "HousingComplaintsandFeedback@lewisham.gov.uk"}, "one of our own"),
        ({"one": "eve@x.example"}, "address of this case"),
        ({"case_id": 99}, "no such case"),
    ],
)
def test_what_is_no_link_is_refused_and_nothing_changes(house, told, refusal):
    with pytest.raises(Refused, match=refusal):
        link(house, **told)
    assert links(house) == []
    assert "identity_linked" not in kinds(house, 1)


def test_what_is_linked_is_not_linked_twice_from_either_side(house):
    link(house)
    with pytest.raises(Stale, match="linked already"):
        link(house, case_id=2, one=ADA, other=MAIL)
    assert len(links(house)) == 1


def test_whoever_is_barred_from_the_case_links_nothing_there(house):
    with house.store.unit("desk") as unit:
        row = {"case_id": 1, "username": "olive", "relation": "barred", "at": NOON, "by": "m", "why": "named"}
        unit.insert(CaseStaff, [row])
        unit.commit()
    with pytest.raises(Refused, match="must not handle"):
        link(house)


def test_the_other_cases_of_a_resident_are_found_and_closed_ones_to_the_person_are_not(house):
    link(house)

    def seen(*, sees):
        with house.store.glance() as glance:
            found = cases_of_resident(glance, [MAIL, ADA], 1, "olive", sees_restricted=sees)
        return [case.id for case in found]

    assert seen(sees=False) == [2]
    with house.store.unit("desk") as unit:
        unit.update(Case, 2, restricted=True)
        unit.commit()
    assert (seen(sees=False), seen(sees=True)) == ([], [2])


def restrict(house, *case_ids):
    with house.store.unit("desk") as unit:
        for case_id in case_ids:
            unit.update(Case, case_id, restricted=True)
        unit.commit()


def told_on(house, case_id):
    """What the last event on a case says: why, and its details."""
    event = rows(house, CaseEvent, case_id=case_id)[-1]
    return event.why, json.loads(event.details)


WHY = "she said so on the telephone"


@pytest.mark.parametrize("undone", [False, True])
def test_what_was_found_on_a_restricted_case_is_told_on_no_other(house, undone):
    """Promise: a restricted case is not there for whoever may not open it; nor is what it holds."""
    restrict(house, 2)
    link(house, case_id=2, one=ADA, other=MAIL)
    if undone:
        identities.unlink(house.acts, 2, "olive", 1, WHY)
    why, details = told_on(house, 2)
    assert (why, {details["address"], details["other"]}) == (WHY, {ADA, MAIL})
    assert told_on(house, 1) == (identities.ELSEWHERE, {})
    assert kinds(house, 1)[-1] == ("identity_unlinked" if undone else "identity_linked")


def test_a_restricted_cases_address_is_told_on_no_open_case_though_it_was_linked_there(house):
    restrict(house, 2)
    link(house, case_id=1)
    assert told_on(house, 1) == (identities.ELSEWHERE, {})
    assert told_on(house, 2)[0] == WHY
    identities.unlink(house.acts, 1, "olive", 1, WHY)
    assert told_on(house, 1) == (identities.ELSEWHERE, {})


def test_a_proof_tells_an_open_case_nothing_of_a_restricted_one(house):
    restrict(house, 2)
    proving(house).prove(proving(house).token(ADA, MAIL))
    assert told_on(house, 1) == (identities.ELSEWHERE, {})
    assert told_on(house, 2)[1]["address"] == ADA


@pytest.mark.parametrize(
    ("restricted", "found_on", "known"),
    [
        ((), 1, True),
        ((2,), 2, False),  # found there: nothing of it is known elsewhere
        ((2,), 1, False),  # its address stands on a restricted case alone
        ((1,), 1, True),  # the case itself
        ((1, 2), 1, False),  # who may open the one need not be let in to the other
    ],
)
def test_a_link_is_known_on_a_case_where_everybody_who_opens_it_may_know_it(house, restricted, found_on, known):
    restrict(house, *restricted)
    link(house, found_on, *((MAIL, ADA) if found_on == 1 else (ADA, MAIL)))
    with house.store.glance() as glance:
        assert linked_with(glance, [MAIL], open_on(1)) == ([ADA] if known else [])
        assert linked_with(glance, [MAIL]) == [ADA]
        assert linked_with(glance, [MAIL], may_see("olive", sees_restricted=True)) == [ADA]


def test_an_address_of_no_case_that_was_found_on_a_restricted_one_is_not_known_elsewhere(house):
    came(house, "service_request! a door sticks")
    restrict(house, 1)
    link(house, case_id=1, other="safe@other.example")
    with house.store.glance() as glance:
        assert linked_with(glance, [MAIL], open_on(3)) == []
        assert linked_with(glance, [MAIL], open_on(1)) == ["safe@other.example"]
        assert linked_with(glance, [MAIL], may_see("olive", sees_restricted=False)) == []


def proving(house, *keys):
    return Proving(store=house.store, clock=house.clock, keys=keys or (house.key,))


def test_a_resident_proves_an_address_by_the_link_that_was_sent_there(house):
    token = proving(house).token(ADA, MAIL)
    assert links(house) == []
    later(house, hours=5)
    claim = proving(house).prove(token)
    assert (claim.one, claim.other, claim.asked_at) == (ADA, MAIL, NOON)
    assert links(house) == [(MAIL, ADA, "proof", None)]
    assert [rows(house, CaseEvent, case_id=id_)[-1].by for id_ in (1, 2)] == ["the resident"] * 2


def test_however_often_it_is_opened_it_links_once(house):
    token = proving(house).token(ADA, MAIL)
    for _ in range(3):
        proving(house).prove(token)
    assert len(links(house)) == 1
    assert kinds(house, 1).count("identity_linked") == 1


def test_an_old_link_never_puts_back_what_staff_have_undone(house):
    token = proving(house).token(ADA, MAIL)
    later(house, minutes=1)
    proving(house).prove(token)
    identities.unlink(house.acts, 1, "olive", 1, "it was her sister")
    with pytest.raises(NotProven, match="does not count"):
        proving(house).prove(token)
    later(house, minutes=1)
    proving(house).prove(proving(house).token(ADA, MAIL))  # asked for anew it counts again
    assert [row[3] for row in links(house)] == ["olive", None]


def test_after_its_time_it_proves_nothing(house):
    token = proving(house).token(ADA, MAIL)
    later(house, days=7, seconds=1)
    with pytest.raises(NotProven, match="too old"):
        proving(house).prove(token)
    assert links(house) == []


def test_a_retired_key_still_proves_and_a_strangers_does_not(house):
    old = TokenKey(secret=b"r" * 32, name="0")
    token = proving(house, old).token(ADA, MAIL)
    proving(house, house.key, old).prove(token)
    with pytest.raises(NotProven):
        proving(house, TokenKey(secret=b"s" * 32)).prove(proving(house).token(ADA, BEA))


def test_an_address_that_belongs_to_no_case_yet_can_be_proved(house):
    proving(house).prove(proving(house).token(ADA, "new@x.example"))
    assert others(house, ADA) == ["new@x.example"]


CLAIM = Claim(one=ADA, other=MAIL, asked_at=NOON)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "same",
        "x" * 3_000,
        "sämé.a.b.1.1.aaaa",
        seal(KEY, "page", "mfqq", "mfqq", 1),
        seal(KEY, "same", "mfqq", 1),
        seal(KEY, "same", "mfqq", "1", int(NOON.timestamp())),
        seal(KEY, "same", "mfqq", "mfqq", "x"),
        proof_token(OTHER, CLAIM),
        proof_token(KEY, CLAIM)[:-1],
        proof_token(KEY, CLAIM) + "a",
    ],
)
def test_what_is_no_proof_of_ours_says_nothing(token):
    assert claim_of(token, [KEY], NOON) is None


@given(one=st.emails(), other=st.emails(), seconds=st.integers(0, int(GOOD_FOR.total_seconds())))
def test_every_proof_says_what_it_was_made_for(one, other, seconds):
    if one == other:
        return
    claim = Claim(one=one, other=other, asked_at=NOON)
    token = proof_token(KEY, claim)
    assert claim_of(token, [KEY], NOON + timedelta(seconds=seconds)) == claim
    assert claim_of(token, [KEY], NOON - timedelta(seconds=1)) is None


@given(place=st.integers(0, 10_000), put=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.-_"))
def test_a_proof_with_one_character_changed_is_none(place, put):
    token = proof_token(KEY, CLAIM)
    place %= len(token)
    changed = token[:place] + put + token[place + 1 :]
    assert claim_of(changed, [KEY], NOON) == (CLAIM if changed == token else None)
