"""Import of files: every message once, its bytes as they were, its true receipt time."""

import asyncio
import json
import mailbox
import os
import tracemalloc
from datetime import UTC, datetime

import pytest
from doors import Clock, MemoryInbox
from hypothesis import given
from hypothesis import strategies as st

from intake.channel import Listener
from intake.channels import folder
from intake.files import mbox, times
from intake.message import JSON_LINE, MAIL

CLOCK = Clock(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
MAIL_A = b"Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0000\r\nSubject: A\r\n\r\nWet.\r\n"
MAIL_B = b"Date: Tue, 3 Nov 2026 10:00:00 +0000\nSubject: B\n\nCold.\n"


def read(*paths):
    complaints = []
    return list(folder.messages(paths, CLOCK, complaints.append)), complaints


def put(path, content, mtime=datetime(2026, 11, 1, tzinfo=UTC)):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (mtime.timestamp(), mtime.timestamp()))
    return path


def test_a_folder_of_all_kinds_gives_every_message_once(tmp_path):
    put(tmp_path / "a.eml", MAIL_A)
    put(tmp_path / "deep" / "b.EML", MAIL_B)
    put(
        tmp_path / "c.mbox",
        b"From x@y.example Mon Nov  2 11:00:00 2026\nSubject: C\n\nOne.\n\nFrom x@y.example Mon Nov  2 12:00:00 2026\nSubject: D\n\nTwo.\n",
    )
    put(tmp_path / "e.jsonl", b'{"text": "Leak", "received_at": "2026-11-04T08:00:00+00:00"}\n\n{"text": "Noise"}\n')
    put(tmp_path / "notes.txt", b"no message")
    for number in range(2):
        mailbox.Maildir(tmp_path / "maildir").add(b"Subject: F%d\n\nx\n" % number)
    found, complaints = read(tmp_path)
    assert complaints == []
    assert [message.raw for message in found if message.raw in (MAIL_A, MAIL_B)] == [MAIL_A, MAIL_B]
    assert len(found) == 8
    assert {message.media_type for message in found} == {MAIL, JSON_LINE}
    assert {(message.channel, message.account) for message in found} == {("folder", "import")}
    assert folder.count([tmp_path]) == 8


def test_the_same_bytes_are_the_same_arrival_wherever_they_lie(tmp_path):
    put(tmp_path / "a.eml", MAIL_A)
    put(tmp_path / "again" / "copy.eml", MAIL_A)
    first, second = read(tmp_path)[0]
    assert first.external_id == second.external_id
    assert read(tmp_path)[0][0].external_id == first.external_id


def test_a_file_named_itself_is_taken_whatever_its_ending(tmp_path):
    files = [
        put(tmp_path / "1", MAIL_A),
        put(tmp_path / "2", b"From x@y.example Mon Nov  2 11:00:00 2026\nSubject: C\n\nOne.\n"),
        put(tmp_path / "3", b'{"text": "Leak"}'),
    ]
    found, _ = read(*files)
    assert [message.raw for message in found] == [MAIL_A, b"Subject: C\n\nOne.\n", b'{"text": "Leak"}']


