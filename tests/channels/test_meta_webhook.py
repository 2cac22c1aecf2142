"""Meta's webhooks: signed over the raw body, kept whole before the 200, one broken update among many, the right account."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.meta_fakes import BENCHES, NOON, Box
from handlers.clock import FixedClock
from intake.channel import Webhook, WebhookRequest
from intake.reading import read
from standins.meta import SECRET, VERIFY, Meta

KINDS = list(BENCHES)
WORDS = [
    *(
        "sender",
        "recipient",
        "id",
        "timestamp",
        "message",
        "mid",
        "text",
        "attachments",
        "type",
        "payload",
        "url",
        "quick_reply",
    ),
    *(
        "is_echo",
        "is_deleted",
        "reply_to",
        "story",
        "delivery",
        "mids",
        "watermark",
        "read",
        "reaction",
        "postback",
        "message_edit",
    ),
    *(
        "messages",
        "statuses",
        "contacts",
        "from",
        "user_id",
        "wa_id",
        "profile",
        "name",
        "image",
        "interactive",
        "button_reply",
    ),
    *("system", "edit", "revoke", "original_message_id", "status", "errors", "code", "location", "latitude", "hologram"),
]


@pytest.fixture(params=KINDS)
def bench(request):
    return BENCHES[request.param]()


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def channel(bench, box, tmp_path):
    bench.meta.port = 9
    return bench.channel(tmp_path, box, FixedClock(NOON))


def bring(bench, channel, *updates):
    return channel.answer(Meta.request(Meta.body(bench.batch(updates))))


def test_each_of_the_three_is_a_webhook(channel):
    assert isinstance(channel, Webhook)


def test_of_a_thousand_updates_with_one_broken_999_are_handled_and_one_waits_for_a_person(bench, box, channel):
    updates = [bench.words(number, f"no heating {number}", person=number % 50) for number in range(1000)]
    updates[617] = bench.broken(617)
    assert bring(bench, channel, *updates).status == 200
    assert box.puts == [1000]
    waiting = [message for message in box.messages if message.problem]
    assert [message.problem for message in waiting] == ["not_understood"]
    assert read(waiting[0].raw, waiting[0].media_type).unreadable
    handled = [message for message in box.messages if not message.problem]
    assert [message.external_id for message in handled] == [each.external_id for each in updates if each.external_id]
    assert all(message.act == "message" and message.conversation for message in handled)
    readings = [read(message.raw, message.media_type, message.received_at) for message in handled]
    assert [reading.new_text for reading in readings] == [f"no heating {number}" for number in range(1000) if number != 617]


def test_a_wrong_signature_is_401_counted_and_nothing_is_stored_but_the_count(bench, box, channel, caplog):
    body = Meta.body(bench.batch([bench.words(1, "my flat is damp")]))
    right = Meta.request(body)
    wrong = [
        Meta.request(body, secret="another secret"),
        Meta.request(body + b" ", **dict(right.headers)),
        Meta.request(body, **{"x-hub-signature-256": ""}),
        Meta.request(body, **{"x-hub-signature-256": right.header("x-hub-signature-256").removeprefix("sha256=")}),
        Meta.request(body, **{"x-hub-signature-256": "sha256=é"}),
        WebhookRequest(method="POST", query=(), headers=(), body=body),
    ]
    with caplog.at_level(logging.DEBUG):
        assert [channel.answer(request).status for request in wrong] == [401] * len(wrong)
    assert not box.kept
    assert box.refused_requests == {(bench.kind, bench.account): len(wrong)}
    assert not box.health
    assert "damp" not in caplog.text


def test_the_signature_is_over_the_bytes_as_they_came(bench, box, channel):
    body = Meta.body(bench.batch([bench.words(1, "Café — 12/14 Łódź Road 😀")]))
    assert b"\\u" in body
    assert b"\\/" in body
    assert channel.answer(Meta.request(body)).status == 200
    assert read(box.messages[0].raw, box.messages[0].media_type).new_text == "Café — 12/14 Łódź Road 😀"


def test_an_empty_secret_lets_nobody_in(bench, box, tmp_path):
    bench.meta.port = 9
    channel = bench.channel(tmp_path, box, FixedClock(NOON))
    (tmp_path / f"{bench.kind}.app").write_text("\n")
    body = Meta.body(bench.batch([bench.words(1, "hello")]))
    assert channel.answer(Meta.request(body, secret="")).status == 401


def test_a_secret_that_cannot_be_read_is_told_and_meta_comes_again(bench, box, channel, tmp_path):
    (tmp_path / f"{bench.kind}.app").unlink()
    assert bring(bench, channel, bench.words(1, "hello")).status == 500
    assert "secret" in box.health[0][2]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}, 200),
        ({"hub.mode": "subscribe", "hub.verify_token": "guess", "hub.challenge": "1158201444"}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1158201444"}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": "é\ud800", "hub.challenge": "1158201444"}, 403),
        ({"hub.mode": "unsubscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": VERIFY}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "<script>alert(1)</script>"}, 403),
        ({}, 403),
    ],
)
def test_a_verification_is_answered_with_its_challenge_only_to_who_knows_our_text(channel, query, status):
    answer = channel.answer(WebhookRequest(method="GET", query=tuple(query.items()), headers=(), body=b""))
    assert (answer.status, answer.body) == (status, "1158201444" if status == 200 else "")


def test_an_inbox_that_cannot_keep_is_no_yes_and_the_same_batch_again_is_kept_once(bench, box, channel):
    box.refuses = True
    updates = [bench.words(1, "one"), bench.words(2, "two")]
    assert bring(bench, channel, *updates).status == 503
    box.refuses = False
    for _ in range(3):
        assert bring(bench, channel, *updates).status == 200
    assert len(box.kept) == 2


def test_a_body_larger_than_is_taken_is_refused(bench, box, tmp_path):
    bench.meta.port = 9
    channel = bench.channel(tmp_path, box, FixedClock(NOON), max_body=2048)
    assert channel.answer(Meta.request(b"x" * 3000, secret="anybody's")).status == 401
    assert not box.health
    assert bring(bench, channel, bench.words(1, "x" * 3000)).status == 413
    assert not box.kept
    assert "larger" in box.health[0][2]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"entry": 7}',
        b"[" * 100_000,
        b'{"entry": [' + b"[" * 5000 + b"]" * 5000 + b"]}",
        b"\xff\xfe",
    ],
)
def test_a_signed_body_that_makes_no_sense_waits_for_a_person(bench, box, channel, body):
    assert channel.answer(Meta.request(body)).status == 200
    [message] = box.messages
    assert message.problem == "not_understood"
    assert message.act is None
    assert read(message.raw, message.media_type).unreadable


@pytest.mark.parametrize("entry", [None, 7, "x", [], {}, {"id": "1"}, {"id": "1", "messaging": 5}, {"id": "1", "changes": {}}])
def test_an_entry_that_makes_no_sense_does_not_keep_the_others_out(bench, box, channel, entry):
    batch = bench.batch([bench.words(1, "good")])
    batch["entry"].insert(0, entry)
    assert channel.answer(Meta.request(Meta.body(batch))).status == 200
    assert [message.problem for message in box.messages] == ["not_understood", None]


def test_what_is_kept_is_metas_own_envelope_around_that_update_alone(bench, box, channel):
    bring(bench, channel, bench.words(1, "first", person=1), bench.words(2, "second", person=2))
    kept = [json.loads(message.raw) for message in box.messages]
    assert [each.pop("account") for each in kept] == [bench.account] * 2
    assert kept[1] == bench.batch([bench.words(2, "second", person=2)])
    assert b"first" not in box.messages[1].raw


def test_other_accounts_of_the_same_app_are_kept_under_their_own_names(bench, box, tmp_path):
    bench.meta.port = 9
    channel = bench.channel(tmp_path, box, FixedClock(NOON), also={"777": "estate-office"})
    own, other, unknown = (bench.batch([bench.words(number, f"to {number}")]) for number in (1, 2, 3))
    for batch, owner in ((other, "777"), (unknown, "888")):
        entry = batch["entry"][0]
        if bench.kind == "whatsapp":
            entry["changes"][0]["value"]["metadata"]["phone_number_id"] = owner
        else:
            entry["id"] = owner
    together = {"object": own["object"], "entry": [*own["entry"], *other["entry"], *unknown["entry"]]}
    assert channel.answer(Meta.request(Meta.body(together))).status == 200
    mine, theirs, strange = box.messages
    assert (mine.account, theirs.account, strange.account) == (bench.account, "estate-office", bench.account)
    assert theirs.conversation.startswith(f"{bench.kind}:estate-office:")
    assert (strange.conversation, strange.problem) == (None, "unknown_account")
    reading = read(strange.raw, strange.media_type)
    assert (reading.new_text, reading.sender.address, reading.chat) == ("to 3", None, None)
    assert "unknown_account" in reading.problems


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (timedelta(minutes=-90), timedelta(minutes=-90)),
        (timedelta(days=-6), timedelta(days=-6)),
        (timedelta(days=-31), timedelta()),
        (timedelta(minutes=5), timedelta()),
    ],
)
def test_the_residents_clock_starts_when_meta_had_it_where_that_can_be_true(bench, box, channel, sent, kept):
    bring(bench, channel, bench.words(1, "hello", at=NOON + sent))
    assert box.messages[0].received_at == NOON + kept


def test_only_messages_wait_whether_more_comes(bench, box, tmp_path):
    bench.meta.port = 9
    channel = bench.channel(tmp_path, box, FixedClock(NOON), quiet_seconds=8)
    bring(bench, channel, bench.words(1, "a"), bench.edit(2, "b"), bench.press(3, "c"))
    assert [message.quiet for message in box.messages] == [timedelta(seconds=8), timedelta(), timedelta()]
    assert channel.quiet == timedelta(seconds=8)


def test_the_secret_stands_in_no_settings_dump(bench, tmp_path):
    assert SECRET not in json.dumps(bench.settings(tmp_path))


def test_cancelling_ends_listening(bench, box, tmp_path):
    async def listen_a_while():
        async with bench:
            channel = bench.channel(tmp_path, box, FixedClock(NOON))
            task = asyncio.create_task(channel.listen())
            while not box.health:  # noqa: ASYNC110 - the inbox is told from a thread
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(listen_a_while())
    assert box.health == [(bench.kind, bench.account, None)]


@pytest.mark.parametrize(
    "odd", ["[" * depth + "]" * depth for depth in (100, 900, 950, 970, 980, 985, 990)] + ["9" * 9000, "1e999", "NaN"]
)
def test_one_value_beyond_all_bounds_does_not_keep_the_others_out(bench, box, channel, odd):
    batch = bench.batch([bench.words(1, "good"), bench.words(2, "odd one"), bench.words(3, "good too")])
    body = Meta.body(batch).replace(b'"odd one"', odd.encode())
    assert channel.answer(Meta.request(body)).status == 200
    readings = [read(message.raw, message.media_type) for message in box.messages]
    if len(readings) > 1:
        said = odd if odd.isdigit() else ""
        assert [reading.new_text for reading in readings] == ["good", said, "good too"]
        assert readings[1].unreadable == (not said)
    else:
        assert box.messages[0].raw == body


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["m_1", "text", "7001", "image"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_meta_may_send_each_update_is_kept_and_the_good_one_is_read(kind, data, tmp_path):
    bench, box = BENCHES[kind](), Box()
    bench.meta.port = 9
    channel = bench.channel(tmp_path, box, FixedClock(NOON))
    odd = spoilt(bench.words(2, "second").body, data)
    batch = bench.batch([bench.words(1, "first")])
    if kind == "whatsapp":
        batch["entry"].append(
            {"id": "1", "changes": [{"value": batch["entry"][0]["changes"][0]["value"] | odd, "field": "messages"}]}
        )
    else:
        batch["entry"][0]["messaging"].append(odd)
    assert channel.answer(Meta.request(Meta.body(batch))).status == 200
    readings = [read(message.raw, message.media_type, message.received_at) for message in box.messages]
    assert len(readings) >= 1
    assert readings[0].new_text == "first"
    assert all(reading.new_text.encode() is not None for reading in readings)


def spoilt(value, data):
    """Return a JSON value in which something, somewhere, is something else."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: spoilt(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        return [spoilt(value[0], data)]
    return data.draw(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4)) if isinstance(value, dict) else data.draw(JSON)
