"""``python -m tests.fuzz --engine hypothesis --minutes 30``: reads mails that nobody wrote, and says what broke.

Without ``--target`` it is whole mails; ``quoting`` and ``html`` are the splitter and the walk through html alone. Notes and
inputs are kept below ``--folder``. The engine runs in a process of its own, which is begun anew when a mail ends it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.checks import CHECKS
from tests.fuzz.engines import ENGINES, begin, missing

_COUNTED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


def main() -> int:
    """Run what is asked for; 1 says that something was found."""
    asked = _arguments()
    if asked.measure:
        return _measure(asked.target, asked.measure)
    if lacking := missing(asked.engine):
        sys.exit(lacking)
    folder = (asked.folder / f"{asked.engine}-{asked.target}").resolve()
    if asked.inside:
        begin(asked.engine, asked.target, folder, asked.minutes * 60)
        return 0
    (folder / "told.json").unlink(missing_ok=True)
    return _watched(asked, folder)


def _watched(asked: argparse.Namespace, folder: Path) -> int:
    """Begin the engine, again when a mail ends it, until the time is over."""
    ends = time.monotonic() + asked.minutes * 60
    deaths: list[str] = []
    counted = None
    while (left := ends - time.monotonic()) > 1:
        options = [
            "--engine",
            asked.engine,
            "--target",
            asked.target,
            "--folder",
            str(asked.folder),
            "--minutes",
            str(left / 60),
        ]
        with subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz", "--inside", *options], stderr=subprocess.PIPE, text=True, errors="replace"
        ) as engine:
            said = ""
            for line in engine.stderr or ():
                counted = _COUNTED.search(line) or counted
                said = (said + line)[-5_000:]
        if engine.returncode:
            last = folder / f"ended-{len(deaths)}"
            last.write_bytes((folder / "current").read_bytes() if (folder / "current").exists() else b"")
            deaths.append(f"ended with {engine.returncode} on {last}: {said[-1_500:]}")
            if len(deaths) > 20 or not last.stat().st_size:
                break
    return _tell(asked, folder, deaths, counted)


def _tell(asked: argparse.Namespace, folder: Path, deaths: list[str], counted: re.Match[str] | None) -> int:
    path = folder / "told.json"
    told = json.loads(path.read_text()) if path.exists() else {"executions": 0, "slowest": 0, "slowest_size": 0, "findings": {}}
    sys.stdout.write(f"{asked.engine}, {asked.target}, {asked.minutes:g} minutes: {told['executions']:,} executions\n")
    if counted:
        sys.stdout.write(f"{counted[1]} edges, {counted[2]} features, {counted[3]} inputs kept\n")
    sys.stdout.write(f"slowest: {told['slowest']:.2f} s of the processor for {told['slowest_size']:,} bytes\n")
    for kind, where in told["findings"].items():
        sys.stdout.write(f"FOUND {kind}: {where}\n")
    for death in deaths:
        sys.stdout.write(f"FOUND {death}\n")
    return 1 if told["findings"] or deaths else 0


def _measure(target: str, path: Path) -> int:
    raw = path.read_bytes()
    CHECKS[target](b"From: a@b.example\r\n\r\nwarm")
    start = time.process_time()
    try:
        CHECKS[target](raw)
    except AssertionError as error:
        sys.stderr.write(f"{error}\n")
    sys.stdout.write(f"{time.process_time() - start:.3f}\n")
    return 0


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--engine", choices=sorted(ENGINES), default="hypothesis")
    asked.add_argument("--target", choices=sorted(CHECKS), default="mail")
    asked.add_argument("--minutes", type=float, default=1.0)
    asked.add_argument("--folder", type=Path, default=Path("var/fuzz"))
    asked.add_argument("--measure", type=Path, help="say how many seconds of the processor one file takes")
    asked.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return asked.parse_args()


if __name__ == "__main__":
    sys.exit(main())
