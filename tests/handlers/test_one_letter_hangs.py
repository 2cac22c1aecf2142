"""One letter that hangs keeps no other waiting, is sent once, and is uncertain when nobody answers at all."""

import asyncio
from datetime import timedelta

import pytest

from houses import Postbag, arrive, mail, settle
from promises.looking import everything
from store.errors import StoreUnavailable
from store.models import OutboxEntry, OutboxState, Task


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("handlers.outbox.PATIENCE", 0.02)
    monkeypatch.setattr("handlers.under_way.A_MOMENT", 0.01)


class Slow(Postbag):
    """A way out on which the letters to Ada hang until it is let go."""

    def __init__(self):
        super().__init__()
        self.go_on = asyncio.Event()
        self.begun = []

    async def send(self, reply):
        self.begun.append(reply.recipient)
        if reply.recipient.startswith("ada"):
            await self.go_on.wait()
        return await super().send(reply)


def came(house, name):
    arrive(house, mail(f"complaint! {name} has damp.", sender=f"{name}@resident.example"))
    settle(house)


def states(house):
    return [letter.state for letter in everything(house, OutboxEntry)]


def test_letters_that_come_later_go_while_one_hangs_and_that_one_goes_once(house_of):
    house = house_of()

    async def scene():
        bag = Slow()
        outbox = house.outbox(bag)
        came(house, "ada")
        assert await outbox.round() == 1
        for name in ("ben", "cleo"):
            await asyncio.to_thread(came, house, name)
            assert await outbox.round() == 1
        assert states(house) == [OutboxState.DUE, OutboxState.SENT, OutboxState.SENT]
        assert await outbox.round() == 0
        bag.go_on.set()
        await asyncio.sleep(0)
        while states(house)[0] is not OutboxState.SENT:
            assert await outbox.round() == 0
        return bag.begun

    assert asyncio.run(asyncio.wait_for(scene(), 60)) == [
        "ada@resident.example",
        "ben@resident.example",
        "cleo@resident.example",
    ]


def test_no_more_are_taken_up_than_may_be_under_way(house_of, monkeypatch):
    monkeypatch.setattr("handlers.outbox.MOST_UNDER_WAY", 2)
    house = house_of()
    for name in ("ada", "ada.b", "ada.c"):
        came(house, name)

    async def scene():
        bag = Slow()
        outbox = house.outbox(bag)
        taken = [await outbox.round() for _ in range(3)]
        bag.go_on.set()
        while len(bag.sent) < 3:
            await asyncio.sleep(0)
            taken.append(await outbox.round())
        await outbox.round()
        return taken

    taken = asyncio.run(asyncio.wait_for(scene(), 60))
    assert taken[:3] == [2, 0, 0]
    assert sum(taken) == 3
    assert set(states(house)) == {OutboxState.SENT}


def test_what_a_store_that_is_away_could_not_keep_is_kept_with_the_next_round(house_of, monkeypatch):
    monkeypatch.setattr("handlers.outbox.WRITE_AGAIN_AFTER", ())
    house, away = house_of(), [True]

    def border(name, moment):
        if (name, moment) == ("T5", "before") and away:
            away.pop()
            raise StoreUnavailable("away")

    house.on_border = border
    came(house, "ben")

    async def scene():
        bag = Postbag()
        outbox = house.outbox(bag)
        with pytest.raises(StoreUnavailable):
            await outbox.round()
        assert await outbox.round() == 0
        return bag.sent

    assert len(asyncio.run(asyncio.wait_for(scene(), 60))) == 1
    assert states(house) == [OutboxState.SENT]


def test_a_way_out_that_never_answers_leaves_the_letter_uncertain_before_another_sender_may_take_it(house_of):
    house = house_of()
    house.outbox_lease = timedelta(seconds=0.1)
    came(house, "ada")

    async def scene():
        await house.outbox(Slow()).once()

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert states(house) == [OutboxState.UNCERTAIN]
    assert [task.kind for task in everything(house, Task)].count("undelivered_letter") == 1


def test_what_hangs_at_a_stop_goes_again_later(house_of):
    house = house_of()
    came(house, "ada")

    async def scene():
        outbox = house.outbox(Slow())
        await outbox.round()
        await outbox.stop()

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert states(house) == [OutboxState.DUE]
    house.clock.at += timedelta(minutes=16)
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    assert len(bag.sent) == 1
