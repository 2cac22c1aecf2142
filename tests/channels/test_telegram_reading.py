"""What an update of the Bot API comes to: its name, its act, its words and its files; and what nobody can make sense of."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity import identity_of
from intake.reading import read
from intake.telegram_bot.arrivals import arrival_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp()) - 60
QUIET = timedelta(seconds=8)
ADA = {"id": 4711, "is_bot": False, "first_name": "Ada", "last_name": "Resident", "username": "ada"}
CHAT = {"id": 4711, "type": "private", "first_name": "Ada"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Tenants of Block C"}
BOT = {"id": 99, "is_bot": True, "first_name": "Some bot"}
HELD = {"file_id": "AgAC-1", "file_unique_id": "AQAD1"}


def message(kind="message", **content):
    told = {"message_id": 17, "from": ADA, "chat": CHAT, "date": AT}
    return {"update_id": 5, kind: told | content}


def arrived(update, account="housing-bot"):
    kept = arrival_of(update, account, NOW, QUIET)
    return kept, read(kept.raw, kept.media_type, kept.received_at)


def test_a_message_is_named_by_chat_and_number_whatever_the_update_is_called():
    first, _ = arrived(message(text="No heating") | {"update_id": 5})
    again, _ = arrived(message(text="No heating") | {"update_id": 9_000_000})
    assert first.external_id == again.external_id == "4711/17"


def test_words_sender_and_time_are_read_from_the_kept_bytes():
    kept, reading = arrived(message(text="No heating since Monday"))
    assert (reading.new_text, reading.text) == ("No heating since Monday", "No heating since Monday")
    assert reading.new_ranges == ((0, 23),)
    assert (reading.sender.address, reading.sender.name) == ("telegram:housing-bot:4711", "Ada Resident")
    assert identity_of(reading.sender.address).user == "4711"
    assert reading.date == kept.received_at == datetime.fromtimestamp(AT, UTC)
    assert (reading.channel_kind, reading.chat.act, reading.chat.machine) == ("chat", "message", False)
    assert kept.quiet == QUIET


def test_markup_is_left_alone_and_fields_of_tomorrow_pass_through():
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://elsewhere.example"}]
    kept, reading = arrived(message(text="here *it* is", entities=entities, aura={"colour": "green"}))
    assert reading.new_text == "here *it* is" and reading.problems == () and not reading.unreadable
    assert json.loads(kept.raw)["update"]["message"]["aura"] == {"colour": "green"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"caption": "look at this", "photo": [HELD]}, "look at this"),
        ({"location": {"latitude": 51.4, "longitude": -0.02}}, "[location: 51.4, -0.02]"),
        (
            {
                "location": {"latitude": 51.4, "longitude": -0.02},
                "venue": {"title": "Block C", "address": "1 High St", "location": {"latitude": 51.4, "longitude": -0.02}},
            },
            "[venue: Block C, 1 High St, 51.4, -0.02]",
        ),
        (
            {"contact": {"phone_number": "+447700900123", "first_name": "Bo", "last_name": "Neighbour"}},
            "[contact: Bo Neighbour, +447700900123]",
        ),
        ({"poll": {"question": "Damp?", "options": [{"text": "yes"}, {"text": "no"}]}}, "[poll: Damp? / yes / no]"),
        ({"checklist": {"title": "Repairs", "tasks": [{"id": 1, "text": "boiler"}]}}, "[checklist: Repairs / boiler]"),
        ({"sticker": HELD | {"emoji": "😡", "width": 1}}, "[sticker: 😡]"),
        ({"sticker": HELD}, "[sticker]"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "[dice: 🎲 4]"),
        ({"story": {"chat": GROUP, "id": 1}}, "[story]"),
        ({"text": "my neighbour wrote this", "forward_origin": {"type": "user"}}, "[forwarded]\nmy neighbour wrote this"),
        ({"text": "a\x00b\ud83d"}, "ab\ufffd"),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_whatever_a_resident_sends_has_words(content, words):
    _, reading = arrived(message(**content))
    assert reading.new_text == words
    assert not reading.unreadable and reading.problems == ()


@pytest.mark.parametrize(
    ("content", "name", "type_", "size"),
    [
        (
            {
                "photo": [
                    HELD | {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
                    HELD | {"file_id": "AgAC-1", "width": 1280, "height": 960, "file_size": 90_000},
                    HELD | {"file_id": "middle", "width": 320, "height": 240, "file_size": 9000},
                ]
            },
            "photo-17.jpg",
            "image/jpeg",
            90_000,
        ),
        ({"voice": HELD | {"duration": 4, "mime_type": "audio/ogg", "file_size": 10}}, "voice-17.ogg", "audio/ogg", 10),
        ({"audio": HELD | {"file_name": "noise.m4a", "mime_type": "audio/mp4"}}, "noise.m4a", "audio/mp4", None),
        ({"video": HELD | {"file_size": 30_000_000_000}}, "video-17.mp4", "video/mp4", 30_000_000_000),
        ({"video_note": HELD | {"length": 240}}, "video_note-17.mp4", "video/mp4", None),
        ({"document": HELD | {"file_name": "a\nb.pdf", "mime_type": "application/pdf"}}, "a b.pdf", "application/pdf", None),
        ({"document": HELD}, "document-17", None, None),
        ({"animation": HELD, "document": HELD | {"file_id": "the same"}}, "animation-17.mp4", "video/mp4", None),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(value),
)
def test_a_file_is_noted_once_for_fetching(content, name, type_, size):
    kept, reading = arrived(message(**content))
    (file,) = kept.files
    assert json.loads(file.reference) == {"file_id": "AgAC-1"}
    assert (file.name, file.type, file.size) == (name, type_, size)
    assert not reading.unreadable


@pytest.mark.parametrize(("quiet", "waits"), [(0, 2), (1, 2), (8, 8)])
def test_pictures_of_an_album_wait_for_each_other(quiet, waits):
    album = message(photo=[HELD], media_group_id="1234")
    assert arrival_of(album, "bot", NOW, timedelta(seconds=quiet)).quiet == timedelta(seconds=waits)
    assert arrival_of(message(text="alone"), "bot", NOW, timedelta(seconds=quiet)).quiet == timedelta(seconds=quiet)


def test_an_edit_is_a_version_of_its_own_about_the_first():
    kept, reading = arrived(message("edited_message", text="No heating, no water", edit_date=AT + 30))
    assert (kept.act, kept.quiet) == ("edit", timedelta(0))
    assert reading.chat.about == "4711/17" and kept.external_id.startswith(f"4711/17:edit:{AT + 30}")
    assert reading.new_text == "No heating, no water"
    assert reading.chat.happened_at == kept.received_at == datetime.fromtimestamp(AT + 30, UTC)


def test_two_edits_within_a_second_are_two_and_one_that_changed_nothing_seen_is_none():
    def name(**content):
        return arrived(message("edited_message", edit_date=AT + 30, **content))[0].external_id

    assert name(text="first") != name(text="second")
    assert name(text="first") == name(text="first", link_preview_options={"is_disabled": True})
    assert name(caption="c", photo=[HELD]) != name(caption="c", photo=[HELD | {"file_unique_id": "another"}])


def test_of_a_live_location_one_position_in_ten_minutes_is_kept():
    def name(minute):
        place = {"latitude": 51.4 + minute / 1000, "longitude": -0.02, "live_period": 3600}
        moment = AT - AT % 600 + 60 * minute
        return arrived(message("edited_message", edit_date=moment, location=place))[0].external_id

    assert len({name(minute) for minute in range(60)}) == 6


def test_a_pressed_button_says_which_and_under_which_letter():
    markup = {"inline_keyboard": [[{"text": "A new problem", "callback_data": "problem/LBL-26-4F7K2P-9D"}]]}
    letter = {"message_id": 18, "from": BOT, "chat": CHAT, "date": AT, "text": "What is it?", "reply_markup": markup}
    query = {"id": "8081", "from": ADA, "message": letter, "chat_instance": "1", "data": "problem/LBL-26-4F7K2P-9D"}
    kept, reading = arrived({"update_id": 6, "callback_query": query})
    assert (kept.external_id, kept.act, kept.conversation) == ("press:8081", "press", "telegram:housing-bot:4711")
    assert (reading.chat.pressed, reading.chat.about) == ("problem/LBL-26-4F7K2P-9D", "4711/18")
    assert reading.new_text == "A new problem" and not reading.unreadable and not reading.chat.machine
    _, old = arrived({"callback_query": {key: value for key, value in query.items() if key != "message"}})
    assert (old.chat.conversation, old.chat.about) == ("telegram:housing-bot:4711", None)


@pytest.mark.parametrize(
    ("chat", "status", "act"),
    [
        (CHAT, "kicked", "blocked"),
        (CHAT, "member", "back"),
        (GROUP, "member", "public"),
        (GROUP, "administrator", "public"),
        (GROUP, "kicked", "blocked"),
        (GROUP, "left", "blocked"),
    ],
)
def test_whether_we_may_write_is_told_by_our_own_membership(chat, status, act):
    change = {"chat": chat, "from": ADA, "date": AT, "new_chat_member": {"user": BOT, "status": status}}
    kept, reading = arrived({"my_chat_member": change})
    assert (kept.act, reading.chat.act) == (act, act)
    assert kept.conversation == f"telegram:housing-bot:{chat['id']}" and not reading.unreadable


def test_the_start_button_only_allows_us_to_write_and_words_after_it_are_words():
    assert arrived(message(text="/start"))[1].chat.act == "back"
    assert arrived(message(text="/start"))[1].new_text == ""
    _, asked = arrived(message(text="/start leak"))
    assert (asked.chat.act, asked.new_text) == ("message", "/start leak")


@pytest.mark.parametrize("chat", [GROUP, {"id": -5, "type": "group"}, {"id": -1009, "type": "channel"}])
@pytest.mark.parametrize("kind", ["message", "edited_message", "channel_post"])
def test_what_is_said_where_others_read_is_public_and_answered_there(chat, kind):
    kept, reading = arrived(message(kind, text="No heating", chat=chat))
    assert kept.act == reading.chat.act == "public" and kept.quiet == timedelta(0)
    assert kept.conversation == reading.chat.conversation == f"telegram:housing-bot:{chat['id']}"
    assert reading.sender.address == "telegram:housing-bot:4711"


def test_pictures_that_people_show_each_other_in_a_group_are_not_fetched():
    kept, reading = arrived(message(chat=GROUP, photo=[HELD], caption="look"))
    assert kept.files == () and reading.chat.act == "public" and reading.new_text == "look"


def test_a_reply_says_what_it_answers():
    _, reading = arrived(message(text="yes", reply_to_message={"message_id": 12, "chat": CHAT, "date": AT}))
    assert reading.chat.about == "4711/12" and reading.in_reply_to == ("4711/12",)


def test_what_a_bot_writes_is_marked_as_a_machines():
    assert arrived(message(text="beep") | {"message": message(text="beep")["message"] | {"from": BOT}})[1].chat.machine


def test_what_the_app_writes_by_itself_waits_for_nobody():
    _, reading = arrived(message(message_auto_delete_timer_changed={"message_auto_delete_time": 86_400}))
    assert reading.chat.machine and not reading.unreadable
    assert reading.new_text == "[message auto delete timer changed]"


def test_an_unknown_type_waits_for_a_person_and_says_which():
    kept, reading = arrived(message(hologram={"of": "a boiler"}))
    assert reading.unreadable and reading.problems == ("unsupported:hologram",)
    assert kept.external_id == "4711/17" and kept.problem is None
    assert reading.sender.name == "Ada Resident"


ODD = [
    None,
    [],
    "text",
    7,
    {},
    {"update_id": 5},
    {"message": None},
    {"message": {}},
    {"message": {"message_id": 1}},
    {"message": {"message_id": 1, "chat": {"id": "4711"}}},
    {"message": {"message_id": True, "chat": CHAT}},
    {"message": {"message_id": 1 << 64, "chat": CHAT}},
    {"message": {"message_id": 1, "chat": {"id": 10**300}}},
    {"callback_query": {"id": "", "data": "x", "from": ADA}},
    {"callback_query": {"id": "1", "from": ADA}},
    {"my_chat_member": {"chat": CHAT, "new_chat_member": {}}},
    {"inline_query": {"id": "1", "from": ADA, "query": "x"}},
]


@pytest.mark.parametrize("update", ODD, ids=lambda value: str(value)[:60])
def test_an_update_of_no_known_shape_is_kept_and_waits_for_a_person(update):
    kept, reading = arrived(update)
    assert kept.problem and kept.external_id.startswith("unread:") and kept.act is None and kept.conversation is None
    assert json.loads(kept.raw)["update"] == update
    assert reading.unreadable


def test_an_odd_update_told_again_under_another_number_is_the_same():
    first, second = {"update_id": 1, "message": [1]}, {"update_id": 2, "message": [1]}
    assert arrived(first)[0].external_id == arrived(second)[0].external_id
    assert arrived({"update_id": 1, "message": [2]})[0].external_id != arrived(first)[0].external_id


@pytest.mark.parametrize(
    "date",
    [AT + 3600, AT - 31 * 86_400, 0, -5, 1 << 62, 10**30, "yesterday", None, True, 1.5],
    ids=lambda value: str(value)[:20],
)
def test_a_time_that_cannot_be_true_is_that_of_arrival(date):
    kept, reading = arrived(message(text="when?", date=date))
    assert kept.received_at == NOW and reading.date == NOW


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "text",
    "caption",
    "photo",
    "document",
    "voice",
    "location",
    "venue",
    "contact",
    "poll",
    "sticker",
    "dice",
    "checklist",
)
MORE = (
    "from",
    "date",
    "edit_date",
    "reply_to_message",
    "media_group_id",
    "forward_origin",
    "video",
    "animation",
    "reply_markup",
)


@given(
    kind=st.sampled_from(["message", "edited_message"]),
    content=st.dictionaries(st.sampled_from([*FIELDS, *MORE]), anything, max_size=4),
)
def test_no_content_however_odd_keeps_a_message_from_being_kept_and_read(kind, content):
    kept, reading = arrived(message(kind, **copy.deepcopy(content)))
    assert kept.problem is None and kept.external_id.startswith("4711/17")
    assert not any(problem.startswith("could_not_be_read") for problem in reading.problems)
    assert "\x00" not in reading.text and reading.text.encode("utf-8") is not None


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"account": 3}', b'{"account": "Big Bot", "update": {}}', b"[" * 100_000])
def test_bytes_that_are_no_kept_update_are_unreadable_and_no_fault(raw):
    reading = read(raw, "application/vnd.council-intake.telegram+json", NOW)
    assert reading.unreadable and reading.problems
