"""Two services that answer each other, and a bot that answers everything: how many mails go before it ends, and what says so.

Real houses with real doors and ways out on the loopback; only time is told, one minute a round. The judge takes all words for
a sure complaint, so that nothing but manners can end a loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import tomllib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.databases import Databases
from benchmarks.loop_mail import BOTS, PASSED_ON, Answer, Passing, first_mail
from benchmarks.loop_way import Way
from benchmarks.scenarios import Plan
from benchmarks.system import TEMPLATE
from classifiers.taxonomy import Category
from classifiers.verdict import Text, Verdict
from desk.config import Settings
from desk.wiring import House
from handlers.clock import FixedClock
from handlers.letters import LetterBook
from intake.channels.smtp import Door
from intake.contained import ContainedReader
from store.models import OutboxEntry, OutboxState, Task
from store.schema import migrate

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ELSEWHERE = 300
"""The limit of letters to no large provider, for these runs: what it stops in the end, the usual 5,000 stop as well."""
MOST_ROUNDS = 1_500
"""More than a day of minutes: what has not ended by then does not end."""
HEAD = "| who answers whom | how | mails of ours | ended | held back by | tasks that say so |\n| --- | --- | --- | --- | --- | --- |"
SAY_SO = ("loop_stopped", "unsent_letter", "reply")
"""Tasks by which a person learns that no machine answers any more."""


class Credulous:
    """Takes all words for a complaint, surely."""

    model = "credulous-1"

    def classify(self, text: Text) -> Verdict:
        """Judge, whatever the words are."""
        told: dict[str, Any] = {"category": Category.COMPLAINT, "confidence": 0.98, "scores": {Category.COMPLAINT: 0.98}}
        return Verdict(**told, route="auto", why=f"{len(text.text)} characters", model=self.model)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How one variant ended: letters that left, whether it came to rest, rules that held letters back, and tasks by kind."""

    who: str
    how: str
    letters: int
    at_rest: bool
    rules: tuple[str, ...]
    tasks: Mapping[str, int]

    def row(self) -> str:
        """Return it as a row of the table."""
        tasks = ", ".join(f"{kind} {self.tasks[kind]}" for kind in SAY_SO if kind in self.tasks)
        rules = ", ".join(self.rules) or "no letter was due"
        return f"| {self.who} | {self.how} | {self.letters} | {'yes' if self.at_rest else 'NO'} | {rules} | {tasks or 'NONE'} |"


@dataclass(frozen=True, kw_only=True, slots=True)
class Endings:
    """All variants, as a table."""

    endings: tuple[Ending, ...]

    def report(self) -> str:
        """Return the table."""
        limits = f"Usual limits, but for `elsewhere = {ELSEWHERE}`.\n"
        return "\n".join([limits, HEAD, *(ending.row() for ending in self.endings)])


