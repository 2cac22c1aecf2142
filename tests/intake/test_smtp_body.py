"""The reader of bodies: however the bytes are cut on the way, the mail is the same, and what follows stays unread."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.smtp_door.body import NoRoomError, TooBigError, read_body

PIECES = st.sampled_from(
    [b".", b"..", b"\r", b"\n", b"\r\n", b"\r\n.", b"\r\n..\r\n", b"\r\n.\n", b"\n.\r\n", b"\x00", b"wet", b"\xff" * 40]
)


def stuffed(mail):
    """Write a mail for the wire, line by line as RFC 5321 section 4.5.2 says."""
    lines = mail.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def receive(wire, cuts, *, line_limit, limit=1_000_000, take=lambda _size: True):
    """Feed the bytes in pieces of these sizes while the body is read; return the outcome and what is left."""

    async def scene():
        reader = asyncio.StreamReader(limit=line_limit)
        reading = asyncio.create_task(read_body(reader, limit=limit, take=take))
        place = 0
        for cut in [*cuts, len(wire)]:
            await asyncio.sleep(0)
            reader.feed_data(wire[place : place + cut])
            place += cut
        reader.feed_eof()
        (outcome,) = await asyncio.gather(reading, return_exceptions=True)
        return outcome, await reader.read()

    return asyncio.run(scene())


@given(
    pieces=st.lists(PIECES, max_size=30),
    cuts=st.lists(st.integers(1, 9), max_size=60),
    line_limit=st.sampled_from([8, 16, 1000]),
    behind=st.sampled_from([b"", b"MAIL FROM:<a@b.example>\r\n", b".\r\n"]),
)
def test_any_bytes_come_out_as_they_were_sent(pieces, cuts, line_limit, behind):
    mail = b"".join(pieces)
    body, left = receive(stuffed(mail) + behind, cuts, line_limit=line_limit)
    assert body == mail + b"\r\n"
    assert left == behind


def test_a_mail_of_nothing_is_nothing():
    assert receive(b".\r\n", [1, 1], line_limit=100) == (b"", b"")


@pytest.mark.parametrize(("size", "taken"), [(1000, True), (1001, False)])
def test_the_limit_is_exact_and_what_follows_is_still_read(size, taken):
    body, left = receive(b"x" * (size - 2) + b"\r\n.\r\nQUIT\r\n", [64] * 40, line_limit=50, limit=1000)
    assert (body == b"x" * (size - 2) + b"\r\n") is taken
    assert isinstance(body, TooBigError) is not taken
    assert left == b"QUIT\r\n"


def test_without_room_the_mail_is_read_to_its_end_and_dropped():
    room = [100]

    def take(size):
        room[0] -= size
        return room[0] >= 0

    body, left = receive(b"x" * 5000 + b"\r\n.\r\nQUIT\r\n", [64] * 100, line_limit=50, take=take)
    assert isinstance(body, NoRoomError)
    assert left == b"QUIT\r\n"


def test_a_sender_that_goes_away_leaves_no_mail():
    body, _ = receive(b"wet wall\r\n", [], line_limit=100)
    assert isinstance(body, asyncio.IncompleteReadError)
