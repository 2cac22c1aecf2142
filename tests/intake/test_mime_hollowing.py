"""A mail is parsed without the bodies of its parts, and nobody can tell."""

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.hollowing import SHORTEST, Hollow, hollow
from intake.message import MAIL
from intake.parts import Part, parse, parse_hollow
from intake.reading import read

LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n")
LINES = (
    *(
        "",
        "",
        "--b",
        "--b--",
        "--c",
        "-- ",
        "-----Original Message-----",
        "text",
        "x" * SHORTEST,
        "A" * 76,
        " folded",
        ">From me",
    ),
    *("Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/digest; boundary=c", "Content-Type: text/plain"),
    *("Content-Type: message/rfc822", "Subject: x", "From me", "\x1a", "\x1a0\x1a", "Content-Type: multipart/mixed", "é"),
)
BASE64 = b"\r\n".join([b"QUJD" * 19] * 400)


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    ends = draw(st.sampled_from([LINE_ENDS, *[(end,) for end in LINE_ENDS]]))
    lines = draw(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ends)), max_size=40))
    start = draw(st.sampled_from(["", "Content-Type: multipart/mixed; boundary=b\n", "Subject: x\n\n"]))
    return (start + "".join(line + end for line, end in lines)).encode() + draw(st.sampled_from([b"", b"end", b"\xff"]))


def as_seen(root: Part) -> list[tuple[object, ...]]:
    """Tell all that the reader ever asks of a tree."""
    return [
        (part.depth, part.media_type, part.kind, list(part.raw_items()), part.body(), [type(one) for one in part.defects])
        for part in root.walk_parts()
    ]


@given(mails())
def test_what_was_taken_out_can_be_put_back(raw: bytes) -> None:
    hollowed = hollow(raw)
    assert hollowed.filled(hollowed.shell) == raw


@given(mails())
@example(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"x" * SHORTEST + b"\r\n")
@example(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"x" * SHORTEST + b"\r\r\n--b--")
@example(b"Content-Type: multipart/mixed; boundary=b\r\r--b\r\r" + b"x" * SHORTEST + b"\r--b\rSubject: y\r\r" + b"z" * SHORTEST)
@example(b"Subject: x\n\n" + b"x" * SHORTEST + b"\n--b\nFrom me\n\n" + b"y" * SHORTEST)
def test_a_hollow_mail_is_parsed_as_the_whole_one(raw: bytes) -> None:
    whole, problem = parse_hollow(Hollow(shell=raw, raw=raw))
    root, same_problem = parse_hollow(hollow(raw))
    assert (as_seen(root), same_problem) == (as_seen(whole), problem)


@pytest.mark.parametrize("mark", [b"\x1a", b"\x1a0\x1a", b"\x1a9\x1a\n\n\x1a"])
def test_no_line_of_a_mail_is_mistaken_for_what_was_taken_out(mark: bytes) -> None:
    raw = b"Subject: x\n\n" + BASE64 + b"\n" + mark + b"\n"
    assert parse(raw).root.body() == BASE64 + b"\n" + mark + b"\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_long_file_is_not_shown_to_the_parser(end: bytes) -> None:
    file = BASE64.replace(b"\r\n", end)
    head = b"Content-Type: multipart/mixed; boundary=b" + end + end + b"--b" + end + b"Subject: file" + end + end
    assert len(hollow(head + file + end + b"--b--" + end).shell) < len(head) + 20


def test_an_attached_mail_keeps_its_bytes() -> None:
    inner = b"Subject: y\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n" + BASE64 + b"\n--c\n\nwords\n--c--"
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: message/rfc822\n\n"
    (file,) = read(head + inner + b"\n--b--\n", MAIL).attachments
    assert file.content == inner


def test_reading_takes_little_more_memory_than_the_mail_and_its_file() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf\n"
    raw = head + b"Content-Transfer-Encoding: base64\n\n" + BASE64 * 20 + b"\n--b--\n"
    read(raw, MAIL)
    tracemalloc.start()
    read(raw, MAIL)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * len(raw)
