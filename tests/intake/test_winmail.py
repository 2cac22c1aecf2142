"""What Outlook packs into a winmail.dat is read: its words where there are no others, its files by name and content."""

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from houses import READER
from intake import packed_rtf, unwrapping
from intake import winmail as reader
from intake.message import MAIL
from intake.reading import read
from outlook import (
    EMBEDDED,
    OBJECT,
    WINMAIL,
    file,
    html,
    long_name,
    packed,
    piece,
    properties,
    rich,
    winmail,
    words,
)

HEAD = b"From: ann@resident.example\nSubject: Damp\n"
KINDS = (
    b"application/ms-tnef; name=winmail.dat",
    b"application/vnd.ms-tnef",
    b"application/octet-stream; name=winmail.dat",
    b"text/x",
)
LETTER = b"{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}\\f0 \\'c2\\'ee\\'e4\\'e0 drips, drips, drips\\par}"
SET = bytes(16)
NAMED_BEFORE = struct.pack("<I", 6) + b"".join(
    (
        struct.pack("<HH", 0x0B, 0x8001) + SET + struct.pack("<IIHH", 0, 7, 1, 0),
        struct.pack("<HH", 0x1E, 0x8002)
        + SET
        + struct.pack("<II", 1, 6)
        + b"a\0b\0\0\0\0\0"
        + struct.pack("<II", 1, 3)
        + b"x y\0",
        struct.pack("<HHI", 0x1003, 0x11, 2) + bytes(8),
        struct.pack("<HHI", 0x101F, 0x12, 2) + struct.pack("<I", 2) + b"a\0\0\0" + struct.pack("<I", 0),
        struct.pack("<HH", 0x40, 0x13) + bytes(8),
    )
)
PACKED = packed(LETTER, packed_rtf.BEGINS)


def mail(data, kind=KINDS[0]):
    return HEAD + b"Content-Type: %s\nContent-Transfer-Encoding: base64\n\n" % kind + base64.encodebytes(data)


def beside_words(data):
    part = b"--b\nContent-Type: %s\nContent-Transfer-Encoding: base64\n\n" % KINDS[0] + base64.encodebytes(data)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt is wet.\n" + part + b"--b--\n"


def files_of(found):
    return [(each.name, each.content) for each in found.attachments]


@pytest.mark.parametrize("kind", KINDS)
def test_words_and_files_in_it_are_the_mails_own(kind):
    photo, letter = file("DAMPPH~1.JPG", b"\xff\xd8\xff\x00\x00", long_name("damp phóto.jpg")), file("letter.txt", b"Words.")
    found = read(mail(winmail(words("The roof leaks."), photo, letter), kind), MAIL)
    assert (found.text, found.new_text, found.problems) == ("The roof leaks.", "The roof leaks.", ())
    assert files_of(found) == [("damp phóto.jpg", b"\xff\xd8\xff\x00\x00"), ("letter.txt", b"Words.")]
    assert [each.type for each in found.attachments] == ["image/jpeg", "text/plain"]


@pytest.mark.parametrize(
    ("objects", "text"),
    [
        (winmail(html("<p>The wall is <b>wet</b>: dämp".encode())), "The wall is wet: dämp"),
        (winmail(words("Вода капает", "cp1251"), page=1251), "Вода капает"),
        (winmail(rich(PACKED)), "Вода drips, drips, drips\n"),
        (winmail(piece(1, 0x69003, NAMED_BEFORE + properties((0x1009, 0x102, PACKED))[4:])), "Вода drips, drips, drips\n"),
        (winmail(words("As plain."), html(b"<p>As plain.")), "As plain."),
        (winmail(piece(1, 0x69003, properties((0x1000, 0x1F, "As wide ß".encode("utf-16-le"))))), "As wide ß"),
    ],
)
def test_its_words_are_read_in_every_form(objects, text):
    found = read(mail(objects), MAIL)
    assert (found.text, found.problems) == (text, ())


def test_words_beside_it_are_the_message_and_its_own_are_not():
    found = read(beside_words(winmail(words("Not these."), file("a.txt", b"xyz"))), MAIL)
    assert (found.text.strip(), found.problems, files_of(found)) == ("It is wet.", (), [("a.txt", b"xyz")])


def test_files_of_a_mail_in_it_are_listed_too():
    inner = EMBEDDED + winmail(words("Inner."), file("inner.pdf", b"%PDF-1.4"), words("."))
    outer = winmail(words("Outer."), file("mail", b"ab", (0x3701, OBJECT, inner)))
    found = read(mail(outer), MAIL)
    assert (found.text, files_of(found)) == ("Outer.", [("inner.pdf", b"%PDF-1.4")])


WHOLE = winmail(words("The roof leaks."), file("a.txt", b"xyz"))
NAMED = winmail(file("a.txt", b"xyz", (0x3704, 0x1E, b"a.txt\x00"), long_name("abc.txt")))
LONGEST_OBJECT = WINMAIL + struct.pack("<BII", 1, 0x800C, 0xFFFFFFFF) + bytes(40)


@pytest.mark.parametrize("data", [WINMAIL, WHOLE[:-3], WHOLE[:60], LONGEST_OBJECT, WINMAIL[:4] + bytes(3), winmail(words(" "))])
def test_a_broken_one_is_kept_whole_and_a_person_told(data):
    found = read(mail(data), MAIL)
    assert "winmail_not_read" in found.problems
    assert ("winmail.dat", data) in files_of(found)
    found = read(beside_words(data), MAIL)
    assert "winmail_kept" in found.problems
    assert found.text.strip() == "It is wet."


def test_too_many_files_or_objects_are_not_taken_out(monkeypatch):
    many = winmail(words("The roof leaks."), *(file(f"{number}.txt", b"xyz") for number in range(unwrapping.MOST_FILES + 1)))
    found = read(mail(many), MAIL)
    assert len(found.attachments) == unwrapping.MOST_FILES + 1
    assert (found.attachments[-1].content, found.problems) == (many, ("winmail_not_read",))
    for name in ("MOST_OBJECTS", "MOST_PROPERTIES"):
        monkeypatch.setattr(reader, name, 1)
        assert ("winmail.dat", NAMED) in files_of(read(mail(NAMED), MAIL))
        monkeypatch.undo()


def test_it_is_read_in_the_process_that_can_open_nothing():
    raw = mail(winmail(rich(PACKED), file("a.txt", b"xyz")))
    assert READER.read(raw, MAIL) == read(raw, MAIL)


@given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_too_strange(data, place, value):
    for whole in (WINMAIL + data, WHOLE, winmail(rich(PACKED))):
        changed = bytearray(whole)
        changed[place % len(changed)] = value
        found = read(mail(bytes(changed)), MAIL)
        assert not any(problem.startswith("could_not_be_read") for problem in found.problems)


@given(st.binary(max_size=400).filter(bool))
@settings(max_examples=200, deadline=None)
def test_packed_text_comes_back_byte_for_byte(text):
    assert packed_rtf.unpacked(packed(text, packed_rtf.BEGINS), 10_000) == text


@pytest.mark.parametrize("data", [b"", b"LZFu", struct.pack("<II4sI", 9, 9, b"abcd", 0), PACKED[:30], PACKED[:-2]])
def test_what_is_cut_off_is_unpacked_as_far_as_it_goes(data):
    assert LETTER.startswith(packed_rtf.unpacked(data, 10_000) or b"")
