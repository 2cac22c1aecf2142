"""Learning on site: fifty corrections of one kind, what they teach, and what is refused when they are wrong on purpose.

The kind is one that the model cannot know: this landlord lets the allotments behind its estates, which elsewhere are another
council service. ``learning.jsonl`` holds fifty requests about plots, each its own, which an officer puts right at the desk
(handlers' own path, into a real store), and twenty more that nobody corrects. The wrong ones are complaints of the corpus that
neither train nor examine here, put down as out of scope. ``python -m benchmarks learning [--model FOLDER]``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from benchmarks.databases import Databases
from benchmarks.processes import ROOT, HelperFailed
from benchmarks.scenarios import Plan
from benchmarks.system import command, configure, free_port, run
from classifiers.examples import Example, example_from, read_corpus
from classifiers.learning import corpus_of
from classifiers.pipeline import PipelineClassifier, load
from classifiers.taxonomy import Category, Reason
from classifiers.training import CORPUS
from desk.config import load_settings
from desk.site_model import model_folder
from desk.wiring import House
from handlers.clock import FixedClock
from intake.message import Envelope, InboundMessage

MESSAGES = Path(__file__).with_name("learning.jsonl")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NUMBER = 50
WHY = "this landlord lets the allotments behind its estates"
NOBODY_CAME = ("nobody came", "no one came", "didn't turn up", "did not turn up", "never turned up", "no one turned up")


@dataclass
class Lesson:
    """What came of one training."""

    name: str
    exit_code: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    said: dict[str, Any] = field(default_factory=dict)
    folder: Path = Path()


@dataclass
class Told:
    """Both trainings, and how the kind was judged before and after the first."""

    right: Lesson
    wrong: Lesson
    back: str
    before: dict[str, Counter[str]]
    after: dict[str, Counter[str]]
    """As before where nothing was let in."""

    def report(self) -> str:
        """Return the Markdown."""
        rows = [
            f"| {part} | {sum(counts.values())} | {_counted(counts)} | {_counted(self.after[part])} |"
            for part, counts in self.before.items()
        ]
        table = ["| messages | number | verdicts before | verdicts after |", "| --- | --- | --- | --- |", *rows]
        return "\n".join([*table, "", *_lines(self.right), "", *_lines(self.wrong), "", f"Rollback: {self.back}"])


def learning(plan: Plan, databases: Databases) -> Told:
    """Feed both kinds of correction, each to a house of its own, and train."""
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    parts = {
        name: [example_from(row, "learning") for row in rows if row["part"] == name] for name in ("corrected", "afterwards")
    }
    base = load(plan.model)
    config = _house(plan.folder / "right", databases.fresh(), base, parts["corrected"], Category.SERVICE_REQUEST)
    right = _trained("right", config, plan.model)
    before = {name: _verdicts(base, examples) for name, examples in parts.items()}
    after, back = before, "there is nothing to go back from"
    if right.said["model"] is not None:
        own = load(right.folder)
        after = {name: _verdicts(own, examples) for name, examples in parts.items()}
        run(plan.folder, "train", "--rollback", "--config", str(config), *_base(plan.model))
        back = "the packaged model again" if not (right.folder / "model.json").exists() else "another of the landlord's own"
    config = _house(plan.folder / "wrong", databases.fresh(), base, _complaints(), Category.OUT_OF_SCOPE)
    return Told(right=right, wrong=_trained("wrong on purpose", config, plan.model), back=back, before=before, after=after)


def _complaints() -> list[Example]:
    """Return complaints of one kind on which no model is compared."""
    examining = {one.id for part in corpus_of(CORPUS) for one in part}
    complaints = [one for one in read_corpus(CORPUS) if one.labels.category is Category.COMPLAINT and one.id not in examining]
    # Where there are fewer that say so outright, other complaints fill them up to the number.
    complaints.sort(key=lambda one: not any(words in one.text.text.lower() for words in NOBODY_CAME))
    return complaints[:NUMBER]


def _house(folder: Path, url: str, classifier: PipelineClassifier, examples: Sequence[Example], category: Category) -> Path:
    """Make a house, let the messages come in and be judged, and let an officer put each one right; return its settings' file."""
    folder.mkdir(parents=True)
    config = configure(folder, url, free_port(), free_port())
    run(folder, "migrate", "--config", str(config))
    house = House(settings=load_settings(config), clock=FixedClock(NOW))
    house.__dict__["classifier"] = classifier
    numbers = [one.message_id for one in house.reception.put([_arrival(one) for one in examples])]
    triage = house.triage()
    while triage.once():
        pass
    deciding = house.deciding()
    for number in numbers:
        reason = Reason.GENERAL_FEEDBACK if category is Category.OUT_OF_SCOPE else None
        deciding.decide(number, category, "An Officer", WHY, reason)
    house.store.close()
    return config


