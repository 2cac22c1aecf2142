"""``python -m benchmarks judging``: what a verdict costs in time and memory, beside the linear half alone in the same run."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.judged import Page, classifier, examples, model_line, table, words
from benchmarks.linear_alone import linear_alone
from benchmarks.measure import load_average, percentile
from benchmarks.scenarios import Plan
from benchmarks.system import command
from benchmarks.watched import Watched, watched
from benchmarks.working import memory_at_work
from classifiers.examples import Example
from classifiers.verdict import Classifier, Text

LENGTHS = (20, 60, 150, 500)
NEAR = 0.15
"""How far from a length, as a share of it, a message may be to stand for it."""
A_LENGTH = 120
BULK = 1_000
WHO = ("both halves", "linear half alone")


METHOD = (
    "Messages are the corpus's, within 15 % of each length; where it has too few, several of one category are put together and cut. "
    "Each is judged by both ways in turn, after 300 others, on one processor; CPU is the process's own time. *The linear half alone* has "
    "nothing where the encoder stands: it reads, weighs, routes and shows evidence as ever. Routes are those of both halves: what a "
    "person will see is read again without each of its sentences. In bulk, messages are drawn as the corpus has them, evidence included; "
    "`intake classify` judges two at once. Memory is `ru_maxrss` under a parent that holds nothing."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What one verdict took, in milliseconds, and its route."""

    cpu: float
    wall: float
    route: str


def judging(plan: Plan, databases: Databases) -> Page:
    """Measure processes first, while this one is still small; then messages on one core; then threads."""
    page, every = Page("Judging"), examples(plan)
    bulk = _bulk(every, plan.messages or BULK, plan.seed)
    page.add("How", METHOD)
    _processes(page, plan, bulk)
    page.add("Memory of the house's work role", memory_at_work(plan, databases))
    judges: dict[str, Classifier] = dict(zip(WHO, (classifier(plan), linear_alone(plan.model)), strict=True))
    with one_core():
        page.add("One message after the other, on one core", *_each(judges, every, plan))
    page.add("In bulk, two threads on one classifier", _threads(judges, bulk, plan.runs), model_line(judges[WHO[0]].model))
    return page


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process on one processor for a while."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def of_length(every: Sequence[Example], length: int, count: int, seed: int) -> tuple[list[Text], int]:
    """Return texts of about so many words, and how many of them were written so; the others are two or more put together."""
    chance = random.Random(f"{seed} {length}")
    near = [one.text for one in every if abs(words(one) - length) <= NEAR * length]
    chosen = chance.sample(near, min(count, len(near)))
    return [*chosen, *(_joined(every, length, chance) for _ in range(count - len(chosen)))], len(chosen)


def _joined(every: Sequence[Example], length: int, chance: random.Random) -> Text:
    first = chance.choice([one for one in every if words(one) >= 3])
    alike = [one.text.text for one in every if one.labels.category is first.labels.category]
    text = first.text.text
    while len(text.split()) < length:
        text += "\n\n" + chance.choice(alike)
    return replace(first.text, text=" ".join(text.split(" ")[: length + text.count("\n")]))


def _each(judges: dict[str, Classifier], every: Sequence[Example], plan: Plan) -> list[str]:
    head = (
        *("words", "written so", "what", "route", "messages", "CPU ms: median", "95th", "99th"),
        *("wall ms: median", "95th", "99th"),
    )
    warming = random.Random(plan.seed).sample(list(every), min(300, len(every)))
    for judge in judges.values():
        for one in warming:
            judge.classify(one.text)
    rows: list[list[object]] = []
    for length in LENGTHS:
        texts, natural = of_length(every, length, A_LENGTH, plan.seed)
        taken: dict[str, list[Times]] = {name: [] for name in judges}
        for _ in range(plan.runs):
            for text in texts:
                for name, judge in judges.items():
                    taken[name].append(timed(judge, text))
        for name, times in taken.items():
            # The linear half alone is never sure enough to act, so its times are not parted by route.
            routes = ("auto", "triage", "all") if name == WHO[0] else ("all",)
            rows += [[length, f"{natural} of {len(texts)}", name, *_spread(times, route, plan.runs)] for route in routes]
    return [
        table(head, rows),
        f"Load average {load_average():.2f}; each message {plan.runs} times, after {len(warming)} others.",
    ]


