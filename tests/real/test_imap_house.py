"""A whole house with a real mailbox: numbered anew, killed in the middle of a move, and on a link that swallows every byte."""

import asyncio
import contextlib
import time

import pytest
from doors import MemoryInbox
from test_imap_dovecot import LATER, listening, until

from houses import house_of, mail, settle
from intake.mailbox.harvest import Harvest
from intake.mailbox.link import Link
from intake.mailbox.memory import Memory
from store.holes import holes, spoilt
from store.models import Case, Message, OutboxEntry

__all__ = ["house_of"]
pytestmark = pytest.mark.real("dovecot")


class Killed(Link):
    """A link at whose first move the process dies."""

    def move(self, uids, folder):
        raise ConnectionResetError("killed before the move")


class KilledInTheCopy(Link):
    """A link at which the process dies between the copy and the mark."""

    def move(self, uids, folder):
        self._client.copy(uids, folder)
        raise ConnectionResetError("killed after the copy")


def look_once(house, settings, link_of=Link):
    link = link_of(settings)
    try:
        link.log_in()
        link.prepare((settings.processed, settings.unprocessable))
        with contextlib.suppress(ConnectionResetError):
            Harvest(link, house.reception, settings, Memory(), LATER.now).run()
    finally:
        link.close()
    settle(house)


def complaints(number):
    words = "complaint! the heating of flat {} is off and nobody came"
    mails = (mail(words.format(n), sender=f"a{n}@r.example") for n in range(number))
    return [raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw in mails]


def outcome(house):
    with house.store.glance() as glance:
        rows = glance.find(Message)
        assert [*holes(glance), *spoilt(glance)] == []
        came_to = sorted(str(row.disposition) for row in rows)
        return came_to, len(glance.find(Case)), len(glance.find(OutboxEntry))


def test_killed_before_the_move_and_then_numbered_anew_no_mail_is_lost_and_none_is_a_second_case(dovecot, house_of, tmp_path):
    house, user = house_of(), dovecot.new_user()
    settings = dovecot.settings(user, tmp_path)
    dovecot.deliver(user, complaints(3))
    look_once(house, settings, Killed)
    first = outcome(house)
    assert first[:2] == (["case"] * 3, 3)
    for file in dovecot.maildir(user).glob("dovecot*"):
        file.unlink()
    time.sleep(1.1)  # the server takes its new number from the clock
    look_once(house, settings)
    assert outcome(house) == (["case"] * 3 + ["duplicate"] * 3, 3, first[2])
    assert dovecot.contents(user, "INBOX") == []
    assert len(dovecot.contents(user, "Processed")) == 3


def test_killed_between_copy_and_mark_where_the_server_cannot_move_nothing_is_lost_or_a_second_case(
    plain_dovecot, house_of, tmp_path
):
    house, user = house_of(), plain_dovecot.new_user()
    settings = plain_dovecot.settings(user, tmp_path)
    plain_dovecot.deliver(user, complaints(3))
    look_once(house, settings, KilledInTheCopy)
    first = outcome(house)
    look_once(house, settings)
    look_once(house, settings)
    assert outcome(house) == first
    assert first[:2] == (["case"] * 3, 3)
    # Where nothing may be expunged the mails stay, marked; the second copy is all that the kill has cost.
    assert all(b"\\Deleted" in flags for _, flags in plain_dovecot.contents(user, "INBOX"))
    assert {raw for raw, _ in plain_dovecot.contents(user, "Processed")} == set(complaints(3))


class Swallower:
    """Passes bytes on between a door and its server, until it swallows all of one connection and never closes it."""

    def __init__(self, port):
        self._port = port
        self.connections = 0
        self.dead = set()
        self._writers = []

    async def open(self):
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def close(self):
        self._server.close()
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _pass_on(self, reader, writer):
        number, self.connections = self.connections, self.connections + 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, far_writer]
        await asyncio.gather(self._pump(number, reader, far_writer), self._pump(number, far_reader, writer))

    async def _pump(self, number, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if number not in self.dead:
                    writer.write(data)
                    await writer.drain()
        writer.close()


def test_f5_a_link_that_goes_dead_in_idle_without_a_word_is_left_and_the_mail_is_taken(dovecot, tmp_path):
    user, inbox = dovecot.new_user(), MemoryInbox()

    async def scene():
        swallower = Swallower(dovecot.port)
        settings = dovecot.settings(user, tmp_path, port=await swallower.open(), poll=1, timeout=1)
        async with listening(settings, inbox):
            await until(lambda: inbox.contacts)
            swallower.dead.add(0)
            await asyncio.to_thread(dovecot.deliver, user, complaints(1))
            await until(lambda: inbox.messages)
        await swallower.close()
        assert swallower.connections > 1

    asyncio.run(scene())
    assert [kept.raw for kept in inbox.messages] == complaints(1)
