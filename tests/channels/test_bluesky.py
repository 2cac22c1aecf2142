"""Bluesky: what the contract of all channels does not ask, because no other platform is like it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from channels.scenes import NOON, staged
from intake.bluesky_chat.tids import number_of, tid_of
from intake.channel import PermanentFailure, RouteClosed, TemporaryFailure, UncertainOutcome
from intake.channels import bluesky
from standins.bluesky import DEFS, DID, _no
from standins.loopback import Said


@pytest.fixture
def scene_of(store, tmp_path):
    return lambda: staged("bluesky", store, tmp_path)


async def looked(scene, *, after=0):
    """Let the channel poll until it has read the log twice, and a while longer."""
    listening = asyncio.create_task(scene.channel.listen())
    await scene.bench._looked(listening)
    await asyncio.sleep(after)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


def words_of(scene):
    return [kept.reading().new_text for kept in scene.box.kept()]


def reading_of(message, *, event="logCreateMessage", kind="directConvo", members=("did:plc:ada", DID)):
    """Read an event as triage would."""
    convo = {"id": "c", "kind": {"$type": DEFS + kind}, "members": [{"did": did, "handle": "ada.example"} for did in members]}
    whole = {"$type": f"{DEFS}messageView", "id": "m1", "sender": {"did": "did:plc:ada"}, "sentAt": "2026-11-23T11:00:00Z"}
    update = {"event": {"$type": DEFS + event, "convoId": "c", "message": whole | message}, "convo": convo}
    return bluesky.read(json.dumps({"account": "homes", "own": {"did": DID}, "update": update}).encode(), NOON)


async def test_a_first_message_is_a_request_which_is_accepted_once_it_is_kept(scene_of):
    async with scene_of() as scene:
        asked = scene.bench.server.asked
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "is anybody there?", person=3)])
        accepted = [one for one in asked if one.path.endswith("acceptConvo")]
        assert [one.json["convoId"] for one in accepted] == ["convo-ada3"]
        assert scene.bench.server.convos["convo-ada3"]["status"] == "accepted"


async def test_a_request_is_not_accepted_before_its_words_are_kept(scene_of):
    async with scene_of() as scene:
        scene.box.refusals = 3
        seen, usual = [], scene.bench.server._accept
        scene.bench.server._accept = lambda asked: (seen.append(len(scene.box.kept())), usual(asked))[1]
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "is anybody there?")])
        assert seen == [1]


@pytest.mark.parametrize(
    ("allowed", "named"), [("all", None), ("following", "following"), ("none", "none"), (None, "following")]
)
async def test_a_declaration_that_keeps_residents_out_is_told_to_the_desk(scene_of, allowed, named):
    async with scene_of() as scene:
        scene.bench.server.allow = allowed
        await scene.bench.bring(scene.channel, [])
        said = {error for _, _, error in scene.box.health}
        assert said == {None} if named is None else all(f"from: {named}" in error for error in said)


async def test_a_login_that_has_run_out_is_renewed_and_not_made_again(scene_of):
    async with scene_of() as scene:
        server = scene.bench.server
        await scene.channel.send(scene.letter("first"))
        server.run_out()
        await asyncio.gather(
            *(scene.channel.send(scene.letter("later", person=number, number=number)) for number in range(2, 6))
        )
        assert (server.logins, server.renewals, len(server.sent())) == (1, 1, 5)


async def test_a_login_whose_renewal_is_refused_is_made_anew(scene_of):
    async with scene_of() as scene:
        server = scene.bench.server
        await scene.channel.send(scene.letter("first"))
        server._tokens.clear()
        await scene.channel.send(scene.letter("second", number=2))
        assert (server.logins, server.renewals, len(server.sent())) == (2, 0, 2)


async def test_a_password_without_access_to_messages_is_told_to_the_desk(scene_of):
    async with scene_of() as scene:
        scene.bench.server.may_chat = False
        with pytest.raises(TemporaryFailure, match="app password allowed direct messages"):
            await scene.channel.send(scene.letter("hello"))


async def test_our_own_letters_are_no_echo_and_a_colleagues_words_are(scene_of):
    async with scene_of() as scene:
        listening = asyncio.create_task(scene.channel.listen())
        await scene.bench._looked(listening)
        for number in range(1, 6):
            await scene.channel.send(scene.letter(f"letter {number}", number=number))
        scene.bench.server.send("convo-ada1", "written in the app", "m77")
        await scene.bench._looked(listening)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        assert words_of(scene) == ["written in the app"]
        assert scene.box.put_in[0].act == "echo" and scene.box.put_in[0].conversation == scene.bench.person(1)


async def test_what_was_written_while_we_were_away_is_found_even_where_the_log_has_forgotten_it(scene_of):
    async with scene_of() as scene:
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "before")])
        for number in range(2, 132):
            scene.bench._happen(*scene.bench.words(number, f"meanwhile {number}", person=number % 3).body)
        scene.bench.server.log_reaches_back = 0
        scene.build()
        await looked(scene)
        assert sorted(words_of(scene)) == sorted(["before", *(f"meanwhile {number}" for number in range(2, 132))])


async def test_a_new_process_opens_no_conversation_in_which_nothing_happened(scene_of):
    async with scene_of() as scene:
        updates = [scene.bench.words(number, "hello", person=number) for number in range(1, 9)]
        await scene.bench.bring(scene.channel, updates)
        scene.bench._happen(*scene.bench.words(50, "news", person=3).body)
        scene.bench.server.asked.clear()
        puts = len(scene.box.put_in)
        scene.build()
        await looked(scene)
        opened = {asked.one("convoId") for asked in scene.bench.server.asked if asked.path.endswith("getMessages")}
        assert opened == {"convo-ada3"}
        assert [message.external_id for message in scene.box.put_in[puts:]] == ["m50"]


async def test_a_conversation_in_which_nothing_happens_is_opened_once_and_not_at_every_look(scene_of):
    async with scene_of() as scene:
        channel = scene.build_with(backfill_days=7)
        scene.bench._happen(*scene.bench.words(1, "long ago", at=NOON - timedelta(days=30)).body)
        await scene.bench.bring(channel, [])
        opened = [asked for asked in scene.bench.server.asked if asked.path.endswith("getMessages")]
        assert len(opened) == 1


async def test_history_older_than_asked_for_is_left_at_the_first_start(scene_of):
    async with scene_of() as scene:
        channel = scene.build_with(backfill_days=7)
        for number, age in ((1, 30), (2, 8), (3, 6), (4, 0)):
            update = scene.bench.words(number, f"{age} days ago", at=NOON - timedelta(days=age))
            scene.bench._happen(*update.body)
        await scene.bench.bring(channel, [])
        assert words_of(scene) == ["6 days ago", "0 days ago"]


@pytest.mark.parametrize(
    ("message", "more", "act", "words", "problems"),
    [
        ({"text": " hello \n there "}, {}, "message", "hello \n there", ()),
        ({"text": "hello"}, {"kind": "groupConvo"}, "public", "hello", ()),
        ({"text": "hello"}, {"members": ("did:plc:ada", DID, "did:plc:bob")}, "public", "hello", ()),
        ({"text": "hello", "sender": {"did": DID}}, {}, "echo", "hello", ()),
        ({}, {"event": "logDeleteMessage"}, "withdrawal", "", ()),
        (
            {"text": "see", "embed": {"$type": "app.bsky.embed.record#view", "record": {"uri": "at://x/y"}}},
            {},
            "message",
            "see\n\n[shares a post: at://x/y]",
            (),
        ),
        (
            {"text": "see", "embed": {"$type": "chat.bsky.embed.joinLink#view"}},
            {},
            "message",
            "see",
            ("unsupported:chat.bsky.embed.joinLink#view",),
        ),
    ],
)
def test_an_event_is_read_for_what_it_is(message, more, act, words, problems):
    reading = reading_of(message, **more)
    assert (reading.chat.act, reading.new_text, reading.problems) == (act, words, problems)
    assert reading.chat.conversation == "bluesky:homes:did:plc:ada"


@pytest.mark.parametrize(
    "message", [{"id": ""}, {"id": None}, {"id": "x" * 201}, {"id": "naïve"}, {"sender": None}, {"sender": {"did": "a b"}}]
)
def test_an_event_of_nobody_is_of_no_known_shape(message):
    with pytest.raises(ValueError):
        reading_of({"text": "hello"} | message)


async def test_a_letter_whose_answer_was_lost_is_found_where_it_is(scene_of):
    async with scene_of() as scene:
        scene.bench.refuse("timeout_after_accept")
        sent = await scene.channel.send(scene.letter("Reference LBL-26-4F7K2P-9D."))
        (message,) = scene.bench.server.messages["convo-ada1"]
        assert sent.provider_id == message["id"]


async def lost(scene, *, looks=True):
    """Lose the next letter on its way, and, where asked, every look for it as well."""
    server, usual = scene.bench.server, scene.bench.server._send_message

    def swallow(asked):
        server._send_message = usual
        if not looks:
            server._get_messages = lambda asked: Said(503, None)
        return Said(200, None, late=True)

    server._send_message = swallow


async def test_a_letter_that_is_surely_not_there_is_sent_again(scene_of):
    async with scene_of() as scene:
        await lost(scene)
        letter = scene.letter("the letter")
        with pytest.raises(TemporaryFailure, match="surely not there"):
            await scene.channel.send(letter)
        await scene.channel.send(letter)
        assert [text for _, text in scene.bench.server.sent()] == ["the letter"]


async def test_where_nobody_can_say_whether_a_letter_is_there_a_person_looks(scene_of):
    async with scene_of() as scene:
        await lost(scene, looks=False)
        with pytest.raises(UncertainOutcome):
            await scene.channel.send(scene.letter("the letter"))


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=3)], ids=["same_process", "another_process"])
async def test_the_parts_of_a_letter_that_are_there_are_not_sent_again(scene_of, later):
    async with scene_of() as scene:
        letter = scene.letter("\n\n".join(f"Paragraph {number}: " + "word " * 120 for number in range(1, 6)))
        server, usual = scene.bench.server, scene.bench.server._send_message
        server._send_message = lambda asked: usual(asked) if len(server.sent()) < 2 else Said(503, {"error": "UpstreamFailure"})
        with pytest.raises(TemporaryFailure):
            await scene.channel.send(letter)
        assert len(server.sent()) == 2
        server._send_message = usual
        if later:
            scene.clock.at = NOON + later
            scene.build()
        await scene.channel.send(letter)
        texts = [text for _, text in server.sent()]
        assert len(texts) == len(set(texts)) == 5


async def test_the_same_sentence_in_another_letter_is_another_letter(scene_of):
    async with scene_of() as scene:
        for number in (1, 2):
            await scene.channel.send(scene.letter("Please write to us privately.", number=number))
            scene.clock.at = scene.clock.at + timedelta(hours=1)
            assert len(scene.bench.server.sent()) == number


@pytest.mark.parametrize(
    ("sentence", "meant", "code"),
    [
        ("block between recipient and sender", RouteClosed, "blocked"),
        ("recipient has disabled incoming messages", RouteClosed, "blocked"),
        ("recipient requires incoming messages to come from someone they follow", RouteClosed, "blocked"),
        ("recipient does not exist", RouteClosed, "gone"),
        ("Convo not found", RouteClosed, "gone"),
        ("Account is disabled", TemporaryFailure, None),
        ("something quite new", PermanentFailure, None),
    ],
)
async def test_each_refusal_of_the_chat_has_its_meaning(scene_of, sentence, meant, code):
    async with scene_of() as scene:
        for method in ("_for_members", "_send_message"):
            usual = getattr(scene.bench.server, method)
            setattr(scene.bench.server, method, lambda asked: _no("InvalidRequest", sentence))
            with pytest.raises(meant) as caught:
                await scene.channel.send(scene.letter("hello"))
            assert getattr(caught.value, "code", None) == code
            setattr(scene.bench.server, method, usual)


@pytest.mark.parametrize("number", [0, 1, 31, 32, 1_900_000_000_000_000_000, 2**63 - 1])
def test_a_revision_is_a_number_and_back(number):
    assert number_of(tid_of(number)) == number and len(tid_of(number)) == 13


@pytest.mark.parametrize("no_tid", ["", "abc", "3jzfcijpj2z2A", "0jzfcijpj2z2a", "zzzzzzzzzzzzz", "3jzfcijpj2z2aa"])
def test_what_is_no_revision_is_no_number(no_tid):
    assert number_of(no_tid) is None


def test_revisions_are_in_the_order_of_their_numbers():
    numbers = sorted({(index * 7919) ** 4 % 2**63 for index in range(200)})
    assert [tid_of(number) for number in numbers] == sorted(tid_of(number) for number in numbers)


async def test_a_conversation_that_cannot_be_opened_makes_nobody_else_wait(scene_of):
    async with scene_of() as scene:
        server, usual = scene.bench.server, scene.bench.server._accept
        server._accept = lambda asked: (
            _no("InvalidRequest", "Account is deactivated") if asked.json["convoId"] == "convo-ada3" else usual(asked)
        )
        scene.bench._happen(*scene.bench.words(1, "from somebody who then left", person=3).body)
        scene.bench._happen(*scene.bench.words(2, "is anybody there?", person=4).body)
        await looked(scene)
        scene.bench._happen(*scene.bench.words(3, "hello again", person=4).body)
        await looked(scene)
        assert sorted(words_of(scene)) == ["from somebody who then left", "hello again", "is anybody there?"]
        assert any("1 of the conversations" in (error or "") for _, _, error in scene.box.health)


async def test_a_letter_that_stands_there_is_found_though_their_clock_is_behind_ours(scene_of):
    async with scene_of() as scene:
        server = scene.bench.server
        server.now = lambda: scene.clock.at - timedelta(seconds=2)
        letter = scene.letter("the letter")
        await scene.channel.send(letter)
        scene.clock.at = NOON + timedelta(hours=1)
        scene.build()
        await scene.channel.send(letter)
        assert [text for _, text in server.sent()] == ["the letter"]


async def test_a_server_that_never_answers_holds_up_no_hundred_letters(scene_of):
    async with scene_of() as scene:
        server = scene.bench.server
        await scene.channel.send(scene.letter("first"))
        asked = []
        server._for_members = lambda one: (asked.append(one), Said(200, None, late=True))[1]
        letters = [scene.letter(f"letter {number}", person=number, number=number) for number in range(2, 32)]
        outcomes = await asyncio.gather(*(scene.channel.send(letter) for letter in letters), return_exceptions=True)
        assert all(isinstance(outcome, TemporaryFailure) for outcome in outcomes)
        assert len(asked) <= 8
