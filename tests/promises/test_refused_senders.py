"""A relay that refuses us and not the letter: nothing is given up, and the desk is told until it takes a letter again."""

import pytest

from desk.health import look
from houses import Postbag, arrive, mail, settle
from intake.channel import OwnFault
from promises.looking import everything, later, send
from store.models import OutboxEntry, OutboxState

REFUSED = "the relay refuses our reverse path <>: the relay said 550 5.7.60 not you"


def refuse(reply):
    raise OwnFault(REFUSED)


def troubles(house):
    return [trouble for trouble in look(house).troubles if "5.7.60" in trouble]


@pytest.mark.parametrize("number", [1, 3])
def test_letters_wait_and_one_trouble_stands_until_the_relay_takes_one(house_of, number):
    house = house_of()
    for one in range(number):
        arrive(house, mail(f"complaint! {'Damp ' * (one + 1)}", sender=f"t{one}@resident.example"))
    settle(house)
    send(house, Postbag(refuse))
    assert {letter.state for letter in everything(house, OutboxEntry)} == {OutboxState.DUE}
    assert troubles(house) == [f"store all: no letters of machines go: {REFUSED}"]
    later(house, minutes=3)
    assert len(send(house).sent) == number
    assert troubles(house) == []
