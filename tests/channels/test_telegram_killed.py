"""A bot's poller is killed fifty times between fetch and commit, and fifty times before it tells Telegram: nothing is lost or twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from pathlib import Path

import pytest

from channels.scenes import NOON
from channels.telegram_scene import scene_of

ENTRY = Path(__file__).with_name("killed_poller.py")
FINDING = os.environ | {"PYTHONPATH": f"{ENTRY.parents[2]}:{ENTRY.parents[1]}"}
BATCH = 4
LONGEST = 300


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("moment", ["before", "after"], ids=["between fetch and commit", "between commit and offset"])
async def test_however_often_it_is_killed_nothing_is_lost_and_nothing_is_twice(store, migrated_url, tmp_path, moment, kills):
    messages = 8 * kills + 8
    async with scene_of(store, tmp_path, NOON, LONGEST) as scene:
        updates = [scene.bench.words(number, f"message {number}", person=number % 7) for number in range(messages)]
        # One in five is told twice, under another number, and one in ten too early.
        told = [*updates, *random.Random(5).sample(updates, messages // 5)]
        for number in range(0, messages, 10):
            told[number], told[number + 1] = told[number + 1], told[number]
        lives = [(moment, life % 3 + 1) for life in range(kills)]
        for update in told:
            scene.api.tell(update.body)
        plan = {"settings": scene.bench.settings(tmp_path) | {"batch": BATCH}, "store_url": migrated_url, "lives": lives}
        child = await asyncio.create_subprocess_exec(
            sys.executable, str(ENTRY), json.dumps(plan), env=FINDING, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await child.communicate()
        assert int(said.split()[-1]) == kills
        waiting, at_most = len(scene.api.waiting), len(scene.box.kept())
        # Never more was confirmed than was kept, and there was enough left for each life to be killed at.
        assert 0 < len(told) - waiting <= at_most + len(told) - messages and waiting > 0
        async with scene.listening(scene.build(account=scene.bench.account)):
            await scene.until(lambda: not scene.api.waiting, LONGEST)
        assert scene.box.names() == sorted(update.external_id for update in updates)
        texts = {kept.external_id: kept.reading().new_text for kept in scene.box.kept()}
        assert texts == {update.external_id: update.body["message"]["text"] for update in updates}
