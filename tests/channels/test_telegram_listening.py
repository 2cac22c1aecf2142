"""How a Telegram bot hears: by asking, where the offset confirms only what is durable, or by webhook."""

from __future__ import annotations

import asyncio
import json

import pytest

from channels.scenes import NOON
from channels.telegram_scene import scene_of
from intake.channel import InboxUnavailable, Listener, Webhook, WebhookRequest

HOOK = "https://public.landlord.example/hooks/housing-bot"
SECRET = "a-secret-of-ours_0123456789"


@pytest.fixture
def open_scene(store, tmp_path):
    return lambda: scene_of(store, tmp_path, NOON)


def by_webhook(scene, secret=SECRET):
    (scene.folder / "hook.secret").write_text(secret + "\n")
    return scene.build(webhook_url=HOOK, webhook_secret_file=scene.folder / "hook.secret", check_seconds=0.05)


def posted(body, secret=SECRET, method="POST"):
    headers = (("content-type", "application/json"), *((("x-telegram-bot-api-secret-token", secret),) if secret else ()))
    return WebhookRequest(method=method, query=(), headers=headers, body=body)


def offsets(scene):
    return [int(fields["offset"]) if "offset" in fields else None for fields in scene.calls("getUpdates")]


async def test_the_first_question_has_no_offset_and_none_is_ever_negative(open_scene):
    async with open_scene() as scene:
        await scene.bench.bring(scene.build(), [scene.bench.words(n, "words") for n in (1, 2, 3)])
        asked = offsets(scene)
        assert asked[0] is None and all(offset is None or offset > 0 for offset in asked)
        assert set(asked) == {None, scene.api.next_update}
        assert {tuple(json.loads(fields["allowed_updates"])) for fields in scene.calls("getUpdates")} == {
            ("message", "edited_message", "callback_query", "my_chat_member")
        }


async def test_nothing_is_confirmed_while_its_commit_is_under_way(open_scene):
    async with open_scene() as scene:
        scene.box.is_slow = True
        async with scene.listening(scene.build()):
            number = scene.api.tell(scene.bench.words(1, "words").body)
            await scene.until(scene.box.entered.is_set)
            await asyncio.sleep(0.1)
            assert not scene.api.is_confirmed(number) and len(offsets(scene)) <= 2
            scene.box.let_go.set()
            await scene.until(lambda: scene.api.is_confirmed(number))
        assert len(scene.box.kept()) == 1


async def test_one_update_that_cannot_be_stored_stops_none_of_the_others_and_is_not_confirmed_before_it_is(open_scene):
    async with open_scene() as scene:
        real, bad = scene.box.put, scene.bench.words(2, "").external_id

        def put(messages):
            if any(message.external_id == bad and message.act for message in messages):
                raise InboxUnavailable("not this one")
            return real(messages)

        scene.box.put = put
        await scene.bench.bring(scene.build(), [scene.bench.words(n, f"words {n}") for n in (1, 2, 3)])
        kept = {each.external_id: each for each in scene.box.kept()}
        assert len(kept) == 3 and b"words 2" in kept[bad].raw
        assert kept[bad].problem and not any(each.problem for name, each in kept.items() if name != bad)
        first = scene.api.next_update - 3
        assert list(dict.fromkeys(offsets(scene)))[:3] == [None, first + 1, first + 3]
        assert any("could not be kept" in error for error in scene.errors())


async def test_after_a_quiet_week_numbers_may_begin_anew_below_the_last_offset(open_scene):
    async with open_scene() as scene:
        async with scene.listening(scene.build(poll_seconds=0)):
            first = scene.api.tell(scene.bench.words(1, "before").body)
            await scene.until(lambda: scene.api.is_confirmed(first) and offsets(scene)[-1] is None)
            scene.api.next_update = 1000
            again = scene.api.tell(scene.bench.words(2, "after").body)
            await scene.until(lambda: scene.api.is_confirmed(again))
        assert len(scene.box.kept()) == 2


async def test_a_message_told_again_under_another_number_is_kept_once(open_scene):
    async with open_scene() as scene:
        update = scene.bench.words(1, "words")
        for _ in range(3):
            await scene.bench.bring(scene.build(), [update, update])
        assert scene.box.names() == [update.external_id]


async def test_a_second_poller_elsewhere_is_told_of_and_ends_nothing(open_scene):
    async with open_scene() as scene:
        async with scene.listening(scene.build()):
            await scene.until(lambda: scene.calls("getUpdates"))
            other = scene.build(account="another-program")
            async with scene.listening(other):
                await scene.until(lambda: any("somebody else" in error for error in scene.errors()))
            update = scene.bench.words(1, "words")
            number = scene.api.tell(update.body)
            await scene.until(lambda: scene.api.is_confirmed(number))
        assert len(scene.box.kept()) == 1


