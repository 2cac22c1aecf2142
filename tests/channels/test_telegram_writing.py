"""How a Telegram bot writes: parts, buttons, its pace, what each refusal means; and how it fetches files and is set up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.scenes import NOON
from channels.telegram_scene import scene_of
from desk.logs import CHATTY
from intake.channel import PermanentFailure, RouteClosed, TemporaryFailure, UncertainOutcome
from intake.channels import telegram
from intake.chat import Button, FileToFetch
from intake.splitting import split
from intake.telegram_bot.pace import Pace
from intake.telegram_bot.parts import parts_of
from intake.telegram_bot.settings import CLOUD_LIMIT
from standins.telegram import ACCEPTED, TOKEN, Held

REFERENCE = "LBL-26-4F7K2P-9D"
GROUP = -1001234567890


@pytest.fixture
def open_scene(store, tmp_path):
    return lambda: scene_of(store, tmp_path, NOON)


async def test_each_button_is_a_row_of_its_own_under_the_last_part(open_scene):
    async with open_scene() as scene:
        buttons = (
            Button(label="A new problem", payload=f"problem/{REFERENCE}"),
            Button(label="Something else", payload="else"),
        )
        await scene.build().send(scene.letter("First.\n\n" + "word " * 900, buttons=buttons))
        first, last = scene.api.letters
        assert "reply_markup" not in first
        assert last["reply_markup"]["inline_keyboard"] == [
            [{"text": "A new problem", "callback_data": f"problem/{REFERENCE}"}],
            [{"text": "Something else", "callback_data": "else"}],
        ]


async def test_links_are_not_previewed_and_words_are_no_markup(open_scene):
    async with open_scene() as scene:
        await scene.build().send(scene.letter("*see* https://landlord.example/case_1"))
        (letter,) = scene.api.letters
        assert letter["link_preview_options"] == {"is_disabled": True} and "parse_mode" not in scene.calls("sendMessage")[0]


@pytest.mark.parametrize(
    ("answers", "linked"),
    [("40000001/17", 17), ("40000001/17:edit:1-ab", 17), ("40000002/17", None), ("press:8081", None), (None, None)],
)
async def test_a_letter_is_a_reply_to_the_message_it_answers_in_that_chat(open_scene, answers, linked):
    async with open_scene() as scene:
        sent = await scene.build().send(scene.letter(in_reply_to=answers))
        assert list(scene.api.answers_to.values()) == [linked]
        assert sent.provider_id == "40000001/500000"


@pytest.mark.parametrize(
    ("prepare", "failure", "code"),
    [
        (lambda api, chat: api.blocked_by.add(chat), RouteClosed, "blocked"),
        (lambda api, chat: api.deactivated.add(chat), RouteClosed, "gone"),
        (lambda api, chat: api.chats.pop(chat), RouteClosed, "gone"),
        (lambda api, chat: setattr(api, "how", "refused"), PermanentFailure, None),
        (lambda api, chat: setattr(api, "how", "nonsense"), UncertainOutcome, None),
        (lambda api, chat: setattr(api, "how", "busy"), TemporaryFailure, None),
        *((lambda api, chat, how=how: setattr(api, "how", how), UncertainOutcome, None) for how in ACCEPTED),
    ],
    ids=["blocked", "deactivated", "unknown", "refused", "nonsense", "busy", *ACCEPTED],
)
async def test_what_telegram_refuses_says_what_to_do_next(open_scene, prepare, failure, code):
    async with open_scene() as scene:
        prepare(scene.api, 40_000_001)
        with pytest.raises(failure) as caught:
            await scene.build().send(scene.letter())
        assert type(caught.value) is failure and getattr(caught.value, "code", None) == code


@pytest.mark.parametrize("token", ["7654321:AAF-not-the-token_of-this-bot_01234", "nothing of the kind", None])
async def test_a_wrong_token_loses_no_letter_and_staff_are_told(open_scene, token):
    async with open_scene() as scene:
        channel, path = scene.build(), scene.folder / "telegram.token"
        path.unlink() if token is None else path.write_text(token)
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter())
        assert "token" in scene.errors()[0]
        path.write_text(TOKEN)
        await channel.send(scene.letter())
        assert len(scene.api.letters) == 1


@pytest.mark.parametrize(
    "recipient", ["ada@resident.example", "telegram:another-bot:4711", "whatsapp:housing-bot:4711", "telegram:housing-bot:ada"]
)
async def test_a_letter_for_somebody_else_is_not_sent(open_scene, recipient):
    async with open_scene() as scene:
        with pytest.raises(PermanentFailure):
            await scene.build().send(scene.letter(recipient=recipient))
        assert scene.calls("sendMessage") == []


async def test_a_letter_without_words_is_for_a_person(open_scene):
    async with open_scene() as scene:
        with pytest.raises(PermanentFailure):
            await scene.build().send(scene.letter(" \n "))


async def test_a_group_that_moved_gets_its_letter_where_it_is_now(open_scene):
    async with open_scene() as scene:
        scene.api.chats |= {-5: {"id": -5, "type": "group"}, GROUP: {"id": GROUP, "type": "supergroup", "title": "Block C"}}
        scene.api.moved[-5] = GROUP
        sent = await scene.build(group_pause=0).send(scene.letter(recipient="telegram:housing-bot:-5"))
        assert [letter["chat"]["id"] for letter in scene.api.letters] == [GROUP]
        assert sent.provider_id == f"{GROUP}/500000"


async def test_a_letter_that_stopped_between_two_parts_goes_on_from_there(open_scene):
    async with open_scene() as scene:
        channel = scene.build(patience=0.5, chat_pause=1)
        text = "First part. " * 400 + "\n\n" + "Second part. " * 20
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter(text))
        assert len(scene.api.letters) == 1
        await asyncio.sleep(1)
        sent = await channel.send(scene.letter(text))
        assert len(scene.api.letters) == 2 and sent.provider_id == "40000001/500001"
        assert "Second part" in scene.api.letters[1]["text"]


async def test_a_letter_that_is_sent_on_to_another_chat_begins_there_with_its_first_words(open_scene):
    async with open_scene() as scene:
        scene.api.chats[40_000_002] = scene.api.chats[40_000_001] | {"id": 40_000_002}
        channel = scene.build(patience=0.5, chat_pause=30)
        text = "First part. " * 400 + "\n\n" + "Second part. " * 20
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter(text))
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter(text, person=2))
        assert [letter["text"].startswith("First part") for letter in scene.api.letters] == [True, True]
        assert [letter["chat"]["id"] for letter in scene.api.letters] == [40_000_001, 40_000_002]


async def test_a_line_cut_after_the_letter_went_out_leaves_its_fate_unknown(open_scene):
    taken = []

    async def swallow(reader, writer):
        taken.append(await reader.readuntil(b"text="))
        writer.transport.abort()

    async with open_scene() as scene, await asyncio.start_server(swallow, "127.0.0.1", 0) as server:
        channel = scene.build(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(UncertainOutcome):
            await channel.send(scene.letter())
        assert taken


async def test_letters_share_a_connection_that_stays_open(open_scene):
    """The stand-in closes after each answer; Telegram does not."""
    lines, answer = (
        [],
        json.dumps({"ok": True, "result": {"message_id": 5, "date": 1, "chat": {"id": 40_000_001, "type": "private"}}}),
    )

    async def talk(reader, writer):
        lines.append(0)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                size = next(
                    int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
                )
                await reader.readexactly(size)
                writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n{answer}".encode())
                lines[-1] += 1
        writer.close()

    async with open_scene() as scene, await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        channel = scene.build(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        for number in range(3):
            assert (await channel.send(scene.letter(f"letter {number}"))).provider_id == "40000001/5"
        await channel.close()
        assert lines == [3]


async def test_not_even_the_most_talkative_log_holds_token_or_words(open_scene, caplog):
    async with open_scene() as scene:
        for name in (None, *CHATTY):
            caplog.set_level(logging.DEBUG, logger=name)
        channel = scene.build()
        await scene.bench.bring(channel, [scene.bench.words(1, "Xylophone")])
        await channel.send(scene.letter("You wrote Xylophone"))
        scene.api.how = "nonsense"
        with pytest.raises(UncertainOutcome):
            await channel.send(scene.letter("You wrote Xylophone"))
        assert caplog.records
        assert not [record for record in caplog.records if TOKEN in f"{vars(record)}" or "Xylophone" in f"{vars(record)}"]


async def test_a_pause_that_telegram_asks_for_in_one_chat_delays_no_other_and_in_two_everybody(open_scene):
    async with open_scene() as scene:
        scene.api.retry_after = 3600
        channel = scene.build()
        for person, is_paused in ((1, True), (2, False), (3, True), (4, False)):
            scene.api.chats[40_000_000 + person] = scene.api.chats[40_000_001] | {"id": 40_000_000 + person}
            scene.api.how = "429" if is_paused else None
            with pytest.raises(TemporaryFailure) if person != 2 else contextlib.nullcontext():
                await channel.send(scene.letter(person=person))
        with pytest.raises(TemporaryFailure):
            await channel.send(scene.letter(person=1))
        assert [int(fields["chat_id"]) for fields in scene.calls("sendMessage")] == [40_000_001, 40_000_002, 40_000_003]


class Watch:
    """A watch that goes on only while somebody sleeps."""

    def __init__(self):
        self.at = 1000.0

    async def sleep(self, seconds):
        self.at += seconds


def pace_of(**changes):
    watch = Watch()
    settings = telegram.Settings(token_file="t", **changes)
    return Pace(settings, lambda: watch.at, watch.sleep), watch


@pytest.mark.parametrize(("chat", "seconds"), [(4711, 9), (GROUP, 27)])
async def test_one_chat_gets_a_letter_a_second_and_a_group_twenty_a_minute(chat, seconds):
    pace, watch = pace_of()
    for _ in range(10):
        await pace.turn(chat)
    assert watch.at - 1000 == pytest.approx(seconds)


async def test_all_chats_together_get_thirty_letters_a_second():
    pace, watch = pace_of()
    for chat in range(301):
        await pace.turn(chat)
    assert watch.at - 1000 == pytest.approx(10)


async def test_a_pause_that_telegram_asks_for_twice_holds_for_everybody():
    pace, watch = pace_of()
    pace.pause(1, 12)
    await pace.turn(2)
    assert watch.at == 1000
    await pace.turn(1)
    assert watch.at - 1000 == pytest.approx(12)
    pace.pause(1, 3600)
    pace.pause(3, 3600)
    with pytest.raises(TemporaryFailure):
        await pace.turn(2)
    watch.at += 3600
    await pace.turn(2)


async def test_a_second_letter_to_a_group_keeps_nobody_else_waiting():
    settings, sleeps = telegram.Settings(token_file="t"), []

    async def sleep(seconds):
        sleeps.append(seconds)

    pace = Pace(settings, lambda: 1000.0, sleep)
    for chat in (GROUP, GROUP, 1, 2):
        await pace.turn(chat)
    assert sleeps == [pytest.approx(3), pytest.approx(2 / 30), pytest.approx(3 / 30)]


async def test_the_pace_forgets_chats_long_past():
    pace, watch = pace_of(per_second=1_000_000)
    for chat in range(30_000):
        watch.at += 0.01
        await pace.turn(chat)
    assert len(pace._next_in_chat) <= 10_001


@given(
    st.lists(st.sampled_from(["damp", REFERENCE, "No.", "heating\n\n", "\n", "😡", "é", "x" * 60]), max_size=80),
    st.integers(min_value=32, max_value=90),
)
def test_parts_hold_every_word_within_the_limit(words, longest):
    text = " ".join(words)
    parts = parts_of(text, longest)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= longest and part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert sum(part.count(REFERENCE) for part in parts) == text.count(REFERENCE)


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("", 10, []),
        (" \n", 10, []),
        ("short", 10, ["short"]),
        ("one two.\n\nthree four", 12, ["one two.", "three four"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("😡😡😡😡😡😡", 8, ["😡😡😡😡", "😡😡"]),
    ],
)
def test_a_letter_is_cut_where_it_hurts_least(text, longest, parts):
    assert parts_of(text, longest) == parts


def test_a_letter_without_strange_signs_is_sent_in_the_parts_that_were_previewed():
    text = "\n\n".join(f"Point {number}. " + "The boiler is off – again, says «Ada». " * 20 for number in range(20))
    assert parts_of(text) == split(text, 4096) and len(parts_of(text)) > 3


def file(**told):
    return FileToFetch(reference=json.dumps({"file_id": "f"}), **told)


@pytest.mark.parametrize(
    ("reference", "failure"),
    [
        ('{"file_id": "unknown"}', PermanentFailure),
        ("{}", PermanentFailure),
        ("[", PermanentFailure),
        ('{"file_id": 7}', PermanentFailure),
    ],
)
async def test_a_file_that_is_gone_or_never_was_is_given_up(open_scene, reference, failure):
    async with open_scene() as scene:
        with pytest.raises(failure):
            await scene.build().fetch(FileToFetch(reference=reference))


async def test_a_file_that_telegram_finds_too_big_is_said_to_be(open_scene):
    async with open_scene() as scene:
        scene.api.files["f"] = Held(b"x", "documents/f", CLOUD_LIMIT + 1)
        with pytest.raises(PermanentFailure, match=r"larger than the 20 MB .* by email"):
            await scene.build().fetch(file())


async def test_a_file_whose_path_has_gone_or_whose_server_is_away_is_tried_again(open_scene):
    async with open_scene() as scene:
        channel = scene.build()
        scene.api.files["f"] = Held(b"x", "documents/f")
        scene.api.lost.add("documents/f")
        with pytest.raises(TemporaryFailure):
            await channel.fetch(file())
        scene.api.go_away()
        with pytest.raises(TemporaryFailure):
            await channel.fetch(file())


async def test_a_local_server_lays_files_down_and_knows_no_twenty_megabytes(open_scene, tmp_path):
    async with open_scene() as scene:
        folder = tmp_path / "bot-api"
        folder.mkdir()
        (folder / "large").write_bytes(b"x" * 3000)
        channel = scene.build(local_files=folder, max_file_size=200 * 1024 * 1024)
        scene.api.files["f"] = Held(b"", str(folder / "large"), CLOUD_LIMIT * 2)
        assert (await channel.fetch(file(size=CLOUD_LIMIT * 2))).content == b"x" * 3000
        small = scene.build(local_files=folder, max_file_size=2000)
        scene.api.files["f"] = Held(b"", str(folder / "large"), 10)
        with pytest.raises(PermanentFailure, match="larger"):
            await small.fetch(file())


@pytest.mark.parametrize("path", ["/etc/passwd", "{folder}/../secret", "{folder}/link"])
async def test_nothing_outside_the_local_servers_folder_is_read(open_scene, tmp_path, path):
    async with open_scene() as scene:
        folder, secret = tmp_path / "bot-api", tmp_path / "secret"
        folder.mkdir()
        secret.write_bytes(b"secret")
        (folder / "link").symlink_to(secret)
        scene.api.files["f"] = Held(b"", path.format(folder=folder))
        with pytest.raises(PermanentFailure, match="does not lie in the folder"):
            await scene.build(local_files=folder).fetch(file())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"base_url": "http://127.0.0.1:8081"},
        {"base_url": "http://telegram-bot-api:8081/"},
        {"base_url": "http://10.0.0.7:8081"},
        {"base_url": "https://bots.landlord.example/api"},
        {"webhook_url": "https://l.example/hooks/b", "webhook_secret_file": "s"},
    ],
    ids=str,
)
def test_settings_that_hold(given):
    assert telegram.Settings(token_file="t", **given).kind == "telegram"


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": "http://api.telegram.org"},
        {"base_url": "http://8.8.8.8"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://"},
        {"base_url": "https://x.example?a=b"},
        {"webhook_url": "https://l.example/hooks/b"},
        {"webhook_secret_file": "s"},
        {"webhook_url": "http://l.example/hooks/b", "webhook_secret_file": "s"},
        {"account": "Big Bot"},
        {"account": "a:b"},
        {"token": "7654321:AAF"},
        {"poll_seconds": 51},
        {"batch": 101},
    ],
    ids=str,
)
def test_settings_that_do_not(given):
    with pytest.raises(ValidationError):
        telegram.Settings(token_file="t", **given)
