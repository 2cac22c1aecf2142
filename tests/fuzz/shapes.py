"""What hypothesis draws: mails built of headers, encoded words, parts, quotations and html, rightly and wrongly, and changed seeds."""

from __future__ import annotations

import base64
import quopri
import random

from hypothesis import strategies as st

from tests.fuzz.checks import BETWEEN
from tests.fuzz.mutating import HEADS, LONGEST, TOKENS, mutated, seeds


class Raw(bytes):
    """Bytes that print short: hypothesis prints what it drew, and warns where that is long."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = bytes(self[:300])
        return f"Raw({shown!r})" if len(self) <= len(shown) else f"<{len(self)} bytes that begin {shown!r}>"


CHARSETS = st.sampled_from(
    [
        b"utf-8",
        b"us-ascii",
        b"iso-8859-1",
        b"windows-1252",
        b"utf-7",
        b"utf-16",
        b"gb2312",
        b"iso-2022-jp",
        b"koi8-r",
        b"x-user",
        b"",
        b"hz",
        b"unknown-8bit",
        b"punycode",
        b"idna",
        b"big5\x00",
    ]
)
LINES = st.sampled_from(
    [
        b"The boiler is broken.",
        b"",
        b"> old words",
        b">> older",
        b"-- ",
        b"On Mon, 16 Nov 2026 at 10:11, H <h@c.example> wrote:",
        b"From: H",
        b"Sent: today",
        b"To: A",
        b"Subject: x",
        b"-----Original Message-----",
        b"begin 644 a.jpg",
        b"end",
        b"`",
        b"Ann",
        b"\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
        "Zażółć gęślą".encode(),
        b"\xff\xfe",
        b"=E2=80",
        b"PS please hurry",
        b"a" * 90,
        b"BEGIN:VCALENDAR",
        b"--b",
        b"{\\rtf1 x}",
        b"PK\x03\x04",
        b"\x78\x9f\x3e\x22",
        b"%PDF-1.4",
    ]
)
SHORT = st.binary(max_size=30)
LENGTHS = st.one_of(st.integers(1, 4), st.sampled_from([1, 1, 1, 50, 2_000]))


def repeated(piece: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Draw a piece once or very often: 100 kB at most."""
    return st.tuples(piece, LENGTHS).map(lambda drawn: (drawn[0] * drawn[1])[:LONGEST])


def joined(between: bytes, piece: st.SearchStrategy[bytes], most: int) -> st.SearchStrategy[bytes]:
    """Draw some pieces and join them."""
    return st.lists(piece, max_size=most).map(between.join)


def _encoded_word(drawn: tuple[bytes, bytes, bytes]) -> bytes:
    charset, how, words = drawn
    written = base64.b64encode(words) if how in b"bB" else quopri.encodestring(words, header=True).replace(b"=\n", b"")
    return b"=?" + charset + b"?" + how + b"?" + written + b"?="


WORDS = joined(b"\r\n", repeated(st.one_of(LINES, SHORT)), 8)
ENCODED = st.tuples(CHARSETS, st.sampled_from([b"q", b"b", b"Q", b"B", b"x"]), st.one_of(LINES, SHORT)).map(_encoded_word)
VALUES = joined(b" ", st.one_of(ENCODED, SHORT, LINES, st.sampled_from([b"\r\n", b"<a@b.example>", b'"', b";", b"(", b"@"])), 5)
NAMES = st.sampled_from(
    [
        b"From",
        b"To",
        b"Cc",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"References",
        b"Reply-To",
        b"In-Reply-To",
        b"Content-ID",
        b"Return-Path",
        b"X-Failed-Recipients",
        b"Received",
        b"Precedence",
    ]
)
HEADERS = st.one_of(
    st.tuples(NAMES, VALUES).map(lambda drawn: drawn[0] + b": " + drawn[1] + b"\r\n"), st.sampled_from(HEADS), SHORT
)
HTML = joined(
    b"",
    repeated(
        st.one_of(
            st.sampled_from([token for token in TOKENS if token[:1] in b"<&-"]),
            LINES,
            st.sampled_from(
                [
                    b"<p>",
                    b"<div>",
                    b"</p>",
                    b"<b>",
                    b"<table><td>",
                    b"<style>.a{color:white}",
                    b"<style>div .a>b{display:none}",
                    b"</style>",
                    b"<p class=a>",
                    b"<li>",
                    b"<select>",
                    b"<td background=x>",
                    b"<span style='position:absolute;left:-9999px'>",
                    b"<textarea>",
                    b"<hr id=stopSpelling>",
                    b"<p hidden>",
                ]
            ),
        )
    ),
    12,
)


