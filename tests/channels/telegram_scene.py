"""One Telegram bot against its stand-in, for tests of what is Telegram's own."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager

from channels.benches.telegram import TelegramBench
from channels.inboxes import Box
from handlers.clock import FixedClock
from intake.channel import Reply
from intake.channels import telegram

SOON = 20.0


class Scene:
    """A bench, an inbox over a real store, and a channel."""

    def __init__(self, bench, store, folder, now):
        self.bench, self.api, self.folder = bench, bench.api, folder
        self.clock = FixedClock(now)
        self.box = Box(store, self.clock)
        self.built = []

    def build(self, **changes):
        """Build the channel, with some settings changed."""
        self.bench.channel(self.folder, self.box, self.clock)
        settings = telegram.Settings(**(self.bench.settings(self.folder) | changes))
        self.built.append(telegram.build(settings, self.box, self.clock))
        return self.built[-1]

    def letter(self, words="the letter", *, person=1, **more):
        """Return a letter to a resident."""
        head = {"message_id": "<1@landlord.example>", "sender": "h@landlord.example", "sender_name": "H", "subject": "S"}
        told = {"recipient": self.bench.person(person), "text": words, "written_at": self.clock.now()}
        return Reply(**(head | told | more))

    def calls(self, method):
        """Return the fields of each call of a method, in order."""
        return [asked.form for asked in list(self.api.asked) if asked.path.endswith(f"/{method}")]

    def errors(self):
        """Return what the inbox was told of the bot's health, good news left out."""
        return [error for _, _, error in self.box.health if error]

    @asynccontextmanager
    async def listening(self, channel):
        """Let the channel listen meanwhile."""
        task = asyncio.create_task(channel.listen())
        try:
            yield task
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def until(self, condition, soon=SOON):
        """Wait until something happened in another thread."""
        async with asyncio.timeout(soon):
            while not condition():  # noqa: ASYNC110 - it happens in a thread
                await asyncio.sleep(0.01)


@asynccontextmanager
async def scene_of(store, folder, now, longest=60):
    """Open a scene, and leave nothing open."""
    async with asyncio.timeout(longest), TelegramBench() as bench:
        scene = Scene(bench, store, folder, now)
        try:
            yield scene
        finally:
            scene.box.let_go.set()
            for channel in scene.built:
                await channel.close()