async def test_a_webhook_that_was_left_behind_is_taken_away_and_what_waited_for_it_is_kept(open_scene):
    async with open_scene() as scene:
        scene.api.webhook = {"url": "https://old.landlord.example/", "secret_token": ""}
        await scene.bench.bring(scene.build(), [scene.bench.words(1, "words")])
        assert scene.api.webhook == {} and len(scene.box.kept()) == 1
        assert {fields["drop_pending_updates"] for fields in scene.calls("deleteWebhook")} == {"false"}


async def test_a_server_out_of_order_is_asked_again_and_told_of(open_scene):
    async with open_scene() as scene:
        scene.api.failing_news = 4
        await scene.bench.bring(scene.build(), [scene.bench.words(1, "words")])
        assert len(scene.box.kept()) == 1 and scene.api.failing_news == 0
        assert "Telegram answered getUpdates with 502" in scene.errors()
        assert scene.box.health[-1][2] is None


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("7654321:AAF-not-the-token_of-this-bot_01234", "Telegram does not know the token"),
        ("no token at all", "no token of the form"),
        (None, "cannot be read"),
    ],
)
async def test_a_token_that_is_none_is_told_of_and_counts_as_soon_as_it_is_mended(open_scene, token, said):
    async with open_scene() as scene:
        channel = scene.build()
        path = scene.folder / "telegram.token"
        good = path.read_text()
        path.unlink() if token is None else path.write_text(token)
        async with scene.listening(channel):
            number = scene.api.tell(scene.bench.words(1, "words").body)
            await scene.until(lambda: any(said in error for error in scene.errors()))
            path.write_text(good)
            await scene.until(lambda: scene.api.is_confirmed(number))
        assert len(scene.box.kept()) == 1


async def test_a_pressed_button_stops_blinking_once_it_is_kept_and_only_once(open_scene):
    async with open_scene() as scene:
        update = scene.bench.press(1, "problem/LBL-26-4F7K2P-9D")
        async with scene.listening(scene.build()):
            for _ in range(2):
                number = scene.api.tell(update.body)
                await scene.until(lambda number=number: scene.api.is_confirmed(number))
            await scene.until(lambda: scene.api.answered)
        assert scene.api.answered == ["4000001"] and len(scene.box.kept()) == 1


def test_only_a_bot_with_a_webhook_answers_at_the_public_door(tmp_path):
    from intake.channels import telegram

    asked = telegram.build(telegram.Settings(token_file=tmp_path / "t"), None, None)
    told = telegram.build(
        telegram.Settings(token_file=tmp_path / "t", webhook_url=HOOK, webhook_secret_file=tmp_path / "s"), None, None
    )
    assert isinstance(asked, Listener) and not isinstance(asked, Webhook)
    assert isinstance(told, Listener) and isinstance(told, Webhook)


def post_to(channel, statuses):
    """Return what posts to a channel as its public door does, and notes each status."""

    def post(headers, body):
        answer = channel.answer(WebhookRequest(method="POST", query=(), headers=tuple(headers.items()), body=body))
        statuses.append(answer.status)
        return answer.status, answer.media_type, answer.body

    return post


async def test_by_webhook_each_update_is_kept_before_it_is_answered_and_again_makes_no_second(open_scene):
    async with open_scene() as scene:
        # As in service: one program looks after the webhook, another one answers.
        channel, keeper = by_webhook(scene), by_webhook(scene)
        scene.box.refusals = 1
        async with scene.listening(keeper):
            await scene.until(lambda: scene.api.webhook)
            updates = [*(scene.bench.words(n, f"words {n}") for n in (1, 2, 2)), scene.bench.press(3, "other/x")]
            for update in updates:
                scene.api.tell(update.body)
            statuses = []
            await asyncio.to_thread(scene.api.push, post_to(channel, statuses))
        assert statuses == [503, 200, 200, 200, 200] and scene.api.answered == ["4000003"]
        assert scene.box.names() == sorted({update.external_id for update in updates})
        assert scene.calls("getUpdates") == []


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "gehéim"])
async def test_whoever_does_not_know_the_secret_is_sent_away_counted_and_leaves_nothing(open_scene, secret):
    async with open_scene() as scene:
        channel = by_webhook(scene)
        body = json.dumps({"update_id": 1, **scene.bench.words(1, "words").body}).encode()
        for _ in range(5):
            assert channel.answer(posted(body, secret)).status == 401
        assert scene.box.kept() == [] and scene.box.puts == 0
        assert scene.box.refused_requests == {("telegram", scene.bench.account): 5}
        assert scene.box.health == []
        assert channel.answer(posted(body)).status == 200


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"update_id": 1}', b"\xff\xfe", b"[" * 100_000])
async def test_what_telegram_posts_is_kept_even_where_it_makes_no_sense(open_scene, body):
    async with open_scene() as scene:
        channel = by_webhook(scene)
        assert [channel.answer(posted(body)).status for _ in range(2)] == [200, 200]
        (kept,) = scene.box.kept()
        assert kept.problem and kept.reading().unreadable


