"""Second mails hidden behind eight false ends of a first: each is sent to a real door on a real store, and what is kept is counted.

The name for it is SMTP smuggling: where two servers disagree about which bytes end a mail, the second takes the rest of the
first mail for commands, and believes a forged one. A door that ends a mail with one sequence of bytes alone cannot be fooled.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.databases import Databases
from benchmarks.loops import Ground, Service, service
from benchmarks.scenarios import Plan
from intake.contained import ContainedReader
from store.models import Case, Message, RawContent
from store.schema import migrate

FALSE_ENDS: Final = (
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\r\n\x00.\r\n",
    b"\n..\r\n",
)
ADDRESS: Final = "housing@north.example"
HEAD: Final = (
    "| bytes before the hidden mail | answer | mails kept | cases | hidden words are | forged senders |\n"
    "| --- | --- | --- | --- | --- | --- |"
)
Say = Callable[[bytes], Awaitable[str]]
FORGED: Final = "chief@north.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one false end."""

    false_end: bytes
    answer: str
    kept: int
    cases: int
    inside: bool
    forged: int

    @property
    def held(self) -> bool:
        """Whether one mail was kept, whole, and nobody was forged."""
        return self.answer.startswith("250") and (self.kept, self.cases, self.forged) == (1, 1, 0) and self.inside

    def row(self) -> str:
        """Return it as a row of the table."""
        where = "words of the first" if self.inside else "NOT THERE"
        return f"| `{self.false_end!r}` | {self.answer[:3]} | {self.kept} | {self.cases} | {where} | {self.forged} |"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """All of them, as a table."""

    outcomes: tuple[Outcome, ...]

    def report(self) -> str:
        """Return the table."""
        return "\n".join([HEAD, *(outcome.row() for outcome in self.outcomes)])


def smuggling(plan: Plan, databases: Databases) -> Outcomes:
    """Try each false end on a house of its own store."""
    store = databases.fresh()
    migrate(store)
    ground = Ground(folder=plan.folder, stores=(store,), reader=ContainedReader())
    return Outcomes(outcomes=asyncio.run(smuggled(ground)))


async def smuggled(ground: Ground) -> tuple[Outcome, ...]:
    """Send a mail with a hidden one behind each false end; return what came of each."""
    async with service(ground, ground.stores[0], ADDRESS) as house:
        return tuple([await _one(house, number, false_end) for number, false_end in enumerate(FALSE_ENDS)])


async def _one(house: Service, number: int, false_end: bytes) -> Outcome:
    before = {row.id for row in house.rows(Message)}
    cases = len(house.rows(Case))
    hidden = f"MAIL FROM:<{FORGED}>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\nFrom: {FORGED}\r\n\r\nforged words\r\n".encode()
    first = f"From: t{number}@r.example\r\nSubject: Damp {number}\r\n\r\nThe wall of flat {number} is wet".encode()
    async with _session(house.door.port) as say:
        await say(f"MAIL FROM:<t{number}@r.example>\r\n".encode())
        await say(f"RCPT TO:<{ADDRESS}>\r\n".encode())
        await say(b"DATA\r\n")
        answer = await say(first + false_end + hidden + b".\r\n")
        # Had the hidden mail been taken for commands, its answers would stand here.
        await say(b"NOOP\r\n")
    await house.work()
    kept = [row for row in house.rows(Message) if row.id not in before]
    bodies = [raw.body for raw in house.rows(RawContent, message_id=[row.id for row in kept])]
    return Outcome(
        false_end=false_end,
        answer=answer,
        kept=len(kept),
        cases=len(house.rows(Case)) - cases,
        inside=any(b"wet" in body and b"forged words" in body for body in bodies),
        forged=sum(FORGED in (row.mail_from, row.sender_address) for row in kept),
    )


@contextlib.asynccontextmanager
async def _session(port: int) -> AsyncIterator[Say]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(data: bytes) -> str:
        writer.write(data)
        await writer.drain()
        while (line := (await reader.readline()).decode()) and line[3:4] == "-":
            pass
        return line.strip()

    await reader.readline()
    await say(b"EHLO relay.example\r\n")
    try:
        yield say
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
