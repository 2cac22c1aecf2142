"""What a run costs: processor time of process trees, peak memory as summed PSS, wall time, and medians.

Processor time is user and system time from ``/proc/PID/stat``, of the process, its living descendants, and those that
ended and were waited for. PSS (``/proc/PID/smaps_rollup``) counts a page shared by n processes as one n-th in each, so
that the sum over a tree is what the tree really takes.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
LEAST_SAMPLES = 16
"""From fewer looks at memory nothing is said about its growth."""


def tree(roots: Iterable[int]) -> set[int]:
    """Return the processes and all their living descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found: set[int] = set()
    ahead = list(roots)
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += children[pid]
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the processor seconds that the trees have used so far."""
    return sum(sum(map(int, fields[11:15])) for pid in tree(roots) if (fields := _stat(pid))) / TICK


def pss_bytes(roots: Iterable[int]) -> int:
    """Return the memory that the trees take now."""
    total = 0
    for pid in tree(roots):
        try:
            rollup = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) << 10 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total


def load_average() -> float:
    """Return the machine's load over the last minute: what else is going on."""
    return os.getloadavg()[0]


def _stat(pid: int) -> list[str]:
    """Return the fields of stat after the name, from the state (field 3) on; nothing if the process is gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


class Watch:
    """Watches process trees over a ``with`` block: processor seconds, and PSS every ``every`` seconds."""

    def __init__(self, *roots: int, every: float = 0.25) -> None:
        self._roots, self._every = roots, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.samples: list[tuple[int, ...]] = []
        self.cpu = 0.0
        self.wall = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        self._look()
        self._began = time.monotonic()
        self._cpu_before = cpu_seconds(self._roots)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End, if that was not done before."""
        self.close()

    def spent(self) -> float:
        """Return the processor seconds used since the beginning."""
        return cpu_seconds(self._roots) - self._cpu_before

    def close(self) -> None:
        """Keep the sums, and stop watching."""
        if self._stop.is_set():
            return
        self.cpu = self.spent()
        self.wall = time.monotonic() - self._began
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(self._every):
            self._look()

    def _look(self) -> None:
        taken = tuple(pss_bytes([root]) for root in self._roots)
        # A process that has just ended takes nothing, and says nothing about the run.
        if all(taken):
            self.samples.append(taken)

    @property
    def peak_mb(self) -> float:
        """Return the largest sum seen, in MB of a million bytes."""
        return max(map(sum, self.samples), default=0) / 1e6

    @property
    def growth_mb(self) -> float:
        """Return by how much the first tree's mean in the last quarter is above the second quarter's; 0 in short runs.

        The database server, watched as a further tree, is left out: its cache fills up to the size it was given.
        """
        if len(self.samples) < LEAST_SAMPLES:
            return 0.0
        own = [taken[0] for taken in self.samples]
        quarter = len(own) // 4
        return (statistics.mean(own[-quarter:]) - statistics.mean(own[quarter : 2 * quarter])) / 1e6


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """The median of repeated runs with the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up at least one value."""
        return cls(median=statistics.median(values), least=min(values), most=max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all are at or below (nearest rank); 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))] if ordered else 0.0