def timed(judge: Classifier, text: Text) -> Times:
    """Judge one text by the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    route = judge.classify(text).route
    return Times(cpu=1e3 * (time.process_time() - cpu), wall=1e3 * (time.perf_counter() - wall), route=route)


def _spread(times: Sequence[Times], route: str, runs: int) -> list[str]:
    chosen = [one for one in times if route in ("all", one.route)]
    if not chosen:
        return [route, "0", *["-"] * 6]
    figures = [
        percentile([getattr(one, what) for one in chosen], share) for what in ("cpu", "wall") for share in (0.5, 0.95, 0.99)
    ]
    return [route, str(len(chosen) // runs), *(f"{one:.2f}" for one in figures)]


def _threads(judges: dict[str, Classifier], bulk: Sequence[Text], runs: int) -> str:
    rates: dict[str, list[float]] = {name: [] for name in judges}
    for _ in range(runs):
        for name, judge in judges.items():
            with ThreadPoolExecutor(2) as pool:
                began = time.perf_counter()
                done = sum(1 for _ in pool.map(judge.classify, bulk))
                rates[name].append(done / (time.perf_counter() - began))
    return table(("what", "messages a second, median", "least", "most"), [[name, *_rate(rate)] for name, rate in rates.items()])


def _rate(rates: Sequence[float]) -> list[str]:
    return [f"{percentile(rates, 0.5):.0f}", f"{min(rates):.0f}", f"{max(rates):.0f}"]


def _bulk(every: Sequence[Example], count: int, seed: int) -> list[Text]:
    """Draw messages as the corpus has them, some of them twice where there are too few."""
    return [one.text for one in random.Random(seed).choices(list(every), k=count)]


def _processes(page: Page, plan: Plan, bulk: Sequence[Text]) -> None:
    whole, halves, single = (
        plan.folder / "bulk.jsonl",
        [plan.folder / f"half-{n}.jsonl" for n in (0, 1)],
        plan.folder / "one.jsonl",
    )
    _write(whole, bulk)
    _write(single, bulk[:1])
    for number, half in enumerate(halves):
        _write(half, bulk[number::2])
    rows: list[list[str]] = []
    starts: list[list[str]] = []
    for name, line in zip(WHO, (_classify, _alone), strict=True):
        first = [watched([line(plan, single)])[0] for _ in range(plan.runs)]
        starts.append([name, *(f"{percentile([one.first for one in first], share):.2f}" for share in (0.5, 1.0)), _peak(first)])
        rows.append(_command_row(name, "one process", [[*watched([line(plan, whole)])] for _ in range(plan.runs)]))
        rows.append(
            _command_row(name, "two processes", [watched([line(plan, half) for half in halves]) for _ in range(plan.runs)])
        )
    page.add(
        "From the start of `intake classify` to its first verdict", table(("what", "s, median", "s, most", "peak MB"), starts)
    )
    head = ("what", "`intake classify`", "messages", "messages a second", "the start left out", "CPU ms each", "peak MB of one")
    page.add("In bulk, as processes", table(head, rows), f"Load average {load_average():.2f}; medians of {plan.runs}.")


def _command_row(name: str, how: str, runs: Sequence[Sequence[Watched]]) -> list[str]:
    count = sum(one.lines for one in runs[0])
    every = [one for run in runs for one in run]
    rates = [count / max(one.seconds for one in run) for run in runs]
    later = [sum((one.lines - 1) / (one.seconds - one.first) for one in run) for run in runs]
    cpu = [1e3 * sum(one.cpu for one in run) / count for run in runs]
    return [
        name,
        how,
        str(count),
        *(f"{percentile(one, 0.5):.0f}" for one in (rates, later)),
        f"{percentile(cpu, 0.5):.1f}",
        _peak(every),
    ]


def _peak(runs: Sequence[Watched]) -> str:
    return f"{max(one.peak_mb for one in runs):.0f}"


def _classify(plan: Plan, file: Path) -> list[str]:
    return [*command(), "classify", str(file), "--json", *(["--model", str(plan.model)] if plan.model else [])]


def _alone(plan: Plan, file: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.linear_alone", str(file), *([str(plan.model)] if plan.model else [])]


def _write(path: Path, texts: Sequence[Text]) -> None:
    lines = [
        json.dumps({"id": str(number), "channel": one.channel, "subject": one.subject, "text": one.text})
        for number, one in enumerate(texts)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
