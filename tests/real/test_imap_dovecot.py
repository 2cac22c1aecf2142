"""The IMAP door against a real Dovecot."""

import asyncio
import contextlib
import os
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from doors import Clock, MemoryInbox

from intake.channel import InboxUnavailable, Listener
from intake.channels import imap
from intake.mailbox.harvest import Harvest
from intake.mailbox.link import Link
from intake.mailbox.memory import Memory
from intake.message import Position

pytestmark = pytest.mark.real("dovecot")
LATER = Clock(datetime(2036, 1, 1, tzinfo=UTC))


def mail(number, size=0):
    return b"From: tenant@example.org\r\nSubject: Damp %d\r\nMessage-ID: <%d@example.org>\r\n\r\nWet.%s\r\n" % (
        number,
        number,
        b"x" * size,
    )


def one_pass(settings, inbox, memory=None, clock=LATER):
    """Look at the mailbox once, over a connection of its own; return the door's complaint, if any."""
    link = Link(settings)
    try:
        link.log_in()
        link.prepare((settings.processed, settings.unprocessable))
        harvest = Harvest(link, inbox, settings, memory or Memory(), clock.now)
        harvest.run()
        return harvest.complaint
    finally:
        link.close()


async def until(condition, seconds=20):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in threads
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def listening(settings, inbox, clock=LATER):
    door = imap.build(settings, inbox, clock)
    assert isinstance(door, Listener)
    task = asyncio.create_task(door.listen())
    try:
        yield door
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def box(dovecot, tmp_path):
    """A user, and the settings of the door to its mailbox."""
    user = dovecot.new_user()
    return dovecot, user, dovecot.settings(user, tmp_path, poll=0.5, give_up_after=0)


def test_every_mail_is_kept_byte_for_byte_and_moved_unread(box):
    dovecot, user, settings = box
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    mails = [mail(number) for number in range(25)]
    dovecot.deliver(user, mails, at=at)
    inbox = MemoryInbox()
    assert one_pass(settings, inbox) is None
    assert [kept.raw for kept in inbox.messages] == mails
    assert {kept.received_at for kept in inbox.messages} == {at}
    assert all(kept.problem is None for kept in inbox.messages)
    first = inbox.messages[0]
    assert first.external_id == f"INBOX/{first.position.uidvalidity}/1"
    assert first.position == Position(folder="INBOX", uidvalidity=first.position.uidvalidity, uid=1)
    assert dovecot.contents(user, "INBOX") == []
    moved = dovecot.contents(user, "Processed")
    assert [raw for raw, _ in moved] == mails
    assert not any(b"\\Seen" in flags for _, flags in moved)


def test_a_receipt_time_in_the_future_becomes_now(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(1)], at=datetime(2030, 1, 1, tzinfo=UTC))
    inbox, now = MemoryInbox(), Clock(datetime(2026, 11, 20, tzinfo=UTC))
    one_pass(settings, inbox, clock=now)
    assert inbox.messages[0].received_at == now.now()


def test_f1_no_mail_is_moved_before_its_bytes_are_committed(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(number) for number in range(10)])
    inbox = MemoryInbox()
    seen_at_commit = []
    inbox.before_put = lambda messages: seen_at_commit.append(len(dovecot.contents(user, "INBOX")))
    inbox.down = True
    with pytest.raises(InboxUnavailable):
        one_pass(settings, inbox)
    assert [flags for _, flags in dovecot.contents(user, "INBOX")] == [()] * 10
    assert dovecot.contents(user, "Processed") == []
    inbox.down = False
    one_pass(settings, inbox)
    assert set(seen_at_commit) == {10}
    assert len(inbox.messages) == 10
    assert len(dovecot.contents(user, "Processed")) == 10


def test_f1_a_crash_between_commit_and_move_costs_a_second_look_and_no_second_message(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(number) for number in range(10)])
    inbox = MemoryInbox()

    class CrashingLink(Link):
        def move(self, uids, folder):
            raise ConnectionResetError("the process died here")

    link = CrashingLink(settings)
    link.log_in()
    with pytest.raises(ConnectionResetError):
        Harvest(link, inbox, settings, Memory(), LATER.now).run()
    link.close()
    assert len(inbox.messages) == len(dovecot.contents(user, "INBOX")) == 10
    one_pass(settings, inbox)
    assert len(inbox.messages) == 10
    assert dovecot.contents(user, "INBOX") == []


