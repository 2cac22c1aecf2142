"""What the open networks share: pauses that are asked for, JSON that others wrote, calls that fail, one poller."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from intake.channel import TemporaryFailure, UncertainOutcome
from intake.networks.line import Line, LoginRefused, Refused
from intake.networks.matching import already_there, same_words
from intake.networks.pauses import LONGEST, UNSAID, asked_pause
from intake.networks.remembered import Remembered
from intake.networks.walking import as_bytes, at, believed, many, moment, name_of_unread, words
from standins.loopback import Loopback, Said

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "7"}, timedelta(seconds=7)),
        ({"retry-after": "0"}, timedelta(0)),
        ({"retry-after": "999999999999"}, LONGEST),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:20 GMT", "date": DATE}, timedelta(seconds=20)),
        ({"x-ratelimit-reset": "2026-11-23T12:01:00.000000Z", "date": DATE}, timedelta(seconds=60)),
        ({"ratelimit-reset": str(int(NOON.timestamp()) + 5), "date": DATE}, timedelta(seconds=5)),
        ({"x-rate-limit-reset": str(int(NOON.timestamp()) - 5), "date": DATE}, timedelta(0)),
        ({"x-rate-limit-reset": str(int(NOON.timestamp()) + 99_999), "date": DATE}, LONGEST),
        ({"x-ratelimit-reset": "soon", "date": DATE}, UNSAID),
        ({"x-ratelimit-reset": "2026-11-23T12:01:00Z"}, UNSAID),
        ({}, UNSAID),
    ],
)
def test_a_pause_is_reckoned_by_the_networks_own_clock_and_within_reason(headers, pause):
    assert asked_pause(headers) == pause


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), {"a": [{"b": "c\x00d"}], "n": 7}),
        (("a", 0, "b"), "c\x00d"),
        (("a", 1), None),
        (("a", -1), None),
        (("n", "b"), None),
        (("a", "b"), None),
        ((0,), None),
    ],
)
def test_whatever_is_not_there_is_nothing_and_no_error(path, found):
    assert at({"a": [{"b": "c\x00d"}], "n": 7}, *path) == found


def test_words_are_storable_and_anything_else_is_no_word():
    odd = {"text": "a\x00b\ud800", "number": 7, "list": [1], "none": None}
    assert [words(odd, name) for name in ("text", "number", "list", "none", "missing")] == ["ab\ufffd", "", "", "", ""]
    assert [many(odd, name) for name in ("list", "text", "missing")] == [[1], [], []]


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("2026-11-23T12:00:00.000Z", NOON),
        ("2026-11-23T13:00:00+01:00", NOON),
        ("2026-11-23T12:00:00", NOON),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_a_time_is_read_in_utc_or_not_at_all(told, when):
    assert moment({"at": told}, "at") == when


@pytest.mark.parametrize(
    ("told", "is_believed"),
    [(timedelta(0), True), (timedelta(days=-30), True), (timedelta(days=-31), False), (timedelta(seconds=1), False)],
)
def test_a_platforms_time_is_believed_where_it_can_be(told, is_believed):
    assert believed(NOON + told, NOON) == (NOON + told if is_believed else NOON)


def test_what_is_kept_keeps_every_character_that_json_may_hold():
    update = {"text": "\ud800 \x00 \u2028 ✓", "number": 1.5}
    assert json.loads(as_bytes(update)) == update and as_bytes(update).isascii()
    assert name_of_unread(update) == name_of_unread(dict(update)) != name_of_unread({})


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ([], []),
        ([("1", "one")], ["1"]),
        ([("1", "one"), ("2", "two"), ("3", "three")], ["1", "2", "3"]),
        ([("0", "else"), ("1", "one "), ("8", "else"), ("2", "two")], ["1", "2"]),
        ([("2", "two"), ("3", "three")], []),
        ([("2", "two"), ("1", "one")], ["1"]),
    ],
)
def test_a_letters_parts_are_there_as_far_as_they_follow_each_other(sent, found):
    assert already_there(["one", "two", "three"], sent, same_words) == found


def test_no_more_is_remembered_than_is_needed():
    seen = Remembered(most=3)
    for number in range(5):
        seen.add(str(number))
    assert [str(number) in seen for number in range(5)] == [False, False, True, True, True]


class Server(Loopback):
    said = Said(200, {"fine": True})

    def answer(self, asked):
        return self.said


@pytest.mark.parametrize(
    ("said", "of_get", "of_post"),
    [
        (Said(500, b"<html>"), TemporaryFailure, TemporaryFailure),
        (Said(401, {"error": "The access token is invalid"}), LoginRefused, LoginRefused),
        (Said(408, None), TemporaryFailure, TemporaryFailure),
        (Said(302, None, {"Location": "https://elsewhere.example"}), TemporaryFailure, TemporaryFailure),
        (Said(404, {"error": "x" * 1000}), Refused, Refused),
        (Said(400, b"["), Refused, Refused),
        (Said(200, {}, late=True), TemporaryFailure, UncertainOutcome),
    ],
    ids=str,
)
async def test_each_answer_says_what_to_do_next(said, of_get, of_post):
    server = Server()
    server.said = said
    server.open()
    line = Line(server.url, answer_within=0.3)
    try:
        for call, meant in ((line.get, of_get), (line.post, of_post)):
            with pytest.raises(meant) as caught:
                await call("/", headers={})
            assert type(caught.value) is meant and len(str(caught.value)) < 200
        assert len(server.asked) == 2
    finally:
        await line.close()
        await asyncio.to_thread(server.close)


async def test_an_answer_that_is_no_json_is_an_answer_without_words():
    server = Server()
    server.said = Said(200, b"\xff\xfe{[")
    server.open()
    line = Line(server.url)
    try:
        assert (await line.get("/", headers={})).told is None
    finally:
        await line.close()
        await asyncio.to_thread(server.close)
