"""One run by SMTP: mails offered to a subject by the load client, letters caught by the sink, all of it watched."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import wording
from benchmarks.client import read_notes
from benchmarks.ledger import must, read_letters
from benchmarks.load import Note
from benchmarks.measure import Watch, load_average
from benchmarks.processes import Helper, HelperFailed
from benchmarks.subjects import Subject

WARMING = 40
"""Mails offered before the clock starts, so that imports, models and connections are not counted."""
LOOK_EVERY = 0.02
SEED_OF_WARMING = 900_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """How a run offers its mails."""

    messages: int
    seed: int = 1
    sessions: int = 20
    rate: float | None = None
    spacing: str = "poisson"
    corpus: Path = wording.CORPUS
    patience: float = 600.0
    attachments: bool = True

    def arguments(self, notes: Path) -> list[str]:
        """Return the load client's arguments."""
        asked = [
            "--notes",
            str(notes),
            "--messages",
            str(self.messages),
            "--seed",
            str(self.seed),
            "--corpus",
            str(self.corpus),
        ]
        asked += ["--sessions", str(self.sessions), "--spacing", self.spacing]
        asked += [] if self.attachments else ["--no-attachments"]
        return asked + (["--rate", str(self.rate)] if self.rate else [])


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one run showed: seconds, processor seconds, MB, and milliseconds from offered to letter."""

    subject: str
    messages: int
    seconds: float
    cpu: float
    database_cpu: float = 0.0
    client_cpu: float = 0.0
    sink_cpu: float = 0.0
    peak_mb: float
    growth_mb: float
    load: float
    latencies: tuple[float, ...] = ()
    came_to: dict[str, int] = field(default_factory=dict)


def offer_to(
    make: Callable[[int], Subject], offer: Offer, folder: Path, database: tuple[int, ...] = (), *, letters: bool = True
) -> Run:
    """Start the sink, the client and the subject that ``make`` gives for the sink's port; offer, wait, check, reckon."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        sink = held.enter_context(Helper.module("benchmarks.sink", "--log", str(folder / "letters")))
        subject = held.enter_context(make(int(sink.answer()["port"])))
        warmed = _warm(subject, offer, folder)
        client = held.enter_context(Helper.module("benchmarks.client", *offer.arguments(folder / "notes")))
        client.answer(offer.patience)
        load = load_average()
        watches = [held.enter_context(Watch(pid, every=1e6)) for pid in (sink.pid, client.pid)]
        watches.append(held.enter_context(Watch(*database, every=1e6)))
        watch = held.enter_context(Watch(subject.pid, *database))
        said = client.ask(f"go {subject.port}", offer.patience)
        decided_ns = wait_until_done(subject, offer.patience)
        sink_cpu, client_cpu, database_cpu = (each.spent() for each in watches)
        watch.close()
        last_ns = max(decided_ns if letters else 0, int(said["last_ns"]), int(sink.ask("count")["last_ns"]))
        all_accepted(said)
        notes = read_notes(folder / "notes")
        came = read_letters(folder / "letters")
        automatic = sum(note.kind == "automatic" for note in [*notes, *warmed])
        came_to = subject.check(len(notes) + len(warmed), automatic, came)
        return Run(
            subject=subject.name,
            messages=len(notes),
            seconds=(last_ns - int(said["first_ns"])) / 1e9,
            cpu=watch.cpu,
            database_cpu=database_cpu,
            client_cpu=client_cpu,
            sink_cpu=sink_cpu,
            peak_mb=watch.peak_mb,
            growth_mb=watch.growth_mb,
            load=load,
            latencies=latencies(notes, {letter.in_reply_to: letter.at_ns for letter in came}),
            came_to=came_to,
        )


def all_accepted(said: dict[str, Any]) -> None:
    """Stop when a mail was refused; the client says with which code (0: the link broke)."""
    must(f"mails not accepted (codes {said['failures']})", int(said["offered"]) - int(said["accepted"]), 0)


def wait_until_done(subject: Subject, patience: float) -> int:
    """Wait until nothing is undecided and no letter is due; return when the last decision was seen, in monotonic ns."""
    give_up = time.monotonic() + patience
    decided_ns = 0
    while time.monotonic() < give_up:
        if not decided_ns and subject.undecided() == 0:
            decided_ns = time.monotonic_ns()
        if decided_ns and subject.unsent() == 0:
            return decided_ns
        time.sleep(LOOK_EVERY)
    left = f"{subject.undecided()} undecided, {subject.unsent()} unsent"
    raise HelperFailed(f"{subject.name} was not done in {patience:.0f} s: {left}\n{subject.last_words()}")


def latencies(notes: list[Note], arrivals: dict[str, int]) -> tuple[float, ...]:
    """Return milliseconds from offered to the letter at the sink, for each mail that got one."""
    found = ((arrivals.get(note.message_id.strip("<>")), note.offered_ns) for note in notes)
    return tuple((at - offered) / 1e6 for at, offered in found if at is not None)


def _warm(subject: Subject, offer: Offer, folder: Path) -> list[Note]:
    warm = Offer(messages=WARMING, seed=SEED_OF_WARMING + offer.seed, sessions=4, corpus=offer.corpus)
    with Helper.module("benchmarks.client", *warm.arguments(folder / "warming")) as client:
        client.answer()
        said: dict[str, Any] = client.ask(f"go {subject.port}", 120)
    all_accepted(said)
    wait_until_done(subject, 60)
    return read_notes(folder / "warming")
