"""Keeps what a run finds: how much was tried, what took longest, and one input for each way in which a promise broke."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.fuzz.mutating import LONGEST

SECONDS = 1.0
"""Of the processor, which 100 kB may take; longer mails may take longer in proportion."""
ROOT = Path(__file__).parents[2]


class TooSlow(AssertionError):
    """Reading took more than its second."""


@dataclass(slots=True)
class Told:
    """What is written down of a run."""

    executions: int = 0
    slowest: float = 0.0
    slowest_size: int = 0
    findings: dict[str, str] = field(default_factory=dict)
    repeats: int = 0


@dataclass(slots=True, kw_only=True)
class Book:
    """One run's notes, in a folder; ``check`` is what is run on each input."""

    folder: Path
    target: str
    check: Callable[[bytes], None]
    told: Told = field(default_factory=Told)
    written: float = 0.0
    _current: int = -1

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._current = os.open(self.folder / "current", os.O_RDWR | os.O_CREAT)
        if (self.folder / "told.json").exists():
            self.told = Told(**json.loads((self.folder / "told.json").read_text()))

    def tried(self, raw: bytes) -> None:
        """Run the check; raise what is new, and count what is known already."""
        os.ftruncate(self._current, 0)
        os.pwrite(self._current, raw, 0)
        start = time.process_time()
        try:
            self.check(raw)
        except Exception as error:
            if kind_of(error) not in self.told.findings:
                raise
            self.told.repeats += 1
        spent = time.process_time() - start
        self.told.executions += 1
        if spent > self.told.slowest:
            self._timed(raw, spent)
        if time.monotonic() - self.written > 1:
            self.write()

    def _timed(self, raw: bytes, spent: float) -> None:
        """Measure a slow one again, alone: a fuzzer's own counting makes everything slower."""
        if spent > 0.1:
            spent = min(spent, alone(self.target, self._kept("slowest", raw)))
        if spent > self.told.slowest:
            self.told.slowest, self.told.slowest_size = spent, len(raw)
            self._kept(f"slowest-{self.target}", raw)
        if spent > SECONDS * max(1.0, len(raw) / LONGEST) and "TooSlow" not in self.told.findings:
            raise TooSlow(f"{spent:.2f} s for {len(raw)} bytes")

    def found(self, error: BaseException, raw: bytes | None = None) -> None:
        """Write a finding down, with the bytes that were last tried."""
        kind = kind_of(error)
        if raw is None:
            raw = os.pread(self._current, 10_000_000, 0)
        name = self._kept(f"found-{len(self.told.findings)}", raw)
        self.told.findings[kind] = str(name)
        (self.folder / f"{name.name}.txt").write_text("".join(traceback.format_exception(error))[-20_000:])
        self.write()

    def _kept(self, name: str, raw: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(raw)
        return path

    def write(self) -> None:
        """Write the notes, whole or not at all: a fuzzer may end without a word."""
        self.written = time.monotonic()
        new = self.folder / "told.new"
        new.write_text(json.dumps(asdict(self.told)))
        new.replace(self.folder / "told.json")


def kind_of(error: BaseException) -> str:
    """Return what tells one fault from another: the error, and the last line of ours that it went through."""
    if isinstance(error, TooSlow):
        return "TooSlow"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if str(ROOT) in frame.filename]
    last = frames[-1] if frames else None
    # What the reader catches itself is told by its words alone.
    return f"{type(error).__name__} {Path(last.filename).name if last else ''}:{last.lineno if last else 0} {str(error)[:80]}"


def alone(target: str, path: Path) -> float:
    """Return the seconds of the processor that a check takes in a process of its own."""
    asked = [sys.executable, "-m", "tests.fuzz", "--target", target, "--measure", str(path)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True, timeout=600)
    return float(done.stdout.split()[-1])