def _encode(drawn: tuple[bytes, str, bytes]) -> bytes:
    head, how, body = drawn
    if how == "base64":
        return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body)
    if how == "quoted-printable":
        return head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(body)
    return head + b"\r\n" + body


TYPES = st.one_of(
    st.tuples(
        st.sampled_from(
            [
                b"text/plain",
                b"text/html",
                b"text/enriched",
                b"text/rtf",
                b"message/rfc822",
                b"application/ms-tnef",
                b"application/pkcs7-mime",
                b"application/octet-stream",
                b"text/calendar",
                b"message/delivery-status",
                b"image/png",
            ]
        ),
        CHARSETS,
    ).map(lambda drawn: b"Content-Type: " + drawn[0] + b"; charset=" + drawn[1] + b"\r\n"),
    joined(b"", HEADERS, 3),
)
LEAVES = st.tuples(TYPES, st.sampled_from(["", "base64", "quoted-printable"]), st.one_of(WORDS, HTML)).map(_encode)


def _multipart(drawn: tuple[bytes, bytes, list[bytes], bytes]) -> bytes:
    kind, boundary, parts, end = drawn
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + end.replace(b"b", boundary)


def _multiparts(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    kinds = st.sampled_from([b"mixed", b"alternative", b"related", b"report", b"signed", b"encrypted", b"digest", b""])
    boundaries = st.sampled_from([b"b", b"bb", b"b ", b"=_x", b"", b"\xc3\xa9"])
    ends = st.sampled_from([b"--b--\r\n", b"", b"--b", b"--b--\r\nbehind", b"--b\r\n\r\n--b--"])
    attached = inner.map(lambda raw: b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n" + raw)
    return st.tuples(kinds, boundaries, st.lists(st.one_of(inner, attached), max_size=4), ends).map(_multipart)


BUILT = st.tuples(joined(b"", HEADERS, 6), st.recursive(LEAVES, _multiparts, max_leaves=6)).map(b"".join)


def changed(target: str) -> st.SearchStrategy[bytes]:
    """Draw a seed of the target with a few changes; by its number, for hypothesis prints all that it may choose from."""
    known = seeds(target)
    return st.tuples(st.integers(0, len(known) - 1), st.integers(0, 2**32)).map(
        lambda drawn: mutated(known[drawn[0]], random.Random(drawn[1]), known)
    )


def shape(target: str) -> st.SearchStrategy[Raw]:
    """Draw whatever a target may be given."""
    built = {
        "mail": st.tuples(BUILT, st.none() | st.integers(0, 2**32)).map(_grown),
        "files": st.tuples(st.binary(min_size=1, max_size=1), st.one_of(WORDS, HTML)).map(b"".join),
        "quoting": st.tuples(WORDS, HTML).map(BETWEEN.join),
        "html": HTML,
    }[target]
    return st.one_of(built, changed(target), changed(target)).map(lambda raw: Raw(raw[:LONGEST]))


def _grown(drawn: tuple[bytes, int | None]) -> bytes:
    """Return a mail as it was built, or changed on top of that."""
    raw, number = drawn
    return raw if number is None else mutated(raw, random.Random(number), seeds("mail"))
