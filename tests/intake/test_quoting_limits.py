"""Splitting holds for any text, and in linear time."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intake.attributions import attribution
from intake.header_lines import block_length, kind_of
from intake.quoting import MOST_LINES, new_words, split, split_reply

NEW = "Nobody came on Tuesday.\nI lost a day's pay."
OLD = "We will visit you on Tuesday."

LINES = st.sampled_from(
    [
        *(
            "",
            "> old",
            ">> older",
            "--",
            "new words here",
            "On 2 Nov 2026, at 09:12, H <h@c.example> wrote:",
            "From: H",
            "Sent: today",
        ),
        *(
            "To: A",
            "Subject: x",
            "-----Original Message-----",
            "Sent from my iPhone",
            "Begin forwarded message:",
            "CAUTION: external",
        ),
        *("_" * 40, "This email is confidential", "He wrote:", "\u200b", "a" * 1500),
    ]
)


@given(st.lists(LINES, max_size=40).map("\n".join), st.sampled_from(["Fwd: x", "x"]))
@settings(max_examples=400)
def test_new_and_quoted_are_the_text_itself(text: str, subject: str) -> None:
    found = split(text, forwarded=subject.startswith("Fwd"))
    ends = [0]
    for start, end in found.new_ranges:
        assert ends[-1] <= start <= end <= len(text)
        ends.append(end)
    ranged = " ".join(text[start:end] for start, end in found.new_ranges)
    assert ranged.split() == found.new_text.split()
    assert sorted((found.new_text + " " + found.quoted).split()) == sorted(text.split())


@given(st.text(max_size=500))
@example(">")
@settings(max_examples=200)
def test_any_text_can_be_split(text: str) -> None:
    found = split_reply(text, text)
    # A quote mark alone holds no word that could be lost.
    assert found.new_text or not re.search(r"\w", text)
    assert text.strip() or not found.new_text


def test_behind_a_delimiter_all_is_old_however_far() -> None:
    text = f"{NEW}\n\n-----Original Message-----\nFrom: H" + "\nold" * (MOST_LINES + 10)
    assert new_words(text) == NEW


def test_old_lines_behind_the_limit_still_go_by_their_quote_marks() -> None:
    text = NEW + "\n> old" * (MOST_LINES + 10) + "\nAnd this below it all."
    assert new_words(text) == f"{NEW}\nAnd this below it all."


ATTACKS = {
    "On and many words": "On " + "word " * 20_000,
    "On and many lines": "On " + "word\n" * 20_000,
    "many lines that start with On": "On Monday I rang and he wrote\n" * 5_000,
    "many lines that look like attributions": "On Monday 12:30 I rang a@b.example and he wrote:\n" * 5_000,
    "blanks": " " * 200_000,
    "lines of blanks": "hi\n" + " \n" * 100_000 + "x",
    "header lines": "From: x\n" * 5_000,
    "header blocks": "From: x\nSent: y\n" * 3_000,
    "quotes and answers": "> a\nb\n" * 20_000,
    "brackets": "<a@" * 60_000,
    "dashes": "-" * 200_000,
    "blanks behind a delimiter": ("Original Message" + " " * 980 + "x\n") * 3_000,
    "header lines in one": ("x:from: " + " sent:  to: " * 90 + "\n") * 3_000,
    "old blank lines": "Please see my answers below\n-----Original Message-----\n" + "\n" * 300_000 + "x",
    "disclaimers": ("this email " * 90 + "\n") * 3_000,
}


HOSTILE = [
    b"X: " + b" " * 200_000 + b"y\r\n z\r\n\r\nhi",
    b"To: <a" + b" " * 200_000 + b"b>\r\n\r\nhi",
    b"Content-Transfer-Encoding: base64\r\n\r\nAA=A" + b" " * 300_000 + b"=A",
    b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 300_000,
    b"Content-Type: text/html; charset=utf-8\r\n\r\n" + "\u200c".encode() * 100_000 + "م".encode(),
    b"Content-Type: text/html\r\n\r\n" + b'<p style="' + b"width:0;" * 200 + b'">' * 1_000,
    b"Content-Type: text/html\r\n\r\n<style>" + b"div div div{display:none}" * 900 + b"</style>" + b"<div>" * 3_000,
    b"Content-Type: multipart/mixed\r\n\r\n" + (b"--a" + b" " * 5_000 + b"b\r\n") * 100,
    b"Content-Type: text/plain; " + b"a " * 100_000 + b"\r\n\r\nhi",
]


def test_hostile_texts_take_no_more_than_linear_time() -> None:
    program = f"from intake.quoting import split\nfor text in {list(ATTACKS.values())!r}: split(text); split(text + text)"
    # A hang guard only: each of these is done in well under a second, and a quadratic step would take hours.
    done = subprocess.run([sys.executable, "-"], input=program.encode(), timeout=120, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_only_the_first_part_of_a_long_line_is_looked_at() -> None:
    assert attribution(["x" * 5_000 + " wrote:"], 0, above_quotation=True) == (0, False)


def test_hostile_mails_take_no_more_than_linear_time() -> None:
    program = f"from intake.reading import read\nfor raw in {HOSTILE!r}: read(raw, 'message/rfc822')"
    done = subprocess.run([sys.executable, "-"], input=program.encode(), timeout=120, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("From: Ann", "from"),
        ("*Sent:* today", "date"),
        ("Betreff: x", "other"),
        ("主题：x", "other"),
        ("Objet : x", "other"),
        ("Fromage: x", None),
        ("http://x", None),
        ("plain", None),
    ],
)
def test_header_lines_are_known(line: str, kind: str | None) -> None:
    assert kind_of(line) == kind


def test_a_header_block_names_sender_date_and_more() -> None:
    lines = ["From: a", "Sent: b", "To: c", "", "text"]
    kinds = [kind_of(line) for line in lines]
    assert block_length(lines, 0, kinds) == 3
    assert block_length(lines[:2], 0, kinds[:2]) == 0
