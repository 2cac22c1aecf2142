"""The program with one chat channel, in two processes: one that receives and is killed, and one that works and sends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import HelperFailed, end
from benchmarks.system import configure, free_port, run, start

RECEIVING, WORKING = "receive,public", "work,send"
PATIENCE = 120.0


class Program:
    """``intake serve`` on a migrated store, with the public door open for webhooks."""

    def __init__(self, folder: Path, url: str, channel: dict[str, Any]) -> None:
        self.port = free_port()
        self._folder = folder
        self._config = str(_configured(folder, url, channel, self.port))
        self._receiver: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start both, and wait until the door answers."""
        run(self._folder, "migrate", "--config", self._config)
        self._worker = start(self._folder, "serve", "--config", self._config, "--only", WORKING)
        self._receive()

    def stop(self) -> None:
        """Stop both as a service manager would."""
        for process in (self._receiver, self._worker):
            if process is not None:
                end(process, patience=40)

    def kill_receiver(self) -> None:
        """Kill whoever receives, as the kernel would where memory is short, and start it again."""
        assert self._receiver is not None
        os.kill(self._receiver.pid, signal.SIGKILL)
        code = self._receiver.wait(10)
        if code != -signal.SIGKILL:
            raise HelperFailed(f"the receiver had ended by itself with {code}: {self.last_words()}")
        self._receive()

    def must_run(self) -> None:
        """Raise ``HelperFailed`` where one of both has ended: nothing would ever be settled."""
        for name, process in (("receiver", self._receiver), ("worker", self._worker)):
            if process is None or process.poll() is not None:
                raise HelperFailed(f"the {name} has ended: {self.last_words()}")

    def last_words(self) -> str:
        """Return the end of what both wrote."""
        return (self._folder / "serve.log").read_text(encoding="utf-8", errors="replace")[-2_000:]

    def _receive(self) -> None:
        self._receiver = start(self._folder, "serve", "--config", self._config, "--only", RECEIVING)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self._receiver.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise HelperFailed(f"the receiver did not open its door: {self.last_words()}")


def _configured(folder: Path, url: str, channel: dict[str, Any], port: int) -> Path:
    """Write the settings of the invented landlord, with this channel beside its mail."""
    path = configure(folder, url, free_port(), free_port())
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in channel.items() if value is not None]
    public = ["[public]", f"port = {port}", f'url = "http://127.0.0.1:{port}"']
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(["", *public, "", "[[channels]]", *lines, ""]))
    return path
