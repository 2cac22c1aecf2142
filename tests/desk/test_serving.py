"""The program as a landlord starts it: two processes and a minder, real mail in, letters out, and an end that loses nothing."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from desk.config import EXAMPLE
from houses import mail

PATIENCE = 180.0
"""Seconds that a loaded machine may take; a hang guard, not a measure."""
COMPLAINT = "I was promised a plumber on Tuesday and again on Thursday. Nobody came and nobody rang. I am fed up with waiting."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """One landlord's folder with its settings, served again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        text = EXAMPLE.read_text().replace("port = 8025", f"port = {self.port}")
        (folder / "config.toml").write_text(text)
        self.processes: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "desk.cli", "serve"]
        log = (self.folder / "log").open("a")
        process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, text=True, start_new_session=True)
        log.close()
        self.processes.append(process)
        return process

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def until(self, holds: Callable[[], object]) -> object:
        end = time.monotonic() + PATIENCE
        while not (found := holds()):
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)
        return found

    def ready(self, times: int = 1) -> None:
        self.until(lambda: self.log().count("Ctrl-C ends it") >= times)

    def letters(self) -> list[Path]:
        return sorted((self.folder / "var/sent/new").glob("*"))

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "desk.cli", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def send(self, raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail("ada@resident.example", ["housing@landlord.example"], raw)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    house = Served(tmp_path)
    yield house
    for process in house.processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def test_a_complaint_sent_to_a_running_house_is_acknowledged_and_outlives_it(served):
    process = served.start()
    served.ready()
    served.send(mail(COMPLAINT))
    served.until(served.letters)
    letter = message_from_bytes(served.letters()[0].read_bytes(), policy=policy.default)
    reference = next(word.strip(":") for word in letter["Subject"].split() if word.startswith("LBL-"))
    text = letter.get_body(("plain",)).get_content()
    for words in (
        "stage 1",
        reference,
        "We got your message on",
        "promised a plumber",
        "Complaints",
        "Housing Ombudsman",
        "by",
    ):
        assert words in text
    assert letter["Auto-Submitted"] == "auto-replied"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does for Ctrl-C
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in served.log()
    served.start()
    served.ready(times=2)
    assert COMPLAINT.split(".", 1)[0] in served.run("case", reference.lower().replace("-", " "))
    assert "1 arrivals = 0 waiting + 0 quarantined + 1 case" in served.run("status")
    assert "all events are as they were written" in served.run("verify")


@pytest.mark.slow
def test_children_end_with_their_minder_and_a_new_one_takes_over(served):
    process = served.start()
    served.ready()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    served.start()
    served.ready(times=2)
    served.send(mail(COMPLAINT))
    served.until(served.letters)


@pytest.mark.slow
def test_a_store_is_served_by_one_house_at_a_time(served):
    served.start()
    served.ready()
    other = served.start()
    assert other.wait(PATIENCE) != 0
    served.send(mail(COMPLAINT))
    served.until(served.letters)


@pytest.mark.slow
def test_a_process_that_falls_is_started_again(served):
    process = served.start()
    served.ready()
    children = subprocess.run(
        ["ps", "-ww", "--ppid", str(process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    worker = next(int(line.split()[0]) for line in children if line.endswith("work"))
    os.kill(worker, signal.SIGKILL)
    served.send(mail(COMPLAINT))
    served.until(served.letters)


@pytest.mark.slow
def test_an_old_schema_is_refused_with_the_mend(served):
    served.start()
    served.ready()
    served.processes[0].send_signal(signal.SIGTERM)
    served.processes[0].wait(PATIENCE)
    import sqlite3

    with sqlite3.connect(served.folder / "var/intake.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    assert served.start().wait(PATIENCE) == 2
    assert "intake migrate" in served.log()
