"""The client of clamd: what it asks byte for byte, what it makes of every answer, and that nothing but its own error leaves it."""

from __future__ import annotations

import contextlib
import socket

import pytest

from intake.clamd import LOCKED, TOO_LARGE, TOO_MUCH, Address, Clamd, ClamdAway, ClamdError, Finding, NoVerdict, address_of
from standins.clamd import EVIL, NAME, VERSION
from standins.clamd import Clamd as Scanner


@pytest.fixture
def scanner():
    with Scanner() as standing:
        yield standing


def client(scanner, **told):
    return Clamd(address_of(scanner.setting), **{"connect_within": 5.0, "answer_within": 5.0} | told)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:/run/clamav/clamd.ctl", Address(path="/run/clamav/clamd.ctl")),
        ("tcp:127.0.0.1:3310", Address(host="127.0.0.1", port=3310)),
        ("tcp:scanner.council.example:3310", Address(host="scanner.council.example", port=3310)),
        ("tcp:[::1]:3310", Address(host="::1", port=3310)),
    ],
)
def test_an_address_is_a_socket_or_a_host_with_its_port(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "unix:", "unix:clamd.ctl", "/run/clamd.ctl", "tcp:host", "tcp::3310", "tcp:host:0", "tcp:host:65536", "tcp:host:x",
     "tcp:host:²", "http://host:3310", "unix:/a\0b"],
)  # fmt: skip
def test_anything_else_is_no_address(text):
    with pytest.raises(ValueError, match="tcp:host:port"):
        address_of(text)


@pytest.mark.parametrize("content", [b"", b"x", b"words\0and\xff\n" * 10, b"a" * 65_536, b"b" * 200_001])
def test_a_file_comes_to_the_scanner_byte_for_byte(scanner, content):
    assert client(scanner).scan(content) == Finding(state="clean")
    assert (scanner.questions, scanner.seen) == ([b"zINSTREAM\0"], [content])


def test_a_version_is_given_as_it_is_said(scanner):
    assert client(scanner).version() == VERSION


ANSWERS = {
    b"stream: OK\0": Finding(state="clean"),
    b"stream: OK": Finding(state="clean"),
    b"stream: Win.Test.EICAR_HDB-1 FOUND\0": Finding(state="infected", told="Win.Test.EICAR_HDB-1"),
    b"stream: Name with FOUND in it FOUND\0": Finding(state="infected", told="Name with FOUND in it"),
    b"stream: Odd\x1b[31m\xffName FOUND\0": Finding(state="infected", told="Odd[31m\ufffdName"),
    b"stream: " + b"n" * 900 + b" FOUND\0": Finding(state="infected", told="n" * 200),
    b"stream: Heuristics.Encrypted.Zip FOUND\0": Finding(state="unscannable", told=LOCKED),
    b"stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0": Finding(state="unscannable", told=TOO_MUCH),
    b"INSTREAM size limit exceeded. ERROR\0": Finding(state="unscannable", told=TOO_LARGE),
}


@pytest.mark.parametrize("said", ANSWERS, ids=lambda said: said[:40].decode("ascii", "replace").strip("\0"))
def test_each_answer_is_understood(scanner, said):
    scanner.faults.append(said)
    assert client(scanner).scan(b"x") == ANSWERS[said]


@pytest.mark.parametrize(
    "said",
    [None, b"\0", b"OK\0", b"stream: \0", b"stream:  FOUND\0", b"stream: FOUND\0", b"UNKNOWN COMMAND\0", b"\xff" * 9_000,
     b"stream: Can't allocate memory ERROR\0", b"COMMAND READ TIMED OUT\0", b"stream: OK\nstream: Evil\0"],
)  # fmt: skip
def test_an_answer_that_settles_nothing_is_never_taken_for_clean(scanner, said):
    scanner.faults.append(said)
    with pytest.raises(NoVerdict):
        client(scanner).scan(b"x")


def test_a_file_larger_than_is_sent_is_not_sent(scanner):
    assert client(scanner, largest=9).scan(b"1234567890") == Finding(state="unscannable", told=TOO_LARGE)
    assert scanner.questions == []


def test_a_scanner_that_hangs_up_in_the_middle_of_a_large_file_says_why_or_breaks_off(scanner):
    scanner.limit = 100_000
    with contextlib.suppress(NoVerdict):  # what it had said may be lost with the connection
        assert client(scanner).scan(b"a" * 5_000_000) == Finding(state="unscannable", told=TOO_LARGE)
    assert scanner.seen == []


def test_a_scanner_that_says_nothing_in_time_gives_no_verdict(scanner):
    scanner.hang = True
    with pytest.raises(NoVerdict, match="timed out"):
        client(scanner, answer_within=0.05).scan(b"x")


def test_one_that_is_not_there_or_is_something_else_is_away(scanner, tmp_path):
    scanner.version = "220 mail.example ESMTP"
    with pytest.raises(ClamdAway, match="does not answer as clamd does"):
        client(scanner).version()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    for setting in (f"unix:{tmp_path}/none", f"tcp:127.0.0.1:{port}", f"unix:/{'x' * 300}", f"tcp:{'x' * 70}.example:1"):
        for ask in (Clamd.version, lambda clamd: clamd.scan(b"x")):
            with pytest.raises(ClamdAway):
                ask(Clamd(address_of(setting)))


def test_one_that_takes_a_question_and_is_silent_is_away():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        clamd = Clamd(Address(host="127.0.0.1", port=silent.getsockname()[1]), connect_within=0.05, answer_within=0.05)
        with pytest.raises(ClamdAway):
            clamd.version()
        with pytest.raises(ClamdError):
            clamd.scan(b"x")


def test_words_that_only_look_evil_to_the_scanner_are_named(scanner):
    assert client(scanner).scan(b"the " + EVIL) == Finding(state="infected", told=NAME)
