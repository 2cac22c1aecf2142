"""The five scenarios; each measures the floor and the system in turn, over and over, and prints both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import importing, table, wording
from benchmarks.databases import Databases, StoreKind, remove
from benchmarks.ledger import Ledger
from benchmarks.offering import Offer, Run, offer_to
from benchmarks.preload import multiply
from benchmarks.subjects import FloorSubject, Subject, fill_floor
from benchmarks.system import IntakeSubject

BASE = 1_000
"""So many mails go through the system itself before their cases are copied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for on the command line."""

    folder: Path
    store: StoreKind = "sqlite"
    messages: int | None = None
    runs: int = 3
    seed: int = 1
    sessions: int | None = None
    rate: float = 100.0
    seconds: float = 30.0
    spacing: str = "poisson"
    cases: int = 100_000
    open: int = 10_000
    closed: int = 100_000
    explain: bool = False
    filled: str | None = None
    channels: tuple[str, ...] = ()
    corpus: Path = wording.CORPUS
    model: Path | None = None
    what: frozenset[str] = frozenset({"floor", "intake"})

    def offer(self, messages: int, sessions: int, **more: object) -> Offer:
        """Return how mails are offered, with the scenario's own numbers where none were asked for."""
        asked = Offer(
            messages=self.messages or messages, sessions=self.sessions or sessions, seed=self.seed, corpus=self.corpus
        )
        return replace(asked, **more)  # type: ignore[arg-type]  # the scenarios below pass Offer's own fields


Runs = dict[str, list[Run]]


class Notebook:
    """Keeps the runs by subject, and prints the rows when all are done."""

    def __init__(self, scenario: str) -> None:
        self.scenario = scenario
        self.runs: Runs = {}

    def add(self, run: Run) -> None:
        """Keep one run, and say on the terminal that it is done."""
        self.runs.setdefault(run.subject, []).append(run)
        print(
            f"  {self.scenario}, {run.subject}: {run.messages / run.seconds:.0f}/s, {run.cpu / run.messages * 1e3:.2f} ms",
            flush=True,
        )

    def report(self) -> str:
        """Return the Markdown."""
        lines = [table.HEAD, *(table.row(self.scenario, runs) for runs in self.runs.values())]
        lines += [f"\n{name} came to: {table.outcomes(runs)}" for name, runs in self.runs.items()]
        if {"floor", "intake"} <= self.runs.keys():
            lines.append(table.share(self.runs["intake"], self.runs["floor"]))
        return "\n".join(lines)


def bulk(plan: Plan, databases: Databases) -> Notebook:
    """(a) Import 10,000 mails from a folder of files."""
    notebook = Notebook(f"(a) import, {plan.store}")
    mails = plan.folder / "mails"
    importing.write_mails(mails, plan.messages or 10_000, plan.seed, plan.corpus)
    for number in range(plan.runs):
        for what in sorted(plan.what):
            url = databases.fresh()
            if what == "floor":
                notebook.add(importing.import_into_floor(url, mails, databases.roots))
            else:
                notebook.add(importing.import_into_system(url, mails, plan.folder / f"import-{number}", databases.roots))
            remove(url)
    return notebook


def end_to_end(plan: Plan, databases: Databases) -> Notebook:
    """(b) 1,000 mails by SMTP over 20 sessions, until every case is durable and every letter at the sink."""
    return _offered(plan, databases, f"(b) end to end, {plan.store}", plan.offer(1_000, 20))


def accept(plan: Plan, databases: Databases) -> Notebook:
    """(c) Durable accept alone: 3,000 mails over 50 sessions, nothing done with them yet."""
    return _offered(plan, databases, f"(c) accept, {plan.store}", plan.offer(3_000, 50), only="receive")


def latency(plan: Plan, databases: Databases) -> Notebook:
    """(d) 100 mails a second for 30 seconds, whatever the server does; from offered to letter at the sink."""
    offer = replace(plan.offer(int(plan.rate * plan.seconds), 100), rate=plan.rate, spacing=plan.spacing)
    return _offered(plan, databases, f"(d) {plan.rate:.0f}/s open loop, {plan.store}", offer)


def _offered(plan: Plan, databases: Databases, name: str, offer: Offer, only: str = "") -> Notebook:
    notebook = Notebook(name)
    for number in range(plan.runs):
        for what in sorted(plan.what):
            folder, url = plan.folder / f"{what}-{number}", databases.fresh()
            notebook.add(offer_to(_maker(what, folder, url, only), offer, folder, databases.roots, letters=not only))
            remove(url)
            shutil.rmtree(folder)
    return notebook


def _maker(what: str, folder: Path, url: str, only: str) -> Callable[[int], Subject]:
    if what == "floor":
        return lambda sink_port: FloorSubject(url, None if only else sink_port)
    return lambda sink_port: IntakeSubject(folder, url, sink_port, only=only)


def grown(plan: Plan, databases: Databases) -> Notebook:
    """(e) The same as (b) with 100,000 cases in the store; every run adds its own mails to the same store."""
    notebook = Notebook(f"(e) end to end, {plan.cases:,} cases, {plan.store}")
    urls = {what: databases.fresh() for what in sorted(plan.what)}
    for what, url in urls.items():
        _fill(what, url, plan, databases)
    for number in range(plan.runs):
        for what, url in urls.items():
            folder = plan.folder / f"{what}-{number}"
            offer = replace(plan.offer(1_000, 20), seed=plan.seed + 1 + number)
            notebook.add(offer_to(_maker(what, folder, url, ""), offer, folder, databases.roots))
    for url in urls.values():
        remove(url)
    return notebook


def _fill(what: str, url: str, plan: Plan, databases: Databases) -> None:
    if what == "floor":
        fill_floor(url, plan.cases)
        return
    folder = plan.folder / "filling"
    base = Offer(messages=min(BASE, plan.cases), seed=plan.seed + 50_000, sessions=20, corpus=plan.corpus, attachments=False)
    offer_to(_maker(what, folder, url, ""), base, folder, databases.roots)
    ledger = Ledger(url)
    held = ledger.number("SELECT count(*) FROM case_file")
    ledger.close()
    print(f"  {multiply(url, -(-plan.cases // held) - 1):,} cases in the store", flush=True)


SCENARIOS: dict[str, Callable[[Plan, Databases], Notebook]] = {
    "import": bulk,
    "end-to-end": end_to_end,
    "accept": accept,
    "latency": latency,
    "grown": grown,
}
