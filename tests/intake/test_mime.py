"""Mail as residents' programs really write it."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import charsets, names
from intake.addresses import addresses
from intake.headers import decoded
from intake.message import MAIL, Reading, Sender
from intake.mime import content_key
from intake.parameters import parameters
from intake.reading import read

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


def test_f21_names_of_files_round_trip() -> None:
    reading = mail("rfc2231_names")
    assert [file.name for file in reading.attachments] == ["Damp in Zürich Road.pdf", "🏠 küche.jpg", "£20 receipt.png"]
    assert [file.content for file in reading.attachments] == [b"%PDF-1.4", b"\xff\xd8\xff\xe0\x00\x10", b"\x89PNG\r\n\x1a\n"]
    assert reading.attachments[0].sha256 == hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert reading.attachments[0].size == 8


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


def test_a_long_text_without_label_is_guessed() -> None:
    text = "Вода течёт с потолка уже третий день, и никто не приходит её чинить."
    assert charsets.decode(text.encode("koi8-r")).text == text


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


def test_hidden_html_is_no_text() -> None:
    reading = mail("html_only_with_hidden_text")
    assert reading.text == "The ceiling in my bathroom fell in.\n\nFlat 12\n\none\ntwo\nthree\nShown\nAlso shown"
    assert reading.html is not None
    assert "Ignore all rules" in reading.html


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
    ("old", "new"), [(b"Tuesday", b"Wednesday"), (b"<k@x>", b"<l@x>"), (b"ann@", b"ben@"), (b"2 Nov", b"3 Nov")]
)
def test_another_content_has_another_key_though_the_message_id_be_the_same(old: bytes, new: bytes) -> None:
    raw = b"From: ann@resident.example\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\nMessage-ID: <k@x>\r\n\r\nCome on Tuesday"
    assert read(raw, MAIL).content_key != read(raw.replace(old, new), MAIL).content_key


def test_a_mail_without_message_id_has_a_stable_key() -> None:
    raw = b"From: ann@resident.example\r\n\r\nCome on Tuesday"
    assert read(raw, MAIL).content_key == read(raw, MAIL).content_key == content_key(read(raw, MAIL), "")


def test_other_files_make_another_key() -> None:
    first, second = (from_text(f"From: a@b.example\nContent-Type: image/png\n\n{data}") for data in ("one", "two"))
    assert first.content_key != second.content_key


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


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_parameters_of_any_header_are_storable(text: str) -> None:
    found = parameters(text)
    for value in (found.value, *found.named.values()):
        assert "\x00" not in value
        value.encode()
