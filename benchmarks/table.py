"""Runs as a Markdown table: one row for the system, one for the floor beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.measure import Spread, percentile
from benchmarks.offering import Run

HEAD = (
    "| scenario | what | mails | mails/s, median (least..most) | CPU ms a mail | of it database | peak MB | growth MB | p50 ms | p99 ms "
    "| client + sink ms a mail | load before |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def row(scenario: str, runs: Sequence[Run]) -> str:
    """Sum up the runs of one subject in one row; latencies are those of the median run."""
    rate = Spread.of([run.messages / run.seconds for run in runs])
    p50, p99 = (Spread.of([percentile(run.latencies, share) for run in runs]).median for share in (0.5, 0.99))
    cells = [
        scenario,
        runs[0].subject,
        f"{runs[0].messages:,}",
        f"{rate.median:.0f} ({rate.least:.0f}..{rate.most:.0f})",
        f"{_each(runs, 'cpu'):.2f}",
        f"{_each(runs, 'database_cpu'):.2f}",
        f"{max(run.peak_mb for run in runs):.0f}",
        f"{max(run.growth_mb for run in runs):+.1f}",
        f"{p50:.1f}" if p50 else "-",
        f"{p99:.1f}" if p99 else "-",
        f"{_each(runs, 'client_cpu') + _each(runs, 'sink_cpu'):.2f}",
        f"{max(run.load for run in runs):.2f}",
    ]
    return "| " + " | ".join(cells) + " |"


def share(runs: Sequence[Run], floor: Sequence[Run]) -> str:
    """Say how the system stands to the floor of the same run."""
    rates = [Spread.of([run.messages / run.seconds for run in each]).median for each in (runs, floor)]
    return f"{runs[0].subject}: {rates[0] / rates[1]:.0%} of the floor's rate at {_each(runs, 'cpu') / _each(floor, 'cpu'):.1f} times its CPU"


def outcomes(runs: Iterable[Run]) -> str:
    """Say what the mails of the last run came to."""
    *_, last = runs
    return ", ".join(f"{name} {count:,}" for name, count in sorted(last.came_to.items()))


def _each(runs: Sequence[Run], what: str) -> float:
    return Spread.of([getattr(run, what) / run.messages * 1e3 for run in runs]).median
