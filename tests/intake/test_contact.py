"""A logged contact is one self-describing document, and comes out of it as it went in."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime

import pytest

from intake.contact import attachment, document, inbound
from intake.contact_facts import LoggedContact
from intake.message import CONTACT
from intake.reading import read

AT = datetime(2026, 12, 22, 10, 0, tzinfo=UTC)


def contact(**changes):
    facts = {"id": "a1", "way": "telephone", "words": "She rang: the lift is still broken.", "logged_by": "olive"}
    facts |= {"logged_by_name": "Olive Officer", "logged_at": AT, "received_at": AT}
    return LoggedContact(**(facts | changes))


FULL = contact(
    way="letter",
    words="Dear Sir,\nthe “damp” is back – naïve of me to hope. 家",
    late_why="came to the wrong office",
    name="Zoë O'Neill",
    email="zoe@resident.example",
    phone="07700 900123",
    home="Flat 3, 14 Pelham Court",
    behalf="Joyce Abara",
    category="out_of_scope",
    reason="petition",
    flags=("vulnerable", "damp_mould"),
    belongs_to="LBL-26-4F7K2P-9D",
    received_at=datetime(2026, 12, 21, 16, 45, tzinfo=UTC),
)


@pytest.mark.parametrize("logged", [contact(), FULL], ids=["two fields", "every field"])
def test_every_fact_comes_out_as_it_went_in(logged):
    reading = read(document(logged), CONTACT)
    assert reading.contact == logged
    assert (reading.sender.address, reading.sender.name) == (logged.email, logged.name)
    assert reading.new_text == logged.words
    assert reading.date == logged.received_at
    assert not reading.unreadable
    assert reading.problems == ()


def test_the_document_says_what_it_is_to_whoever_opens_it():
    told = json.loads(document(FULL))
    assert told["document"] == "council-intake logged contact"
    assert told["version"] == 1
    assert told["words"] == FULL.words
    assert "“damp”" in document(FULL).decode()


def test_what_reception_is_handed_bears_the_true_receipt_and_a_name_of_its_own():
    message = inbound(FULL)
    assert (message.channel, message.account, message.external_id) == ("letter", "desk", "a1")
    assert message.received_at == FULL.received_at
    assert message.media_type == CONTACT


def test_files_come_out_byte_for_byte_whatever_they_are():
    contents = {
        "scan.pdf": b"%PDF-1.7\n\x00\xff\xfe" + os.urandom(3000),
        "photo.HEIC": os.urandom(70_000),
        "winmail.dat": b"\x78\x9f\x3e\x22",
        "inner.eml": b"From: a@b.example\r\n\r\nFrom here\r\n.\r\n",
        "empty.txt": b"",
        "crlf.txt": b"a\r\nb\nc\r",
    }
    files = [attachment(name, "application/octet-stream", content) for name, content in contents.items()]
    files += [attachment(f"page {n}.jpg", "image/jpeg", os.urandom(50)) for n in range(70)]
    found = read(document(contact(), files), CONTACT).attachments
    assert [file.content for file in found] == [file.content for file in files]
    assert {file.name: file.content for file in found if file.name in contents} == contents
    assert all(hashlib.sha256(file.content).hexdigest() == file.sha256 for file in found)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\letter.pdf", "letter.pdf"),
        ("", "attachment-1.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
    ],
)
def test_a_file_is_named_so_that_it_can_be_shown_and_saved(written, shown):
    assert attachment(written, "application/pdf", b"x").name == shown


@pytest.mark.parametrize("kind", ["text/html; charset=x", "nonsense", "", "a/b\r\nX: y"])
def test_a_type_that_is_none_becomes_bytes(kind):
    assert attachment("x", kind, b"x").type == "application/octet-stream"


def test_a_file_that_was_changed_in_the_store_is_kept_and_named_as_a_problem():
    told = json.loads(
        document(contact(), [attachment("a.txt", "text/plain", b"one"), attachment("b.txt", "text/plain", b"two")])
    )
    told["files"][0]["base64"] = "dHdv"
    told["files"][1]["base64"] = "not base64!"
    reading = read(json.dumps(told).encode(), CONTACT)
    assert reading.problems == ("file_changed:1", "file_not_readable:2")
    assert [file.content for file in reading.attachments] == [b"two"]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b'{"document": "something else"}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        document(contact()).replace(b'"telephone"', b'"pigeon"'),
        document(contact()).replace(b'"id": "a1"', b'"id": ""'),
        document(contact()).replace(b"2026-12-22", b"2026-13-22"),
    ],
)
def test_what_is_no_contact_waits_for_a_person(raw):
    reading = read(raw, CONTACT)
    assert reading.unreadable
    assert reading.problems[0].startswith("could_not_be_read")


def test_a_contact_without_words_or_files_is_unreadable():
    assert read(document(contact(words="  ")), CONTACT).unreadable


@pytest.mark.parametrize("words", ["a\x00b", "half \ud83d", "line\r\nline"])
def test_words_that_no_database_would_take_are_made_storable(words):
    text = read(document(contact(words=words)), CONTACT).new_text
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text


def test_the_same_contact_has_the_same_key_and_another_another():
    keys = [
        read(document(c), CONTACT).content_key for c in (contact(), contact(way="visit", words="typed anew"), contact(id="a2"))
    ]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("wrong", [{"id": ""}, {"way": "pigeon"}, {"received_at": datetime(2026, 12, 22, 10, 0)}])  # noqa: DTZ001
def test_a_contact_that_could_not_be_named_or_timed_is_refused(wrong):
    with pytest.raises(ValueError, match="contact"):
        contact(**wrong)
