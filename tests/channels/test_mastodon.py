"""Mastodon: what the contract of all channels does not ask, because no other platform is like it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from channels.scenes import NOON, staged
from intake.channel import InboxUnavailable, PermanentFailure, RouteClosed, TemporaryFailure
from intake.channels import mastodon
from intake.chat import FileToFetch
from standins.loopback import Said
from standins.mastodon import OWN

OTHER = {"id": "42", "username": "bob", "acct": "bob", "display_name": "Bob", "bot": False}


@pytest.fixture
def scene_of(store, tmp_path):
    return lambda: staged("mastodon", store, tmp_path)


async def until(there):
    """Wait for what a door does in its own time."""
    while not there():  # noqa: ASYNC110 - the store is written from threads
        await asyncio.sleep(0.01)


def reading_of(status, **more):
    """Read a status as triage would."""
    account = {"id": "7", "acct": "ada@elsewhere.example", "display_name": "Ada"}
    whole = {"id": "1", "visibility": "direct", "account": account, "created_at": "2026-11-23T11:59:00Z"} | status
    update = {"type": "mention", "created_at": "2026-11-23T12:00:00Z", "status": whole} | more
    return mastodon.read(
        json.dumps({"account": "homes", "own": {"id": OWN["id"], "acct": "homes"}, "update": update}).encode(), NOON
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"content": "<p>One.</p><p>Two<br />three &amp; <b>four</b></p>"}, "One.\n\nTwo\nthree & four"),
        (
            {"content": '<p>@<span>homes</span> it is <a href="x"><span class="invisible">https://</span>gov.uk</a></p>'},
            "it is https://gov.uk",
        ),
        ({"content": "<p>@homes@social.example, @HOMES hello</p>"}, "hello"),
        ({"content": "<p>@homesick people write to @homes too</p>"}, "@homesick people write to @homes too"),
        ({"content": "<p>@homes.other is somebody else</p>"}, "@homes.other is somebody else"),
        ({"content": "<p>wet</p>", "spoiler_text": "damp"}, "damp\n\nwet"),
        ({"content": "<p>which?</p>", "poll": {"options": [{"title": "yes"}, {"title": "no"}]}}, "which?\n\n[poll: yes / no]"),
        (
            {"content": "", "media_attachments": [{"type": "image", "url": "https://m.example/a.jpg", "description": "mould"}]},
            "[image: mould]",
        ),
        (
            {"content": "", "media_attachments": [{"type": "unknown", "url": None, "remote_url": "https://far.example/b.mp4"}]},
            "[a file that our server did not take over: https://far.example/b.mp4]",
        ),
        ({"content": "<script>alert(1)</script><p>still here</p>"}, "still here"),
        ({"content": None}, ""),
    ],
)
def test_a_status_is_read_as_the_words_that_a_person_sees(status, words):
    reading = reading_of(status)
    assert reading.new_text == reading.text == words
    assert reading.unreadable == (not words and not status.get("media_attachments"))


@pytest.mark.parametrize(
    ("visibility", "act"),
    [("direct", "message"), ("public", "public"), ("unlisted", "public"), ("private", "public"), ("circle", "public")],
)
def test_only_what_the_named_alone_can_read_is_a_private_message(visibility, act):
    reading = reading_of({"content": "<p>hello</p>", "visibility": visibility})
    assert (reading.chat.act, reading.chat.conversation) == (act, "mastodon:homes:7")


def test_a_bot_is_known_for_one():
    account = {"id": "7", "acct": "bot@elsewhere.example", "bot": True}
    assert reading_of({"content": "<p>beep</p>", "account": account}).chat.machine
    assert not reading_of({"content": "<p>hello</p>"}).chat.machine


@pytest.mark.parametrize("account", [None, {}, {"id": ""}, {"id": "a b"}, {"id": 7}, {"id": "x" * 201}, "ada"])
def test_a_status_of_nobody_is_of_no_known_shape(account):
    with pytest.raises(ValueError):
        reading_of({"content": "<p>hello</p>", "account": account})


@pytest.mark.parametrize(
    ("posted", "told", "clock"),
    [
        ("2026-11-23T11:00:00Z", "2026-11-23T11:30:00Z", "11:00"),
        ("2026-11-23T11:45:00Z", "2026-11-23T11:30:00Z", "11:30"),
        ("1999-01-01T00:00:00Z", "2026-11-23T11:30:00Z", "11:30"),
        ("nonsense", "2026-11-23T11:30:00Z", "11:30"),
    ],
)
def test_slow_servers_do_not_cost_the_resident_time_and_wrong_clocks_do_not_count(posted, told, clock):
    reading = reading_of({"content": "<p>hello</p>", "created_at": posted}, created_at=told)
    assert f"{reading.chat.happened_at:%H:%M}" == clock


async def test_a_letter_names_nobody_but_the_person_it_is_for(scene_of):
    async with scene_of() as scene:
        scene.bench.server.people["42"] = OTHER
        said = "You wrote: @bob and (@bob) broke it, mail bob@housing.example, see https://social.example/@bob"
        await scene.channel.send(scene.letter(said, person=3))
        (status,) = scene.bench.server.posted
        assert [one["acct"] for one in status["mentions"]] == ["ada3@elsewhere.example"]
        assert status["visibility"] == "direct"
        assert "bob@housing.example" in status["text_as_sent"] and "https://social.example/@bob" in status["text_as_sent"]


async def test_what_was_said_in_public_is_answered_in_private(scene_of):
    async with scene_of() as scene:
        update = scene.bench.words(1, "your lifts are a disgrace", person=5)
        update.body["status"]["visibility"] = "public"
        await scene.bench.bring(scene.channel, [update])
        (put_in,) = scene.box.put_in[:1]
        assert put_in.act == "public" and put_in.quiet == timedelta(0)
        await scene.channel.send(scene.letter("Please write to us privately.", person=5, in_reply_to=put_in.external_id))
        (status,) = scene.bench.server.posted
        assert (status["visibility"], status["in_reply_to_id"]) == ("direct", put_in.external_id)


async def test_an_answer_to_what_was_deleted_is_sent_all_the_same(scene_of):
    async with scene_of() as scene:
        await scene.channel.send(scene.letter("We have it.", in_reply_to="115000000000000404:edit:2026-11-20T12:00:00.000Z"))
        (status,) = scene.bench.server.posted
        assert status["in_reply_to_id"] is None


async def test_a_notification_that_appears_late_under_a_smaller_number_is_found(scene_of):
    async with scene_of() as scene:
        late = scene.bench.words(1, "committed late")
        await scene.bench.bring(scene.channel, [scene.bench.words(2, "committed first")])
        status = late.body["status"]
        scene.bench.server.statuses[status["id"]] = status
        scene.bench.server.notifications.insert(0, (999, late.body | {"id": "999"}))
        await scene.bench.bring(scene.channel, [])
        assert late.external_id in scene.box.names()


async def test_what_comes_in_between_two_looks_is_not_passed_by_when_the_process_ends_there(scene_of):
    async with scene_of() as scene:
        server, usual = scene.bench.server, scene.bench.server._page
        burst = [scene.bench.words(number, "all at once") for number in range(1, 121)]

        def page(asked):
            if asked.one("limit") == "40" and burst:
                while burst:
                    server.notify(burst.pop(0).body)
                return usual(asked)
            return {} if len(server.notifications) == 120 else usual(asked)

        server._page = page
        listening = asyncio.create_task(scene.channel.listen())
        await until(lambda: len(scene.box.kept()) == 40)
        await until(lambda: any(error and "no sense" in error for _, _, error in scene.box.health))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        server._page = usual
        scene.build()
        await scene.bench.bring(scene.channel, [])
        assert len(scene.box.kept()) == 120


async def test_a_dismissed_notification_is_no_withdrawal(scene_of):
    async with scene_of() as scene:
        one, two = scene.bench.words(1, "one"), scene.bench.words(2, "two")
        await scene.bench.bring(scene.channel, [one, two])
        listening = asyncio.create_task(scene.channel.listen())
        await scene.bench._looked(listening)
        scene.bench.server.notifications.pop(0)
        await scene.bench._looked(listening)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        assert scene.box.names() == sorted([one.external_id, two.external_id])


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ({"for_private_mentions": "accept", "for_not_following": "accept"}, None),
        (None, None),
        ({"for_private_mentions": "filter"}, "for_private_mentions"),
        ({"for_private_mentions": "drop"}, "for_private_mentions"),
        ({"for_private_mentions": "accept", "for_new_accounts": "drop"}, "for_new_accounts"),
        ({"for_private_mentions": "accept", "for_new_accounts": "filter"}, None),
    ],
)
async def test_a_setting_that_keeps_residents_out_is_told_to_the_desk_by_name(scene_of, policy, named):
    async with scene_of() as scene:
        scene.bench.server.policy = policy
        await scene.bench.bring(scene.channel, [])
        said = {error for _, _, error in scene.box.health}
        assert said == {None} if named is None else all(named in error and "accept" in error for error in said)


async def test_what_the_server_filtered_away_is_read_all_the_same(scene_of):
    async with scene_of() as scene:
        update = scene.bench.words(1, "I am new here")
        update.body["filtered"] = True
        await scene.bench.bring(scene.channel, [update])
        assert scene.box.names() == [update.external_id]


async def test_a_new_process_goes_on_where_the_store_ends(scene_of):
    async with scene_of() as scene:
        await scene.bench.bring(scene.channel, [scene.bench.words(number, "hello") for number in range(1, 60)])
        scene.bench.server.asked.clear()
        scene.build()
        await scene.bench.bring(scene.channel, [scene.bench.words(99, "and again")])
        first = next(asked for asked in scene.bench.server.asked if asked.path.endswith("notifications"))
        assert first.one("min_id") == "1058"
        assert len(scene.box.kept()) == 60


async def test_more_than_a_page_is_read_and_what_is_too_old_is_left_at_the_first_start(scene_of):
    async with scene_of() as scene:
        channel = scene.build_with(backfill_days=7)
        for number in range(1, 300):
            update = scene.bench.words(number, "hello")
            age = timedelta(days=8) if number <= 50 else timedelta(hours=1)
            scene.bench.server.notify(update.body | {"created_at": (NOON - age).isoformat()})
        await scene.bench.bring(channel, [])
        assert len(scene.box.kept()) == 249


async def test_ids_that_are_no_numbers_do_as_well(scene_of):
    async with scene_of() as scene:
        server, update = scene.bench.server, scene.bench.words(1, "hello")
        page = [update.body | {"id": "01HZX3Q8M5N7C9W2J4K6V8T0RB"}]
        server._page = lambda asked: page if asked.one("min_id") in ("", "0") else []
        await scene.bench.bring(scene.channel, [])
        assert scene.box.names() == [update.external_id]
        assert all(message.position is None for message in scene.box.put_in)


async def test_one_message_that_cannot_be_kept_holds_no_other_up_and_is_never_passed_by(scene_of):
    async with scene_of() as scene:
        updates = [scene.bench.words(number, f"message {number}") for number in range(1, 6)]
        bad, put = updates[2].external_id, scene.box.put
        scene.box.put = lambda messages: refused() if bad in {one.external_id for one in messages} else put(messages)

        def refused():
            raise InboxUnavailable("not this one")

        listening = asyncio.create_task(scene.channel.listen())
        for update in updates:
            scene.bench.server.notify(update.body)
        await until(lambda: len(scene.box.kept()) == 4)
        assert scene.box.position("homes", "notifications") is None
        scene.box.put = put
        await until(lambda: len(scene.box.kept()) == 5)
        await scene.bench._looked(listening)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        assert scene.box.position("homes", "notifications").uid == 1004


async def test_a_letter_whose_answer_was_lost_is_posted_again_under_the_same_key(scene_of):
    async with scene_of() as scene:
        scene.bench.refuse("timeout_after_accept")
        sent = await scene.channel.send(scene.letter("Reference LBL-26-4F7K2P-9D."))
        keys = [asked.headers["idempotency-key"] for asked in scene.bench.server.asked if asked.method == "POST"]
        assert len(keys) == 2 and len(set(keys)) == 1
        assert len(scene.bench.server.posted) == 1 and sent.provider_id == scene.bench.server.posted[0]["id"]


async def test_the_parts_of_a_letter_that_are_there_are_not_posted_again(scene_of):
    async with scene_of() as scene:
        letter = scene.letter("\n\n".join(f"Paragraph {number}: " + "word " * 60 for number in range(1, 6)))
        server, usual = scene.bench.server, scene.bench.server._post
        server._post = lambda asked: usual(asked) if len(server.posted) < 2 else Said(503, None)
        with pytest.raises(TemporaryFailure):
            await scene.channel.send(letter)
        assert len(server.posted) == 2
        server._post = usual
        await scene.build().send(letter)
        texts = [status["text_as_sent"] for status in server.posted]
        assert len(texts) == len(set(texts)) == 5


async def test_a_letter_older_than_its_key_is_looked_for_before_it_is_posted_again(scene_of):
    async with scene_of() as scene:
        letter = scene.letter("One. " * 150 + "Reference LBL-26-4F7K2P-9D & more.\n\nGoodbye.")
        await scene.channel.send(letter)
        posted = len(scene.bench.server.posted)
        scene.clock.at = NOON + timedelta(hours=2)
        scene.bench.server.keys.clear()
        await scene.build().send(letter)
        assert posted > 1 and len(scene.bench.server.posted) == posted


async def test_the_same_sentence_in_another_letter_is_another_letter(scene_of):
    async with scene_of() as scene:
        await scene.channel.send(scene.letter("Please write to us privately."))
        scene.clock.at = NOON + timedelta(hours=2)
        later = scene.letter("Please write to us privately.", number=2)
        scene.clock.at = NOON + timedelta(hours=4)
        await scene.channel.send(later)
        assert len(scene.bench.server.posted) == 2


async def test_a_pause_that_the_server_asked_for_is_kept(scene_of):
    async with scene_of() as scene:
        channel, server = scene.channel, scene.bench.server
        await channel.send(scene.letter("first"))
        server.how, usual = "429", server._post

        def long_pause(asked):
            said = usual(asked)
            if said.status == 429:
                said.headers["X-RateLimit-Reset"] = "2999-01-01T00:00:00.000000Z"
            return said

        server._post = long_pause
        with pytest.raises(TemporaryFailure, match="pause of 900 seconds"):
            await channel.send(scene.letter("second", number=2))
        asked = len(server.asked)
        with pytest.raises(TemporaryFailure, match="left alone"):
            await channel.send(scene.letter("third", number=3))
        assert len(server.asked) == asked


@pytest.mark.parametrize("account", [None, {"id": "1", "acct": "x", "suspended": True}])
async def test_somebody_who_is_no_longer_there_is_told_from_somebody_who_says_no(scene_of, account):
    async with scene_of() as scene:
        letter, person = scene.letter("hello"), scene.bench.person(1).rpartition(":")[2]
        scene.bench.server.people.pop(person)
        scene.bench.server.people |= {person: account} if account else {}
        with pytest.raises(RouteClosed) as caught:
            await scene.channel.send(letter)
        assert caught.value.code == "gone"


async def test_a_letter_that_nobody_was_shown_is_no_letter(scene_of):
    async with scene_of() as scene:
        server = scene.bench.server
        await scene.channel.send(scene.letter("first"))
        server._relationships = lambda asked: [{"id": "1", "blocked_by": False}]
        server.blocked_by |= set(server.people)
        with pytest.raises(PermanentFailure, match="nobody"):
            await scene.channel.send(scene.letter("second", number=2))


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/a.jpg",
        "https://127.0.0.2/a.jpg",
        "https://10.0.0.7/a.jpg",
        "https://[::1]/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/a.jpg",
        "https://printer.local/a.jpg",
        "https://intranet/a.jpg",
        "https://elsewhere.example:8443/a.jpg",
        "file:///etc/passwd",
        "gopher://elsewhere.example/",
        "",
    ],
)
async def test_no_file_leads_us_to_machines_that_only_we_can_reach(scene_of, url):
    async with scene_of() as scene:
        asked = len(scene.bench.server.asked)
        for reference in (url, f"{scene.bench.server.url}/media/leads?{url}"):
            scene.bench.server._media = lambda _: Said(302, b"", {"Location": url})
            with pytest.raises(PermanentFailure):
                await scene.channel.fetch(FileToFetch(reference=json.dumps({"url": reference})))
        assert len(scene.bench.server.asked) <= asked + 3


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("social.example", "https://social.example"),
        ("https://social.example/", "https://social.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://social.example", None),
        ("https://me:secret@social.example", None),
        ("ftp://social.example", None),
        ("https://social.example/?a=b", None),
    ],
)
def test_the_servers_address_is_https_or_this_machine(given, taken, tmp_path):
    if taken is None:
        with pytest.raises(ValueError):
            mastodon.Settings(base_url=given, token_file=tmp_path)
    else:
        assert mastodon.Settings(base_url=given, token_file=tmp_path).base_url == taken


async def test_a_token_that_cannot_be_read_or_is_refused_loses_nothing_and_is_told(scene_of):
    async with scene_of() as scene:
        channel = scene.channel
        for text in (None, "another token"):
            file = scene.folder / "mastodon.token"
            file.unlink() if text is None else file.write_text(text)
            with pytest.raises(TemporaryFailure):
                await channel.send(scene.letter("hello"))
        listening = asyncio.create_task(channel.listen())
        await until(lambda: any(error and "login" in error for _, _, error in scene.box.health))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_door_that_is_shut_leaves_the_account_to_whoever_comes_next(scene_of):
    async with scene_of() as scene:
        listening = asyncio.create_task(scene.channel.listen())
        await until(lambda: scene.box.health)
        assert not scene.box.hold("homes", "another process", 60)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        assert scene.box.hold("homes", "another process", 60)


@pytest.mark.parametrize("longest", [480, 2000])
async def test_a_name_that_leaves_no_room_for_words_is_a_failure_and_no_endless_letter(scene_of, longest):
    async with scene_of() as scene:
        id_ = scene.bench.person(3).rpartition(":")[2]
        scene.bench.server.people[id_] = {**OTHER, "id": id_, "acct": "a" * longest + "@elsewhere.example"}
        with pytest.raises(PermanentFailure, match="no room"):
            await scene.channel.send(scene.letter("hello", person=3))


async def test_short_links_count_for_more_than_they_are_long_and_none_is_lost(scene_of):
    async with scene_of() as scene:
        said = " ".join(f"http://a.uk/{number}" for number in range(10, 90))
        await scene.channel.send(scene.letter(said))
        sent = " ".join(status["text_as_sent"].partition(" ")[2] for status in scene.bench.server.posted)
        assert sent.split() == said.split()


async def test_an_account_that_may_not_write_keeps_its_letters_waiting(scene_of):
    async with scene_of() as scene:
        scene.bench.server._post = lambda asked: Said(403, {"error": "This action is outside the authorized scopes"})
        with pytest.raises(TemporaryFailure, match="mend"):
            await scene.channel.send(scene.letter("hello"))


async def test_an_old_letter_is_looked_for_behind_all_that_went_since(scene_of):
    async with scene_of() as scene:
        first = scene.letter("the letter", number=1)
        await scene.channel.send(first)
        for number in range(2, 60):
            await scene.channel.send(scene.letter(f"letter {number}", person=number % 5, number=number))
        scene.clock.at = NOON + timedelta(hours=2)
        scene.bench.server.keys.clear()
        scene.build()
        await scene.channel.send(first)
        assert [status["text_as_sent"].partition(" ")[2] for status in scene.bench.server.posted].count("the letter") == 1
