"""Memory of the house's work role: mails are received by one process, and judged and handled by another, which is watched."""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.judged import table
from benchmarks.ledger import Ledger
from benchmarks.mailset import MailSet
from benchmarks.measure import PROC, Watch
from benchmarks.processes import HelperFailed, end
from benchmarks.scenarios import Plan
from benchmarks.system import UNDECIDED, IntakeSubject, configure, free_port, start

MAILS = 300
PATIENCE = 300.0


def memory_at_work(plan: Plan, databases: Databases) -> str:
    """Return a row with the peak memory and the rate of ``intake serve --only work``."""
    if plan.model is not None:
        return "Not measured: the house works with the packaged model, and another one was asked for."
    url, folder = databases.fresh(), plan.folder / "house"
    _receive(plan, url, folder)
    config = configure(folder, url, free_port(), free_port())
    ledger = Ledger(url)
    process = start(folder, "serve", "--config", str(config), "--only", "work")
    began = time.monotonic()
    try:
        with Watch(process.pid) as watch:
            _until_decided(ledger, began)
            seconds, peak = time.monotonic() - began, _peak_mb(process.pid)
    finally:
        end(process, patience=40)
        ledger.close()
    head = ("mails", "s from start to the last verdict", "peak MB (VmHWM)", "peak MB (PSS)", "CPU ms a mail with the start")
    return table(head, [[MAILS, f"{seconds:.1f}", f"{peak:.0f}", f"{watch.peak_mb:.0f}", f"{1e3 * watch.cpu / MAILS:.1f}"]])


def _receive(plan: Plan, url: str, folder: Path) -> None:
    with (
        IntakeSubject(folder, url, None, only="receive") as house,
        smtplib.SMTP("127.0.0.1", house.port) as door,
    ):
        for mail in MailSet(MAILS, seed=plan.seed, corpus=plan.corpus):
            door.sendmail(mail.sender, [mail.recipient], mail.raw)


def _until_decided(ledger: Ledger, began: float) -> None:
    while ledger.number(UNDECIDED):
        if time.monotonic() - began > PATIENCE:
            raise HelperFailed("the work role did not judge all mails in time")
        time.sleep(0.2)


def _peak_mb(pid: int) -> float:
    """Return the process's own peak, before it ends."""
    status = (PROC / str(pid) / "status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith("VmHWM:"))
