"""What must hold of whatever is read: one check for each target, each of which takes bytes and raises where a promise is broken."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from handlers.addresses import OwnAddresses
from handlers.automatic import automatic
from intake.html_text import html_text
from intake.message import MAIL, Reading
from intake.quoting import NewText, split, split_reply
from intake.reading import as_json, read
from intake.reading_frames import from_reading, to_reading

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OWN = OwnAddresses(addresses=["housing@council.example"], message_id_domain="intake.council.example", loop_mark="intake")
BETWEEN = b"\x00"
"""In what the quoting target is given: plain words before it, html of the same behind it."""

KINDS = (
    *(("application/octet-stream", "a.bin"), ("application/ms-tnef", "winmail.dat"), ("application/pkcs7-mime", "smime.p7m")),
    *(
        ("application/vnd.ms-outlook", "a.msg"),
        ("application/zip", "a.zip"),
        ("application/pdf", "a.pdf"),
        ("text/rtf", "a.rtf"),
    ),
    *(("text/calendar", "a.ics"), ("message/rfc822", "a.eml"), ("text/html", "a.html"), ("text/plain", "a.txt")),
    *(("application/msword", "a.doc"), ("application/onenote", "a.one"), ("image/png", "a.png")),
)


def check_mail(raw: bytes) -> None:
    """Read a mail, and compare what was read with what every reading promises."""
    reading = read(raw, MAIL, NOW)
    assert not any(problem.startswith("could_not_be_read:") for problem in reading.problems), reading.problems
    assert_storable(reading)
    assert_ranges(reading.new_ranges, len(reading.text))
    ranged = [word for start, end in reading.new_ranges for word in reading.text[start:end].split()]
    # A subject above an empty body is the whole report.
    assert reading.new_text.split() == (ranged or reading.subject.split())
    assert_files(reading)
    told = as_json("x", reading, automatic(reading, None, OWN))
    assert json.loads(json.dumps(told, ensure_ascii=False).encode()) == told
    assert to_reading([bytes(piece) for piece in from_reading(reading)[1:]][1:]) == reading
    assert reading.content_key
    assert reading.problems or not reading.unreadable


def check_files(raw: bytes) -> None:
    """Read a mail with one file: the first byte says what it claims to be."""
    kind, name = KINDS[(raw[0] if raw else 0) % len(KINDS)]
    head = f"From: a@b.example\r\nContent-Type: {kind}; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    check_mail(head.encode() + base64.encodebytes(raw[1:]))


def check_quoting(raw: bytes) -> None:
    """Split words, alone and beside html of them: both halves together are the words themselves."""
    plain, _, html = (text.replace("\x00", "") for text in raw.decode("utf-8", "replace").partition(BETWEEN.decode()))
    assert_split(plain, split_reply(plain, html or None))
    assert_split(plain, split(plain, forwarded=True))


def check_html(raw: bytes) -> None:
    """Walk html: what is seen is storable, and what is quoted stands in it."""
    seen = html_text(raw.decode("utf-8", "replace"))
    assert_storable(seen)
    assert_ranges(seen.quoted, len(seen.text))
    assert seen.hidden >= sum(map(len, seen.unseen))


CHECKS: dict[str, Callable[[bytes], None]] = {
    "mail": check_mail,
    "files": check_files,
    "quoting": check_quoting,
    "html": check_html,
}


def assert_split(text: str, found: NewText) -> None:
    """Both halves are made of the words of the text, and the new half of its ranges."""
    assert_ranges(found.new_ranges, len(text))
    assert found.new_text.split() == [word for start, end in found.new_ranges for word in text[start:end].split()]
    assert sorted(f"{found.new_text} {found.quoted}".split()) == sorted(text.split())


def assert_ranges(ranges: Sequence[tuple[int, int]], length: int) -> None:
    """Ranges stand inside the text, and one behind the other."""
    before = 0
    for start, end in ranges:
        assert before <= start <= end <= length, ranges[:20]
        before = end


def assert_files(reading: Reading) -> None:
    """Every file is whole, and its name leads nowhere."""
    for file in reading.attachments:
        assert file.size == len(file.content)
        assert file.sha256 == hashlib.sha256(file.content).hexdigest()
        assert file.name.strip(". ")
        assert len(file.name.encode()) <= 200
        assert not set(file.name) & set('/\\\r\n\t:*?"<>|\x7f')


def assert_storable(value: object) -> None:
    """No database refuses any string inside."""
    for text in texts(value):
        assert "\x00" not in text
        text.encode("utf-8")


def texts(value: object) -> Iterator[str]:
    """Yield every string inside, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for text in texts(pair))
    elif isinstance(value, (list, tuple)):
        yield from (text for each in value for text in texts(each))
    elif dataclasses.is_dataclass(value):
        yield from (text for field in dataclasses.fields(value) for text in texts(getattr(value, field.name)))
