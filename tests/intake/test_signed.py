"""What is wrapped in its own signature is read; what is encrypted is not, and says so."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.message import MAIL
from intake.reading import read
from intake.signed import signed_content

INNER = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe roof leaks.\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
HEAD = b"From: ann@resident.example\r\nSubject: Roof\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
KIND = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"


def signed(content):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ann")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(begins).not_valid_after(begins + timedelta(days=900))
    builder = PKCS7SignatureBuilder().set_data(content).add_signer(made.sign(key, hashes.SHA256()), key, hashes.SHA256())
    return builder.sign(Encoding.DER, [PKCS7Options.Binary])


def in_pieces(*pieces):
    """Return what a program writes that does not know the length when it begins."""
    octets = b"".join(bytes([4, len(piece)]) + piece for piece in pieces)
    data = bytes.fromhex("06092a864886f70d010701a0802480") + octets + bytes(6)
    return bytes.fromhex("308006092a864886f70d010702a08030800201013100") + b"\x30\x80" + data + bytes(8)


@pytest.mark.parametrize("kind", [KIND, b"application/x-pkcs7-mime", b"application/octet-stream; name=smime.p7m"])
def test_words_and_files_inside_a_signature_are_the_mails_own(kind):
    found = read(HEAD % kind + base64.encodebytes(signed(INNER)), MAIL)
    assert (found.text.strip(), found.problems) == ("The roof leaks.", ())
    assert [(file.type, file.content) for file in found.attachments] == [("image/png", b"x")]
    assert (found.sender.address, found.subject) == ("ann@resident.example", "Roof")


def test_it_is_read_in_pieces_too():
    assert signed_content(in_pieces(b"one ", b"two")) == b"one two"


SIGNED_OID, DATA_OID = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
COMPRESSED_OID, ZLIB_OID = bytes.fromhex("060b2a864886f70d0109100109"), bytes.fromhex("060b2a864886f70d0109100308")
SHA = bytes.fromhex("300b0609608648016503040201")


def of(tag, *pieces):
    """Return a value whose length is written in four bytes, as some programs do for all of them."""
    data = b"".join(pieces)
    return bytes([tag, 0x84]) + len(data).to_bytes(4, "big") + data


def open_ended(tag, *pieces):
    return bytes([tag, 0x80]) + b"".join(pieces) + bytes(2)


def wrapped(kind, digests, octets, around=of):
    inner = around(0x30, DATA_OID, around(0xA0, octets))
    return around(0x30, kind, around(0xA0, around(0x30, b"\x02\x01\x01", digests, inner)))


@pytest.mark.parametrize(
    "data",
    [
        wrapped(SIGNED_OID, of(0x31, SHA), of(4, INNER)),
        wrapped(SIGNED_OID, open_ended(0x31, SHA), of(4, INNER), open_ended),
        wrapped(SIGNED_OID, open_ended(0x31, open_ended(0x30, SHA[2:])), of(4, INNER), open_ended),
        wrapped(SIGNED_OID, of(0x31), of(0x24, of(4, INNER[:9]), of(0x24, of(4, INNER[9:30]), of(4, INNER[30:])))),
        wrapped(SIGNED_OID, of(0x31), open_ended(0x24, open_ended(0x24, of(4, INNER[:9])), of(4, INNER[9:]))),
        wrapped(COMPRESSED_OID, of(0x30, ZLIB_OID), of(4, zlib.compress(INNER))),
        b"-----BEGIN PKCS7-----\r\n" + base64.encodebytes(wrapped(SIGNED_OID, of(0x31), of(4, INNER))) + b"-----END PKCS7-----",
    ],
)
def test_every_way_to_write_it_down_is_read(data):
    assert signed_content(data) == INNER


def test_the_library_that_knows_the_format_agrees():
    whole = signed(INNER)
    known = cms.ContentInfo.load(whole)["content"]["encap_content_info"]["content"].native
    assert signed_content(whole) == known == INNER


def test_what_was_compressed_grows_no_further_than_a_mail_may(monkeypatch):
    monkeypatch.setattr("intake.signed._LARGEST", 1_000)
    data = wrapped(COMPRESSED_OID, of(0x30, ZLIB_OID), of(4, zlib.compress(bytes(100_000))))
    assert signed_content(data) is None


def test_levels_without_end_are_not_followed():
    assert signed_content(wrapped(SIGNED_OID, b"\x31\x80" * 5_000, of(4, INNER))) is None
    assert signed_content(wrapped(SIGNED_OID, of(0x31), b"\x24\x80" * 5_000)) is None


def test_signatures_around_signatures_have_an_end():
    raw = INNER
    for _ in range(8):
        raw = HEAD % KIND + base64.encodebytes(signed(raw))
    assert "encrypted" in read(raw, MAIL).problems


ENVELOPED = bytes.fromhex("308006092a864886f70d010703a0803080020100")


@pytest.mark.parametrize("data", [ENVELOPED, b"", b"\x30", in_pieces(b"words")[:40], b"\x30\x89" + bytes(40), b"hello"])
def test_what_cannot_be_taken_out_is_kept_and_said_to_be_unread(data):
    found = read(HEAD % KIND + base64.encodebytes(data), MAIL)
    assert "encrypted" in found.problems
    assert [file.content for file in found.attachments] == [data]


@given(st.binary(max_size=300), st.integers(0, 60), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_too_strange(data, place, value):
    whole = bytearray(in_pieces(data[:100]))
    whole[place % len(whole)] = value
    for one in (data, bytes(whole)):
        assert isinstance(signed_content(one), bytes | None)


@pytest.mark.parametrize("name", ["smime.p7s", "signature.asc"])
def test_a_signature_is_no_file_of_the_residents(name):
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nWords.\r\n--b\r\n"
    kind = b'Content-Type: application/octet-stream; name="%s"\r\n\r\nx\r\n--b--\r\n' % name.encode()
    assert read(head + kind, MAIL).attachments == ()


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/markdown", "# The roof\n\nIt *leaks*.", "# The roof\n\nIt *leaks*."),
        ("text/rtf", "{\\rtf1 The roof leaks.}", "The roof leaks."),
        ("application/rtf; name=a.rtf", "{\\rtf1 The roof leaks.}", "The roof leaks."),
        ("text/enriched", "The <bold>roof</bold> leaks << here.", "The roof leaks < here."),
        ("application/octet-stream", "The roof leaks.", "The roof leaks."),
        ("text/plain\nContent-Disposition: attachment; filename=roof.txt", "The roof leaks.", "The roof leaks."),
        ("text/x-unheard-of", "The roof leaks.", "The roof leaks."),
    ],
)
def test_words_under_an_odd_name_are_read_where_there_are_no_others(kind, body, text):
    found = read(f"From: a@b.example\nSubject: Roof\nContent-Type: {kind}\n\n{body}".encode(), MAIL)
    assert (found.text.strip(), found.problems) == (text, ())


@pytest.mark.parametrize("kind", ["text/csv", "text/vcard", "application/octet-stream; name=a.bin", "application/pdf"])
def test_a_file_is_not_the_residents_words(kind):
    found = read(f"From: a@b.example\nSubject: Roof\nContent-Type: {kind}\n\nThe roof leaks.".encode(), MAIL)
    assert (found.text, found.new_text) == ("", "Roof")