def test_f2_after_thirty_days_and_with_all_read_by_another_program_every_mail_is_taken(box):
    dovecot, user, settings = box
    inbox = MemoryInbox()
    dovecot.deliver(user, [mail(0)], at=datetime(2026, 9, 1, tzinfo=UTC))
    one_pass(settings, inbox)
    dovecot.deliver(user, [mail(number) for number in range(1, 40)], at=datetime(2026, 10, 1, tzinfo=UTC))
    with dovecot.client(user) as staff:
        staff.select_folder("INBOX")
        staff.add_flags(staff.search("ALL"), [b"\\Seen", b"\\Answered"])
    one_pass(settings, inbox, clock=Clock(datetime(2026, 11, 1, tzinfo=UTC)))
    assert [kept.raw for kept in inbox.messages] == [mail(number) for number in range(40)]
    assert inbox.messages[-1].received_at == datetime(2026, 10, 1, tzinfo=UTC)


def test_a_mail_marked_deleted_by_another_program_before_we_saw_it_is_kept(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(1)])
    with dovecot.client(user) as staff:
        staff.select_folder("INBOX")
        staff.add_flags(staff.search("ALL"), [b"\\Deleted"])
    inbox = MemoryInbox()
    one_pass(settings, inbox)
    assert len(inbox.messages) == 1


def test_new_numbers_of_the_server_make_every_mail_looked_at_again(box):
    dovecot, user, settings = box
    inbox, memory = MemoryInbox(), Memory()
    dovecot.deliver(user, [mail(1)])
    one_pass(settings, inbox, memory)
    for file in dovecot.maildir(user).glob("dovecot*"):
        file.unlink()
    time.sleep(1.1)
    dovecot.deliver(user, [mail(2)])
    one_pass(settings, inbox, memory)
    first, second = inbox.messages
    assert first.position.uidvalidity != second.position.uidvalidity
    assert (first.position.uid, second.position.uid) == (1, 1)
    assert second.raw == mail(2)


def test_f3_one_mail_that_cannot_be_fetched_among_a_hundred_is_put_before_a_person(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(number) for number in range(100)])
    lock_away(dovecot, user, b"Subject: Damp 50")
    inbox = MemoryInbox()

    async def scene():
        async with listening(settings, inbox):
            await until(lambda: len(inbox.messages) >= 99, 10)
            await until(lambda: len(inbox.messages) == 100, 60)
            await asyncio.to_thread(dovecot.deliver, user, [mail(100)])
            await until(lambda: len(inbox.messages) == 101, 20)

    asyncio.run(scene())
    quarantined = [kept for kept in inbox.messages if kept.problem]
    assert len(quarantined) == 1
    assert quarantined[0].position.uid == 51
    assert "could not be fetched" in quarantined[0].problem
    assert {kept.raw for kept in inbox.messages if not kept.problem} == {mail(number) for number in range(101) if number != 50}


def test_f4_a_mail_that_lies_alone_and_cannot_be_fetched_is_told_of_as_the_kept_ones_can_be(box):
    dovecot, user, settings = box
    inbox, memory, clock = MemoryInbox(), Memory(), Clock(datetime(2036, 1, 1, tzinfo=UTC))
    settings = settings.model_copy(update={"give_up_after": 600.0})
    dovecot.deliver(user, [mail(1)])
    one_pass(settings, inbox, memory, clock)
    dovecot.deliver(user, [mail(2)])
    lock_away(dovecot, user, b"Subject: Damp 2")
    for _ in range(6):
        clock.at += timedelta(minutes=5)
        with contextlib.suppress(Exception):
            one_pass(settings, inbox, memory, clock)
    assert [bool(kept.problem) for kept in inbox.messages] == [False, True]
    assert len(dovecot.contents(user, "Processed")) == 1


