"""``python -m benchmarks NAME...``: run scenarios and print their tables; see ``docs/performance.md`` for the method."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import wording
from benchmarks.channels import channels, kinds
from benchmarks.databases import Databases
from benchmarks.desk import desk
from benchmarks.ledger import WrongCount
from benchmarks.loops import loops
from benchmarks.measure import load_average
from benchmarks.processes import HelperFailed
from benchmarks.scenarios import SCENARIOS as OF_MAIL
from benchmarks.scenarios import Plan
from benchmarks.smuggling import smuggling
from benchmarks.webhooks import webhooks

OF_JUDGEMENT = {name: name.replace("-", "_") for name in ("judging", "changes", "reasons", "slices", "light-curve", "learning")}
"""Scenarios of the classifier, and the module and function that each is; imported when asked for, as spaCy takes its time."""


def _later(name: str) -> Callable[[Plan, Databases], Any]:
    def run(plan: Plan, databases: Databases) -> Any:
        named = OF_JUDGEMENT[name]
        return getattr(importlib.import_module(f"benchmarks.{named}"), named)(plan, databases)

    return run


SCENARIOS: dict[str, Callable[[Plan, Databases], Any]] = {
    **OF_MAIL,
    "desk": desk,
    "channels": channels,
    "webhooks": webhooks,
    "loops": loops,
    "smuggling": smuggling,
    **{name: _later(name) for name in OF_JUDGEMENT},
}


def main() -> int:
    """Run what was asked for; 1 when a run failed or a count was wrong."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="intake-benchmark-", dir=asked.folder) as folder:
        for name in asked.names or list(SCENARIOS):
            for store in asked.store or ["sqlite"]:
                plan = Plan(
                    folder=Path(folder) / f"{name}-{store}",
                    store=store,
                    messages=asked.messages,
                    runs=asked.runs,
                    seed=asked.seed,
                    sessions=asked.sessions,
                    rate=asked.rate,
                    seconds=asked.seconds,
                    spacing=asked.spacing,
                    cases=asked.cases,
                    open=asked.open,
                    closed=asked.closed,
                    explain=asked.explain,
                    filled=asked.filled,
                    channels=tuple(asked.channel or ()),
                    corpus=asked.corpus.resolve(),
                    model=asked.model,
                    what=frozenset(asked.what or ("floor", "intake")),
                )
                if not _run(name, plan):
                    return 1
    return 0


def _run(name: str, plan: Plan) -> bool:
    plan.folder.mkdir()
    print(f"{name}: load average before {load_average():.2f}", flush=True)
    began = time.monotonic()
    try:
        with Databases(plan.store, plan.folder) as databases:
            print(SCENARIOS[name](plan, databases).report())
    except (WrongCount, HelperFailed) as error:
        print(f"{name} failed: {error}", file=sys.stderr)
        return False
    print(f"({time.monotonic() - began:.0f} s in all)\n", flush=True)
    return True


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENARIOS)}; none: all")
    asked.add_argument("--messages", type=int, help="mails a run (each scenario has its own number)")
    asked.add_argument("--store", action="append", choices=("sqlite", "postgresql"), help="may be given twice; sqlite")
    asked.add_argument("--what", action="append", choices=("floor", "intake"), help="measure only this; both")
    asked.add_argument("--runs", type=int, default=3, help="of which the median counts")
    asked.add_argument("--sessions", type=int, help="SMTP sessions")
    asked.add_argument("--rate", type=float, default=100.0, help="latency: mails a second")
    asked.add_argument("--seconds", type=float, default=30.0, help="latency: how long")
    asked.add_argument("--spacing", choices=("poisson", "fixed"), default="poisson", help="latency: how mails are spaced")
    asked.add_argument("--cases", type=int, default=100_000, help="grown: cases in the store beforehand")
    asked.add_argument("--open", type=int, default=10_000, help="desk: open items in the store")
    asked.add_argument("--closed", type=int, default=100_000, help="desk: closed cases in the store")
    asked.add_argument(
        "--explain", action="store_true", help="desk: show how the database goes about every page's slowest statement"
    )
    asked.add_argument("--filled", help="desk: URL of a store that was filled before; it is measured as it is, and kept")
    asked.add_argument("--channel", action="append", choices=kinds(), help="channels: only this one; may be given again")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--corpus", type=Path, default=wording.CORPUS, help="folder of labelled messages to take words from")
    asked.add_argument("--model", type=Path, help="judging and what follows it: folder of the model; the packaged one")
    asked.add_argument("--folder", type=Path, help="where stores and mails are put; the machine's temporary folder")
    chosen = asked.parse_args()
    if unknown := set(chosen.names) - SCENARIOS.keys():
        asked.error(f"there is no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
