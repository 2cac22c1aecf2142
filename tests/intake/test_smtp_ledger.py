"""The SMTP door counts what it answered: every mail that was begun is kept, refused, told to come later, or cut off."""

import asyncio

import pytest
from doors import MemoryInbox, Wire, open_door, wire

from intake.smtp_door.ledger import Ledger

MAIL = b"Subject: Damp\r\n\r\nThe wall is wet."


def counted(scene, **settings):
    """Play a scene at an open door, and return what the inbox was told when it had closed."""
    inbox = MemoryInbox()

    async def play():
        async with open_door(inbox, **settings) as door:
            await scene(door, inbox)

    asyncio.run(play())
    return inbox.tallies


async def _kept(door, _inbox):
    async with wire(door) as client:
        for _ in range(3):
            assert (await client.deliver(MAIL)).startswith("250")


async def _unknown(door, _inbox):
    async with wire(door) as client:
        await client.say("MAIL FROM:<tenant@example.org>")
        assert (await client.say("RCPT TO:<nobody@elsewhere.example>")).startswith("550")
        assert (await client.say("RCPT TO:<housing@landlord.example>")).startswith("250")


async def _said_too_big(door, _inbox):
    async with wire(door) as client:
        assert (await client.say("MAIL FROM:<tenant@example.org> SIZE=9999999")).startswith("552")


async def _too_big(door, _inbox):
    async with wire(door) as client:
        assert (await client.deliver(b"x" * 70_000)).startswith("552")


async def _loop(door, _inbox):
    async with wire(door) as client:
        assert (await client.deliver(b"Received: by x\r\n" * 101 + MAIL)).startswith("554")


async def _later(door, inbox):
    inbox.down = True
    async with wire(door) as client:
        assert (await client.deliver(MAIL)).startswith("451")
    inbox.down = False


async def _cut(door, _inbox):
    async with wire(door) as client:
        await client.begin()
        client.send(b"half a mail")
        await client.writer.drain()
    await asyncio.sleep(0.2)


async def _crowd(door, _inbox):
    async with wire(door):
        second = await Wire.connect(door)
        assert (await second.answer()).startswith("421")
        await second.close()


@pytest.mark.parametrize(
    ("scene", "settings", "told"),
    [
        (_kept, {}, {"said_yes": 3}),
        (_unknown, {"recipients": ("landlord.example",)}, {"refused_recipient": 1}),
        (_said_too_big, {"max_message_size": 65_536}, {"refused_size": 1}),
        (_too_big, {"max_message_size": 65_536}, {"refused_size": 1}),
        (_loop, {}, {"refused_loop": 1}),
        (_later, {}, {"told_later": 1}),
        (_cut, {}, {"cut": 1}),
        (_crowd, {"max_connections": 1}, {"told_later": 1}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_answer_is_counted_once(scene, settings, told):
    assert counted(scene, **settings) == told


def test_many_mails_of_every_outcome_add_up():
    async def scene(door, inbox):
        for play in (_kept, _unknown, _too_big, _loop, _later, _cut) * 10:
            await play(door, inbox)

    told = counted(scene, max_message_size=65_536, recipients=("landlord.example",))
    assert told == {
        "said_yes": 30,
        "refused_recipient": 10,
        "refused_size": 10,
        "refused_loop": 10,
        "told_later": 10,
        "cut": 10,
    }


def test_what_could_not_be_written_down_is_counted_the_next_time():
    class Forgetful(MemoryInbox):
        fails = True

        def tallied(self, channel, account, outcomes):
            if self.fails:
                raise OSError("no store")
            super().tallied(channel, account, outcomes)

    inbox = Forgetful()

    async def play():
        async with open_door(inbox) as door:
            await _kept(door, inbox)
            await asyncio.to_thread(door._hand_over)
            assert inbox.tallies == {}
            inbox.fails = False

    asyncio.run(play())
    assert inbox.tallies == {"said_yes": 3}


def test_a_ledger_passes_over_what_says_nothing_of_a_mail():
    ledger = Ledger()
    for answer in ("220 hello", "250 2.1.0 sender ok", "354 go on", "221 2.0.0 bye", "421 4.4.2 no command for too long"):
        ledger.answered(answer)
    assert ledger.take() == {}
