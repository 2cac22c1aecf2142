"""Commands run to their end under a small parent: how long, until the first line, and how much memory at most.

A child's peak memory (``ru_maxrss``) begins with that of the process which forked it, so a parent with a model in its
memory would be measured instead; the parent here holds nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import ROOT, HelperFailed

PARENT = """
import json, os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
first = child.stdout.readline() and time.monotonic() - began
lines = bool(first) + sum(1 for _ in child.stdout)
_, status, used = os.wait4(child.pid, 0)
print(json.dumps({"seconds": time.monotonic() - began, "first": first or 0.0, "lines": lines, "cpu": used.ru_utime + used.ru_stime,
    "peak_mb": used.ru_maxrss * 1024 / 1e6, "status": status}))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What one command took; times in seconds, memory in MB of a million bytes."""

    seconds: float
    first: float
    lines: int
    cpu: float
    peak_mb: float
    status: int


def start(*command: str) -> subprocess.Popen[bytes]:
    """Start a command under its small parent, its standard output unbuffered."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-S", "-c", PARENT, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


def finish(started: subprocess.Popen[bytes]) -> Watched:
    """Wait for a started command; raises ``HelperFailed`` where it failed."""
    said, _ = started.communicate()
    found = Watched(**json.loads(said))
    if found.status:
        raise HelperFailed(f"{started.args!r} ended with {os.waitstatus_to_exitcode(found.status)}")
    return found


def watched(commands: Sequence[Sequence[str]]) -> list[Watched]:
    """Run commands side by side."""
    return [finish(one) for one in [start(*command) for command in commands]]
