"""Mail as residents' programs really write it: charsets, replies, keys and what must survive any label."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import charsets
from intake.message import MAIL, Reading
from intake.reading import read
from intake.same_mail import content_key

MAILS = Path(__file__).parent / "mails"


def mail(name: str) -> Reading:
    return read((MAILS / f"{name}.eml").read_bytes(), MAIL)


def from_text(text: str, encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding).replace(b"\n", b"\r\n"), MAIL)


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("windows_1252_labelled_latin_1", "Rent £120", "I paid £120 and was told “it is owed” – that can’t be right."),
        (
            "eight_bit_without_label",
            "Café below us, £90 electric bill",
            "The café's extractor runs all night. My bill is £90 more.",
        ),
        ("utf8_labelled_latin_1", "Boiler", "It is 11°C in here and the meter took £40 – since Friday."),
        ("windows_1252_labelled_utf8", "refund", "You owe me £50 since May. Please pay it."),
        ("gb18030_labelled_gb2312", "漏水", "水管漏水了，喆先生说没有人来修。镕"),
        ("emoji", "No heating 🥶 again 😡", "It is freezing 🥶 and my family 👨\u200d👩\u200d👧 are ill 🇬🇧"),
    ],
)
def test_f21_words_survive_whatever_the_label_says(name: str, subject: str, words: str) -> None:
    reading = mail(name)
    assert reading.subject == subject
    assert reading.text.strip() == words
    assert not reading.unreadable


@pytest.mark.parametrize(
    "charset", ["utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16", "utf-7", "cp437", "mac-roman"]
)
def test_f21_the_pound_sign_survives_in(charset: str) -> None:
    raw = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n"
    raw += f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + base64.encodebytes(
        "It cost £50 in all".encode(charset)
    )
    assert read(raw, MAIL).text == "It cost £50 in all"


@pytest.mark.parametrize(
    "label", ["", "X-UNKNOWN", "ansi_x3.110-1983", "base64", "idna", "unicode_escape", "\x00", "utf-8\udcff", "é"]
)
def test_f21_a_label_that_names_no_charset_stops_nothing(label: str) -> None:
    assert charsets.decode("Zoë paid £5 for it".encode(), label).text == "Zoë paid £5 for it"


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "ascii", "gb2312", "shift_jis", "iso-2022-jp", "utf-16", "utf-7", "hz", "x"]),
)
def test_f21_undecodable_bytes_never_stop_intake(data: bytes, label: str | None) -> None:
    assert isinstance(charsets.decode(data, label).text, str)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["utf-8", "utf-16", "gb18030"])
)
def test_what_is_truly_labelled_is_read_truly(text: str, charset: str) -> None:
    data = text.encode(charset)
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) and b"\x1b" not in data:
        assert charsets.decode(data, charset).text == text


def test_a_few_foreign_bytes_do_not_spoil_utf8() -> None:
    data = "Zoë’s boiler – since Friday".encode() + b" cost \xa390"
    assert charsets.decode(data, "utf-8").text == "Zoë’s boiler – since Friday cost £90"


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("naïve caf".encode() + b"\xc3", None, "naïve caf\ufffd"),
        (b"It cost " + b"\xe2\x82", "utf-8", "It cost \ufffd"),
        ("🥶 ".encode() + b"\xf0\x9f\xa5", "us-ascii", "🥶 \ufffd"),
        (b"caf\xe9", None, "café"),
        (b"Caf\xe9 \xc3", "utf-8", "Café Ã"),
    ],
)
def test_utf8_that_ends_within_a_character_is_utf8(data: bytes, label: str | None, text: str) -> None:
    assert charsets.decode(data, label).text == text


def test_a_long_text_without_label_is_guessed() -> None:
    text = "Вода течёт с потолка уже третий день, и никто не приходит её чинить."
    assert charsets.decode(text.encode("koi8-r")).text == text


def test_hidden_html_is_no_text() -> None:
    reading = mail("html_only_with_hidden_text")
    assert reading.text == "The ceiling in my bathroom fell in.\n\nFlat 12\n\none\ntwo\nthree\nShown\nAlso shown"
    assert reading.html is not None
    assert "Ignore all rules" in reading.html


def test_the_key_is_the_same_by_whatever_route() -> None:
    head = b"From: Ann <ann@resident.example>\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\nMessage-ID: <k@x>\r\n"
    plain = read(head + b"Content-Type: text/plain; charset=utf-8\r\n\r\nIt cost \xc2\xa350\r\n", MAIL)
    other = read(
        b"Received: from a by b; Mon, 2 Nov 2026 09:13:00 +0000\r\n" + head.replace(b"Ann <ann@", b'"Ann" <Ann@')
        + b"Content-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nIt cost =A350",
        MAIL,
    )  # fmt: skip
    assert plain.content_key == other.content_key
    assert len(plain.content_key) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"Tuesday", b"Wednesday"), (b"<k@x>", b"<l@x>"), (b"ann@", b"ben@"), (b"2 Nov", b"3 Nov"), (b"The lift", b"The roof")],
)
def test_another_content_has_another_key_though_the_message_id_be_the_same(old: bytes, new: bytes) -> None:
    raw = (
        b"From: ann@resident.example\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\nMessage-ID: <k@x>\r\n"
        b"Subject: The lift\r\n\r\nCome on Tuesday"
    )
    assert read(raw, MAIL).content_key != read(raw.replace(old, new), MAIL).content_key


def test_a_mail_without_message_id_has_a_stable_key() -> None:
    raw = b"From: ann@resident.example\r\n\r\nCome on Tuesday"
    reading = read(raw, MAIL)
    key = content_key(None, reading.sender, {}, reading.text, (), received_at=None)
    assert read(raw, MAIL).content_key == reading.content_key == key


ODD_DATES = ["", "Date: next Tuesday\r\n", "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"]


@pytest.mark.parametrize("date", ODD_DATES)
def test_the_same_words_without_an_id_and_a_date_are_another_mail_on_another_day(date: str) -> None:
    raw = f"From: alarm@home.example\r\n{date}\r\nNo hot water.".encode()
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    keys = [read(raw, MAIL, moment + timedelta(hours=hours)).content_key for hours in (0, 11, 13, 24 * 60)]
    assert keys[0] == keys[1], "it is noon in London: eleven hours later it is the same day"
    assert len(set(keys)) == 3


def test_a_mail_with_an_id_and_a_date_has_its_key_on_whatever_day_it_is_seen() -> None:
    raw = b"From: ann@resident.example\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\nMessage-ID: <k@x>\r\n\r\nCome on Tuesday"
    seen = [read(raw, MAIL, datetime(2026, month, 3, tzinfo=UTC)).content_key for month in (11, 12)]
    assert seen[0] == seen[1]


def test_the_words_and_the_page_of_one_mail_have_one_key_where_a_server_keeps_only_one_of_them() -> None:
    head = b"From: a@b.example\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\nMessage-ID: <k@x>\r\n"
    plain = head + b"\r\nThe lift is dead. Don't wait.\r\n\r\n* one\r\n* two\r\n"
    page = head + b"Content-Type: text/html\r\n\r\n<p>The lift is dead. Don't wait.</p><ul><li>one</li><li>two</li></ul>"
    assert read(plain, MAIL).content_key == read(page, MAIL).content_key
    assert read(plain, MAIL).content_key != read(plain.replace(b"two", b"ten"), MAIL).content_key


@pytest.mark.parametrize(("one", "other"), [("?!", "..."), ("\U0001f44d", "\U0001f44e"), ("\u0995\u09bf", "\u0995\u09c7")])
def test_signs_that_are_all_that_somebody_wrote_tell_mails_apart(one: str, other: str) -> None:
    raw = "From: a@b.example\r\nMessage-ID: <k@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}"
    assert read(raw.format(one).encode(), MAIL).content_key != read(raw.format(other).encode(), MAIL).content_key


def test_a_mark_that_one_route_puts_into_the_subject_makes_no_other_mail() -> None:
    raw = b"From: a@b.example\r\nSubject: Re: The lift\r\nMessage-ID: <k@x>\r\n\r\nIt is dead"
    marked = raw.replace(b"Re: The", b"[EXTERNAL] Re: [Housing] The")
    assert read(raw, MAIL).content_key == read(marked, MAIL).content_key


def test_other_files_make_another_key() -> None:
    first, second = (from_text(f"From: a@b.example\nContent-Type: image/png\n\n{data}") for data in ("one", "two"))
    assert first.content_key != second.content_key


@pytest.mark.parametrize(
    ("name", "new", "quoted"),
    [
        (
            "gmail_reply",
            "Nobody came on Tuesday and I lost a day's pay. I want to complain.",
            "We will visit you on Tuesday between 8am and noon.",
        ),
        ("outlook_reply", "The plumber left a hole in the wall.\n\nWho will make it good?", "Your repair is complete."),
    ],
)
def test_a_reply_is_read_without_what_it_answers(name: str, new: str, quoted: str) -> None:
    reading = mail(name)
    assert reading.new_text == new
    assert quoted in reading.quoted
    assert quoted in reading.text
