"""The IMAP door and servers that answer oddly: nothing is lost, one bad message never stops the next."""

import asyncio
from datetime import UTC, datetime

import pytest
from doors import Clock, MemoryInbox
from odd_mailbox import OddMailbox

from intake.channels import imap
from intake.mailbox.harvest import Harvest
from intake.mailbox.link import Link
from intake.mailbox.memory import Memory

CLOCK = Clock(datetime(2026, 11, 21, tzinfo=UTC))
MAILS = [b"Subject: Damp %d\r\n\r\nThe wall is wet.\r\n" % number for number in range(1, 101)]


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "password"
    path.write_text("secret\n")
    return path


def settings_for(server, secret, **changes):
    values = {"host": "127.0.0.1", "port": server.port, "tls": "none", "username": "u", "password_file": secret, "timeout": 5}
    return imap.Settings(**(values | changes))


def passes(server, settings, inbox, times=1, memory=None):
    """Look at the mailbox so many times, each over a connection of its own, and return the complaints."""
    memory = memory or Memory()
    complaints = []
    for _ in range(times):
        link = Link(settings)
        harvest = Harvest(link, inbox, settings, memory, CLOCK.now)
        try:
            link.log_in()
            harvest.run()
            complaints.append(harvest.complaint)
        except Exception as error:  # noqa: BLE001 - what ends a pass is looked at by the tests
            complaints.append(error)
        finally:
            link.close()
    return complaints


@pytest.mark.parametrize(
    ("oddity", "raw", "problem"),
    [
        ("no", b"Comments: in the place of message mailbox INBOX/7/50\r\n\r\n", "could not be fetched"),
        ("nonsense", b"Comments: in the place of message mailbox INBOX/7/50\r\n\r\n", "could not be fetched"),
        ("missing", b"Comments: in the place of message mailbox INBOX/7/50\r\n\r\n", "could not be fetched"),
        ("halves", MAILS[49], "could not give this message whole"),
    ],
)
def test_f3_one_message_that_cannot_be_fetched_is_put_before_a_person_and_the_others_go_on(secret, oddity, raw, problem):
    with OddMailbox.running(MAILS) as server:
        server.oddities[50] = oddity
        inbox = MemoryInbox()
        passes(server, settings_for(server, secret), inbox)
        assert server.mails == {}
        assert (50, "Unprocessable") in server.moved
        assert len(server.moved) == 100
    order = [kept.position.uid for kept in inbox.messages]
    assert order == [*range(1, 50), *range(51, 101), 50]
    (odd,) = [kept for kept in inbox.messages if kept.problem]
    assert odd.raw == raw
    assert problem in odd.problem
    assert odd.received_at == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_f3_a_message_whose_fetch_cuts_the_connection_does_not_hold_up_the_others(secret):
    with OddMailbox.running(MAILS) as server:
        server.oddities[50] = "cut"
        inbox = MemoryInbox()
        complaints = passes(server, settings_for(server, secret, batch=30), inbox, times=5)
        assert server.mails == {}
        fetches_of_the_odd_one = [words for words, uids in server.fetched if 50 in uids and b"BODY" in words]
    assert complaints[-1] is None
    assert len(inbox.messages) == 100
    assert [kept.position.uid for kept in inbox.messages if kept.problem] == [50]
    assert len(fetches_of_the_odd_one) <= 5


def test_a_date_that_is_none_costs_no_message(secret):
    with OddMailbox.running(MAILS) as server:
        server.oddities[3] = "date"
        inbox = MemoryInbox()
        passes(server, settings_for(server, secret), inbox)
    assert [kept.raw for kept in inbox.messages] == MAILS
    assert inbox.messages[2].received_at == CLOCK.now()
    assert inbox.messages[3].received_at == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_messages_are_only_peeked_at(secret):
    with OddMailbox.running(MAILS) as server:
        passes(server, settings_for(server, secret), MemoryInbox())
        bodies = [words for words, _ in server.fetched if b"BODY" in words]
    assert bodies
    assert all(b"BODY.PEEK[]" in words for words in bodies)
    assert not any("STORE" in command.upper() for command in server.commands)


