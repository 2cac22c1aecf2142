"""The header of a mail: senders, subjects, dates, and lines that break the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.addresses import addresses
from intake.headers import decoded
from intake.message import MAIL, Reading, Sender
from intake.parameters import parameters
from intake.reading import read

MAILS = Path(__file__).parent / "mails"


def mail(name: str) -> Reading:
    return read((MAILS / f"{name}.eml").read_bytes(), MAIL)


def from_text(text: str, encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding).replace(b"\n", b"\r\n"), MAIL)


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("eight_bit_without_label", Sender(address="jose@resident.example", name="José Pérez")),
        ("utf8_labelled_latin_1", Sender(address="zoe@resident.example", name="Zoë Brown")),
        ("gb18030_labelled_gb2312", Sender(address="wang@resident.example", name="王喆")),
        ("emoji", Sender(address="kaz@resident.example", name='Kaz "K" Lee')),
        ("sender_in_brackets", Sender(address="bob@stranger.example", name="alice@resident.example")),
        ("several_senders", Sender(address="ann@resident.example", name="Ann")),
        ("malformed_header_line", Sender(address="ann@resident.example", name="Ann Smith")),
        ("mbox_line_and_bom", Sender(address="ann@resident.example", name="Ann Smith")),
        ("bare_carriage_returns", Sender(address="ann@resident.example", name="Ann Smith")),
        ("double_carriage_returns", Sender(address="ann@resident.example", name="Ann Smith")),
    ],
)
def test_the_sender_is_found(name: str, sender: Sender) -> None:
    assert mail(name).sender == sender


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=?utf-8?B?wqM=?= =?utf-8?B?NTA=?=", "£50"),
        ("=?utf-8?B?4oI=?= =?utf-8?B?rDk=?=", "€9"),
        ("=?utf-8?B?wqM1MA?=", "£50"),
        ("=?utf-8?b?4o?= =?utf-8?b?Ks?=", "€"),
        ("=?UTF-8*en?q?Ol=C3=A1_there?=", "Olá there"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("x=?utf-8?q?=C2=A3?=y", "x£y"),
        ('"=?utf-8?q?=C2=A3?="', '"£"'),
        ("=?iso-8859-1?q?=A3?= =?utf-8?q?=C2=A3?=", "££"),
        ("=?nonsense?q?=C2=A3?=", "£"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("one\r\n two\r\n\tthree", "one two three"),
        ("bell\x07 and \x00zero", "bell and zero"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?utf-8?q?", "=?utf-8?q?"),
    ],
)
def test_a_header_is_read_as_it_was_meant(written: str, shown: str) -> None:
    assert decoded(written) == shown


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("bob@y.example", [("bob@y.example", None)]),
        ("Bob <bob@y.example>", [("bob@y.example", "Bob")]),
        ("alice@x.example <bob@y.example>", [("bob@y.example", "alice@x.example")]),
        ('"alice@x.example" <bob@y.example>', [("bob@y.example", "alice@x.example")]),
        ("bob@y.example (Bob (Bobby) Jones)", [("bob@y.example", "Bob (Bobby) Jones")]),
        ('"Smith, Jo" <jo@y.example>, al@y.example', [("jo@y.example", "Smith, Jo"), ("al@y.example", None)]),
        ("Smith, Jo <jo@y.example>", [("jo@y.example", "Smith, Jo")]),
        ("a@y.example; b@y.example", [("a@y.example", None), ("b@y.example", None)]),
        ("Team: a@y.example, B <b@y.example>;", [("a@y.example", None), ("b@y.example", "B")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        (" , ,, ", []),
        ("<>", []),
        ("<@relay.example,@other.example:bob@y.example>", [("bob@y.example", None)]),
        ("<<bob@y.example>>", [("bob@y.example", None)]),
        ("Bob <bob@y.example", [("bob@y.example", "Bob")]),
        ("Bob <mailto:bob@y.example>", [("bob@y.example", "Bob")]),
        ('"Bob <bob@y.example>', [("bob@y.example", "Bob")]),
        ("'Bob' <bob@y.example>", [("bob@y.example", "Bob")]),
        ("=?utf-8?q?a=40evil.example=3E=2C?= <bob@y.example>", [("bob@y.example", "a@evil.example>,")]),
        ('"bob smith"@y.example', [('"bob smith"@y.example', None)]),
        ("MAILER-DAEMON", [("MAILER-DAEMON", None)]),
        ("Bob [bob@y.example]", [("bob@y.example", "Bob [ ]")]),
        ("bob@[192.0.2.1]", [("bob@[192.0.2.1]", None)]),
        ("bob@y.example <>", [("bob@y.example", "bob@y.example")]),
        ("Jo Smith", [(None, "Jo Smith")]),
        ("bob@y.example, bob@z.example <c@w.example>", [("bob@y.example", None), ("c@w.example", "bob@z.example")]),
    ],
)
def test_addresses_are_read(written: str, people: list[tuple[str | None, str | None]]) -> None:
    assert [(person.address, person.name) for person in addresses(written)] == people


def test_people_of_a_mail_are_kept_apart() -> None:
    reading = mail("sender_in_brackets")
    assert reading.to == (Sender(address="housing@council.example", name="Housing, Complaints"),)
    assert reading.cc == (Sender(address="carol@resident.example", name="Carol Jones"), Sender(address="dave@resident.example"))
    assert reading.reply_to == (Sender(address="else@where.example", name="Elsewhere"),)
    assert "name_holds_other_address" in reading.problems


def test_several_senders_are_noted() -> None:
    reading = mail("several_senders")
    assert "several_from" in reading.problems
    assert reading.headers["from"] == ("Ann <ann@resident.example>, Ben <ben@resident.example>", "Cat <cat@resident.example>")


def test_a_malformed_header_line_costs_no_other() -> None:
    reading = mail("malformed_header_line")
    assert reading.subject == "The lift is broken"
    assert reading.text.strip() == "The lift in Elm House is broken again."
    assert reading.headers["x-scanner"] == ("clean",)
    assert "header_mended" in reading.problems


def test_a_fold_that_lost_its_blank_is_joined() -> None:
    reading = mail("fold_without_its_blank")
    assert reading.subject == "The lift in Elm House which serves all of the flats from number 20 upwards is broken again"
    assert reading.to == (Sender(address="housing@council.example"),)


@pytest.mark.parametrize("name", ["mbox_line_and_bom", "bare_carriage_returns", "double_carriage_returns"])
def test_odd_line_ends_hide_nothing(name: str) -> None:
    reading = mail(name)
    assert reading.subject == "Keys"
    assert reading.text.startswith("I lost my keys.")
    assert "\r" not in reading.text


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (b"Subject: x\n\nbody", "x", "body"),
        (b"Subject: x\n   \nbody", "x", "body"),
        (b"Subject: x\n\n\nbody", "x", "\nbody"),
        (b"Subject: x", "x", ""),
        (b"Subject: x\nThe tap drips.\nPlease come.", "x", "The tap drips.\nPlease come."),
        (b"The tap drips.\nPlease come.", "", "The tap drips.\nPlease come."),
        (b"\n\n\nSubject: x\n\nbody", "x", "body"),
        (b"subject:x\n\nbody", "x", "body"),
        (b"Subject: a\nSubject: b\n\nbody", "a", "body"),
        (b"Subject: x\n \nTo: a@b.example\n\nbody", "x", "body"),
    ],
)
def test_header_and_body_are_told_apart(raw: bytes, subject: str, text: str) -> None:
    reading = read(raw, MAIL)
    assert (reading.subject, reading.text) == (subject, text)


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("Mon, 2 Nov 2026 09:12:00 +0100", datetime(2026, 11, 2, 8, 12, tzinfo=UTC)),
        ("2 Nov 2026 09:12 -0000", datetime(2026, 11, 2, 9, 12, tzinfo=UTC)),
        ("Mon, 2 Nov 2026 09:12:00 GMT (GMT)", datetime(2026, 11, 2, 9, 12, tzinfo=UTC)),
        ("nonsense", None),
        ("Mon, 99 Nov 99999999 09:12:00", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_not_guessed(header: str, moment: datetime | None) -> None:
    assert from_text(f"From: a@b.example\nDate: {header}\n\nhi").date == moment


def test_a_date_far_from_the_receipt_is_not_believed() -> None:
    received = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    for days, believed in ((-29, True), (-31, False), (0.5, True), (2, False)):
        written = received + timedelta(days=days)
        raw = f"From: a@b.example\r\nDate: {written:%a, %d %b %Y %H:%M:%S +0000}\r\n\r\nhi".encode()
        assert (read(raw, MAIL, received).date == written) is believed
        assert read(raw, MAIL, received).date in (written, received)


def test_references_are_read_in_order() -> None:
    reading = mail("gmail_reply")
    assert reading.in_reply_to == ("<ours-2@council.example>",)
    assert reading.references == ("<ours-1@council.example>", "<ours-2@council.example>")


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_parameters_of_any_header_are_storable(text: str) -> None:
    found = parameters(text)
    for value in (found.value, *found.named.values()):
        assert "\x00" not in value
        value.encode()
