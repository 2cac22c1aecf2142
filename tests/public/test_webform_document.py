"""What was handed in by the web form is one self-describing document, and comes out of it as it went in."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import UTC, datetime

import pytest

from intake.channel import PermanentFailure, Reply
from intake.channels.webform import Settings, build, read
from intake.chat import FileToFetch, media_type_of
from intake.contact import attachment
from intake.identity import identity_of
from intake.reading import read as read_any
from intake.told import ToldFacts
from intake.webform.document import HandedIn, document, inbound

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PHOTO = attachment("Küche.jpg", "image/jpeg", b"\xff\xd8\xff" + bytes(range(256)))


def form(**changes):
    return HandedIn(**({"once": "a1b2", "account": "web", "at": AT, "words": "The roof leaks.\n\n“Again”. 家"} | changes))


FULL = form(
    told=ToldFacts(name="Zoë O'Neill", email="zoe@resident.example", phone="07700 900123", home="Flat 3"), files=(PHOTO,)
)


@pytest.mark.parametrize("handed_in", [form(), FULL], ids=["words alone", "every field"])
def test_every_fact_comes_out_as_it_went_in(handed_in):
    reading = read_any(document(handed_in), media_type_of("webform"))
    assert reading.new_text == handed_in.words
    assert reading.told == handed_in.told
    assert reading.attachments == handed_in.files
    assert reading.date == AT
    assert (reading.message_id, reading.channel_kind, reading.chat) == (handed_in.id, "email", None)
    assert reading.new_ranges == ((0, len(handed_in.words)),)
    assert reading.problems == ()


def test_what_they_said_of_themselves_stands_under_their_words_for_whoever_reads_all_of_it():
    reading = read(document(FULL), AT)
    assert reading.text.endswith("Name: Zoë O'Neill\nHome: Flat 3\nEmail: zoe@resident.example\nTelephone: 07700 900123")
    assert "Zoë" not in reading.new_text


def test_somebody_without_a_mail_address_has_a_name_to_which_an_answer_can_go():
    who = identity_of(read(document(form()), AT).sender.address)
    assert (who.channel, who.account, who.user) == ("webform", "web", "a1b2")


def test_the_same_form_has_the_same_name_and_another_word_another():
    assert form().id == form(at=datetime(2026, 11, 24, tzinfo=UTC)).id
    others = [form(words="x"), form(once="b1"), FULL, form(files=(PHOTO,)), form(told=ToldFacts(name="Zoë"))]
    assert len({form().id, *(one.id for one in others)}) == 6


def test_the_same_words_in_two_fields_are_not_the_same_form():
    assert form(told=ToldFacts(name="x")).id != form(told=ToldFacts(email="x")).id


def test_a_file_that_changed_where_it_was_kept_is_named():
    told = json.loads(document(FULL))
    told["files"][0]["sha256"] = "0" * 64
    told["files"].append({"name": "lost.jpg", "base64": "?"})
    reading = read(json.dumps(told).encode(), AT)
    assert reading.problems == ("file_changed:1", "file_not_readable:2")
    assert len(reading.attachments) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"document": "another"}',
        b'{"document": "council-intake web form"}',
        b"[" * 99_999,
    ],
)
def test_what_no_form_of_ours_can_have_written_waits_for_a_person(raw):
    with pytest.raises(ValueError):
        read(raw, AT)
    assert read_any(raw, media_type_of("webform"), AT).unreadable


def test_words_that_no_database_would_take_are_mended():
    reading = read(document(form(words="a\ud800b\x00c")), AT)
    assert reading.new_text == "a\ufffdbc"


def test_a_form_that_a_person_should_see_first_says_why():
    assert inbound(form(), "looks odd").problem == "looks odd"
    assert inbound(form()).problem is None


def channel():
    return build(Settings(account="web"), None, None)


def reply(recipient):
    return Reply(
        message_id="<1@x>", sender="a@b.example", sender_name="A", recipient=recipient, subject="s", text="t", written_at=AT
    )


def test_a_letter_to_somebody_without_a_mail_address_stands_where_they_look_for_it():
    sent = asyncio.run(channel().send(reply("webform:web:a1b2")))
    assert sent.provider_id == "<1@x>"


@pytest.mark.parametrize("recipient", ["webform:other:a1b2", "webchat:web:a1b2", "zoe@resident.example"])
def test_a_letter_to_anybody_else_is_refused(recipient):
    with pytest.raises(PermanentFailure):
        asyncio.run(channel().send(reply(recipient)))


def test_no_file_is_held_elsewhere():
    with pytest.raises(PermanentFailure):
        asyncio.run(channel().fetch(FileToFetch(reference="{}")))


def test_the_form_says_that_it_stands_and_ends_when_it_is_cancelled():
    heard, told = [], threading.Event()

    class Ear:
        def heard(self, channel, account, error=None):
            heard.append((channel, account, error))
            told.set()
            raise OSError("the store is away")

    async def a_while():
        listening = asyncio.create_task(build(Settings(), Ear(), None).listen())
        assert await asyncio.to_thread(told.wait, 20)
        assert not listening.done()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening

    asyncio.run(a_while())
    assert heard == [("webform", "web", None)]
