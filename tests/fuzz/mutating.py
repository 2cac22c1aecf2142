"""The mails that fuzzing starts from, and what it does to them: by words that mean something in a mail, not by bytes alone."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from intake import packed_rtf
from intake.message import MAIL, Reading
from intake.reading import read
from tests import outlook
from tests.fuzz.checks import BETWEEN, KINDS

TESTS = Path(__file__).parents[1]
FOLDERS = (TESTS / "intake" / "mails", TESTS / "hard" / "mails")
LONGEST = 100_000
"""Bytes of a mail for which a second must do."""
SIGNED = (
    bytes.fromhex("308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a0802480")
    + b"\x04\x0e\r\n\r\nIt leaks.\x04\x03 it"
    + bytes(14)
)
"""A mail wrapped in its signature, written without lengths and in pieces."""
LARGE = 20_000
"""Bytes beyond which most are cut again, so that thousands can be read."""
HEADS = (
    *(b"Content-Type: multipart/mixed; boundary=b\r\n", b'Content-Type: multipart/alternative; boundary="b"\r\n'),
    *(
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: application/ms-tnef\r\n",
        b"Content-Type: text/html; charset=utf-7\r\n",
    ),
    *(b"Content-Type: text/plain; format=flowed; delsp=yes\r\n", b"Content-Type: application/pkcs7-mime; name=a.p7m\r\n"),
    *(b"Content-Type: text/calendar; method=REQUEST\r\n", b"Content-Type: message/delivery-status\r\n"),
    *(b"Content-Type: text/enriched\r\n", b"Content-Type: text/rtf\r\n", b"Content-Type: application/zip; name=a.zip\r\n"),
    *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n"),
    *(
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1=x\r\n",
    ),
    *(b"Subject: Fwd: =?utf-8?q?=ff=20?= =?iso-2022-jp?b?GyRC?=\r\n", b'From: "a" <a@b.example>, c@d.example\r\n'),
    *(b"Date: Mon, 31 Feb 99999 25:61:61 +9999\r\n", b"References: <a@b> <c@d>\r\n", b"To: a:b,c;,<@x,@y:z@w>\r\n"),
    *(b"Auto-Submitted: auto-replied\r\n", b"Received: from a by b; x\r\n", b"Authentication-Results: a; dkim=pass\r\n"),
)
TOKENS = (
    *(
        b"\x00",
        b"\r",
        b"\n\n",
        b"\r\n\r\n",
        b"\r\n ",
        b"\r\n\t",
        b"=?",
        b"?=",
        b"\xff\xfe",
        b"--b\r\n",
        b"--b--\r\n",
        b'"',
        b"<",
        b">",
    ),
    *(
        b"\x1b$B",
        b"\x1b(B",
        b"+AGE-",
        b"~{",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xe2\x80\x8b",
        b"\xe2\x80\xae",
        b"\xf0\x9f\x8f\xa0",
    ),
    *(
        b"=\r\n",
        b"=3D",
        b"=ZZ",
        b"begin 644 a.jpg\r\n",
        b"`\r\nend\r\n",
        b"M" + b"!" * 60 + b"\r\n",
        b"\x78\x9f\x3e\x22\x00\x00",
    ),
    *(b"\r\n> ", b"\r\n>> ", b"\r\n-- \r\n", b"\r\nOn Mon, A <a@b.example> wrote:\r\n", b"\r\n-----Original Message-----\r\n"),
    *(
        b"\r\nFrom: a\r\nSent: b\r\nTo: c\r\nSubject: d\r\n\r\n",
        b"\r\n________________________________\r\n",
        b"\r\nSent from my iPhone\r\n",
    ),
    *(
        b"\r\n>From ",
        b"\r\nBegin forwarded message:\r\n",
        b"\r\nLe lundi, A a \xc3\xa9crit :\r\n",
        b"\r\nCAUTION: external\r\n",
    ),
    *(
        b"<style>p > b ~ i{display:none}</style>",
        b"<blockquote>",
        b"</div>",
        b"<div class=gmail_quote>",
        b"<span style='font-size:0'>",
    ),
    *(
        b"<p style=color:#fff>",
        b"<table><tr><td bgcolor=white>",
        b"<!--",
        b"-->",
        b"<![if mso]>",
        b"&nbsp;",
        b"&#xd800;",
        b"&#0;",
        b"<pre>",
    ),
    *(
        b"<img src=cid:a>",
        b"<font color=white>",
        b"<svg><style>",
        b"<template>",
        b"<a href=x>",
        b"</",
        b"<!DOCTYPE",
        b"<plaintext>",
    ),
)


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Return what a target starts from: the hard mails themselves, or the words and html of them."""
    raws = [path.read_bytes() for folder in FOLDERS for path in sorted(folder.glob("*.eml"))]
    if target == "mail":
        return tuple(raws)
    readings = [read(raw, MAIL) for raw in raws]
    if target == "files":
        return tuple(_files(readings))
    if target == "html":
        return tuple(reading.html.encode() for reading in readings if reading.html)
    return tuple(reading.text.encode() + BETWEEN + (reading.html or "").encode() for reading in readings if reading.text)


