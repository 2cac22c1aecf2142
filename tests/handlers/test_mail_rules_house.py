"""Rules for mail that only a whole house can show, each with its letter."""

from __future__ import annotations

from houses import arrive, mail, settle
from promises.looking import everything
from store.models import OutboxEntry, Party


def test_b3_a_letter_goes_to_the_writer_alone_whoever_else_is_named(house_of):
    house = house_of()
    others = {"Reply_To": "aimed@third.example", "Sender": "office@third.example", "Cc": "copied@third.example"}
    arrive(house, mail("complaint! The lift is dead.", **others), sender="bounced@third.example")
    settle(house)
    assert [letter.recipient for letter in everything(house, OutboxEntry)] == ["ada@resident.example"]
    assert "aimed@third.example" not in {party.address for party in everything(house, Party)}