@dataclass(kw_only=True)
class Service:
    """One house with its door, and the way that its letters take."""

    house: House
    clock: FixedClock
    door: Door
    way: Way
    letters: int = field(default=0)

    @property
    def address(self) -> str:
        """The address that its letters come from."""
        return self.house.settings.mail.from_address

    async def work(self) -> int:
        """Settle what came, send what is due; return how many letters that were."""
        triage = self.house.triage()
        while await asyncio.to_thread(triage.once):
            pass
        relay = self.house.outgoing()
        sent = await self.house.outbox(relay).once()
        await relay.close()
        self.letters += sent
        return sent

    def rows(self, table: Any, **equals: object) -> list[Any]:
        """Return rows of its store."""
        with self.house.store.glance() as glance:
            return glance.find(table, **equals)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Where services stand: a folder for keys, migrated stores, limits other than the usual ones, and what all of them share."""

    folder: Path
    stores: tuple[str, ...]
    manners: Mapping[str, int] = field(default_factory=dict)
    reader: ContainedReader
    books: list[LetterBook] = field(default_factory=list)
    """The letters of the landlord, once they are compiled: that takes a second."""


def loops(plan: Plan, databases: Databases) -> Endings:
    """Let every variant run to its end."""
    reader, books = ContainedReader(), list[LetterBook]()

    def ground() -> Ground:
        stores = (databases.fresh(), databases.fresh())
        for store in stores:
            migrate(store)
        return Ground(folder=plan.folder, stores=stores, manners={"elsewhere": ELSEWHERE}, reader=reader, books=books)

    between_two = [asyncio.run(between(passing, ground())) for passing in PASSED_ON]
    return Endings(endings=(*between_two, *(asyncio.run(with_bot(answer, ground())) for answer in BOTS)))


async def between(passing: Passing, ground: Ground) -> Ending:
    """Let two services have each other's address, beginning with a mail in the name of one to the other."""
    names = ("housing@north.example", "repairs@north.example" if passing.one_council else "housing@south.example")
    async with contextlib.AsyncExitStack() as open_:
        both = [
            await open_.enter_async_context(service(ground, url, name, passing.message_id_domain))
            for url, name in zip(ground.stores, names, strict=True)
        ]
        doors = {one.address: one.door for one in both}
        for one in both:
            one.way.on = lambda mail: [(passing.along(mail), doors[mail.recipient])]
        north, south = both
        await north.way.carry(first_mail(sender=south.address, to=north.address), north.door)
        at_rest = await _until_rest(both)
        return _ending("two services", passing.name, both, at_rest=at_rest)


async def with_bot(answer: Answer, ground: Ground) -> Ending:
    """Let a bot answer every letter from another address."""
    async with service(ground, ground.stores[0], "housing@north.example") as one:
        numbers = iter(range(1, 1_000_000))
        one.way.on = lambda mail: [(answer.to(mail, next(numbers), one.address), one.door)]
        await one.way.carry(first_mail(sender="bot@robots0.example", to=one.address), one.door)
        at_rest = await _until_rest([one])
        return _ending("a bot at changing addresses", answer.name, [one], at_rest=at_rest)


async def _until_rest(services: list[Service]) -> bool:
    for _round in range(MOST_ROUNDS):
        if not sum([await one.work() for one in services]):
            return True
        for one in services:
            one.clock.at += timedelta(minutes=1)
    return False


@contextlib.asynccontextmanager
async def service(ground: Ground, url: str, address: str, message_id_domain: str | None = None) -> AsyncIterator[Service]:
    """Open a house on a migrated store, its door, and the relay that its letters leave by."""
    async with Way.opened() as way:
        clock = FixedClock(BEGINS)
        mail = {"from_address": address, "from_name": "Housing", "message_id_domain": message_id_domain}
        house = House(settings=_settings(ground, url, mail, way.port), clock=clock)
        house.classifier, house.reader = Credulous(), ground.reader
        if not ground.books:
            ground.books.append(house.letters)
        house.letters = ground.books[0]
        (door,) = house.doors()
        assert isinstance(door, Door)
        listening = asyncio.create_task(door.listen())
        await door.opened.wait()
        try:
            yield Service(house=house, clock=clock, door=door, way=way)
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            house.store.close()


def _settings(ground: Ground, url: str, mail: Mapping[str, str | None], relay: int) -> Settings:
    tree = tomllib.loads(TEMPLATE.read_text(encoding="utf-8").replace("@port@", "0").replace("@sink_port@", str(relay)))
    address = mail["from_address"]
    tree |= {"store_url": url, "key_file": ground.folder / f"{address}.key", "mail": mail, "manners": ground.manners}
    tree["channels"][0]["recipients"] = [address]
    return Settings(**tree)


def _ending(who: str, how: str, services: list[Service], *, at_rest: bool) -> Ending:
    held = [row for one in services for row in one.rows(OutboxEntry, state=OutboxState.SUPPRESSED)]
    kinds = [task.kind for one in services for task in one.rows(Task, closed_at=None)]
    return Ending(
        who=who,
        how=how,
        letters=sum(one.letters for one in services),
        at_rest=at_rest,
        rules=tuple(sorted({row.rule for row in held})),
        tasks={kind: kinds.count(kind) for kind in sorted(set(kinds))},
    )