async def test_no_depth_of_nesting_is_too_much_for_a_batch_or_a_webhook(open_scene):
    async with open_scene() as scene:
        channel = by_webhook(scene)
        for depth in range(940, 1000):
            body = b'{"update_id": 1, "message": ' + b"[" * depth + b"]" * depth + b"}"
            assert channel.answer(posted(body)).status == 200
        asked = scene.build()
        for depth in range(940, 1000):
            nested = []
            for _ in range(depth):
                nested = [nested]
            kept = asked._polling._keeping.keep([{"update_id": 7, "message": nested}], scene.clock.now())
            assert kept.offset == 8
        assert all(each.problem for each in scene.box.kept())


@pytest.mark.parametrize("secret", ["short", "with blanks in the secret", "x" * 257])
async def test_a_secret_that_is_none_lets_nobody_in(open_scene, secret):
    async with open_scene() as scene:
        channel = by_webhook(scene, secret)
        assert channel.answer(posted(b"{}", secret)).status == 503
        async with scene.listening(channel):
            await scene.until(lambda: any("secret" in error for error in scene.errors()))
        assert scene.box.kept() == [] and not scene.api.webhook


async def test_only_posts_are_taken(open_scene):
    async with open_scene() as scene:
        assert by_webhook(scene).answer(posted(b"", method="GET")).status == 405


async def test_the_webhook_is_set_as_configured_and_set_again_when_it_was_lost(open_scene):
    async with open_scene() as scene:
        async with scene.listening(by_webhook(scene)):
            await scene.until(lambda: scene.api.webhook)
            assert scene.api.webhook == {"url": HOOK, "secret_token": SECRET}
            assert scene.api.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]
            scene.api.webhook = {}
            await scene.until(lambda: scene.api.webhook)
        assert len(scene.calls("setWebhook")) == 2


async def test_a_secret_that_was_replaced_is_told_to_telegram_also_after_a_new_start(open_scene):
    async with open_scene() as scene:
        update = scene.bench.words(1, "words")
        for secret in ("first-secret_of-ours", "other-secret_of-ours", "third-secret_of-ours"):
            channel = by_webhook(scene, secret)
            async with scene.listening(channel):
                await scene.until(lambda secret=secret: scene.api.webhook.get("secret_token") == secret)
                (scene.folder / "hook.secret").write_text("replaced_" + secret)
                await scene.until(lambda secret=secret: scene.api.webhook["secret_token"] == "replaced_" + secret)
                statuses = []
                scene.api.tell(update.body)
                await asyncio.to_thread(scene.api.push, post_to(channel, statuses))
                assert statuses == [200]


async def test_a_webhook_that_somebody_sets_while_we_poll_is_taken_away_again(open_scene):
    async with open_scene() as scene:
        async with scene.listening(scene.build(poll_seconds=0)):
            await scene.until(lambda: scene.calls("getUpdates"))
            scene.api.webhook = {"url": "https://old.landlord.example/", "secret_token": ""}
            number = scene.api.tell(scene.bench.words(1, "words").body)
            await scene.until(lambda: scene.api.is_confirmed(number))
        assert scene.api.webhook == {} and len(scene.box.kept()) == 1


@pytest.mark.parametrize("is_away", [False, True], ids=["the inbox is there", "the inbox is away"])
async def test_an_update_that_cannot_be_stored_is_kept_at_last_though_it_comes_alone(open_scene, is_away):
    async with open_scene() as scene:
        real = scene.box.put

        def put(messages):
            if is_away or any(message.act for message in messages):
                raise InboxUnavailable("not this one")
            return real(messages)

        def away(*told):
            raise InboxUnavailable("away")

        scene.box.put = put
        if is_away:
            scene.box.heard = away
        channel = by_webhook(scene)
        body = json.dumps({"update_id": 1, **scene.bench.words(1, "words").body}).encode()
        statuses = [channel.answer(posted(body)).status for _ in range(4)]
        assert statuses == ([503] * 4 if is_away else [503, 503, 200, 503])
        assert is_away or [kept.problem for kept in scene.box.kept()] == ["it could not be stored as it came"]


async def test_updates_that_do_not_reach_us_are_told_of(open_scene):
    async with open_scene() as scene, scene.listening(by_webhook(scene)):
        await scene.until(lambda: scene.api.webhook)
        scene.api.tell(scene.bench.words(1, "words").body)
        scene.api.failed_at = int(scene.clock.now().timestamp()) - 30
        await scene.until(lambda: any("cannot deliver: 1 updates" in error for error in scene.errors()))
        scene.api.waiting.clear()
        told = len(scene.box.health)
        await scene.until(lambda: len(scene.box.health) > told + 1)
        assert scene.box.health[-1][2] is None
