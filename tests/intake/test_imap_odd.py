"""The IMAP door and servers that answer oddly: nothing is lost, one bad message never stops the next."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from doors import Clock, MemoryInbox
from odd_mailbox import OddMailbox

from intake.channel import InboxUnavailable
from intake.channels import imap
from intake.mailbox.harvest import Harvest
from intake.mailbox.link import Link
from intake.mailbox.memory import Memory
from intake.mailbox.rounds import Rounds
from intake.mailbox.trouble import Busy, busy, suggested_pause

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


def passes(server, settings, inbox, *, times=1, memory=None, clock=CLOCK):
    """Look at the mailbox so many times, each over a connection of its own, and return the complaints."""
    memory = memory or Memory()
    complaints = []
    for _ in range(times):
        link = Link(settings)
        harvest = Harvest(link, inbox, settings, memory, clock.now)
        try:
            link.log_in()
            harvest.run()
            complaints.append(harvest.complaint)
        except Exception as error:  # noqa: BLE001 - what ends a pass is looked at by the tests
            complaints.append(error)
        finally:
            link.close()
    return complaints


NOTE = b"Comments: in the place of message mailbox INBOX/7/50\r\n"


@pytest.mark.parametrize(
    ("oddity", "raw"),
    [
        ("no", NOTE + b"\r\n"),
        ("nonsense", NOTE + b"\r\n"),
        ("missing", NOTE + b"\r\n"),
        ("busy", NOTE + b"\r\n"),
        ("head", NOTE + b"Subject: Damp 50\r\n\r\n"),
    ],
)
def test_f3_one_message_that_cannot_be_fetched_is_put_before_a_person_and_the_others_go_on(secret, oddity, raw):
    with OddMailbox.running(MAILS) as server:
        server.oddities[50] = oddity
        inbox, memory, clock = MemoryInbox(), Memory(), Clock()
        settings = settings_for(server, secret, batch=30)
        for _ in range(6):
            passes(server, settings, inbox, memory=memory, clock=clock)
            clock.at += timedelta(minutes=4)
        assert list(server.mails) == [50]
        (note,) = [kept for kept in inbox.messages if kept.problem]
        assert (note.raw, note.external_id) == (raw, "INBOX/7/50/note")
        assert "could not be fetched" in note.problem
        # The message itself is still wanted: within the hour it is tried again, and it is no repeat of its note.
        server.oddities.clear()
        clock.at += timedelta(hours=1)
        passes(server, settings, inbox, memory=memory, clock=clock)
        assert server.mails == {}
        assert server.moved[-1] == (50, "Processed")
    assert inbox.messages[-1].raw == MAILS[49]
    assert inbox.messages[-1].problem is None
    assert len(inbox.messages) == 101


def test_f3_a_message_that_comes_only_in_halves_is_kept_whole_with_its_reason(secret):
    with OddMailbox.running(MAILS) as server:
        server.oddities[50] = "halves"
        inbox = MemoryInbox()
        passes(server, settings_for(server, secret, give_up_after=0), inbox, times=4, memory=Memory())
        assert server.mails == {}
        assert (50, "Unprocessable") in server.moved
    (odd,) = [kept for kept in inbox.messages if kept.problem]
    assert odd.raw == MAILS[49]
    assert "could not give this message whole" in odd.problem
    assert odd.received_at == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_f4_the_original_of_a_note_is_put_out_of_the_way_after_a_day(secret):
    with OddMailbox.running(MAILS[:3]) as server:
        server.oddities[2] = "no"
        inbox, memory, clock = MemoryInbox(), Memory(), Clock()
        settings = settings_for(server, secret, give_up_after=0)
        passes(server, settings, inbox, times=4, memory=memory, clock=clock)
        clock.at += timedelta(hours=23)
        passes(server, settings, inbox, memory=memory, clock=clock)
        assert list(server.mails) == [2]
        clock.at += timedelta(hours=2)
        passes(server, settings, inbox, memory=memory, clock=clock)
        assert server.moved[-1] == (2, "Unprocessable")


@pytest.mark.parametrize("moves", [True, False], ids=["moves work", "moves are refused"])
@pytest.mark.parametrize("restarts", [True, False], ids=["restarted", "not restarted"])
@pytest.mark.parametrize(
    "words",
    [
        b"NO [LIMIT] Account exceeded command or bandwidth limits.",
        b"NO [UNAVAILABLE] try later",
        b"BAD User is authenticated but not connected.",
        b"BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds",
        b"NO kein Zugriff",
    ],
)
def test_f6_a_server_that_gives_nothing_for_hours_loses_no_word_and_makes_no_note(secret, words, moves, restarts):
    with OddMailbox.running(MAILS[:10]) as server:
        server.throttles, server.refuses_moves = words, not moves
        inbox, memory, clock = MemoryInbox(), Memory(), Clock()
        settings = settings_for(server, secret, batch=4)
        for _ in range(8):
            (complaint,) = passes(server, settings, inbox, memory=memory, clock=clock)
            assert isinstance(complaint, Busy)
            clock.at += timedelta(minutes=40)
        assert inbox.messages == []
        assert server.moved == []
        assert len(server.mails) == 10
        server.throttles, server.refuses_moves = None, False
        passes(server, settings, inbox, memory=Memory() if restarts else memory, clock=clock, times=2)
        assert server.mails == {}
        assert {folder for _uid, folder in server.moved} == {"Processed"}
    assert sorted(kept.raw for kept in inbox.messages) == sorted(MAILS[:10])
    assert all(kept.problem is None for kept in inbox.messages)


def alone(secret, oddity, throttles, kept, minutes):
    """Look every five minutes at a mailbox where one mail lies that cannot be fetched; return what was kept by then."""
    with OddMailbox.running(MAILS[:1]) as server:
        server.oddities[1], server.throttles = oddity, throttles
        server.moved += [(99, "Processed")] * kept
        inbox, memory, clock = MemoryInbox(), Memory(), Clock()
        settings = settings_for(server, secret)
        for _ in range(minutes // 5):
            passes(server, settings, inbox, memory=memory, clock=clock)
            clock.at += timedelta(minutes=5)
        assert list(server.mails) == [1]
    return inbox.messages


@pytest.mark.parametrize("oddity", ["no", "cut", "nonsense", "missing"])
def test_f4_a_mail_that_lies_alone_is_told_of_when_the_server_gives_another_that_was_kept(secret, oddity):
    (note,) = alone(secret, oddity, None, kept=2, minutes=30)
    assert "could not be fetched" in note.problem


@pytest.mark.parametrize(
    ("throttles", "kept"),
    [(b"NO [LIMIT] throttled", 2), (b"NO kein Zugriff", 2), (b"BAD Request is throttled.", 2), (None, 0)],
    ids=["limited", "refused in no known words", "throttled", "nothing else to ask for"],
)
def test_f4_a_mail_that_lies_alone_is_not_told_of_where_the_server_gives_nothing_at_all(secret, throttles, kept):
    assert alone(secret, "no", throttles, kept, minutes=120) == []


def test_a_mailbox_that_gives_nothing_says_which_messages_are_not_with_us(secret):
    with OddMailbox.running(MAILS[:3]) as server:
        server.throttles = b"NO [LIMIT] throttled"
        inbox, clock = MemoryInbox(), Clock()
        rounds = Rounds(settings_for(server, secret), inbox, clock.now)
        for _ in range(2):
            with pytest.raises(Busy):
                rounds._connected()
            clock.at += timedelta(minutes=11)
        assert inbox.standing["gap"] == "3 messages lie in INBOX and are not with us: UIDs 1, 2, 3"
        server.throttles = None
        rounds._stop.set()
        link = Link(settings_for(server, secret))
        link.log_in()
        rounds._pass(link)
        link.close()
    assert inbox.standing["gap"] is None
    assert len(inbox.messages) == 3


@pytest.mark.parametrize(
    ("words", "pause"),
    [
        ("Request is throttled. Suggested Backoff Time: 299961 milliseconds", 299.961),
        ("Backoff Time: 999999999 milliseconds", 3600),
        ("[LIMIT] too many", 0),
        ("backoff time: soon", 0),
    ],
)
def test_the_pause_that_a_server_asks_for_is_read_and_bounded(words, pause):
    assert suggested_pause(words) == pause


@pytest.mark.parametrize(
    "words",
    [
        "fetch failed: [LIMIT] Account exceeded command or bandwidth limits.",
        "select failed: [UNAVAILABLE] later",
        "fetch failed: [OVERQUOTA] no",
        "FETCH command error: BAD [b'User is authenticated but not connected.']",
        "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
        "Too many simultaneous connections. (Failure)",
    ],
)
def test_a_server_that_asks_to_be_left_alone_is_understood(words):
    assert isinstance(busy(Exception(words)), Busy)


@pytest.mark.parametrize(
    "words", ["[SERVERBUG] Internal error occurred", "Invalid messageset", "[NONEXISTENT] no such folder", "cannot"]
)
def test_a_refusal_of_one_thing_is_no_word_about_the_server(words):
    assert busy(Exception(words)) is None


def test_a_mail_that_was_never_kept_is_taken_although_somebody_marked_it_deleted(secret):
    with OddMailbox.running(MAILS[:5]) as server:
        inbox, memory, settings = MemoryInbox(), Memory(), settings_for(server, secret)
        inbox.refuses = lambda message: b"Damp 2\r" in message.raw
        passes(server, settings, inbox, memory=memory)
        assert list(server.mails) == [2]
        inbox.refuses = lambda message: False
        server.deleted.add(2)
        passes(server, settings, inbox, memory=Memory())
        assert server.mails == {}
    assert sorted(kept.raw for kept in inbox.messages) == MAILS[:5]


def test_f3_a_passing_fault_of_the_inbox_puts_no_warning_on_a_mail(secret):
    with OddMailbox.running(MAILS[:1]) as server:
        inbox, memory, settings = MemoryInbox(), Memory(), settings_for(server, secret)
        inbox.refuses = lambda message: True
        passes(server, settings, inbox, memory=memory, times=5)
        inbox.refuses = lambda message: False
        passes(server, settings, inbox, memory=memory)
        assert server.moved == [(1, "Processed")]
    assert [kept.problem for kept in inbox.messages] == [None]


@pytest.mark.parametrize("seconds", [0, 86_400])
def test_an_inbox_that_takes_not_even_a_word_makes_no_mail_the_culprit(secret, seconds):
    with OddMailbox.running(MAILS[:1]) as server:
        inbox, memory, clock = MemoryInbox(), Memory(), Clock()
        settings = settings_for(server, secret, give_up_after=0)
        inbox.down = inbox.deaf = True
        for _ in range(5):
            (complaint,) = passes(server, settings, inbox, memory=memory, clock=clock)
            assert isinstance(complaint, InboxUnavailable)
            clock.at += timedelta(seconds=seconds)
        inbox.down = inbox.deaf = False
        passes(server, settings, inbox, memory=memory, clock=clock)
    assert [kept.problem for kept in inbox.messages] == [None]


def test_a_folder_that_cannot_be_made_stops_no_mail_and_is_told(secret):
    with OddMailbox.running(MAILS[:5]) as server:
        server.refuses_folders = server.refuses_moves = True
        inbox = MemoryInbox()
        door = imap.build(settings_for(server, secret, poll=0.2), inbox, CLOCK)
        asyncio.run(listen_until(door, lambda: len(inbox.messages) == 5 and "messages" in inbox.standing))
        assert len(server.mails) == 5
    assert "Processed could not be made" in inbox.standing["folders"]
    assert "could not be moved to Processed" in inbox.standing["messages"]


def test_folders_are_made_under_the_one_that_the_server_wants_them_under(secret):
    with OddMailbox.running(MAILS[:5], capability=b"IMAP4rev1 MOVE UIDPLUS IDLE NAMESPACE") as server:
        server.prefix = b"INBOX."
        inbox = MemoryInbox()
        door = imap.build(settings_for(server, secret, poll=0.2), inbox, CLOCK)
        asyncio.run(listen_until(door, lambda: not server.mails))
        assert {folder for _uid, folder in server.moved} == {"INBOX.Processed"}
    assert inbox.standing["folders"] is None


def test_a_link_that_dies_after_each_good_look_is_made_anew_within_the_poll(secret):
    with OddMailbox.running(MAILS[:1]) as server:
        rounds = Rounds(settings_for(server, secret, poll=2), MemoryInbox(), CLOCK.now)
        rounds._backoff = 200.0
        rounds._was_good = True
        assert rounds._pause_after(ConnectionResetError()) <= 2
        rounds._was_good = False
        assert rounds._pause_after(ConnectionResetError()) >= 100
        assert rounds._pause_after(Busy("later", 299.0)) >= 299


def test_f3_a_message_whose_fetch_cuts_the_connection_does_not_hold_up_the_others(secret):
    with OddMailbox.running(MAILS) as server:
        server.oddities[50] = "cut"
        inbox = MemoryInbox()
        complaints = passes(server, settings_for(server, secret, batch=30, give_up_after=0), inbox, times=6)
        assert list(server.mails) == [50]
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
