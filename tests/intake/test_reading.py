"""Reading never fails: whatever the bytes are, a person can be shown something storable."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.message import JSON_LINE, MAIL, Reading, Sender
from intake.reading import as_json, read

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
FIELDS = [
    *(
        "file",
        "message_id",
        "references",
        "from",
        "from_name",
        "to",
        "subject",
        "date",
        "text",
        "new_text",
        "quoted",
        "attachments",
    ),
    *("automatic", "bounce", "problems"),
]


def texts(value: object) -> Iterator[str]:
    """Yield every string inside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (*texts(key), *texts(each))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


def assert_storable(reading: Reading) -> None:
    assert not any(problem.startswith("could_not_be_read:") and "NotAMessage" not in problem for problem in reading.problems)
    for text in texts(reading):
        assert "\x00" not in text
        text.encode("utf-8")
    for start, end in reading.new_ranges:
        assert 0 <= start <= end <= len(reading.text)
    json.dumps(as_json("x", reading, None)).encode()
    if reading.unreadable:
        assert reading.problems


@given(st.binary(max_size=2000), st.sampled_from([MAIL, JSON_LINE, "text/x-unknown"]))
@settings(max_examples=300)
def test_any_bytes_give_a_storable_reading(raw: bytes, media_type: str) -> None:
    assert_storable(read(raw, media_type))


HEADER_NAMES = st.sampled_from(
    ["From", "To", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "References"]
)
TELLING_VALUES = (
    *(b"multipart/mixed; boundary=x", b"multipart/alternative; boundary=x", b"multipart/report", b"message/rfc822"),
    *(b"text/html; charset=utf-7", b"text/plain; charset=utf-16", b"message/delivery-status", b"base64", b"quoted-printable"),
    *(b"attachment; filename*0*=utf-8''%ff", b"=?utf-8?b?/////w==?="),
)
HEADER_VALUES = st.one_of(st.binary(max_size=80), st.sampled_from(TELLING_VALUES))


@given(st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=8), st.lists(st.binary(max_size=120), max_size=5))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_anything_like_a_mail_gives_a_storable_reading(headers: list[tuple[str, bytes]], pieces: list[bytes]) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    assert_storable(read(head + b"\r\n" + b"\r\n--x\r\n".join(pieces), MAIL))


@given(st.integers(min_value=0, max_value=2**32))
@settings(max_examples=200)
def test_mutated_real_mails_give_a_storable_reading(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(chance.choice(MAILS).read_bytes())
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(raw))
        kind = chance.randrange(4)
        if kind == 0:
            raw[place] = chance.randrange(256)
        elif kind == 1:
            del raw[place : place + chance.randint(1, 40)]
        elif kind == 2:
            raw[place:place] = raw[place // 2 : place // 2 + chance.randint(1, 200)]
        else:
            raw[place:place] = chance.choice([b"\x00", b"\r", b"\n\n", b"=?", b"\xff\xfe", b"--alt\r\n", b'"', b"<", b"\x1b$B"])
        raw = raw or bytearray(b"x")
    assert_storable(read(bytes(raw), MAIL))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_hard_mail_is_readable_and_its_new_words_stand_in_its_text(path: Path) -> None:
    reading = read(path.read_bytes(), MAIL)
    assert_storable(reading)
    assert not reading.unreadable
    ranged = " ".join(reading.text[start:end] for start, end in reading.new_ranges)
    assert reading.new_text.split() == (ranged.split() or reading.subject.split())


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"From: a@b.example\r\n\r\n", "nothing_to_read"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "not_a_mail"),
    ],
)
def test_what_cannot_be_read_says_so(raw: bytes, problem: str) -> None:
    reading = read(raw, MAIL)
    assert reading.unreadable
    assert problem in reading.problems
    assert reading.content_key


def test_a_mail_without_words_but_with_a_file_is_readable() -> None:
    assert not read(b"From: a@b.example\r\nContent-Type: image/png\r\n\r\nPNG", MAIL).unreadable


@pytest.mark.parametrize(
    "charset", ["charset*=utf-8''x%00y", "charset*0=utf; charset*1=-8", 'charset="a\x00b"', "charset*=x'y'", "charset="]
)
def test_an_impossible_charset_stops_nothing(charset: str) -> None:
    reading = read(f"From: a@b.example\r\nContent-Type: text/plain; {charset}\r\n\r\nIt cost £5".encode(), MAIL)
    assert reading.text == "It cost £5"
    assert_storable(reading)


def test_zero_bytes_and_lone_surrogates_are_taken_out() -> None:
    reading = read(b"From: a@b.example\r\nSubject: x\x00y\r\n\r\nhel\x00lo \xed\xa0\x80", MAIL)
    assert reading.subject == "xy"
    assert reading.text.startswith("hello ")
    line = read(b'{"text": "bad \\ud800 and \\u0000 and \\ud83e\\udd76"}', JSON_LINE)
    assert line.text == "bad \ufffd and  and 🥶"


def test_a_json_line_is_read() -> None:
    fields = {
        "id": "7",
        "channel": "chat",
        "subject": "lift",
        "text": "The lift is stuck again.\n\nOn Mon, 2 Nov 2026 at 09:12, Housing <h@c.example> wrote:\n> It was mended.",
        "sender": "Ann <ann@resident.example>",
        "received_at": "2026-11-02T09:12:00+00:00",
    }
    reading = read(json.dumps(fields).encode(), JSON_LINE)
    assert reading.sender == Sender(address="ann@resident.example", name="Ann")
    assert reading.subject == "lift"
    assert reading.channel_kind == "chat"
    assert reading.new_text == "The lift is stuck again."
    assert "> It was mended." in reading.quoted
    assert reading.date == datetime(2026, 11, 2, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'{"text": 5}', b'{"subject": "x"}', b"null", b"[" * 100_000, b'{"text": ' + b"1" * 5000 + b"}"]
)
def test_a_line_that_is_no_message_is_unreadable(raw: bytes) -> None:
    reading = read(raw, JSON_LINE)
    assert reading.unreadable
    assert reading.problems == ("could_not_be_read:NotAMessage",)


def test_equal_texts_under_other_ids_are_other_messages() -> None:
    first, second, again = (read(json.dumps({"id": number, "text": "hello there"}).encode(), JSON_LINE) for number in (1, 2, 1))
    assert first.content_key != second.content_key
    assert first.content_key == again.content_key


def test_what_the_command_prints_has_the_agreed_fields() -> None:
    bounce = next(path for path in MAILS if path.stem == "bounce")
    printed = as_json("bounce.eml", read(bounce.read_bytes(), MAIL), "bounce")
    assert list(printed) == FIELDS
    assert printed["automatic"] == "bounce"
    assert printed["bounce"] == {"recipient": "ann+2Dhome@resident.example", "status": "5.1.1", "permanent": True}
    assert list(printed["attachments"][0]) == ["name", "type", "size", "sha256", "inline", "given_name"]
    json.dumps(printed)


def test_the_printed_date_is_aware() -> None:
    printed = as_json("x", read(b"From: a@b.example\r\nDate: Mon, 2 Nov 2026 09:12:00 +0100\r\n\r\nhi", MAIL), None)
    assert printed["date"] == "2026-11-02T08:12:00+00:00"
    assert printed["bounce"] is None
