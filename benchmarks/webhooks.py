"""How soon a platform is answered while nothing else goes on, and while the classifier works off a great batch.

``python -m benchmarks webhooks``: one channel of Meta's, one update a request, each signed; what is timed is from the first byte
sent to the last byte of the answer, which comes only once the message is committed. Then batches of 1,000 updates in one request.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from benchmarks.channel_delivery import Far
from benchmarks.channel_program import Program
from benchmarks.channels import LENGTH, bench_of
from benchmarks.databases import Databases, remove
from benchmarks.ledger import Ledger, must
from benchmarks.measure import percentile
from benchmarks.scenarios import Plan
from benchmarks.wording import Mixer, load

KIND = "messenger"
SINGLE, EVERY = 300, 0.02
"""Requests of each part, and seconds between them: residents do not wait for each other."""
BATCHES, BATCH = 3, 1_000
JUDGED = "those batches are judged"
HEAD = "| while | requests | median ms | 95th ms | worst ms | waiting at the end |\n| --- | --- | --- | --- | --- | --- |"


@dataclass
class Timings:
    """What was timed, by what went on meanwhile."""

    parts: dict[str, list[float]] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)

    def report(self) -> str:
        """Return the Markdown."""
        rows = []
        for name, times in self.parts.items():
            figures = (percentile(times, 0.5), percentile(times, 0.95), max(times))
            told = " | ".join(f"{1000 * figure:.1f}" for figure in figures)
            rows.append(f"| {name} | {len(times)} | {told} | {self.waiting[name]:,} |")
        return "\n".join([HEAD, *rows])


def webhooks(plan: Plan, databases: Databases) -> Timings:
    """Time single requests with nothing to do, then batches, then single requests while those are worked off."""
    url, secrets = databases.fresh(), plan.folder / "secrets"
    secrets.mkdir()
    timings = asyncio.run(_timed(plan, url, secrets))
    remove(url)
    return timings


async def _timed(plan: Plan, url: str, secrets: Any) -> Timings:
    mixer, timings = Mixer(load(plan.corpus), random.Random(plan.seed)), Timings()
    async with bench_of(KIND) as bench:
        program = Program(plan.folder, url, bench.settings(secrets))
        numbers = iter(range(1, 1_000_000))

        def requests(count: int, size: int) -> list[Any]:
            return [
                bench.meta.request(bench.meta.body(bench.batch([_update(bench, mixer, next(numbers)) for _ in range(size)])))
                for _ in range(count)
            ]

        await asyncio.to_thread(program.start)
        try:
            with closing(Ledger(url)) as ledger, closing(Far(program.port, bench.account)) as far:
                for name, asked in (
                    ("nothing else goes on", requests(SINGLE, 1)),
                    (f"batches of {BATCH:,}", requests(BATCHES, BATCH)),
                    (JUDGED, requests(SINGLE, 1)),
                ):
                    timings.parts[name] = await asyncio.to_thread(_post, far, asked)
                    timings.waiting[name] = ledger.number("SELECT count(*) FROM message WHERE state = 'waiting'")
                # With nothing left to judge, the last part would time an idle program again.
                must("something is still judged when the last part ends", timings.waiting[JUDGED] > 0, True)
                must("messages kept", ledger.number("SELECT count(*) FROM message"), 2 * SINGLE + BATCHES * BATCH)
        finally:
            await asyncio.to_thread(program.stop)
    return timings


def _update(bench: Any, mixer: Mixer, number: int) -> Any:
    return bench.words(number, mixer.words(LENGTH).text[: bench.longest], person=number)


def _post(far: Far, asked: list[Any]) -> list[float]:
    times = []
    for request in asked:
        began = time.perf_counter()
        status = far.answer(request).status
        times.append(time.perf_counter() - began)
        must("status", status, 200)
        time.sleep(EVERY)
    return times
