"""The channel of the web chat: its document comes out as it went in, and its letters are for its own residents."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.channel import Channel, PermanentFailure, Reply
from intake.channels import webchat
from intake.chat import FileToFetch, media_type_of
from intake.contact import attachment
from intake.identity import Identity
from intake.reading import read
from intake.storable import storable
from intake.webchat.document import Said, of_chat, of_page

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADA = Identity(channel="webchat", account="chat", user="a" * 32)
QUIET = timedelta(seconds=5)


def chat(**said):
    return of_chat(Said(**({"once": "1", "at": AT} | said)), ADA, QUIET)


def page(**said):
    return of_page(Said(**({"once": "1", "at": AT} | said)), reference="LBL-26-4F7K2P-9D", party="ada@resident.example")


def reading_of(message):
    return read(message.raw, message.media_type, message.received_at)


@given(words=st.text(max_size=300), pressed=st.none() | st.text("abc/123", min_size=1, max_size=60))
def test_what_was_said_comes_out_as_it_went_in(words, pressed):
    message = chat(words=words, pressed=pressed)
    reading = reading_of(message)
    kept = storable(words).replace("\r\n", "\n").replace("\r", "\n").strip()
    assert (reading.new_text, reading.text, reading.chat.pressed) == (kept, kept, pressed)
    assert reading.chat.act == message.act == ("message" if pressed is None else "press")
    assert reading.unreadable == (not kept and pressed is None)
    assert (reading.channel_kind, reading.sender.address, reading.chat.conversation) == ("chat", str(ADA), str(ADA))
    assert reading.message_id == message.external_id
    assert reading.date == AT


def test_files_come_out_byte_for_byte_and_one_that_was_changed_is_named():
    photo = attachment("lift.jpg", "image/jpeg", b"\xff\xd8\xff" + bytes(range(256)))
    message = chat(files=(photo,))
    assert reading_of(message).attachments == (photo,)
    assert not reading_of(message).unreadable
    told = json.loads(message.raw)
    told["files"][0]["base64"] = "AAAA"
    assert read(json.dumps(told).encode(), message.media_type).problems == ("file_changed:1",)


def test_what_could_not_be_taken_is_named_as_a_problem():
    assert reading_of(chat(words="See the photo.", left_out="We cannot take game.exe")).problems == ("file_not_taken",)


def test_words_wait_for_more_of_them_and_a_button_does_not():
    assert (chat(words="Hello").quiet, chat(pressed="person").quiet) == (QUIET, timedelta(0))


def test_what_is_said_on_an_own_page_stands_alone_and_names_its_case():
    message = page(words="More.", pressed="stage2")
    reading = reading_of(message)
    assert (message.channel, message.conversation, message.quiet) == ("ownpage", None, timedelta(0))
    assert (reading.chat.act, reading.chat.pressed, reading.chat.belongs_to) == ("message", "stage2", "LBL-26-4F7K2P-9D")
    assert reading.sender.address == "ada@resident.example"


def test_the_same_name_in_two_places_is_two_messages():
    keys = {reading_of(message).content_key for message in (chat(words="x"), page(words="x"), chat(words="x", once="2"))}
    assert len(keys) == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"x",
        b"[]",
        b"{}",
        b'{"document": "council-intake web message"}',
        b'{"document": "council-intake web message", "id": "1", "account": "chat", "conversation": "", "act": "message"}',
        b'{"document": "council-intake web message", "id": "1", "account": "c", "conversation": "a", "act": "echo"}',
        b'{"document": "council-intake web form", "id": "1", "account": "c", "conversation": "a", "act": "message"}',
        b"[" * 100_000,
    ],
)
def test_what_no_page_of_ours_wrote_is_refused_and_waits_for_a_person(raw):
    with pytest.raises(ValueError, match=r"web message|JSON"):
        webchat.read(raw)
    assert read(raw, media_type_of("webchat")).unreadable


class Contacts:
    """An inbox that counts how often the chat said that it stands."""

    def __init__(self):
        self.heard_of = []

    def heard(self, channel, account, error=None):
        self.heard_of.append((channel, account, error))


def built(**settings):
    inbox = Contacts()
    return webchat.build(webchat.Settings(**settings), inbox, clock=None), inbox


def letter(recipient, **more):
    head = {"message_id": "<1@landlord.example>", "sender": "h@landlord.example", "sender_name": "H", "written_at": AT}
    return Reply(**head, recipient=recipient, subject="Your message", text="We have it.", **more)


def test_it_is_a_channel_both_ways_without_a_window():
    made, _ = built(account="chat", quiet_seconds=3)
    assert isinstance(made, Channel)
    assert (made.channel, made.account, made.quiet, made.window) == ("webchat", "chat", timedelta(seconds=3), None)


def test_a_letter_to_its_own_resident_is_sent_at_once():
    made, _ = built()
    assert asyncio.run(made.send(letter(str(ADA)))).provider_id == "<1@landlord.example>"
    asyncio.run(made.close())


@pytest.mark.parametrize("recipient", ["ada@resident.example", "webchat:other:aaaa", "telegram:chat:1", "nobody"])
def test_a_letter_to_anybody_else_is_a_permanent_failure(recipient):
    made, _ = built()
    with pytest.raises(PermanentFailure):
        asyncio.run(made.send(letter(recipient)))


def test_no_file_is_held_elsewhere():
    made, _ = built()
    with pytest.raises(PermanentFailure):
        asyncio.run(made.fetch(FileToFetch(reference="x")))


def test_it_says_that_it_stands_until_it_is_cancelled():
    made, inbox = built()

    async def a_while():
        task = asyncio.create_task(made.listen())
        while not inbox.heard_of:  # noqa: ASYNC110
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(a_while())
    assert inbox.heard_of[0] == ("webchat", "chat", None)


def test_a_store_that_is_away_does_not_end_it():
    made, inbox = built()
    tried = []
    inbox.heard = lambda *_: tried.append(1) or 1 / 0

    async def a_while():
        task = asyncio.create_task(made.listen())
        while not tried:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert not task.done()
        task.cancel()

    asyncio.run(a_while())