def test_f4_what_cannot_be_moved_is_not_fetched_again_and_is_told(secret):
    with OddMailbox.running(MAILS) as server:
        server.refuses_moves = True
        inbox, memory, settings = MemoryInbox(), Memory(), settings_for(server, secret)
        complaints = passes(server, settings, inbox, times=4, memory=memory)
        assert all("could not be moved to Processed" in complaint for complaint in complaints)
        assert sum(len(uids) for words, uids in server.fetched if b"BODY" in words) == 100
        server.refuses_moves = False
        assert passes(server, settings, inbox, memory=memory) == [None]
        assert server.mails == {}
    assert len(inbox.messages) == 100
    assert memory.settled == {}


def test_without_move_only_our_own_messages_are_expunged(secret):
    with OddMailbox.running(MAILS[:3], capability=b"IMAP4rev1 UIDPLUS") as server:
        passes(server, settings_for(server, secret), MemoryInbox())
        assert server.moved == [(1, "Processed"), (2, "Processed"), (3, "Processed")]
        assert server.mails == {}
        assert "EXPUNGE" not in server.commands
        assert any(command.startswith("UID EXPUNGE 1") for command in server.commands)


async def listen_until(door, condition):
    task = asyncio.create_task(door.listen())
    try:
        async with asyncio.timeout(15):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in threads
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        _, hanging = await asyncio.wait([task], timeout=3)
        assert not hanging


@pytest.mark.parametrize("silent_at", ["LOGIN", "SELECT", "SEARCH", "FETCH", "MOVE", "IDLE", "DONE"])
def test_a_server_that_falls_silent_is_left_and_asked_again(secret, silent_at):
    with OddMailbox.running(MAILS[:5]) as server:
        server.silent_at = silent_at
        inbox = MemoryInbox()
        door = imap.build(settings_for(server, secret, timeout=0.2, poll=0.2), inbox, CLOCK)

        async def scene():
            def complained_then_mended():
                if any(error for _, _, error in inbox.contacts):
                    server.silent_at = None
                return server.silent_at is None and inbox.contacts[-1][2] is None

            await listen_until(door, complained_then_mended)

        asyncio.run(scene())
        assert server.mails == {}
    assert sorted(kept.raw for kept in inbox.messages) == MAILS[:5]


def test_news_that_comes_as_idle_begins_is_looked_at_and_is_no_fault(secret):
    with OddMailbox.running(MAILS[:1]) as server:
        server.news_before_idling = True
        inbox = MemoryInbox()
        door = imap.build(settings_for(server, secret, poll=300), inbox, CLOCK)
        asyncio.run(listen_until(door, lambda: len(inbox.contacts) >= 2))
    assert inbox.contacts == [("imap", "mailbox", None)] * 2


@pytest.mark.parametrize("silent_at", ["LOGIN", "FETCH", "DONE"])
def test_a_door_stops_at_once_although_its_server_hangs(secret, silent_at):
    with OddMailbox.running(MAILS[:5]) as server:
        server.silent_at = silent_at
        door = imap.build(settings_for(server, secret, timeout=60, poll=0.1), MemoryInbox(), CLOCK)
        awaited = "IDLE" if silent_at == "DONE" else silent_at

        async def scene():
            await listen_until(door, lambda: any(awaited in command for command in server.commands))
            await asyncio.sleep(0.2)

        asyncio.run(scene())


@pytest.mark.parametrize(
    "changes", [{"host": ""}, {"poll": 0}, {"tls": "maybe"}, {"idle_renewal": 3600}, {"batch": 0}, {"password": "x"}]
)
def test_wrong_settings_are_refused(secret, changes):
    values = {"host": "h", "username": "u", "password_file": secret}
    with pytest.raises(ValueError):
        imap.Settings(**(values | changes))
