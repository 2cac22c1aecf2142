"""What comes in is kept once, whole, in any order and through any fault, before the platform is told that it was taken."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta

import pytest

from channels.scenes import NOON, staged
from intake.channel import Webhook
from intake.storable import storable

HARD = "I can't — “heating”\nis off\u202e ✓ \U0001f9ca <b>& *cold* _here_ [x](y) \u0130\u00df"


async def test_a_message_is_kept_with_its_words_its_writer_and_whom_to_answer(stage):
    async with stage() as scene:
        update = scene.bench.words(1, HARD, person=7)
        await scene.bench.bring(scene.channel, [update])
        (kept,), (put_in,) = scene.box.kept(), scene.box.put_in
        reading, person = kept.reading(), scene.bench.person(7)
        assert (kept.channel, kept.account) == (scene.bench.kind, scene.bench.account)
        assert kept.external_id == update.external_id == reading.message_id
        assert HARD in reading.new_text and reading.new_text in reading.text
        assert "".join(reading.text[start:end] for start, end in reading.new_ranges) == reading.new_text
        assert reading.sender.address == reading.chat.conversation == put_in.conversation == person
        assert reading.chat.act == put_in.act == "message" and reading.channel_kind in ("dm", "chat")
        assert (kept.problem, reading.problems, reading.unreadable) == (None, (), False)
        assert len(reading.content_key) == 64


async def test_what_no_database_would_take_is_kept_and_read_all_the_same(stage):
    async with stage() as scene:
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "no\x00heat " + "long " * 40)])
        (kept,) = scene.box.kept()
        reading = kept.reading()
        assert "long long" in reading.new_text and storable(reading.text) == reading.text


async def test_a_message_that_is_delivered_again_is_kept_once(stage):
    async with stage() as scene:
        updates = [scene.bench.words(number, f"message {number}") for number in range(1, 4)]
        await scene.bench.bring(scene.channel, updates)
        await scene.bench.bring(scene.channel, [updates[1], updates[0], updates[2], updates[1]])
        await scene.bench.bring(scene.channel, [scene.bench.words(4, "twice in one"), scene.bench.words(4, "twice in one")])
        assert len(scene.box.names()) == len(set(scene.box.names())) == 4


async def test_the_order_in_which_a_platform_delivers_does_not_matter(stage):
    async with stage() as scene:
        updates = {number: scene.bench.words(number, f"this is number {number}.", person=number % 5) for number in range(1, 31)}
        order = [*updates, *updates]
        random.Random(4).shuffle(order)
        for start in range(0, len(order), 7):
            await scene.bench.bring(scene.channel, [updates[number] for number in order[start : start + 7]])
        found = {kept.external_id: kept.reading() for kept in scene.box.kept()}
        assert len(scene.box.kept()) == len(found) == 30
        for number, update in updates.items():
            assert f"this is number {number}." in found[update.external_id].new_text
            assert found[update.external_id].sender.address == scene.bench.person(number % 5)


@pytest.mark.parametrize("act", ["edit", "withdrawal", "press", "echo"])
@pytest.mark.parametrize("first", [True, False], ids=["before_what_it_is_about", "after_what_it_is_about"])
async def test_an_act_is_kept_beside_what_it_is_about(stage, act, first):
    async with stage() as scene:
        bench, words = scene.bench, scene.bench.words(1, "the first words", person=3)
        done = {
            "edit": lambda: bench.edit(1, "the later words", person=3),
            "withdrawal": lambda: bench.withdrawal(1, person=3),
            "press": lambda: bench.press(2, "case:LBL-26-4F7K2P-9D:complaint", person=3),
            "echo": lambda: bench.echo(2, "written by a colleague", person=3),
        }[act]()
        if done is None:
            pytest.skip(f"{bench.kind} does not tell of this")
        if first and getattr(bench, "tells_in_order", False) and act in ("edit", "withdrawal"):
            pytest.skip(f"{bench.kind} tells of this only after the message")
        order = [done, words, done] if first else [words, done, words]
        for update in order:
            await bench.bring(scene.channel, [update])
        assert scene.box.names() == sorted({words.external_id, done.external_id})
        assert len({words.external_id, done.external_id}) == 2
        kept = next(each for each in scene.box.kept() if each.external_id == done.external_id)
        put_in = next(each for each in scene.box.put_in if each.external_id == done.external_id)
        reading = kept.reading()
        assert (reading.chat.act, put_in.act, put_in.quiet) == (act, act, timedelta(0))
        assert reading.chat.conversation == put_in.conversation == bench.person(3)
        assert not reading.unreadable
        if act in ("edit", "withdrawal"):
            assert reading.chat.about == words.external_id
        if act == "press":
            assert reading.chat.pressed == "case:LBL-26-4F7K2P-9D:complaint"
        if act in ("edit", "echo"):
            assert {"edit": "the later words", "echo": "written by a colleague"}[act] in reading.new_text


async def test_a_type_that_nobody_has_heard_of_waits_for_a_person(stage):
    async with stage() as scene:
        update = scene.bench.unknown(1, person=4)
        await scene.bench.bring(scene.channel, [update, update, scene.bench.words(2, "and this can be read")])
        odd = next(kept for kept in scene.box.kept() if kept.external_id == update.external_id)
        assert len(scene.box.kept()) == 2
        reading = odd.reading()
        assert reading.sender.address == scene.bench.person(4)
        assert any(problem.startswith("unsupported") for problem in reading.problems)
        assert reading.unreadable or reading.new_text.strip()


async def test_an_update_of_no_known_shape_is_kept_for_a_person_and_spoils_nothing(stage):
    async with stage() as scene:
        updates = [scene.bench.words(number, f"good {number}") for number in range(1, 11)]
        broken = scene.bench.broken(99)
        await scene.bench.bring(scene.channel, [*updates[:5], broken, *updates[5:]])
        await scene.bench.bring(scene.channel, updates)
        names = {update.external_id for update in updates}
        odd = [kept for kept in scene.box.kept() if kept.external_id not in names]
        assert len(scene.box.kept()) == 11 and len(odd) == 1
        assert odd[0].problem and odd[0].reading().unreadable
        assert all(kept.problem is None for kept in scene.box.kept() if kept.external_id in names)


async def test_what_is_kept_is_the_one_update_alone_and_reads_back_the_same(stage):
    async with stage() as scene:
        updates = [scene.bench.words(number, f"secret{number}word", person=number) for number in range(1, 6)]
        await scene.bench.bring(scene.channel, updates)
        for kept in scene.box.kept():
            number = next(each for each, update in enumerate(updates, 1) if update.external_id == kept.external_id)
            assert isinstance(kept.document(), dict)
            assert [n for n in range(1, 6) if f"secret{n}word" in json.dumps(kept.document())] == [number]
            assert kept.reading() == kept.reading()
        assert len({kept.reading().content_key for kept in scene.box.kept()}) == 5


async def test_nothing_is_acknowledged_while_the_inbox_cannot_keep_it(stage):
    async with stage() as scene:
        scene.box.refusals = 2
        updates = [scene.bench.words(number, f"message {number}") for number in range(1, 6)]
        await scene.bench.bring(scene.channel, updates)
        assert scene.box.refusals == 0 and scene.box.puts > 2
        assert scene.box.names() == sorted(update.external_id for update in updates)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_the_commit_nothing_is_lost_and_nothing_is_twice(stage, moment):
    async with stage() as scene:
        updates = [scene.bench.words(number, f"message {number}") for number in range(1, 9)]
        scene.box.dies = moment
        bringing = asyncio.create_task(scene.bench.bring(scene.channel, updates))
        await asyncio.to_thread(scene.box.entered.wait, 20)
        bringing.cancel()
        scene.box.let_go.set()
        await asyncio.gather(bringing, return_exceptions=True)
        assert scene.box.entered.is_set() and not scene.box.waited_in_vain
        scene.box.dies = None
        scene.build()
        await scene.bench.bring(scene.channel, updates)
        assert scene.box.names() == sorted(update.external_id for update in updates)
        assert len(scene.box.fresh) == 8


async def test_a_slow_inbox_holds_up_nothing_else(stage):
    async with stage() as scene:
        scene.box.is_slow = True
        bringing = asyncio.create_task(scene.bench.bring(scene.channel, [scene.bench.words(1, "slowly kept")]))
        await asyncio.to_thread(scene.box.entered.wait, 20)
        # This line is reached while the inbox still waits only if the channel called it from a thread.
        scene.box.let_go.set()
        await bringing
        assert not scene.box.waited_in_vain and len(scene.box.kept()) == 1


async def test_two_requests_at_once_with_the_same_updates_keep_each_once(stage):
    async with stage() as scene:
        if not isinstance(scene.channel, Webhook):
            pytest.skip(f"{scene.bench.kind} is polled by one process alone")
        updates = [scene.bench.words(number, f"message {number}") for number in range(1, 11)]
        orders = [updates, updates[::-1], updates[5:] + updates[:5], updates]
        await asyncio.gather(*(scene.bench.bring(scene.build(), order) for order in orders))
        assert scene.box.names() == sorted(update.external_id for update in updates)


async def test_the_same_id_on_two_accounts_is_two_messages(kind, store, tmp_path):
    for account in ("first", "second"):
        async with staged(kind, store, tmp_path) as scene:
            channel = scene.build_with(account=account)
            await scene.bench.bring(channel, [scene.bench.words(1, "the same words")])
            kept = scene.box.kept()
    assert {each.account for each in kept} == {"first", "second"} and len(kept) == 2
    assert len({each.external_id for each in kept}) == 1
    readings = [each.reading() for each in kept]
    assert len({reading.content_key for reading in readings}) == 2
    assert len({reading.chat.conversation for reading in readings}) == 2


@pytest.mark.parametrize(
    ("said", "is_believed"),
    [
        (timedelta(0), True),
        (timedelta(minutes=-5), True),
        (timedelta(days=-29), True),
        (timedelta(hours=1), False),
        (timedelta(days=-31), False),
        (timedelta(days=-20_000), False),
    ],
    ids=str,
)
async def test_the_clock_runs_from_the_platforms_time_unless_it_cannot_be_true(stage, said, is_believed):
    async with stage() as scene:
        await scene.bench.bring(scene.channel, [scene.bench.words(1, "when was this?", at=NOON + said)])
        (kept,) = scene.box.kept()
        assert kept.received_at == (NOON + said if is_believed else NOON)
        assert kept.accepted_at == NOON
