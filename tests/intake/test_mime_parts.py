"""The parts of a mail: words, files, bounces, and mails built to exhaust their reader."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake import names
from intake.message import MAIL, Reading, Sender
from intake.reading import read

MAILS = Path(__file__).parent / "mails"


def mail(name: str) -> Reading:
    return read((MAILS / f"{name}.eml").read_bytes(), MAIL)


def from_text(text: str, encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding).replace(b"\n", b"\r\n"), MAIL)


def test_f21_names_of_files_round_trip() -> None:
    reading = mail("rfc2231_names")
    assert [file.name for file in reading.attachments] == ["Damp in Zürich Road.pdf", "🏠 küche.jpg", "£20 receipt.png"]
    assert [file.content for file in reading.attachments] == [b"%PDF-1.4", b"\xff\xd8\xff\xe0\x00\x10", b"\x89PNG\r\n\x1a\n"]
    assert reading.attachments[0].sha256 == hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert reading.attachments[0].size == 8


def test_a_picture_alone_is_a_report_under_its_subject() -> None:
    reading = mail("only_a_picture")
    assert reading.text == ""
    assert reading.new_text == "Mould in the bedroom"
    assert [(file.name, file.inline) for file in reading.attachments] == [("attachment-1.jpg", True)]
    assert not reading.unreadable


def test_an_attached_mail_is_a_file_and_not_words() -> None:
    reading = mail("attached_mail")
    assert reading.text.strip() == "This is what your officer wrote to me."
    assert reading.message_id is None
    (file,) = reading.attachments
    assert file.type == "message/rfc822"
    assert file.content.endswith(b"We will not come.")
    assert file.content.startswith(b"From: Officer")


@pytest.mark.parametrize(
    ("status", "action", "permanent"),
    [
        ("5.1.1", "failed", True),
        ("5.2.2", "failed", False),
        ("5.7.1", "failed", False),
        ("5.4.4", "failed", True),
        ("4.4.7", "failed", False),
        ("5.1.1", "delayed", False),
        ("5.0.0 (mailbox is full)", "failed", False),
    ],
)
def test_a_bounce_is_final_only_when_the_address_is_dead(status: str, action: str, *, permanent: bool) -> None:
    raw = (
        (MAILS / "bounce.eml").read_bytes().replace(b"5.1.1\r\n", status.encode() + b"\r\n").replace(b"failed", action.encode())
    )
    bounce = read(raw, MAIL).bounce
    assert bounce is not None
    assert bounce.permanent is permanent


def test_a_bounce_names_whom_we_wrote_to_and_what() -> None:
    bounce = mail("bounce").bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status, bounce.message_id) == (
        "ann+2Dhome@resident.example",
        "5.1.1",
        "<ours-1@council.example>",
    )


def test_a_bounce_in_plain_words_is_understood() -> None:
    reading = from_text(
        "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi. I could not deliver your message.\n"
        "\n<ann@resident.example>:\nthere is no such user, 550 5.1.1\n\n--- Below this line is a copy of the message.\n"
        "\nMessage-ID: <ours-9@council.example>\n"
    )
    assert reading.bounce is not None
    assert reading.bounce.recipient == "ann@resident.example"
    assert reading.bounce.permanent
    assert reading.bounce.message_id == "<ours-9@council.example>"


def test_a_resident_who_quotes_an_address_is_no_bounce() -> None:
    assert from_text("From: ann@resident.example\n\nYour mail could not be delivered to\nben@resident.example\n").bounce is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ('application/pdf; name="a b.pdf"', "a b.pdf"),
        ("application/pdf; name=a b.pdf", "a b.pdf"),
        (r'application/pdf; name="C:\TEMP\scan.pdf"', "scan.pdf"),
        ('application/pdf; name="../../etc/passwd"', "passwd"),
        ('application/pdf; name="CON.txt"', "_CON.txt"),
        ('application/pdf; name="evil\u202efdp.exe"', "evilfdp.exe"),
        ('application/pdf; name="dots..."', "dots"),
        ('application/pdf; name="..."', "attachment-1.pdf"),
        ("application/pdf; name*0=a; name*1=b.pdf", "ab.pdf"),
        ("application/pdf; name*1*=%62.pdf; name*0*=utf-8''%61", "ab.pdf"),
        ('application/pdf; name="é.pdf"', "é.pdf"),
        ('application/pdf; name="=?iso-8859-1?q?caf=E9?=.pdf"', "café.pdf"),
    ],
)
def test_a_file_gets_a_name_that_is_safe_to_show(kind: str, name: str) -> None:
    (file,) = from_text(f"From: a@b.example\nContent-Type: {kind}\n\nxyz").attachments
    assert file.name == name


def test_a_long_name_keeps_its_ending() -> None:
    name = names.safe_name("ü" * 300 + ".pdf")
    assert len(name.encode()) <= names.LONGEST
    assert name.endswith("ü.pdf")


def test_named_text_is_a_file_and_also_words_where_there_are_no_others() -> None:
    part = 'Content-Type: text/plain; name="note.txt"\n\nThe lift is stuck.'
    alone = from_text(f"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n{part}\n--x--")
    beside = from_text(f"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\n{part}\n--x--")
    assert alone.text == "The lift is stuck."
    assert beside.text == "Hello"
    assert [file.name for file in alone.attachments] == [file.name for file in beside.attachments] == ["note.txt"]


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        ("The tap drips all night.", "<p>The tap <b>drips</b> all night.</p>", "The tap drips all night."),
        ("", "<p>The tap drips.</p>", "The tap drips."),
        ("Your mail reader does not support HTML.", "<p>The tap drips.</p>", "The tap drips."),
        (
            "Hi",
            "<p>Hi, the tap has dripped for nine days and nobody came to mend it.</p>",
            "Hi, the tap has dripped for nine days and nobody came to mend it.",
        ),
    ],
)
def test_plain_words_are_read_where_they_are_all_of_it(plain: str, html: str, text: str) -> None:
    reading = from_text(
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        f"{plain}\n--x\nContent-Type: text/html\n\n{html}\n--x--"
    )
    assert reading.text == text


def test_the_stretches_of_a_mixed_mail_are_read_in_order() -> None:
    reading = from_text(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nBefore the picture.\n"
        "--x\nContent-Type: image/png; name=a.png\n\nPNG\n--x\nContent-Type: text/html\n\n<p>After it.</p>\n--x--"
    )
    assert reading.text == "Before the picture.\n\nAfter it."
    assert reading.part_types == ("multipart/mixed", "text/plain", "image/png", "text/html")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("--q\n\nhello\n--q--", "hello"),
        ("--q\nContent-Type: text/plain\n\nhello", "hello"),
        ("no parts here at all", "no parts here at all"),
    ],
)
def test_a_multipart_that_does_not_say_its_boundary_is_read(body: str, text: str) -> None:
    assert from_text(f"From: a@b.example\nContent-Type: multipart/mixed\n\n{body}").text.strip() == text


def test_a_part_whose_header_breaks_off_is_read() -> None:
    reading = from_text(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\nbroken line\n"
        "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--x--"
    )
    assert reading.text == "hello"


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "aGVs\nbG8=", "hello"),
        ("base64", "aGVsbG8", "hello"),
        ("BASE64", "aGVs!bG8=", "hello"),
        ("base64", "aGVsbG8=\nIQ==", "hello!"),
        ("base64", "The tap is dripping, please come!", "The tap is dripping, please come!"),
        ("quoted-printable", "=C2=A350 =\nmore =XY", "£50 more =XY"),
        ("x-uuencode", "begin 644 a\n%:&5L;&\\\nend", "hello"),
        ("rubbish", "hello", "hello"),
        ("", "hello", "hello"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: str, text: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}"
    assert from_text(raw).text.strip() == text


def test_flowed_lines_are_joined() -> None:
    raw = (
        "From: a@b.example\nContent-Type: text/plain; format=flowed\n\nThe tap \ndrips \nall night.\n> old \n> words\n-- \nAnn"
    )
    assert from_text(raw).text == "The tap drips all night.\n> old words\n-- \nAnn"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("From: a@b.example\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMIIB", "encrypted"),
        ("From: a@b.example\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----", "encrypted"),
        ("From: a@b.example\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\nhello", "words_only_in_attached_mail"),
    ],
)
def test_what_keeps_the_words_from_us_is_named(raw: str, problem: str) -> None:
    assert problem in from_text(raw).problems


def test_a_text_file_alone_is_a_file() -> None:
    reading = from_text(
        "From: a@b.example\nSubject: log\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/csv; name=a.csv\n\n1,2\n--x--"
    )
    assert (reading.text, reading.new_text) == ("", "log")
    assert reading.attachments[0].content == b"1,2"


def nested(depth: int, inner: str) -> str:
    head = "".join(f"Content-Type: {inner}; boundary=b{level}\n\n--b{level}\n" for level in range(depth))
    return f"From: a@b.example\nSubject: deep\n{head}\nhello\n"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (nested(3000, "multipart/mixed"), "too_deep"),
        (nested(3000, "message/rfc822"), None),
        ("From: a@b.example\nSubject: deep\nTo: " + "," * 100_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nTo: " + "(" * 100_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nTo: " + '"\\' * 50_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nTo: " + "a" * 200_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nTo: " + '\\"' * 80_000 + '"@' + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nTo: <" + "a " * 80_000 + ">\n\nhi", None),
        (
            "From: a@b.example\nSubject: deep\nContent-Type: multipart/mixed; boundary=x\n\n" + "--x\n\n\n" * 50_000,
            "too_many_parts",
        ),
        ("From: a@b.example\nSubject: deep\n" + "X-Y: z\n" * 100_000 + "\nhi", "header_too_long"),
        ("From: a@b.example\nSubject: deep\nReferences: " + "<a@b> " * 50_000 + "\n\nhi", "header_too_long"),
        ("From: a@b.example\nSubject: deep\nContent-Type: text/plain; " + "a" * 200_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nX: " + "=?a?b?x" * 30_000 + "\n\nhi", None),
        ("From: a@b.example\nSubject: deep\nContent-Type: text/html\n\n" + "<div>" * 20_000 + "hi", None),
    ],
)
def test_a_hostile_mail_is_bounded_and_its_header_read(raw: str, problem: str | None) -> None:
    reading = from_text(raw)
    assert reading.sender.address == "a@b.example"
    assert reading.subject == "deep"
    assert problem is None or problem in reading.problems
    assert len(reading.part_types) <= 501


FILLING = {"lines": "X-Y: z\r\n" * 1_100, "bytes": "References: " + "<a@b>\r\n " * 40_000 + "<c@d>\r\n"}


@pytest.mark.parametrize("filling", FILLING)
def test_what_matters_most_is_found_behind_the_limit_of_a_header(filling: str) -> None:
    behind = (
        "Subject: Damp in\r\n the hall\r\nFROM: Ann <a@b.example>\r\nMessage-ID: <1@b.example>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nX-More: y\r\n"
        "In-Reply-To: <2@b.example>\r\nAuto-Submitted: auto-replied\r\n"
    )
    reading = from_text(FILLING[filling] + behind + "\r\nSXQgbGVha3Mu")
    assert reading.sender == Sender(address="a@b.example", name="Ann")
    assert (reading.subject, reading.message_id, reading.text) == ("Damp in the hall", "<1@b.example>", "It leaks.")
    assert reading.date == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (reading.in_reply_to, reading.headers["auto-submitted"]) == (("<2@b.example>",), ("auto-replied",))
    assert reading.problems == ("header_too_long",)
    assert "x-more" not in reading.headers


def test_nothing_behind_the_limit_is_said_twice_or_found_in_the_words() -> None:
    raw = "Subject: one\r\n" + FILLING["lines"] + "Subject: two\r\nFrom: a@b.example\r\nFrom: c@d.example\r\n\r\nDate: words"
    reading = from_text(raw)
    assert reading.headers["subject"] == ("one",)
    assert reading.headers["from"] == ("a@b.example",)
    assert reading.text == "Date: words"
    assert "date" not in reading.headers