@pytest.mark.parametrize(
    ("raw", "told", "expected"),
    [
        (MAIL_A, None, datetime(2026, 11, 2, 10, tzinfo=UTC)),
        (MAIL_B, None, datetime(2026, 11, 3, 10, tzinfo=UTC)),
        (MAIL_B, datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)),
        (
            b"Received: a; Mon, 2 Nov 2026 10:00:00 +0000\r\nReceived: b; Sun, 1 Nov 2026 10:00:00 +0000\r\n\r\n",
            None,
            datetime(2026, 11, 2, 10, tzinfo=UTC),
        ),
        (
            b"received: folded by\r\n\tb with ESMTP;\r\n\tMon, 2 Nov 2026\r\n 11:00:00 +0100 (CET)\r\n\r\n",
            None,
            datetime(2026, 11, 2, 10, tzinfo=UTC),
        ),
        (
            b"Received: no date\r\nReceived: b; Sun, 1 Nov 2026 10:00:00 +0000\r\n\r\n",
            None,
            datetime(2026, 11, 1, 10, tzinfo=UTC),
        ),
        (
            b"Received: a; Fri, 20 Nov 2027 10:00:00 +0000\r\nDate: Thu, 19 Nov 2026 09:00:00 +0000\r\n\r\n",
            None,
            datetime(2026, 11, 19, 9, tzinfo=UTC),
        ),
        (b"Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\n", None, datetime(2026, 11, 1, tzinfo=UTC)),
        (b"Date: rubbish\r\n\r\n", None, datetime(2026, 11, 1, tzinfo=UTC)),
        (b"Date: Mon, 2 Nov 2026 10:00:00 -9999\r\n\r\n", None, None),
        (b"Subject: none\r\n\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n", None, datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_the_receipt_time_comes_from_the_best_source(raw, told, expected):
    found = times.received_at(raw, told=told, file_time=datetime(2026, 11, 1, tzinfo=UTC), now=CLOCK.now())
    assert found.tzinfo is UTC
    assert expected is None or found == expected


def test_a_file_from_the_future_was_received_now(tmp_path):
    put(tmp_path / "a.eml", b"Subject: x\n\ny\n", mtime=datetime(2030, 1, 1, tzinfo=UTC))
    assert read(tmp_path)[0][0].received_at == CLOCK.now()


@given(st.binary(max_size=3000))
def test_no_bytes_break_the_receipt_time(raw):
    now = CLOCK.now()
    assert times.received_at(raw, told=None, file_time=now, now=now) <= now


def test_json_lines_keep_their_time_and_odd_ones_wait_for_a_person(tmp_path):
    lines = [
        b'{"text": "Leak", "sender": "a@b.example", "received_at": "2026-11-04T08:00:00+01:00"}',
        b"not json",
        b'{"subject": "no text"}',
        b'{"text": "x", "received_at": "2026-11-04"}',
        b"[" * 100_000,
        b'{"text": "\xff"}',
    ]
    put(tmp_path / "x.jsonl", b"\n".join(lines))
    found, complaints = read(tmp_path)
    assert complaints == []
    assert [message.raw for message in found] == lines
    assert found[0].received_at == datetime(2026, 11, 4, 7, tzinfo=UTC)
    assert [bool(message.problem) for message in found] == [False, True, True, True, True, True]
    assert "line 2 of x.jsonl is not JSON" in found[1].problem
    assert found[1].received_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_an_empty_file_waits_for_a_person(tmp_path):
    put(tmp_path / "a.eml", b"")
    assert read(tmp_path)[0][0].problem == "the file is empty"


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(tmp_path):
    good = put(tmp_path / "z.eml", MAIL_A)
    broken = tmp_path / "b.eml"
    broken.symlink_to(tmp_path / "nowhere")
    found, complaints = read(tmp_path / "missing.eml", tmp_path)
    assert [message.raw for message in found] == [good.read_bytes()]
    assert complaints == [
        f"{tmp_path / 'missing.eml'} cannot be read: No such file or directory",
        f"{broken} cannot be read: No such file or directory",
    ]


BODY_LINES = st.lists(
    st.sampled_from([b"", b"From my window I see damp", b">From here", b"From ", b"text", b">>From x"]), max_size=12
)


@given(st.lists(BODY_LINES, min_size=1, max_size=5))
def test_an_mbox_written_with_protection_is_cut_into_the_same_mails(bodies):
    written = [b"Subject: %d\n\n" % number + b"".join(line + b"\n" for line in lines) for number, lines in enumerate(bodies)]
    file = b""
    for mail in written:
        protected = b"".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in mail.splitlines(True))
        file += b"From tenant@example.org Mon Nov  2 11:00:00 2026\n" + protected + b"\n"
    assert [mail for mail, _ in mbox.mails(file.splitlines(True))] == written


def test_an_mbox_of_the_standard_library_is_read_back(tmp_path):
    written = [b"Subject: %d\n\nFrom my window.\n\nFrom here on.\n" % number for number in range(20)]
    box = mailbox.mbox(tmp_path / "a.mbox")
    for mail in written:
        box.add(mail)
    box.close()
    found, _ = read(tmp_path / "a.mbox")
    assert [message.raw for message in found] == written
    assert folder.count([tmp_path / "a.mbox"]) == 20


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"From a@b.example Mon Nov  2 11:00:00 2026\n", datetime(2026, 11, 2, 11, tzinfo=UTC)),
        (b"From - Mon Nov 02 11:00:00 2026\r\n", datetime(2026, 11, 2, 11, tzinfo=UTC)),
        (b"From MAILER-DAEMON Mon Nov  2 11:00:00 UTC 2026\n", datetime(2026, 11, 2, 11, tzinfo=UTC)),
        (b"From a@b.example Mon Xyz  2 11:00:00 2026\n", None),
        (b"From a@b.example Mon Nov 99 11:00:00 2026\n", None),
        (b"From a@b.example\n", None),
    ],
)
def test_the_time_of_a_from_line(line, time):
    assert mbox.from_line_time(line) == time
    ((mail, told),) = mbox.mails([line, b"Subject: x\n", b"\n", b"From my window\n"])
    assert mail == b"Subject: x\n\nFrom my window\n"
    assert told == time


def test_memory_stays_flat_over_a_large_mbox(tmp_path):
    mail = b"From a@b.example Mon Nov  2 11:00:00 2026\nSubject: x\n\n" + b"wet wall\n" * 1000 + b"\n"
    put(tmp_path / "big.mbox", mail * 400)
    tracemalloc.start()
    assert sum(1 for _ in folder.messages([tmp_path / "big.mbox"], CLOCK)) == 400
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_500_000


def test_a_watched_folder_gives_its_files_away_once_they_are_kept(tmp_path):
    old = datetime(2026, 11, 1, tzinfo=UTC)
    put(tmp_path / "a.eml", MAIL_A, mtime=old)
    put(tmp_path / "new.eml", MAIL_B, mtime=CLOCK.now())
    put(tmp_path / ".taken" / "a.eml", b"an older one")
    inbox = MemoryInbox()
    inbox.down = True
    door = folder.build(folder.Settings(path=tmp_path, poll=0.05, account="scanner"), inbox, CLOCK)
    assert isinstance(door, Listener)

    async def until(condition):
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in threads
                await asyncio.sleep(0.01)

    async def scene():
        task = asyncio.create_task(door.listen())
        await until(lambda: inbox.contacts)
        assert (tmp_path / "a.eml").exists()
        inbox.down = False
        await until(lambda: inbox.contacts[-1][2] is None)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scene())
    (kept,) = inbox.messages
    assert (kept.raw, kept.account) == (MAIL_A, "scanner")
    assert not (tmp_path / "a.eml").exists()
    assert (tmp_path / ".taken" / "a.1.eml").read_bytes() == MAIL_A
    assert (tmp_path / "new.eml").exists()


def test_json_dumps_of_any_text_are_taken(tmp_path):
    put(tmp_path / "x.jsonl", json.dumps({"text": "دیوار 🏚 \u2028 line"}, ensure_ascii=False).encode() + b"\r\n")
    (message,) = read(tmp_path)[0]
    assert message.problem is None