def lock_away(dovecot, user, words):
    """Make one mail's file unreadable for the server, as a broken disk would."""
    (file,) = [path for path in dovecot.maildir(user).glob("*/*") if path.is_file() and words in path.read_bytes()]
    if os.geteuid() == 0:
        os.chown(file, 0, 0)
    file.chmod(0)


def test_f4_a_mail_that_the_inbox_always_refuses_is_tried_a_bounded_number_of_times(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(number) for number in range(20)])
    inbox = MemoryInbox()
    tries = []
    inbox.before_put = lambda messages: tries.extend(m for m in messages if m.raw == mail(7))
    inbox.refuses = lambda message: message.raw == mail(7) and message.problem is None
    memory = Memory()
    complaints = [one_pass(settings, inbox, memory) for _ in range(6)]
    assert complaints[-1] is None
    assert len(inbox.messages) == 20
    assert len(tries) <= 6
    (odd,) = [kept for kept in inbox.messages if kept.problem]
    assert odd.raw == mail(7)
    assert [raw for raw, _ in dovecot.contents(user, "Unprocessable")] == [mail(7)]
    assert len(dovecot.contents(user, "Processed")) == 19


def test_f4_a_mail_whose_bytes_can_never_be_stored_leaves_a_note(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(7)])
    inbox = MemoryInbox()
    inbox.refuses = lambda message: b"Damp 7" in message.raw
    memory = Memory()
    for _ in range(4):
        with contextlib.suppress(InboxUnavailable):
            one_pass(settings, inbox, memory)
    (note,) = inbox.messages
    assert "could not be stored" in note.problem
    assert [raw for raw, _ in dovecot.contents(user, "INBOX")] == [mail(7)]
    one_pass(settings, inbox, memory, clock=Clock(LATER.at + timedelta(hours=25)))
    assert [raw for raw, _ in dovecot.contents(user, "Unprocessable")] == [mail(7)]


def test_an_inbox_that_was_down_gets_its_mail_without_a_warning_on_it(box):
    dovecot, user, settings = box
    dovecot.deliver(user, [mail(1)])
    inbox, memory = MemoryInbox(), Memory()
    inbox.down = True
    for _ in range(5):
        with contextlib.suppress(InboxUnavailable):
            one_pass(settings, inbox, memory)
    inbox.down = False
    one_pass(settings, inbox, memory)
    (kept,) = inbox.messages
    assert (kept.raw, kept.problem) == (mail(1), None)


def test_a_mail_over_the_limit_is_kept_in_part_with_its_reason(dovecot, tmp_path):
    user = dovecot.new_user()
    settings = dovecot.settings(user, tmp_path, max_message_size=50_000)
    dovecot.deliver(user, [mail(1), mail(2, size=200_000), mail(3)])
    inbox = MemoryInbox()
    one_pass(settings, inbox)
    (big,) = [kept for kept in inbox.messages if kept.problem]
    assert big.raw == mail(2, size=200_000)[:50_000]
    assert "only the first 50000 of" in big.problem
    assert len(inbox.messages) == 3


@pytest.mark.parametrize("passes", [3])
def test_without_move_and_uidplus_nothing_of_others_is_expunged_and_nothing_is_taken_twice(plain_dovecot, tmp_path, passes):
    user = plain_dovecot.new_user()
    settings = plain_dovecot.settings(user, tmp_path)
    plain_dovecot.deliver(user, [mail(1), mail(2)])
    inbox, memory = MemoryInbox(), Memory()
    for _ in range(passes):
        one_pass(settings, inbox, memory)
    one_pass(settings, inbox, Memory())
    assert len(inbox.messages) == 2
    assert sum(inbox.batches) == 2
    assert [raw for raw, _ in plain_dovecot.contents(user, "Processed")] == [mail(1), mail(2)]
    assert all(b"\\Deleted" in flags for _, flags in plain_dovecot.contents(user, "INBOX"))


