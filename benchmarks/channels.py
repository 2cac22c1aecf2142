"""Each channel against a stand-in of its platform, its receiver killed twice: kept once, each complaint answered once.

``python -m benchmarks channels [--channel signed_json ...] [--messages 1000]``. The stand-ins and benches are those of the
contract suite (tests/channels/). Every message is of another resident, so that each comes to a case and a letter of its own.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import random
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.channel_delivery import Far, deliver, order
from benchmarks.channel_program import Program
from benchmarks.databases import Databases, remove
from benchmarks.ledger import Ledger, must
from benchmarks.processes import ROOT, HelperFailed
from benchmarks.scenarios import Plan
from benchmarks.wording import Mixer, load

TESTS = ROOT / "tests"
KILLS = 2
LENGTH = 240
"""Characters of a message: what somebody types on a telephone."""
LOOK_EVERY = 0.05
ANSWER_WITHIN = 30
SETTLES_WITHIN = 900.0
HEAD = (
    "| channel | messages | delivered | killed | kept | cases | complaints | answered | letters shown twice | seconds |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one run came to."""

    kind: str
    messages: int
    delivered: int
    kept: int
    cases: int
    complaints: int
    answered: int
    twice: int
    seconds: float

    def row(self) -> str:
        """Return a row of the table."""
        numbers = (self.messages, self.delivered, KILLS, self.kept, self.cases, self.complaints, self.answered, self.twice)
        return f"| {self.kind} | {' | '.join(f'{number:,}' for number in numbers)} | {self.seconds:.0f} |"


class Notebook:
    """Keeps the outcomes, and prints them when all are done."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def report(self) -> str:
        """Return the Markdown."""
        return "\n".join([HEAD, *(outcome.row() for outcome in self.outcomes)])


def kinds() -> list[str]:
    """Return every channel that has a bench."""
    return sorted(path.stem for path in (TESTS / "channels" / "benches").glob("*.py"))


def bench_of(kind: str) -> Any:
    """Make the bench of a channel, from the contract suite."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    module = importlib.import_module(f"channels.benches.{kind}")
    (made,) = [each for each in vars(module).values() if inspect.isclass(each) and getattr(each, "kind", None) == kind]
    return made()


def channels(plan: Plan, databases: Databases) -> Notebook:
    """Run every channel that was asked for."""
    notebook = Notebook()
    for kind in plan.channels or kinds():
        folder, url = plan.folder / kind, databases.fresh()
        folder.mkdir()
        notebook.outcomes.append(asyncio.run(run_of(kind, plan, folder, url)))
        print(f"  {notebook.outcomes[-1].row()}", flush=True)
        remove(url)
    return notebook


async def run_of(kind: str, plan: Plan, folder: Path, url: str) -> Outcome:
    """Deliver, kill, wait until all is settled and sent, and count; raise ``WrongCount`` where something is wrong."""
    messages = plan.messages or 1_000
    mixer, secrets = Mixer(load(plan.corpus), random.Random(plan.seed)), folder / "secrets"
    secrets.mkdir()
    async with bench_of(kind) as bench:
        updates = [
            bench.words(number, mixer.words(LENGTH).text[: bench.longest], person=number) for number in range(1, messages + 1)
        ]
        told = [updates[number - 1] for number in order(messages, plan.seed)]
        program = Program(folder, url, _patient(bench.settings(secrets)))
        await asyncio.to_thread(program.start)
        try:
            with closing(Ledger(url)) as ledger, closing(Far(program.port, bench.account)) as far:
                began = time.monotonic()
                async with asyncio.TaskGroup() as group:
                    group.create_task(deliver(bench, far, told))
                    group.create_task(_kill(program, ledger, messages))
                await _settled(ledger, messages, program)
                seconds = time.monotonic() - began
                checked = check(ledger, bench, kind, {update.external_id for update in updates})
        finally:
            await asyncio.to_thread(program.stop)
    return Outcome(kind=kind, messages=messages, delivered=len(told), seconds=seconds, **checked)


def _patient(settings: dict[str, Any]) -> dict[str, Any]:
    """Take back a bench's haste: it gives up on an answer at once, which a busy machine would call a failed letter."""
    return settings | {name: ANSWER_WITHIN for name in ("timeout", "answer_within") if name in settings}


async def _kill(program: Program, ledger: Ledger, messages: int) -> None:
    """Kill the receiver when a third, and when two thirds, of the messages are kept: others are under way just then."""
    for number in range(1, KILLS + 1):
        while ledger.number("SELECT count(*) FROM message") < messages * number // (KILLS + 1):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY)
        await asyncio.to_thread(program.kill_receiver)


async def _settled(ledger: Ledger, messages: int, program: Program) -> None:
    """Wait until every message came to something and every letter was sent."""
    give_up = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < give_up:
        waiting = ledger.number("SELECT count(*) FROM message WHERE state = 'waiting'")
        due = ledger.number("SELECT count(*) FROM outbox WHERE state = 'due'")
        if not (waiting or due) and ledger.number("SELECT count(*) FROM message") >= messages:
            return
        program.must_run()
        await asyncio.sleep(LOOK_EVERY)
    raise HelperFailed(f"{waiting} messages and {due} letters still wait: {program.last_words()}")


def check(ledger: Ledger, bench: Any, kind: str, names: set[str]) -> dict[str, int]:
    """Prove that each message is kept once and each complaint answered once; return the counts."""
    # Some platforms tell us of our own letters as well; those are kept beside, as echoes.
    echoes = ledger.number("SELECT count(*) FROM message WHERE act = 'echo'")
    kept = ledger.rows(
        f"SELECT external_id, conversation, case_id FROM message WHERE channel = '{kind}' AND (act IS NULL OR act <> 'echo')"
    )
    must("messages kept", len(kept), len(names))
    must("messages of another name", len({name for name, _, _ in kept} ^ names), 0)
    must("bodies kept", ledger.number("SELECT count(*) FROM raw_content"), len(names) + echoes)
    must("messages put aside", ledger.number("SELECT count(*) FROM message WHERE disposition = 'quarantined'"), 0)
    must("messages without a case", sum(case is None for _, _, case in kept), 0)
    cases = {case for _, _, case in kept}
    must("cases", ledger.number("SELECT count(*) FROM case_file"), len(cases))
    shown: dict[str, list[str]] = {}
    for identity, words in bench.sent():
        shown.setdefault(identity, []).append(words)
    complaints = ledger.rows(
        "SELECT m.conversation, c.reference FROM case_file c JOIN message m ON m.case_id = c.id AND m.disposition = 'case'"
        " WHERE c.category = 'complaint' OR c.logged_at IS NOT NULL"
    )
    answered = sum(reference in "\n".join(shown.get(identity, [])) for identity, reference in complaints)
    must("complaints answered", answered, len(complaints))
    twice = sum(times - 1 for words in shown.values() for times in Counter(words).values())
    must("letters shown twice", twice, 0)
    # Two letters of a kind need not say the same: other words would be another answer to the same complaint.
    again = "SELECT case_id FROM outbox GROUP BY case_id, kind, recipient HAVING count(*) > 1"
    must("letters of one kind written twice for a case", len(ledger.rows(again)), 0)
    return {"kept": len(kept), "cases": len(cases), "complaints": len(complaints), "answered": answered, "twice": twice}
