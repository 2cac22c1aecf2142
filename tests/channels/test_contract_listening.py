"""A door that listens is shut by cancelling it alone, lets one process poll, and outlives a platform that goes away."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.scenes import NOON
from intake.channel import Webhook


async def test_cancelling_ends_listening_and_leaves_nothing_running(stage):
    async with stage() as scene:
        before = asyncio.all_tasks()
        listening = asyncio.create_task(scene.channel.listen())
        await asyncio.sleep(0.3)
        assert not listening.done()
        listening.cancel()
        async with asyncio.timeout(10):
            await asyncio.gather(listening, return_exceptions=True)
        assert listening.cancelled() or listening.exception() is None
        assert asyncio.all_tasks() - {listening} <= before


async def test_a_door_that_was_shut_can_be_opened_again(stage):
    async with stage() as scene:
        for number in (1, 2):
            await scene.bench.bring(scene.channel, [scene.bench.words(number, f"message {number}")])
        assert len(scene.box.kept()) == 2


async def test_a_platform_that_went_away_ends_nothing_and_is_told_of(stage):
    async with stage() as scene:
        channel = scene.channel
        await scene.bench.__aexit__(None, None, None)
        listening = asyncio.create_task(channel.listen())
        try:
            async with asyncio.timeout(20):
                while not isinstance(channel, Webhook) and not any(error for _, _, error in scene.box.health):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)
            assert not listening.done()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await scene.bench.__aenter__()


async def test_nobody_polls_an_account_that_somebody_else_holds(stage):
    async with stage() as scene:
        if isinstance(scene.channel, Webhook):
            pytest.skip(f"{scene.bench.kind} is told, and polls nothing")
        assert scene.box.hold(scene.bench.account, "another process", 3600)
        bringing = asyncio.create_task(scene.bench.bring(scene.channel, [scene.bench.words(1, "one holder")]))
        await asyncio.sleep(0.5)
        assert scene.box.puts == 0
        scene.clock.at = NOON + timedelta(hours=2)
        await bringing
        assert len(scene.box.kept()) == 1
