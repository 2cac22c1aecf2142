"""One run by ``intake import``: a folder of mail files, from the command's start until every case is durable."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import system, wording
from benchmarks.floor_store import open_floor
from benchmarks.ledger import Ledger, check_imported, must
from benchmarks.mailset import MailSet
from benchmarks.measure import Watch, load_average
from benchmarks.offering import Run
from benchmarks.processes import HelperFailed
from benchmarks.subjects import import_floor


def write_mails(folder: Path, count: int, seed: int, corpus: Path = wording.CORPUS) -> None:
    """Write the mail set as files that sort in the order of the set."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(MailSet(count, seed=seed, corpus=corpus)):
        (folder / f"{number:07d}.eml").write_bytes(mail.raw)


def import_into_floor(url: str, folder: Path, database: tuple[int, ...]) -> Run:
    """Store the files, and nothing else."""
    count = sum(1 for _ in folder.iterdir())
    open_floor(url)
    run = _watched("floor", count, database, lambda: import_floor(url, folder))
    must("rows", Ledger(url).number("SELECT count(*) FROM mail"), count)
    return run


def import_into_system(url: str, mails: Path, folder: Path, database: tuple[int, ...]) -> Run:
    """Import the files, and prove that each came to something; letters stay due until the program serves."""
    count = sum(1 for _ in mails.iterdir())
    folder.mkdir(parents=True, exist_ok=True)
    config = system.configure(folder, url, system.free_port(), system.free_port())
    system.run(folder, "migrate", "--config", str(config))
    run = _watched("intake", count, database, lambda: system.start(folder, "import", "--config", str(config), str(mails)))
    ledger = Ledger(url)
    must("undecided after the import", ledger.number(system.UNDECIDED), 0)
    run.came_to.update(check_imported(ledger, count))
    return run


def _watched(subject: str, count: int, database: tuple[int, ...], begin: Callable[[], subprocess.Popen[bytes]]) -> Run:
    load, began = load_average(), time.monotonic()
    with Watch(*database, every=1e6) as of_database:
        process = begin()
        with Watch(process.pid, *database) as watch:
            # WNOWAIT leaves the ended process in /proc, so that its own and its children's time can still be read.
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            seconds = time.monotonic() - began
            spent, database_cpu = watch.spent(), of_database.spent()
        process.wait()
    if ended is None or ended.si_status != 0:
        raise HelperFailed(f"the import of the {subject} ended with {ended.si_status if ended else None}")
    return Run(
        subject=subject,
        messages=count,
        seconds=seconds,
        cpu=spent,
        database_cpu=database_cpu,
        peak_mb=watch.peak_mb,
        growth_mb=watch.growth_mb,
        load=load,
    )
