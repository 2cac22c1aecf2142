"""What is peculiar to an in-house system: signatures, times of requests, odd bodies, and the answers it may give."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pydantic import ValidationError

from channels.benches.signed_json import SignedJsonBench
from channels.scenes import NOON, staged
from intake.channel import PermanentFailure, TemporaryFailure, WebhookRequest
from intake.channels.signed_json import Settings
from intake.splitting import split
from standins.signed_json import sign

BODY = json.dumps({"updates": [{"id": "m-1", "type": "message", "person": "tenant-1", "text": "no heat"}]}).encode()


@pytest.fixture
def kind():
    return "signed_json"


def request(headers, body=BODY, method="POST"):
    return WebhookRequest(method=method, query=(), headers=tuple(headers.items()), body=body)


REFUSED = {
    "no_headers": {},
    "another_secret": sign(NOON, BODY, b"another"),
    "another_body": sign(NOON, BODY + b" "),
    "too_old": sign(NOON - timedelta(seconds=301), BODY),
    "from_the_future": sign(NOON + timedelta(seconds=301), BODY),
    "no_time": sign(NOON, BODY) | {"x-intake-timestamp": ""},
    "another_time": sign(NOON, BODY) | {"x-intake-timestamp": str(int(NOON.timestamp()) + 1)},
    "a_time_that_is_no_number": sign(NOON, BODY) | {"x-intake-timestamp": "²"},
    "a_time_that_is_too_long": sign(NOON, BODY) | {"x-intake-timestamp": "9" * 5000},
    "a_signature_that_is_not_ascii": sign(NOON, BODY) | {"x-intake-signature": "sha256=é"},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
async def test_what_is_not_rightly_signed_is_refused_counted_and_not_kept(stage, headers):
    async with stage() as scene:
        assert scene.channel.answer(request(headers)).status == 401
        assert (scene.box.puts, scene.box.kept()) == (0, [])
        assert scene.box.refused_requests == {("signed_json", scene.channel.account): 1}


@pytest.mark.parametrize("seconds", [-300, 0, 300])
async def test_a_request_may_be_some_minutes_old(stage, seconds):
    async with stage() as scene:
        headers = sign(NOON + timedelta(seconds=seconds), BODY)
        assert scene.channel.answer(request(headers)).status == 200
        assert scene.box.names() == ["m-1"]


async def test_a_request_that_is_no_post_is_told_so(stage):
    async with stage() as scene:
        assert scene.channel.answer(request(sign(NOON, BODY), method="GET")).status == 405


async def test_a_new_secret_counts_from_the_moment_it_is_written(stage):
    async with stage() as scene:
        channel = scene.channel
        (scene.folder / "app.secret").write_bytes(b"a new one\n")
        assert channel.answer(request(sign(NOON, BODY))).status == 401
        assert channel.answer(request(sign(NOON, BODY, b"a new one"))).status == 200


@pytest.mark.parametrize("left", [None, b"", b" \n"], ids=["no_file", "an_empty_file", "a_blank_file"])
async def test_without_its_secret_nothing_is_taken_or_sent_and_all_is_tried_again(stage, left):
    async with stage() as scene:
        channel, secret = scene.channel, scene.folder / "app.secret"
        secret.unlink() if left is None else secret.write_bytes(left)
        assert channel.answer(request(sign(NOON, BODY, b""))).status == 503
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter("the letter"))


ODD = [b"", b"no JSON", b"[]", b'{"updates": {}}', b"\xff\xfe", b"[" * 100_000, b'{"updates": ' + b"9" * 5000 + b"}"]


@pytest.mark.parametrize("body", ODD, ids=lambda body: repr(body[:14]))
async def test_a_signed_body_of_another_shape_is_kept_once_as_it_came(stage, body):
    async with stage() as scene:
        for _ in range(2):
            assert scene.channel.answer(request(sign(NOON, body), body)).status == 200
        (kept,) = scene.box.kept()
        assert kept.raw == body and kept.problem and kept.reading().unreadable


@pytest.mark.parametrize(
    "wrong",
    [
        5, None, [], {}, {"id": 5, "type": "message", "person": "a"}, {"id": "m", "type": "message"},
        {"id": "m", "type": "message", "person": "with blank"}, {"id": "m" * 201, "type": "message", "person": "a"},
        {"id": "m", "type": "message", "person": "a", "text": ["words"]}, {"id": "m", "type": None, "person": "a"},
        {"id": "m", "type": "message", "person": "a", "files": [{"name": "no id"}]},
        {"id": "m", "type": "receipt", "person": "a", "progress": "eaten"},
        {"id": "m", "type": "message", "person": "a", "at": "2026-11-23T12:00:00"},
    ],
    ids=repr,
)  # fmt: skip
async def test_one_odd_update_waits_for_a_person_and_the_others_are_read(stage, wrong):
    async with stage() as scene:
        body = json.dumps({"updates": [wrong, *json.loads(BODY)["updates"], wrong]}).encode()
        assert scene.channel.answer(request(sign(NOON, body), body)).status == 200
        good = [kept for kept in scene.box.kept() if kept.problem is None]
        odd = [kept for kept in scene.box.kept() if kept.problem]
        assert [kept.external_id for kept in good] == ["m-1"] and len(odd) == 1
        assert odd[0].reading().unreadable and odd[0].document()["updates"] == [wrong]


async def test_receipts_blocks_and_lone_halves_of_characters_are_read(stage):
    async with stage() as scene:
        updates = [
            {"id": "r", "type": "receipt", "person": "a", "about": "app-1", "progress": "failed", "code": "blocked"},
            {"id": "b", "type": "blocked", "person": "a"},
            {"id": "t", "type": "message", "person": "a", "name": "Ada\n\ud800", "text": "half \ud83d and none"},
        ]
        body = json.dumps({"updates": updates}).encode()
        assert scene.channel.answer(request(sign(NOON, body), body)).status == 200
        receipt, blocked, text = (kept.reading() for kept in scene.box.kept())
        assert (receipt.chat.act, receipt.chat.progress, receipt.chat.code) == ("receipt", "failed", "blocked")
        assert receipt.chat.about == "app-1" and blocked.chat.act == "blocked" and not blocked.unreadable
        assert text.new_text == "half \ufffd and none" and text.sender.name.startswith("Ada")


async def test_a_letter_for_somebody_elsewhere_is_not_sent(stage):
    async with stage() as scene:
        for recipient in ("ada@resident.example", "telegram:app:5", "signed_json:other:5"):
            with pytest.raises(PermanentFailure):
                await scene.channel.send(scene.letter("the letter", recipient=recipient))
        assert scene.bench.sent() == []


async def test_buttons_stand_under_the_last_part_alone(stage):
    async with stage() as scene:
        from intake.chat import Button

        words = "\n\n".join(f"Paragraph {number}. " + "words " * 20 for number in range(6))
        await scene.channel.send(scene.letter(words, buttons=(Button(label="A complaint", payload="c"),)))
        shown = list(scene.bench.app.letters.values())
        assert len(shown) > 2 and all("buttons" not in letter for letter in shown[:-1])
        assert shown[-1]["buttons"] == [{"label": "A complaint", "payload": "c"}]


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://app.council.example", True), ("https://app.council.example/intake/", True), ("http://127.0.0.1:8000", True),
        ("http://localhost", True), ("http://app.council.example", False), ("ftp://127.0.0.1", False), ("app", False),
        ("https://", False), ("http://127.0.0.1.example", False),
    ],
)  # fmt: skip
def test_letters_go_over_https_or_stay_on_this_machine(url, is_good, tmp_path):
    if is_good:
        assert Settings(base_url=url, secret_file=tmp_path).base_url == url.rstrip("/")
    else:
        with pytest.raises(ValidationError):
            Settings(base_url=url, secret_file=tmp_path)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("One two.\n\nThree four five six.", ["One two.", "Three four five six."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("One two three four five six", ["One two three four", "five six"]),
        ("a" * 45, ["a" * 20, "a" * 20, "a" * 5]),
        ("hi. " + "a" * 18, ["hi.", "a" * 18]),
    ],
)
def test_a_letter_is_cut_where_a_reader_would_pause(text, parts):
    assert split(text, 20) == parts


async def test_the_bench_itself_refuses_what_is_not_signed(kind, store, tmp_path):
    async with staged(kind, store, tmp_path) as scene:
        assert isinstance(scene.bench, SignedJsonBench)
        channel = scene.channel
        (scene.folder / "app.secret").write_bytes(b"a wrong one")
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter("the letter"))
        assert scene.bench.sent() == []
