"""The desk with years of cases behind it: what a page costs on the server, beside a page that asks nothing of the store.

``python -m benchmarks desk [--store sqlite --store postgresql] [--open 10000] [--closed 100000] [--explain]``. Each page
is asked for many times with other ids and words each time, first inside the process (the application alone), then over
HTTP from uvicorn in a process of its own. The goal: 95 of 100 answers within 150 ms.
"""

from __future__ import annotations

import asyncio
import random
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx2

from benchmarks.databases import Databases, remove
from benchmarks.desk_house import COOKIE, MANAGER, desk_at, house_at, staff
from benchmarks.desk_rows import OFFICERS, RARE, Filling, fill, settle
from benchmarks.measure import load_average, percentile
from benchmarks.processes import Helper, HelperFailed
from benchmarks.scenarios import Plan
from benchmarks.statements import Asked, Listening, plan_of
from benchmarks.system import configure, free_port, run
from desk.web.queue import cursor
from desk.wiring import House
from store.models import Case
from store.queue_rows import Wanted, queue_page
from store.unit import Glance

GOAL = 0.150
TIMES = 120
"""Requests of each page that are measured, after a few that are not."""
WARMING = 6


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to be asked for, by somebody, at several addresses in turn."""

    name: str
    addresses: list[str]
    who: str = OFFICERS[0]


@dataclass(kw_only=True)
class Taken:
    """What one page took."""

    page: Page
    inside: list[float]
    cpu: float = 0
    http: list[float] = field(default_factory=list)
    statements: float = 0
    slowest: Asked | None = None
    size: int = 0


def desk(plan: Plan, databases: Databases) -> Notebook:
    """Fill a store, or take the one that was named, and measure the pages."""
    url = plan.filled or databases.fresh()
    config = configure(plan.folder, url, free_port(), free_port())
    house = house_at(config)
    if not plan.filled:
        run(plan.folder, "migrate", "--config", str(config))
        _fill(house, plan, url)
    with house.store.glance() as glance:
        pages = list(_pages(glance, random.Random(plan.seed)))
    house.store.close()
    notebook = Notebook(plan, url)
    for page in pages:
        notebook.add(page, config)
    with Helper.module("benchmarks.desk_house", str(config)) as helper:
        address = f"http://127.0.0.1:{helper.answer()['port']}"
        for taken in notebook.taken:
            taken.http = _over_http(address, taken.page)
    notebook.explain()
    if not plan.filled:
        remove(url)
    if notebook.failed:
        raise HelperFailed(f"{notebook.report()}\n\n{notebook.failed}")
    return notebook


def _fill(house: House, plan: Plan, url: str) -> None:
    began = time.monotonic()
    fill(house.store, Filling(open=plan.open, closed=plan.closed, seed=plan.seed, corpus=plan.corpus))
    staff(house)
    settle(url)
    print(f"  {plan.open:,} open and {plan.closed:,} closed cases in {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    indexing = house.indexing()
    while indexing.words_once():
        pass
    settle(url)
    print(f"  indexed for search in {time.monotonic() - began:.0f} s", flush=True)


def _pages(glance: Glance, chance: random.Random, number: int = 100) -> Iterator[Page]:
    """Yield what is measured; ids and words are drawn by lot from those in the store."""
    tasks = queue_page(glance, Wanted(username=MANAGER, sees_restricted=True), None, 1_000_000)
    deep = cursor(tasks[-len(tasks) // 20].place)
    triage = chance.sample([task.id for task in tasks if task.kind == "triage" and not task.restricted], number)
    last = max(task.case_id or 0 for task in tasks)
    cases = glance.find(Case, id=chance.sample(range(1, last), number))
    references = [case.reference for case in cases]
    long = glance.find(Case, id=last)[0].reference
    yield Page(name="empty answer (floor)", addresses=["/healthz"])
    yield Page(name="page without data (floor)", addresses=["/accessibility"])
    yield Page(name="queue, mine", addresses=["/queue?view=mine"])
    yield Page(name="queue, all", addresses=["/queue?view=all"])
    yield Page(name="queue, all, manager", addresses=["/queue?view=all"], who=MANAGER)
    yield Page(name="queue, filtered", addresses=[f"/queue?view=all&kind=triage&team={t}" for t in ("complaints", "repairs")])
    yield Page(name="queue, by category", addresses=[f"/queue?view=all&category={c}" for c in ("complaint", "asb_report")])
    yield Page(name="queue, deep page", addresses=[f"/queue?view=all&after={deep}"])
    yield Page(name="review card", addresses=[f"/tasks/{id_}?view=all" for id_ in triage])
    yield Page(name="case page", addresses=[f"/cases/{reference}" for reference in references], who=MANAGER)
    yield Page(name="case page, long", addresses=[f"/cases/{long}"])
    yield Page(name="log a contact", addresses=["/contacts/new"])
    for name, asked in _sought(cases):
        yield Page(name=f"search, {name}", addresses=[f"/search?{urlencode({'q': words})}" for words in asked])


def _sought(cases: list[Case]) -> Iterator[tuple[str, Iterable[str]]]:
    yield "common word", ("boiler", "repair", "leak", "the", "damp")
    yield "rare word", (RARE,)
    yield "phrase", ('"nobody came"', '"still waiting"', '"no one has"')
    yield "two words", ("boiler Tuesday", "leak kitchen", "damp bedroom")
    yield "reference", [case.reference for case in cases]
    yield "name", [case.resident_name or "" for case in cases]
    yield "address", [case.resident_address or "" for case in cases]
    yield "home", [case.home or "" for case in cases]
    yield "nothing found", ("xylographer", "zeppelin marmalade")


async def _inside(config: Path, page: Page) -> Taken:
    app = desk_at(config)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8080", cookies={COOKIE: page.who}
    ) as client:
        for number in range(WARMING):
            response = await client.get(page.addresses[number % len(page.addresses)])
            _must(page, response)
        taken = Taken(page=page, inside=[], size=len(response.content))
        worked = time.process_time()
        for number in range(TIMES):
            began = time.perf_counter()
            await client.get(page.addresses[(number + WARMING) % len(page.addresses)])
            taken.inside.append(time.perf_counter() - began)
        taken.cpu = (time.process_time() - worked) / TIMES
        # Listening costs time of its own, so it is done apart.
        with Listening() as listening:
            for address in page.addresses[:10]:
                await client.get(address)
    taken.statements = len(listening.asked) / len(page.addresses[:10])
    taken.slowest = max(listening.asked, key=lambda asked: asked.seconds, default=None)
    app.state.desk.house.store.close()
    return taken


def _over_http(address: str, page: Page) -> list[float]:
    taken = []
    with httpx2.Client(base_url=address, cookies={COOKIE: page.who}) as client:
        for number in range(WARMING + TIMES):
            began = time.perf_counter()
            client.get(page.addresses[number % len(page.addresses)])
            taken.append(time.perf_counter() - began)
    return taken[WARMING:]


def _must(page: Page, response: httpx2.Response) -> None:
    if response.status_code not in (200, 303):  # a reference that is searched for leads straight to its case
        raise HelperFailed(f"{page.name}: {response.request.url} answered {response.status_code}")


class Notebook:
    """What was measured, and the table of it."""

    def __init__(self, plan: Plan, url: str) -> None:
        """Begin with nothing."""
        self._plan, self._url = plan, url
        self.taken: list[Taken] = []
        self._plans = self.failed = ""

    def add(self, page: Page, config: Path) -> None:
        """Measure one page inside the process; one that fails leaves the others to be measured."""
        try:
            self.taken.append(asyncio.run(_inside(config, page)))
        except Exception:  # noqa: BLE001  # whatever a page raises is shown at the end
            self.failed += f"{page.name} failed:\n{traceback.format_exc()[-1200:]}\n"
            return
        print(self._row(self.taken[-1]), flush=True)

    def explain(self) -> None:
        """Look up how the database goes about the slowest statement of each page, of those that were asked for or too slow."""
        for taken in self.taken:
            slow = percentile(taken.inside, 0.95) > GOAL / 3
            if taken.slowest is not None and (self._plan.explain or slow):
                sql = " ".join(taken.slowest.statement.split())
                self._plans += f"\n{taken.page.name}: {taken.slowest.seconds * 1e3:.1f} ms\n{sql}\n{taken.slowest.parameters}\n"
                self._plans += plan_of(self._url, taken.slowest) + "\n"

    def report(self) -> str:
        """Return the Markdown, and what is slow."""
        head = "| page | store | CPU ms | p50 ms | p95 ms | p99 ms | over HTTP p50 | p95 | p99 | statements | slowest statement ms | KB |"
        rows = [head, "| --- " * 12 + "|", *map(self._row, self.taken)]
        late = [
            taken.page.name for taken in self.taken if max(percentile(taken.inside, 0.95), percentile(taken.http, 0.95)) > GOAL
        ]
        rows.append(f"\nOver the goal of {GOAL * 1e3:.0f} ms: {', '.join(late) or 'none'}; load average {load_average():.2f}")
        return "\n".join(rows) + self._plans

    def _row(self, taken: Taken) -> str:
        times = [f"{percentile(each, share) * 1e3:.1f}" for each in (taken.inside, taken.http) for share in (0.5, 0.95, 0.99)]
        slowest = f"{taken.slowest.seconds * 1e3:.1f}" if taken.slowest else "-"
        cells = [
            taken.page.name,
            self._plan.store,
            f"{taken.cpu * 1e3:.1f}",
            *times,
            f"{taken.statements:.0f}",
            slowest,
            f"{taken.size / 1e3:.0f}",
        ]
        return f"| {' | '.join(cells)} |"
