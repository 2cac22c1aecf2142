"""A composed mail is read back whole by the standard library, and carries no header but ours."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.channel import PermanentFailure, Reply
from intake.composing import compose

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def reply(**changes):
    values = {
        "message_id": "<case.abc@landlord.example>",
        "sender": "housing@landlord.example",
        "sender_name": "Housing Services",
        "recipient": "tenant@example.org",
        "subject": "Your complaint LBL-26-4F7K2P-9D",
        "text": "Dear tenant,\n\nWe have it.\n",
        "html": "<p>We have it.</p>",
        "written_at": AT,
        "in_reply_to": "<theirs@example.org>",
        "references": ("<first@example.org>",),
        "reply_to": "case+token@cases.landlord.example",
        "loop_mark": "landlord.example",
    }
    return Reply(**(values | changes))


def parsed(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)


def test_an_acknowledgement_carries_every_header_it_must():
    mail = parsed(compose(reply()))
    assert dict(mail.items()) == {
        "From": "Housing Services <housing@landlord.example>",
        "To": "tenant@example.org",
        "Subject": "Your complaint LBL-26-4F7K2P-9D",
        "Date": "Fri, 20 Nov 2026 09:30:00 +0000",
        "Message-ID": "<case.abc@landlord.example>",
        "In-Reply-To": "<theirs@example.org>",
        "References": "<first@example.org> <theirs@example.org>",
        "Reply-To": "Housing Services <case+token@cases.landlord.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": "landlord.example",
        "MIME-Version": "1.0",
        "Content-Type": mail["Content-Type"],
    }
    assert "Precedence" not in mail
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_letter_by_a_person_does_not_say_it_is_automatic():
    mail = parsed(compose(reply(automatic=False)))
    assert "Auto-Submitted" not in mail
    assert "X-Auto-Response-Suppress" not in mail


def test_a_letter_without_html_is_plain_text():
    mail = parsed(compose(reply(html=None)))
    assert mail.get_content_type() == "text/plain"
    assert body_of(mail) == "Dear tenant,\n\nWe have it.\n"


def test_the_same_reply_gives_the_same_bytes():
    assert compose(reply()) == compose(reply())


WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0"), max_size=200)
BODY = st.text(st.characters(exclude_categories=("Cs",)), max_size=2000)


@given(subject=WORDS, name=WORDS, text=BODY, html=st.none() | BODY)
def test_every_letter_is_read_back_as_it_was_written(subject, name, text, html):
    composed = compose(reply(subject=subject, sender_name=name, text=text, html=html))
    assert composed.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", composed)
    assert max(len(line) for line in composed.split(b"\r\n")) <= 998
    mail = email.message_from_bytes(composed)
    assert not mail.defects
    decoded = email.header.make_header(email.header.decode_header(mail["Subject"]))
    assert str(decoded) == subject
    shown = parsed(composed)["From"].addresses
    assert [one.addr_spec for one in shown] == ["housing@landlord.example"]
    parts = [part for part in mail.walk() if not part.is_multipart()]
    assert [body_of(part) for part in parts] == [as_lines(body) for body in (text, html) if body is not None]


def body_of(part):
    return part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")


def as_lines(words):
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") else lines + "\n"


@given(name=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=80))
def test_the_name_shown_is_the_name_given(name):
    composed = email.message_from_bytes(compose(reply(sender_name=name)))
    raw = composed["From"].replace("\r\n", "")
    shown, _, address = raw.rpartition("<") if "<" in raw else ("", "", raw)
    assert address.rstrip(">") == "housing@landlord.example"
    if "=?" in shown:
        read = str(email.header.make_header(email.header.decode_header(shown.strip())))
    elif shown.startswith('"'):
        read = re.sub(r"\\(.)", r"\1", shown.strip()[1:-1])
    else:
        read = shown.strip()
    assert read == name.strip()


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\ud800", "a\r\nBcc: victim@example.org"])
@pytest.mark.parametrize("field", ["subject", "sender_name", "sender", "recipient", "reply_to", "loop_mark", "message_id"])
def test_no_header_value_can_begin_another_header(field, bad):
    with pytest.raises(PermanentFailure):
        compose(reply(**{field: f"x{bad}y@example.org"}))


@pytest.mark.parametrize(
    "foreign", ["a\r\nBcc: victim@example.org", "<a b@c>", "<é@c>", "", "<>", "<" + "x" * 2000 + ">", "<a@b><c@d>"]
)
def test_a_foreign_id_that_cannot_be_written_is_left_out_and_the_letter_goes(foreign):
    mail = parsed(compose(reply(in_reply_to=foreign, references=(foreign, "<good@example.org>"))))
    assert "In-Reply-To" not in mail
    assert "Bcc" not in mail
    assert mail["References"] == "<good@example.org>"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tenant",
        "a@b@c",
        "a b@example.org",
        "a@exa mple.org",
        "a,b@example.org",
        "<a@example.org>",
        "a@b.example, c@d.example",
        "a@" + "x" * 400,
    ],
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(PermanentFailure):
        compose(reply(recipient=address, html=None))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("tenant+tag@example.org", "tenant+tag@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ('"odd name"@example.org', '"odd name"@example.org'),
        ("zoe@bücher.example", "zoe@xn--bcher-kva.example"),
    ],
)
def test_unusual_addresses_are_written_rightly(address, written):
    assert parsed(compose(reply(recipient=address)))["To"].addresses[0] == Address(addr_spec=written)


def test_an_address_only_smtputf8_can_carry_stays_as_it_is():
    assert "To: zoë@example.org\r\n".encode() in compose(reply(recipient="zoë@example.org"))


def test_a_long_thread_keeps_its_first_id_and_its_last_twenty():
    ids = [f"<{number}@example.org>" for number in range(100)]
    mail = parsed(compose(reply(references=tuple(ids), in_reply_to=ids[-1])))
    assert mail["References"].split() == [ids[0], *ids[-20:]]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("All in English, £120 owed, it’s late.", "quoted-printable"), ("দেয়ালে ছত্রাক জমেছে এবং ঘর ঠান্ডা।", "base64")],
)
def test_each_script_travels_in_the_shorter_encoding(text, encoding):
    mail = email.message_from_bytes(compose(reply(text=text, html=None)))
    assert mail["Content-Transfer-Encoding"] == encoding
    assert mail.get_payload(decode=True).decode().rstrip() == text
