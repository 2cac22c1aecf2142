"""Words are got out of files by what they are; whatever a file does, it is done with in bounded time and memory."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.message import MAIL, Attachment
from intake.words_of_files import LARGEST, words_of
from intake.words_of_office import NotAnOfficeFile, office_text
from intake.words_of_pdf import CHARACTERS, PAGES
from intake.words_of_rtf import rtf_text


def attached(content, name="file", kind="application/octet-stream"):
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(name=name, type=kind, size=len(content), sha256=digest, inline=False, content=content)


def read(content, **given):
    found = words_of(attached(content, **given))
    return found.text, found.problem


def pdf(*pages, kids=None, stream=None, end=b""):
    """Return a small PDF with a line of text on each page."""
    numbers = range(10, 10 + len(pages))
    shown = kids or b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (shown, len(pages)),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, words in zip(numbers, pages, strict=True):
        objects[number] = b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>" % (
            number + 500
        )
        drawn = stream or zlib.compress(b"BT /F 12 Tf 72 720 Td (%s) Tj ET" % words.encode())
        objects[number + 500] = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in places.items())
    return bytes(out) + b"trailer << /Root 1 0 R /Size 2000 %s >>\nstartxref\n%d\n%%%%EOF" % (end, start)


def office(name, xml, **others):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "x")
        for other, content in others.items():
            archive.writestr(other, content)
        archive.writestr(name, xml)
    return made.getvalue()


DOCX = (
    '<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:instrText>HYPERLINK hidden</w:instrText></w:r>'
    "<w:r><w:t>Rising</w:t></w:r><w:r><w:tab/><w:t>damp &amp; mo</w:t></w:r><w:r><w:t>uld</w:t></w:r></w:p><w:p><w:r><w:t>Next</w:t></w:r></w:p></w:body></w:document>"
)
ODT = (
    '<office:document-content xmlns:office="urn:o" xmlns:text="urn:t"><text:h>Report</text:h>'
    "<text:p>Rising<text:s/>damp <text:span>in</text:span> the hall</text:p></office:document-content>"
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><w:document xmlns:w="urn:w"><w:t>&c;</w:t></w:document>'  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="urn:w"><w:t>&a;</w:t></w:document>'


@pytest.mark.parametrize(
    ("content", "held"),
    [
        (b"The surveyor saw mould.", "The surveyor saw mould."),
        ("Café, 5 °C".encode(), "Café, 5 °C"),
        ("Café".encode("cp1252"), "Café"),
        ("Zażółć mould".encode("utf-16"), "Zażółć mould"),
        (b"date;what\n4 May;no heat\n", "4 May;no heat"),
        (b"<!DOCTYPE html><title>x</title><p>Rising<br>damp<script>bad()</script>", "Rising\ndamp"),
        (pdf("Rising damp", "second page"), "second page"),
        (office("word/document.xml", DOCX), "damp & mould\n"),
        (office("content.xml", ODT), "Rising damp in the hall"),
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Rising \b damp\b0\par in \'63af\'e9 \u8217?s}", "Rising damp\nin café ’s"),
    ],
    ids=["text", "utf-8", "latin", "utf-16", "csv", "html", "pdf", "docx", "odt", "rtf"],
)
@pytest.mark.parametrize("name", ["photo.jpg", "report.pdf", ""])
def test_words_are_found_whatever_the_file_is_called(content, held, name):
    text, problem = read(content, name=name)
    assert held in text
    assert problem is None


def test_words_of_programs_and_of_field_codes_are_left_out():
    assert "bad" not in read(b"<html><p>Rising<script>bad()</script>")[0]
    assert "hidden" not in read(office("word/document.xml", DOCX))[0]
    assert "Arial" not in rtf_text(rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator Office;}words}")


def test_an_attached_mail_is_read_as_a_mail():
    inner = b"Subject: Inner\r\nFrom: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\nUmlzaW5nIGRhbXA=\r\n"
    assert read(inner, kind=MAIL) == ("Inner\nRising damp", None)


def picture():
    made = io.BytesIO()
    Image.effect_noise((60, 60), 90).save(made, "png")
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\xff" * 5_000,
        pdf("words")[:-90],
        b"PK\x03\x04",
        b"PK\x03\x04" + bytes(range(256)) * 20,
        office("word/document.xml", "<w:t>not closed"),
        office("word/document.xml", BOMB),
        office("word/document.xml", OUTSIDE),
        office("other.txt", "no document"),
        rb"{\rtf1" + rb"{\b" * 100_000,
        b"{\\rtf1 }}}}}}" + rb"\u99999999999999 \'zz \bin5 \u-1 x",
        picture(),
        b"\x00" * 10_000,
        b"MZ\x90\x00" + bytes(range(256)) * 40,
    ],
    ids=["empty", "pdf head", "pdf noise", "pdf cut", "zip head", "zip noise", "xml cut", "entities", "file entity", "zip", "rtf deep",
         "rtf odd", "picture", "zeros", "program"],
)  # fmt: skip
def test_what_cannot_be_read_has_no_words_and_raises_nothing(content):
    text, _ = read(content)
    assert "root:" not in text
    assert "aaaaaaaaaaaa" not in text
    assert len(text) <= CHARACTERS


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"{\\rtf1", b"<html>", b"\xff\xfe"]),
    st.binary(max_size=400),
    st.sampled_from(["", MAIL]),
)
def test_no_bytes_raise_anything(head, rest, kind):
    text, _ = read(head + rest, kind=kind)
    text.encode()
    assert "\x00" not in text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=r"{}\'u-019abpar *" + "\n", max_size=200))
def test_no_rich_text_raises_anything(text):
    rtf_text(b"{\\rtf1" + text.encode())


def test_xml_that_declares_anything_is_refused():
    for xml in (BOMB, OUTSIDE):
        with pytest.raises(NotAnOfficeFile, match="declares"):
            office_text(office("word/document.xml", xml))


def test_an_archive_that_grows_without_end_is_read_only_so_far():
    packed = office("word/document.xml", '<w:document xmlns:w="urn:w"><w:t>' + "mould " * 20_000_000)
    assert len(packed) < 1_000_000
    text, problem = read(packed)
    assert len(text) == CHARACTERS
    assert problem is None


def test_a_file_that_is_too_large_is_not_opened():
    assert read(b"x" * (LARGEST + 1)) == ("", "too large")


def test_only_the_first_pages_are_read():
    text, problem = read(pdf(*[f"page{number}." for number in range(PAGES + 5)]))
    assert f"page{PAGES - 1}." in text
    assert f"page{PAGES}." not in text
    assert problem is None


def test_a_pdf_that_goes_in_circles_comes_to_an_end():
    text, problem = read(pdf("words", kids=b"10 0 R 2 0 R"))
    assert problem is not None or "words" in text


def test_a_locked_pdf_is_said_to_be_locked():
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (b"00" * 32, b"11" * 32)
    assert read(pdf("words", end=locked)) == ("", "locked with a password")


def test_a_pdf_that_unpacks_without_end_is_stopped():
    packed = zlib.compress(b"\x00" * 300_000_000, 1)
    _, problem = read(pdf("words", stream=packed))
    assert problem is not None


@pytest.mark.slow
def test_a_pdf_that_takes_for_ever_is_ended_by_the_clock():
    endless = zlib.compress(b"BT /F 1 Tf " + b"1 0 0 1 0 0 Tm (a) Tj " * 3_000_000 + b" ET", 9)
    _, problem = read(pdf(*["x"] * 50, stream=endless))
    assert problem in ("took too much time or memory", "took too long", "not all of it could be read")
