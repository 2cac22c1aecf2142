"""Whatever a mail does to whoever reads it, the house goes on and a person sees the mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.contact import attachment
from intake.contained import ContainedReader, ReaderUnavailable
from intake.html_text import html_text
from intake.message import MAIL
from intake.reading import read
from intake.words_of_files import words_of
from killing_reader import DOES

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLAIN = b"From: Ann <ann@resident.example>\r\nSubject: Damp\r\nMessage-ID: <1@resident.example>\r\n\r\nIt is wet.\r\n"


@pytest.fixture
def reader():
    made = ContainedReader()
    yield made
    made.close()


@pytest.fixture
def obeying():
    made = ContainedReader(seconds=2.0, program=DOES)
    yield made
    made.close()


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_what_is_read_in_its_own_process_is_what_is_read_here(shared, file):
    raw = file.read_bytes()
    assert shared.read(raw, MAIL, NOON) == read(raw, MAIL, NOON)


@pytest.fixture(scope="module")
def shared():
    made = ContainedReader()
    yield made
    made.close()


@pytest.mark.parametrize(
    "charset", ["koi8-r", "iso2022_jp", "big5", "gb18030", "cp949", "utf-7", "cp1255", "cp874", "mac_roman"]
)
def test_no_charset_has_to_be_fetched_later(shared, charset):
    raw = b"Content-Type: text/plain; charset=%s\r\n\r\n" % charset.encode() + "a b c".encode(charset)
    assert shared.read(raw, MAIL) == read(raw, MAIL)


def test_every_byte_of_a_file_comes_through(shared):
    raw = PLAIN.replace(b"\r\n\r\n", b"\r\nContent-Type: image/jpeg\r\n\r\n") + bytes(range(256)) * 9_000
    assert shared.read(raw, MAIL).attachments[0].content == read(raw, MAIL).attachments[0].content


def test_files_and_pages_are_looked_into_there_too(shared):
    page = "<p>seen<p hidden>unseen<blockquote>old</blockquote>"
    assert shared.page(page) == html_text(page)
    for name, content in (
        ("a.html", b"<html><p>words"),
        ("a.rtf", b"{\\rtf1 words}"),
        ("a.zip", b"PK\x03\x04"),
        ("a", b"\x00\x01"),
    ):
        file = attachment(name, "application/octet-stream", content, 1)
        assert shared.words_of(file) == words_of(file)


@pytest.mark.parametrize(("word", "how"), [("DIE", "signal"), ("HANG", "time"), ("BABBLE", "signal")])
def test_a_mail_that_ends_its_reader_is_known_by_its_header_and_the_next_is_read(obeying, word, how):
    raw = PLAIN.replace(b"It is wet", word.encode())
    found = obeying.read(raw, MAIL, NOON)
    assert (found.unreadable, found.problems) == (True, (f"reader_died:{how}",))
    assert (found.sender.address, found.subject, found.message_id) == ("ann@resident.example", "Damp", "<1@resident.example>")
    assert (found.text, found.new_text, found.attachments) == ("", "", ())
    assert obeying.read(PLAIN, MAIL, NOON) == read(PLAIN, MAIL, NOON)


@pytest.mark.parametrize("word", ["MUCH", "NET", "FILE"])
def test_a_reader_gets_no_more_than_its_share_and_nothing_from_outside(obeying, word):
    # What it may not do raises where it is done; here that is outside of what catches it, and so ends the process.
    found = obeying.read(PLAIN.replace(b"It is wet", word.encode()), MAIL, NOON)
    assert found.problems == ("reader_died:signal",)
    assert obeying.read(PLAIN, MAIL, NOON).new_text.strip() == "It is wet."


def test_a_mail_whose_header_ends_its_reader_is_known_by_nothing(obeying):
    found = obeying.read(PLAIN.replace(b"Damp", b"DIE"), MAIL, NOON)
    assert (found.unreadable, found.sender.address, found.problems) == (True, None, ("reader_died:signal",))


def test_what_asks_for_too_much_memory_is_a_message_for_a_person():
    small = ContainedReader(memory=200 * 2**20)
    raw = b"From: ann@resident.example\r\nContent-Type: text/html\r\n\r\n" + b"<p>a" * 400_000
    found = small.read(raw, MAIL)
    assert (found.unreadable, found.sender.address) == (True, "ann@resident.example")
    assert small.read(PLAIN, MAIL).new_text.strip() == "It is wet."
    small.close()


def test_a_death_from_outside_is_not_the_mails_fault(reader):
    reader.read(PLAIN, MAIL)
    reader._process.running.kill()
    assert reader.read(PLAIN, MAIL) == read(PLAIN, MAIL)


def test_where_no_reader_can_start_nothing_is_said_of_the_mail():
    with pytest.raises(ReaderUnavailable):
        ContainedReader(program="raise SystemExit").read(PLAIN, MAIL)


def test_a_reader_goes_when_nobody_asks_any_more():
    made = ContainedReader()
    made.read(PLAIN, MAIL)
    running = made._process.running
    del made
    assert running.poll() is not None