def test_mail_that_comes_while_listening_is_taken_at_once(dovecot, tmp_path):
    user = dovecot.new_user()
    inbox = MemoryInbox()

    async def scene():
        async with listening(dovecot.settings(user, tmp_path, poll=300), inbox):
            await until(lambda: ("imap", user, None) in inbox.contacts)
            for number in range(3):
                await asyncio.to_thread(dovecot.deliver, user, [mail(number)])
                await until(lambda wanted=number + 1: len(inbox.messages) == wanted, 10)

    asyncio.run(scene())
    assert [kept.raw for kept in inbox.messages] == [mail(number) for number in range(3)]


def test_without_idle_the_poll_finds_the_mail(plain_dovecot, tmp_path):
    user = plain_dovecot.new_user()
    inbox = MemoryInbox()

    async def scene():
        async with listening(plain_dovecot.settings(user, tmp_path, poll=0.2), inbox):
            await until(lambda: inbox.contacts)
            await asyncio.to_thread(plain_dovecot.deliver, user, [mail(1)])
            await until(lambda: inbox.messages)

    asyncio.run(scene())


def test_a_door_that_waits_or_cannot_log_in_stops_when_asked(dovecot, tmp_path):
    user = dovecot.new_user()
    settings = dovecot.settings(user, tmp_path, poll=300)

    async def scene(settings, inbox):
        async with listening(settings, inbox):
            await until(lambda: inbox.contacts)
        return inbox.contacts[0]

    async def both():
        async with asyncio.timeout(20):
            assert await scene(settings, MemoryInbox()) == ("imap", user, None)
            wrong = settings.model_copy(update={"username": "stranger"})
            _, _, error = await scene(wrong, MemoryInbox())
            assert "LoginError" in error

    asyncio.run(both())


def test_a_connection_that_is_cut_is_made_anew(dovecot, tmp_path):
    user = dovecot.new_user()
    inbox = MemoryInbox()

    async def scene():
        async with listening(dovecot.settings(user, tmp_path, poll=300), inbox) as door:
            await until(lambda: inbox.contacts)
            door._rounds.interrupt()
            await until(lambda: inbox.contacts[-1][2] is not None)
            await asyncio.to_thread(dovecot.deliver, user, [mail(1)])
            await until(lambda: inbox.messages)

    asyncio.run(scene())


def test_two_doors_on_one_mailbox_keep_each_mail_once(dovecot, tmp_path):
    user = dovecot.new_user()
    settings = dovecot.settings(user, tmp_path, poll=0.2, batch=7)
    mails = [mail(number) for number in range(150)]
    dovecot.deliver(user, mails)
    inbox = MemoryInbox()
    faults = []

    def work():
        for _ in range(4):
            try:
                one_pass(settings, inbox)
            except Exception as error:  # noqa: BLE001
                faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kept for kept in inbox.messages if kept.problem] == []
    assert sorted(kept.raw for kept in inbox.messages) == sorted(mails)
    assert dovecot.contents(user, "INBOX") == []


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_mail_is_taken_over_tls_and_a_strangers_certificate_is_not_believed(dovecot, tmp_path, tls):
    user = dovecot.new_user()
    port = dovecot.tls_port if tls == "tls" else dovecot.port
    settings = dovecot.settings(user, tmp_path, tls=tls, port=port, ca_file=dovecot.certificate)
    dovecot.deliver(user, [mail(1), mail(2)])
    inbox = MemoryInbox()
    assert one_pass(settings, inbox) is None
    assert len(inbox.messages) == 2
    with pytest.raises(ssl.SSLCertVerificationError):
        one_pass(settings.model_copy(update={"ca_file": None}), inbox)


def test_over_tls_news_ends_the_wait(dovecot, tmp_path):
    user = dovecot.new_user()
    inbox = MemoryInbox()
    settings = dovecot.settings(user, tmp_path, tls="tls", port=dovecot.tls_port, ca_file=dovecot.certificate, poll=300)

    async def scene():
        async with listening(settings, inbox):
            await until(lambda: inbox.contacts)
            await asyncio.to_thread(dovecot.deliver, user, [mail(1)])
            await until(lambda: inbox.messages, 10)

    asyncio.run(scene())
