"""Files that residents send are fetched byte for byte, and none that is larger than allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.channel import DeliveryFailure, PermanentFailure

CONTENT = bytes(range(256)) * 64
CAP = 20_000


async def told_of(scene, channel, update):
    """Bring a message with a file, and return what is to be fetched; platforms without files are left out."""
    if update is None:
        pytest.skip(f"{scene.bench.kind} carries no files")
    await scene.bench.bring(channel, [update])
    (message,) = scene.box.put_in
    if not message.files:
        pytest.skip(f"{scene.bench.kind} carries no files")
    return message.files[0]


async def test_a_file_is_fetched_byte_for_byte(stage):
    async with stage() as scene:
        file = await told_of(scene, scene.channel, scene.bench.file(1, CONTENT))
        fetched = await scene.channel.fetch(file)
        assert fetched.content == CONTENT
        (kept,) = scene.box.kept()
        assert not kept.reading().unreadable and CONTENT not in kept.raw


async def test_a_file_can_be_fetched_by_another_process(stage):
    async with stage() as scene:
        file = await told_of(scene, scene.channel, scene.bench.file(1, CONTENT))
        assert (await scene.build().fetch(file)).content == CONTENT


async def test_a_file_that_is_said_to_be_too_large_is_kept_in_mind_and_not_fetched(stage):
    async with stage() as scene:
        channel = scene.build_with(max_file_size=CAP)
        file = await told_of(scene, channel, scene.bench.file(1, CONTENT, said_size=CAP + 1))
        with pytest.raises(PermanentFailure):
            await channel.fetch(file)


async def test_a_file_larger_than_allowed_is_not_taken(stage):
    async with stage() as scene:
        channel = scene.build_with(max_file_size=CAP)
        file = await told_of(scene, channel, scene.bench.file(1, CONTENT * 4))
        with pytest.raises(PermanentFailure):
            await channel.fetch(replace(file, size=None))


async def test_no_more_is_taken_than_allowed_whatever_size_was_said(stage):
    async with stage() as scene:
        channel = scene.build_with(max_file_size=CAP)
        file = await told_of(scene, channel, scene.bench.file(1, CONTENT * 4, said_size=100))
        try:
            fetched = await channel.fetch(file)
        except DeliveryFailure:
            return
        assert len(fetched.content) <= CAP
