"""Helper processes that speak JSON lines: the sink, the load client, the floor."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class HelperFailed(Exception):
    """A process that the benchmark needs ended early or did not answer in time."""


class Helper:
    """A child process with one JSON line for each answer; its standard error goes to ours."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self.pid = self._process.pid
        self._command = " ".join(command)
        self._held = b""

    @classmethod
    def module(cls, name: str, *arguments: str) -> Helper:
        """Start ``python -m name`` with this Python."""
        return cls(sys.executable, "-m", name, *arguments)

    def answer(self, timeout: float = 60.0) -> dict[str, Any]:
        """Return the next line it prints."""
        assert self._process.stdout is not None
        while b"\n" not in self._held:
            if not select.select([self._process.stdout], [], [], timeout)[0]:
                raise HelperFailed(f"no answer in {timeout:.0f} s from {self._command}")
            piece = os.read(self._process.stdout.fileno(), 1 << 16)
            if not piece:
                raise HelperFailed(f"{self._command} ended with {self._process.wait()}")
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def tell(self, order: str) -> None:
        """Write one line to its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(order.encode() + b"\n")
        self._process.stdin.flush()

    def ask(self, order: str, timeout: float = 60.0) -> dict[str, Any]:
        """Write one line and return the line it prints."""
        self.tell(order)
        return self.answer(timeout)

    def __enter__(self) -> Self:
        """Hold the process for a ``with`` block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process: close its input, then terminate, then kill."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        end(self._process)
        self._process.stdout.close()


def end(process: subprocess.Popen[bytes], patience: float = 10.0) -> int:
    """Ask a process to end, wait, kill it if it will not; return its exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
