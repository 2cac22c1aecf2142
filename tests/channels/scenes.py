"""Scenes of the contract suite: a channel, its bench, a real store, and an inbox that can be told to fail."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from channels.bench import Bench
from channels.inboxes import Box
from handlers.clock import FixedClock
from intake import loading
from intake.channel import Channel, Reply
from store.engine import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONGEST = 60.0
"""Seconds after which a story that does not end has failed."""
OWN_PAGES = frozenset({"webchat", "webform"})
"""The public door's own pages, with no platform between: tests/public/ tests how they keep what is written there."""
READERS = [kind for kind in loading.kinds("intake.channels") if hasattr(loading.load("intake.channels", kind), "read")]
CHANNELS = [kind for kind in READERS if kind not in OWN_PAGES]
"""Every channel of a platform: a file in ``intake/channels`` that reads updates of its own."""
BENCHES = [path.stem for path in sorted(Path(__file__).with_name("benches").glob("*.py")) if path.stem != "__init__"]


def bench_of(kind: str) -> Bench:
    """Make the bench of this channel."""
    module = importlib.import_module(f"channels.benches.{kind}")
    found = [each for each in vars(module).values() if inspect.isclass(each) and getattr(each, "kind", None) == kind]
    assert len(found) == 1, f"tests/channels/benches/{kind}.py offers {len(found)} classes whose kind is {kind}"
    made: Bench = found[0]()
    return made


@dataclass
class Scene:
    """One channel against its platform, with a real store behind it."""

    bench: Bench
    box: Box
    clock: FixedClock
    folder: Path
    channels: list[Channel] = field(default_factory=list)

    @property
    def channel(self) -> Channel:
        """The channel that was built last, or the first one."""
        return self.channels[-1] if self.channels else self.build()

    def build(self) -> Channel:
        """Build the channel anew, as a new process would."""
        self.channels.append(self.bench.channel(self.folder, self.box, self.clock))
        return self.channels[-1]

    def build_with(self, **changes: Any) -> Channel:
        """Build the channel with some settings changed."""
        self.bench.channel(self.folder, self.box, self.clock)
        module = loading.load("intake.channels", self.bench.kind)
        # A platform that carries no files has no setting of how large they may be.
        known = {name: value for name, value in changes.items() if name in module.Settings.model_fields}
        settings = module.Settings(**(self.bench.settings(self.folder) | known))
        self.channels.append(module.build(settings, self.box, self.clock))
        return self.channels[-1]

    def letter(self, words: str, *, person: int = 1, number: int = 1, **more: Any) -> Reply:
        """Return a letter to one of the residents."""
        told = {"subject": "Your message", "text": words, "written_at": self.clock.now(), "heard_at": self.clock.now()}
        head = {"message_id": f"<letter.{number}@landlord.example>", "sender": "housing@landlord.example", "sender_name": "H"}
        return Reply(**(head | told | {"recipient": self.bench.person(person)} | more))


Stage = Callable[[], AbstractAsyncContextManager[Scene]]


@asynccontextmanager
async def staged(kind: str, store: Store, folder: Path) -> AsyncIterator[Scene]:
    """Open a scene, and leave nothing open."""
    clock = FixedClock(NOON)
    own = folder / "secrets"
    own.mkdir(exist_ok=True)
    async with asyncio.timeout(LONGEST), bench_of(kind) as bench:
        scene = Scene(bench=bench, box=Box(store, clock), clock=clock, folder=own)
        try:
            yield scene
        finally:
            scene.box.let_go.set()
            for channel in scene.channels:
                await channel.close()
