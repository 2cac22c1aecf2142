"""The web chat and the web form are channels too, without a platform between: what of the contract is theirs, they keep.

How they keep what is written on them (twice, at once, while the store is away) is tested through the door, in tests/public/.
"""

from __future__ import annotations

import asyncio

import pytest

from channels.inboxes import Box
from channels.scenes import NOON, OWN_PAGES, READERS
from handlers.clock import FixedClock
from intake.channel import Channel, PermanentFailure, Reply
from intake.chat import FileToFetch, media_type_of
from intake.identity import Identity
from intake.loading import load
from intake.reading import read


@pytest.fixture(params=sorted(OWN_PAGES))
def kind(request):
    return request.param


@pytest.fixture
def channel(kind, store):
    module = load("intake.channels", kind)
    return module.build(module.Settings(), Box(store, FixedClock(NOON)), FixedClock(NOON))


def letter(recipient):
    return Reply(
        message_id="<letter.1@landlord.example>",
        sender="housing@landlord.example",
        sender_name="Housing",
        recipient=recipient,
        subject="Your message",
        text="We have it.",
        written_at=NOON,
    )


def test_every_page_of_our_own_is_there_and_is_a_channel(channel, kind):
    assert set(READERS) >= OWN_PAGES
    assert isinstance(channel, Channel) and channel.channel == kind and channel.window is None


async def test_a_letter_is_taken_for_its_own_people_alone(channel, kind):
    own = Identity(channel=kind, account=channel.account, user="somebody")
    assert (await channel.send(letter(str(own)))).provider_id
    for other in (f"{kind}:elsewhere:somebody", "telegram:bot:5", "ada@resident.example"):
        with pytest.raises(PermanentFailure):
            await channel.send(letter(other))


async def test_no_file_is_fetched_from_anywhere(channel):
    with pytest.raises(PermanentFailure):
        await channel.fetch(FileToFetch(reference='"https://elsewhere.example/secret"'))


async def test_listening_ends_when_it_is_cancelled_and_not_before(channel):
    before = asyncio.all_tasks()
    listening = asyncio.create_task(channel.listen())
    await asyncio.sleep(0.2)
    assert not listening.done()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert listening.cancelled() and asyncio.all_tasks() - {listening} <= before


@pytest.mark.parametrize(
    "raw", [b"no JSON", b"{}", b"[]", b"5", b'{"document": 1}', b"[" * 50_000], ids=lambda raw: repr(raw[:9])
)
def test_what_no_page_of_ours_wrote_waits_for_a_person(kind, raw):
    assert read(raw, media_type_of(kind), NOON).unreadable
