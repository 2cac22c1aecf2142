"""X: what the contract of all channels does not ask, because no other platform is like it."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from datetime import timedelta

import pytest
from pydantic import ValidationError

from channels.scenes import NOON, staged
from intake.channel import RouteClosed, TemporaryFailure, UncertainOutcome, WebhookRequest
from intake.channels import x
from standins.loopback import Said
from standins.x import OWN, _problem, signed


@pytest.fixture
def scene_of(store, tmp_path):
    return lambda: staged("x", store, tmp_path)


def challenge(*query):
    return WebhookRequest(method="GET", query=query, headers=(), body=b"")


def posted(event_type, payload):
    return json.dumps(
        {"data": {"event_uuid": "1", "filter": {"user_id": OWN}, "event_type": event_type, "payload": payload}}
    ).encode()


@pytest.mark.parametrize("said", [{}, {"accept_costs": False}])
def test_without_a_word_that_its_price_is_known_it_does_not_start_and_says_why(said, tmp_path):
    needed = {"user_id": OWN, "client_id": "c", "secret_file": tmp_path, "token_file": tmp_path}
    with pytest.raises(ValidationError, match=r"\$0\.010.*accept_costs = true.*docs/x\.md"):
        x.Settings(**needed, **said)
    assert x.Settings(**needed, accept_costs=True).accept_costs


async def test_the_challenge_is_answered_as_x_documents_it(scene_of):
    async with scene_of() as scene:
        (scene.folder / "x.secret").write_text("Jefe")
        channel = scene.build_with()
        (scene.folder / "x.secret").write_text("Jefe")
        answer = channel.answer(challenge(("crc_token", "9b4507b3-9040-4669-9ca3-6b94edb50553")))
        digest = hmac.digest(b"Jefe", b"9b4507b3-9040-4669-9ca3-6b94edb50553", "sha256")
        assert json.loads(answer.body)["response_token"] == "sha256=" + base64.b64encode(digest).decode()
        assert answer.status == 200 and scene.box.puts == 0


@pytest.mark.parametrize("token", [".", "~" * 256, "7", "null", "e30=", "abc/+="])
async def test_what_we_sign_for_anybody_is_never_taken_for_what_x_posts(scene_of, token):
    async with scene_of() as scene:
        signed_by_us = json.loads(scene.channel.answer(challenge(("crc_token", token))).body)["response_token"]
        headers = (("x-twitter-webhooks-signature", signed_by_us),)
        posted_back = WebhookRequest(method="POST", query=(), headers=headers, body=token.encode())
        assert scene.channel.answer(posted_back).status == 401 and scene.box.puts == 0


@pytest.mark.parametrize(
    "query", [(), (("crc_token", ""),), (("other", "1"),), (("crc_token", "{}"),), (("crc_token", "a b"),)]
)
async def test_a_get_without_a_challenge_is_refused(scene_of, query):
    async with scene_of() as scene:
        assert scene.channel.answer(challenge(*query)).status == 400


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", "sha256=AAAA", "nonsense", "sha256=é", signed(b"another body"), signed(b"{}", "another secret")],
)
async def test_a_request_that_x_did_not_sign_is_refused_counted_and_not_kept(scene_of, header):
    async with scene_of() as scene:
        headers = () if header is None else (("x-twitter-webhooks-signature", header),)
        body = json.dumps(scene.bench.words(1, "forged").body).encode()
        answer = scene.channel.answer(WebhookRequest(method="POST", query=(), headers=headers, body=body))
        assert answer.status == 401 and scene.box.puts == 0
        assert scene.box.refused_requests == {("x", scene.bench.account): 1} and scene.box.health == []


async def test_the_signature_is_over_the_bytes_as_they_came(scene_of):
    async with scene_of() as scene:
        body = json.dumps(scene.bench.words(1, "caf\u00e9").body, ensure_ascii=False, indent=3).encode()
        assert scene.channel.answer(scene.bench.request(body)).status == 200
        assert scene.channel.answer(scene.bench.request(body + b" ")).status == 200
        stale = WebhookRequest(method="POST", query=(), headers=scene.bench.request(body).headers, body=body + b" ")
        assert scene.channel.answer(stale).status == 401


async def test_x_is_told_to_come_again_while_nothing_can_be_kept(scene_of):
    async with scene_of() as scene:
        request = scene.bench.request(json.dumps(scene.bench.words(1, "hello").body).encode())
        scene.box.refusals = 1
        assert [scene.channel.answer(request).status for _ in range(2)] == [503, 200]
        (scene.folder / "x.secret").unlink()
        assert scene.channel.answer(request).status == 503


async def test_several_events_in_one_request_are_each_kept_alone(scene_of):
    async with scene_of() as scene:
        payloads = [
            scene.bench.words(number, f"message {number}", person=number).body["data"]["payload"] for number in (1, 2, 3)
        ]
        events = [payload["direct_message_events"][0] for payload in payloads]
        body = posted("dm.received", {"direct_message_events": [events[0], ["broken"], *events[1:]], "users": {}})
        assert scene.channel.answer(scene.bench.request(body)).status == 200
        kept = scene.box.kept()
        assert len(kept) == 4 and [each.problem for each in kept].count("unknown_shape") == 1
        assert all(sum(f"message {number}" in each.raw.decode() for number in (1, 2, 3)) <= 1 for each in kept)


async def test_an_encrypted_chat_waits_for_a_person_who_has_the_app(scene_of):
    async with scene_of() as scene:
        payload = {
            "id": "e4f4d3fc-8bbf",
            "created_at_msec": "1795433400000",
            "sender_id": "2222222222222222001",
            "encoded_event": "CwAB",
        }
        assert scene.channel.answer(scene.bench.request(posted("chat.received", payload))).status == 200
        (kept,) = scene.box.kept()
        reading = kept.reading()
        assert reading.unreadable and reading.problems == ("unsupported:encrypted_chat",)
        assert reading.chat.conversation == scene.bench.person(1)


@pytest.mark.parametrize("event_type", ["dm.indicate_typing", "chat.sent", "chat.conversation_join"])
async def test_what_brings_no_words_is_not_kept(scene_of, event_type):
    async with scene_of() as scene:
        assert scene.channel.answer(scene.bench.request(posted(event_type, {"sender_id": "2"}))).status == 200
        assert scene.box.puts == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{no json",
        b"{}",
        b" {}",
        b'{"data": null}',
        b'{"data": {"event_type": "dm.new", "payload": {}}}',
        b'{"data": ' + b"[" * 100_000,
    ],
)
async def test_whatever_x_signs_is_kept_for_a_person(scene_of, body):
    async with scene_of() as scene:
        assert [scene.channel.answer(scene.bench.request(body)).status for _ in range(2)] == [200, 200]
        (kept,) = scene.box.kept()
        assert kept.problem == "unknown_shape" and kept.reading().unreadable


async def test_a_receipt_of_reading_names_the_letter(scene_of):
    async with scene_of() as scene:
        event = {"created_timestamp": "1795433400000", "sender_id": "2222222222222222001", "last_read_event_id": "2080"}
        body = posted("dm.read", {"direct_message_mark_read_events": [event], "users": {}})
        assert scene.channel.answer(scene.bench.request(body)).status == 200
        facts = scene.box.kept()[0].reading().chat
        assert (facts.act, facts.about, facts.progress, facts.conversation) == (
            "receipt",
            "2080",
            "read",
            scene.bench.person(1),
        )


async def test_links_are_shown_whole_and_that_of_a_picture_is_not_words(scene_of):
    async with scene_of() as scene:
        urls = {"urls": [{"url": "https://t.co/1", "expanded_url": "https://gov.uk/repairs"}]}
        update = scene.bench._received(1, 1, {"text": "see https://t.co/1", "entities": urls}, None)
        await scene.bench.bring(scene.channel, [update, scene.bench.file(2, b"picture")])
        assert [each.reading().new_text for each in scene.box.kept()] == ["see https://gov.uk/repairs", ""]


async def test_an_automated_account_is_known_for_one(scene_of):
    async with scene_of() as scene:
        update = scene.bench.words(1, "beep")
        next(iter(update.body["data"]["payload"]["users"].values()))["data"]["affiliation"] = {"description": "Automated"}
        await scene.bench.bring(scene.channel, [update, scene.bench.words(2, "hello")])
        assert [each.reading().chat.machine for each in scene.box.kept()] == [True, False]


@pytest.mark.parametrize("when", ["before the answer", "after the answer"])
async def test_what_x_tells_of_our_own_letter_is_no_colleagues_word(scene_of, when):
    async with scene_of() as scene:
        told = []

        def tell(event):
            update = scene.bench.echo(1, event["text"])
            update.body["data"]["payload"]["direct_message_events"][0]["id"] = event["id"]
            told.append(scene.bench.request(json.dumps(update.body).encode()))
            if when == "before the answer":
                assert scene.channel.answer(told[-1]).status == 200

        scene.bench.server.after_send = tell
        channel = scene.channel
        await channel.send(scene.letter("Reference LBL-26-4F7K2P-9D."))
        assert channel.answer(told[-1]).status == 200
        assert scene.box.kept() == []
        await scene.bench.bring(channel, [scene.bench.echo(2, "written in the app")])
        assert [each.reading().chat.act for each in scene.box.kept()] == ["echo"]


async def test_a_login_that_has_run_out_is_renewed_once_and_written_down(scene_of):
    async with scene_of() as scene:
        channel, server = scene.channel, scene.bench.server
        server.run_out()
        await asyncio.gather(*(channel.send(scene.letter("hello", person=number, number=number)) for number in range(1, 6)))
        assert (server.renewals, len(server.sent)) == (1, 5)
        assert json.loads((scene.folder / "x.tokens").read_text()) == {
            "access_token": server.access,
            "refresh_token": server.renewal,
        }
        assert (scene.folder / "x.tokens").stat().st_mode & 0o077 == 0
        assert [path.name for path in scene.folder.iterdir() if path.name.startswith(".")] == []


async def test_a_login_that_another_process_has_renewed_is_taken_from_the_file(scene_of):
    async with scene_of() as scene:
        channel, server = scene.channel, scene.bench.server
        server.access, server.renewal = "access-token-of-another", "renewal-token-of-another"
        kept = channel._login._kept

        def renewed_meanwhile():
            (scene.folder / "x.tokens").write_text(server.tokens())
            channel._login._kept = kept
            return {"access_token": "old", "refresh_token": "old"}

        channel._login._kept = renewed_meanwhile
        await channel.send(scene.letter("hello"))
        assert (server.renewals, len(server.sent)) == (0, 1)


async def test_a_login_that_cannot_be_renewed_loses_no_letter(scene_of):
    async with scene_of() as scene:
        channel = scene.channel
        scene.bench.server.run_out()
        scene.bench.server.renewal = "another"
        with pytest.raises(TemporaryFailure, match="log in anew"):
            await channel.send(scene.letter("hello"))


async def test_a_picture_is_fetched_with_a_login_that_had_to_be_renewed(scene_of):
    async with scene_of() as scene:
        channel, server = scene.channel, scene.bench.server
        await scene.bench.bring(channel, [scene.bench.file(1, b"picture")])
        server.run_out()
        assert (await channel.fetch(scene.box.put_in[0].files[0])).content == b"picture"
        assert server.renewals == 1


async def test_an_account_without_credit_loses_no_letter_and_says_what_is_wrong(scene_of):
    async with scene_of() as scene:
        scene.bench.server.how = "unpaid"
        with pytest.raises(TemporaryFailure, match="no credit"):
            await scene.channel.send(scene.letter("hello"))


@pytest.mark.parametrize(
    ("status", "detail", "meant", "code"),
    [
        (403, "You cannot send messages to this user.", RouteClosed, "blocked"),
        (403, "Your app lacks the scope dm.write.", TemporaryFailure, None),
        (404, "Could not find user with id: [1].", RouteClosed, "gone"),
    ],
)
async def test_each_refusal_of_x_has_its_meaning(scene_of, status, detail, meant, code):
    async with scene_of() as scene:
        scene.bench.server._take = lambda person, asked: _problem(status, "Forbidden", detail)
        with pytest.raises(meant) as caught:
            await scene.channel.send(scene.letter("hello"))
        assert getattr(caught.value, "code", None) == code


async def test_a_letter_that_was_lost_is_sent_again_and_one_that_is_there_is_not(scene_of):
    async with scene_of() as scene:
        scene.bench.server.how = "lost"
        letter = scene.letter("the letter")
        with pytest.raises(TemporaryFailure, match="surely not there"):
            await scene.channel.send(letter)
        scene.bench.server.how = "timeout_after_accept"
        sent = await scene.channel.send(letter)
        (event,) = scene.bench.server.sent
        assert sent.provider_id == event["id"]


async def test_where_x_does_not_say_whether_a_letter_is_there_a_person_looks(scene_of):
    async with scene_of() as scene:
        scene.bench.server.how = "timeout_after_accept"
        scene.bench.server._list = lambda events, asked: Said(503, None)
        with pytest.raises(UncertainOutcome):
            await scene.channel.send(scene.letter("the letter"))


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=3)], ids=["same_process", "another_process"])
async def test_a_letter_that_was_left_half_sent_is_finished_and_not_begun_again(scene_of, later):
    async with scene_of() as scene:
        letter = scene.letter("\n\n".join(f"Paragraph {number}: " + "word " * 1500 for number in range(1, 5)))
        server, usual = scene.bench.server, scene.bench.server._take
        server._take = lambda person, asked: usual(person, asked) if len(server.sent) < 2 else Said(503, None)
        with pytest.raises(TemporaryFailure):
            await scene.channel.send(letter)
        server._take = usual
        if later:
            scene.clock.at = NOON + later
            scene.build()
        await scene.channel.send(letter)
        texts = [event["text"] for event in server.sent]
        assert len(texts) == len(set(texts)) == 4


async def test_what_x_did_not_tell_of_is_found_by_asking_and_kept_once(scene_of):
    async with scene_of() as scene:
        shown = {"event_type": "MessageCreate", "sender_id": "2222222222222222001", "created_at": "2026-11-23T09:00:00.000Z"}
        scene.bench.server.listed = [
            shown | {"id": "2090000000000000001", "text": "told of as well"},
            shown | {"id": "2090000000000000002", "text": "never told of"},
            shown | {"id": "2090000000000000003", "text": "a picture", "attachments": {"media_keys": ["3_1"]}},
            shown | {"id": "2090000000000000004", "text": "our own", "sender_id": OWN},
        ]
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "told of as well")])
        listening = asyncio.create_task(scene.channel.listen())
        while not scene.box.health:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.01)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        readings = {each.external_id[-1]: each.reading() for each in scene.box.kept()}
        assert {number: reading.new_text for number, reading in readings.items()} == {
            "1": "told of as well",
            "2": "never told of",
            "3": "a picture",
        }
        assert readings["3"].problems == ("unsupported:attachment",)
        assert readings["2"].chat.happened_at == NOON - timedelta(hours=3)


async def test_nothing_is_asked_where_the_landlord_does_not_want_to_pay_for_it(scene_of):
    async with scene_of() as scene:
        channel = scene.build_with(look_every_hours=0)
        listening = asyncio.create_task(channel.listen())
        while not scene.box.health:  # noqa: ASYNC110 - the inbox is told from a thread
            await asyncio.sleep(0.01)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        assert scene.bench.server.asked == []
