"""Files that stand in plain words as letters are files; what only looks so stays as it was written."""

from __future__ import annotations

import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.message import MAIL
from intake.reading import read
from intake.uuencoded import without_files


def encoded(name, data, *, end="`\nend", tidy=str):
    lines = [binascii.b2a_uu(data[at : at + 45]).decode().rstrip("\n") for at in range(0, len(data), 45)]
    return "\n".join([f"begin 644 {name}", *map(tidy, lines), end])


DATA = bytes(range(256)) * 3


@given(st.binary(min_size=1, max_size=300))
@settings(max_examples=200, deadline=None)
def test_every_byte_comes_back(data):
    for tidy in (str, str.rstrip):
        found = without_files(f"Look:\n{encoded('a b.jpg', data, tidy=tidy)}\nYours")
        assert found.text == "Look:\n[file: a b.jpg]\nYours"
        assert found.files == (("a b.jpg", data),)


def test_a_mail_shows_the_file_and_keeps_the_words():
    raw = f"From: a@b.example\nSubject: Damp\n\nThe wall is wet.\n\n{encoded('../damp.jpg', DATA)}\n\nPlease come.\n\n{encoded('b.jpg', b'x')}"
    found = read(raw.encode(), MAIL)
    assert [(file.name, file.content) for file in found.attachments] == [("damp.jpg", DATA), ("b.jpg", b"x")]
    assert found.new_text.split() == "The wall is wet. [file: ../damp.jpg] Please come. [file: b.jpg]".split()  # noqa: SIM905


@pytest.mark.parametrize(
    "text",
    [
        "I begin 644 times to write.\nend",
        "begin 644 a.jpg\nend",
        "begin 644 a.jpg\n`\nend",
        "begin 644 a.jpg\nThis is no such line at all.\nend",
        encoded("a.jpg", DATA, end="and no end"),
        encoded("a.jpg", DATA, end=""),
        "begin 999 a.jpg\n#86)C\nend",
    ],
)
def test_words_that_only_look_so_stay(text):
    assert without_files(text).text == text
    assert without_files(text).files == ()


@given(st.lists(st.sampled_from(["begin 644 a", "#86)C", "`", "end", "", "words", "ß"]), max_size=60).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_no_line_is_lost_but_those_of_files(text):
    found = without_files(text)
    left = [line for line in found.text.split("\n") if not line.startswith("[file: ")]
    assert set(left) <= set(text.split("\n"))
    assert left.count("words") == text.split("\n").count("words")