def _files(readings: Sequence[Reading]) -> Iterator[bytes]:
    """Yield the files of the hard mails and some that are made here, behind the number of what they claim to be."""
    packed, walked = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.exe", b"x" * 5_000)
        archive.writestr("c.zip", b"PK\x03\x04")
    with tarfile.open(fileobj=walked, mode="w") as tape:
        tape.addfile(tarfile.TarInfo("a.txt"))
    words = outlook.winmail(outlook.words("It leaks."), outlook.rich(outlook.packed(b"{\\rtf1 It leaks.}", packed_rtf.BEGINS)))
    made = (
        *((1, words), (1, outlook.winmail(outlook.file("a.txt", b"words"), outlook.html(b"<p>It leaks.</p>")))),
        *((3, outlook.saved_mail("s", "It leaks.", "Ann", "a@b.example", ["a.txt"])), (2, SIGNED), (4, packed.getvalue())),
        *((4, walked.getvalue()), (4, gzip.compress(b"x" * 999)), (5, b"%PDF-1.4\n1 0 obj<</OpenAction<</S/J#61vaScript>>>>")),
        *(
            (6, b"{\\rtf1\\ansi It \\'e9 \\u8364? leaks.\\par}"),
            (7, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nEND:VEVENT"),
        ),
        *(
            (8, b"From: c@d.example\r\nSubject: x\r\n\r\nwords"),
            (9, b"<p>It leaks.</p>"),
            (10, b"=ybegin line=128 size=3 name=a\r\nabc\r\n=yend size=3\r\n"),
        ),
    )
    yield from (bytes([kind]) + data for kind, data in made)
    known = {kind: number for number, (kind, _) in enumerate(KINDS)}
    yield from (bytes([known.get(file.type, 0)]) + file.content for reading in readings for file in reading.attachments)


def mutated(raw: bytes, chance: random.Random, others: Sequence[bytes], longest: int = LONGEST) -> bytes:
    """Return the bytes after a few changes, at most ``longest`` of them."""
    data = bytearray(raw or b"x")
    if len(data) > LARGE and chance.random() < 0.7:
        del data[chance.randrange(1, LARGE) :]
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        chance.choice(CHANGES)(data, chance, others)
        data = data[:longest] or bytearray(b"x")
    if chance.random() < 0.02:
        _grow(data, chance, longest)
    return bytes(data[:longest])


def _flip(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = chance.randrange(len(data))
    del data[place : place + chance.choice((1, 2, 10, 60, 400))]


def _put_in(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 40))


def _head(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Put a header line at the top, or at the beginning of a part."""
    places = [0, *_places(data, b"\n--")]
    place = chance.choice(places)
    if place:
        place = data.find(b"\n", place + 1) + 1 or len(data)
    data[place:place] = chance.choice(HEADS)


def _wrap(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Put all of it into a part of another mail."""
    data[:0] = b"Subject: x\r\n" + HEADS[chance.randrange(2)] + b"\r\n--b\r\n" + chance.choice(HEADS) + b"\r\n"
    data += chance.choice((b"", b"\r\n--b--\r\n", b"\r\n--b\r\n\r\nmore\r\n--b--"))


def _splice(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    start = chance.randrange(len(other) + 1)
    place = chance.randrange(len(data) + 1)
    data[place : place + chance.choice((0, 0, 100))] = other[start : start + chance.choice((20, 200, 2_000))]


def _move(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Take one line to another place."""
    lines = data.split(b"\n")
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    data[:] = b"\n".join(lines)


def _repeat(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = chance.randrange(len(data))
    data[place:place] = data[place : place + chance.choice((1, 5, 30, 200))] * chance.choice((1, 3, 30))


def _grow(data: bytearray, chance: random.Random, longest: int) -> None:
    """Say one piece of it again and again, until the mail is as long as may be: what takes the square of its length shows."""
    place = chance.randrange(len(data))
    piece = bytes(data[place : place + chance.choice((1, 2, 4, 8, 16, 30, 60, 120, 500))])
    if chance.random() < 0.3:
        piece = b"".join(chance.choices((*TOKENS, b"a", b" ", b"\n"), k=chance.choice((1, 2, 3)))) or piece
    data[place:place] = piece * max(0, (longest - len(data)) // len(piece))


def _places(data: bytearray, sign: bytes) -> list[int]:
    found: list[int] = []
    place = data.find(sign)
    while place >= 0 and len(found) < 50:
        found.append(place)
        place = data.find(sign, place + 1)
    return found


CHANGES: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...] = (
    *(_flip, _cut, _put_in, _put_in, _put_in, _head, _head, _wrap, _splice, _splice, _move, _repeat),
)