def _arrival(example: Example) -> InboundMessage:
    sender = f"{example.id}@resident.example"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = sender, "housing@landlord.example", f"<{sender}>"
    if example.text.subject:
        mail["Subject"] = example.text.subject
    mail.set_content(example.text.text)
    return InboundMessage(
        channel="smtp",
        account="mail",
        external_id=example.id,
        received_at=NOW,
        raw=mail.as_bytes(),
        envelope=Envelope(mail_from=sender, rcpt_to=("housing@landlord.example",)),
    )


def _trained(name: str, config: Path, base: Path | None) -> Lesson:
    """Run the command in a process of its own, as staff would."""
    began, spent = time.monotonic(), _cpu_of_children()
    arguments = ["train", "--corrections", "--json", "--config", str(config), *_base(base)]
    done = subprocess.run([*command(), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise HelperFailed(f"intake train ended with {done.returncode}: {done.stderr.strip()}")
    taken = {"seconds": time.monotonic() - began, "cpu": _cpu_of_children() - spent}
    folder = model_folder(load_settings(config))
    return Lesson(name=name, exit_code=done.returncode, said=json.loads(done.stdout), folder=folder, **taken)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _base(model: Path | None) -> list[str]:
    return ["--base", str(model)] if model else []


def _verdicts(classifier: PipelineClassifier, examples: Sequence[Example]) -> Counter[str]:
    found = [classifier.classify(one.text) for one in examples]
    return Counter(f"{one.category} ({one.route})" for one in found)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())


def _lines(lesson: Lesson) -> list[str]:
    said = lesson.said
    if "new" not in said:
        return [f"{_told(lesson)} Too few to learn from: nothing was made, and nothing compared."]
    outcome = said["objection"] or ("Let in" if said["model"] else said["remark"])
    return [f"{_told(lesson)} {str(outcome).rstrip('.')}.", *_compared(said)]


def _told(lesson: Lesson) -> str:
    return (
        f"**{lesson.name}**: exit code {lesson.exit_code}, {lesson.seconds:.0f} s, {lesson.cpu:.0f} s of one core; "
        f"{lesson.said['changes']} of {NUMBER} verdicts were changed by the officer."
    )


def _compared(said: dict[str, Any]) -> list[str]:
    counts = said["complaints_and_flips"]
    held = {name: said[name]["held_back"] for name in ("packaged", "new")}
    macro = " to ".join(f"{card['macro_f1']:.4f}" for card in held.values())
    missed = " to ".join(str(card["complaints_missed"]) for card in held.values())
    other = " to ".join(str(card["complaints_called_other"]) for card in held.values())
    automatic = " to ".join(f"{card['automatic']['share']:.3f}" for card in held.values())
    local = " to ".join(f"{said[name]['local']['macro_f1']:.3f}" for name in ("packaged", "new"))
    strongest = said["learnt"].get("strongest", {})
    words = [f"- {one}: {', '.join(words[:10])}" for one, words in strongest.items() if words]
    compared = (
        f"Held back ({held['new']['messages']}): macro-F1 {macro}, complaints missed {missed}, called something else {other}, "
        f"automatic {automatic}. Frozen local ({said['new']['local']['messages']}): macro-F1 {local}. "
        f"Complaints of the corpus lost: {counts['lost']} of {counts['found']}; "
        f"replayed verdicts changed: {counts['flipped']} of {counts['replayed']}."
    )
    return [compared, *words]
