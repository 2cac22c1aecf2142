"""A file is known by its content: what shows the trouble is taken, what could run or lead astray is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.web.file_kinds import kind_of, problem_of
from intake.file_kinds import HEAD, size_in_words, words_of
from intake.public.file_types import type_of

ZIP = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe1\x00Exif", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00", "image/heif"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00", "audio/mp4"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"{\\rtf1 words}", "application/rtf"),
        (ZIP + b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ZIP + b"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        ("Dear Sir, the “damp” is back. £40".encode(), "text/plain"),
        (b"x" * (HEAD - 1) + "é".encode(), "text/plain"),
        ("Rent £40, “as agreed”".encode("cp1252"), "text/plain"),
        ("Rent £40, “as agreed”".encode("utf-16"), "text/plain"),
        (b"\xfe\xff" + "Rent £40".encode("utf-16-be"), "text/plain"),
        ("x".encode("utf-16") * HEAD, "text/plain"),
        ("Rent £40".encode("utf-8-sig"), "text/plain"),
        (b"BMore words, and others", "text/plain"),
        (b"ID3 lost my key", "text/plain"),
        (b"From: me, and from my sister", "text/plain"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00", "image/bmp"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"From: a@b.example\r\nSubject: =?utf-8?q?=C2=A3?=\r\n\r\n<html><body>Rent</body></html>", "message/rfc822"),
        (b"Received: from mx.example\n\tby mx2.example\nX-Spam: no\nTo: us@c.example\n\nHello", "message/rfc822"),
    ],
)
def test_what_a_resident_would_send_is_taken_under_its_true_type(content, kind):
    assert type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"#!/bin/sh\nrm -rf ~",
        ZIP + b"game.exe",
        b"Rar!\x1a\x07\x00",
        b"\x1f\x8b\x08\x00",
        b"<!DOCTYPE html><title>Sign in</title>",
        b"  <svg xmlns='x' onload='alert(1)'/>",
        b"<?xml version='1.0'?><html/>",
        b"text with a \x00 in it",
        b"From: x\n<html><script>alert(1)</script>",
        "<html><body>Sign in</body></html>".encode("utf-16"),
        "x\x00y".encode("utf-16"),
        b"BM\x00\x01",
        b"RIFF\x00\x00\x00\x00ACON",
    ],
)
def test_programs_pages_archives_and_what_nobody_knows_are_not_taken(content):
    assert type_of(content) is None


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument text", None),
        (b"\xff\xf3\x40\xc0", "sound recording", None),
        (b"\xff\xf1\x50\x80", "sound recording", None),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00", "sound recording", None),
        (b"\x00\x00\x01\xba\x44", "video", None),
        ("Rent £40, “as agreed”".encode("cp1252"), "text", None),
        (b"MZ\x90\x00\x03", "program", "can run"),
        (b"MZ Smith lives here", "text", None),
        (b"#!/bin/sh\nrm -rf ~", "program", "can run"),
        (b"#!AMR\n", "sound recording", None),
        (ZIP + b"game.exe", "archive", None),
        (b"\x00<html><form>", "web page", "false sign-in"),
        (b"  <svg xmlns='x' onload='alert(1)'/>", "web page", "false sign-in"),
        (b"\xff\xd8\xff<script>", "JPEG picture", "holds a web page"),
        (ZIP + b"word/vbaProject.bin", "Word document", "macros"),
        (b"\x00\x01\x02", "file of unknown kind", None),
        (b"", "empty file", "empty"),
    ],
)
def test_the_desk_calls_a_file_by_what_the_door_knows_it_for(content, kind, problem):
    assert kind_of(content) == kind
    said = problem_of("file", kind, content)
    assert (said is None) if problem is None else problem in said
    taken = type_of(content)
    assert taken is None or words_of(taken) == kind


@given(st.binary(max_size=5_000))
def test_no_content_is_too_odd_to_be_looked_at(content):
    kind = type_of(content)
    assert kind is None or "/" in kind


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 kB"),
        (1_500, "1 kB"),
        (700_000, "684 kB"),
        (1024 * 1024, "1 MB"),
        (20 * 1024 * 1024, "20 MB"),
        (2_621_440, "2.5 MB"),
    ],
)
def test_a_size_is_said_as_people_say_it(size, words):
    assert size_in_words(size) == words
