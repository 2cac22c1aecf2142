"""An answer waits until all that was sent is there, whoever gives it and whatever it read, and not for ever."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from intake.hearing_out import HearsOut

PIECES = [b"a" * 10, b"b" * 10, b"c" * 10]


def asked(app, pieces=PIECES, *, size="30", ends=True, **bounds):
    """Return what happened in which order: ``in`` for each piece that was read, ``out`` for each part of the answer."""
    happened = []

    async def run():
        waiting = list(pieces)

        async def receive():
            if not waiting:
                await asyncio.sleep(60)
            piece = waiting.pop(0)
            happened.append("in")
            return {"type": "http.request", "body": piece, "more_body": bool(waiting) or not ends}

        async def send(message):
            happened.append("out")
            if message["type"] == "http.response.start":
                happened.append(message["status"])

        headers = [(b"content-length", size.encode())] if size else []
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
        await HearsOut(app, **bounds)(scope, receive, send)

    asyncio.run(run())
    return happened


async def refuses(scope, receive, send):
    await PlainTextResponse("too large", 413)(scope, receive, send)


async def reads_one_piece(scope, receive, send):
    async for _piece in Request(scope, receive).stream():
        break
    await refuses(scope, receive, send)


async def reads_all(scope, receive, send):
    await Request(scope, receive).body()
    await refuses(scope, receive, send)


@pytest.mark.parametrize("app", [refuses, reads_one_piece, reads_all])
def test_the_answer_begins_when_all_was_sent(app):
    assert asked(app) == ["in", "in", "in", "out", 413, "out"]


def test_more_than_is_dropped_for_one_answer_is_not_waited_for():
    assert asked(refuses, most=15) == ["in", "in", "out", 413, "out"]


def test_a_line_on_which_nothing_comes_any_more_is_answered_in_the_end():
    assert asked(refuses, ends=False, longest=0.01) == ["in", "in", "in", "out", 413, "out"]


def test_what_sends_no_body_waits_for_nothing():
    assert asked(refuses, pieces=[], size="") == ["out", 413, "out"]
