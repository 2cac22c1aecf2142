"""The corpus judged by halves that had not seen each message's file: the very answers that a model is calibrated on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.judged import drawn
from benchmarks.scenarios import Plan
from classifiers.calibrating import OutOfFold
from classifiers.calibration import Calibration
from classifiers.components import reading_pipeline
from classifiers.encoder import ENCODER, UNSEEN, load_encoder
from classifiers.examples import Example, digest
from classifiers.fitting import read_all
from classifiers.model_files import PACKAGED, Model, read
from classifiers.training import Unseen, in_english, stacked, unseen_by_both, unseen_verdicts
from classifiers.verdict import Verdict

ENCODER_HAS_SEEN = "**Not what it says: the encoder here keeps no answers of folds that it had not seen, so it was asked about messages that it learnt from.**"


@dataclass(frozen=True, kw_only=True)
class Judgings:
    """Examples with what both halves said of them, unseen; ``note`` says how far that holds."""

    unseen: Unseen
    seen: OutOfFold
    calibration: Calibration
    note: str

    @property
    def examples(self) -> list[Example]:
        """The messages, in the order of the answers."""
        return [read.example for read in self.unseen.reads]

    def verdicts(self, calibration: Calibration) -> list[Verdict]:
        """Return the verdicts under a calibration."""
        return unseen_verdicts(self.unseen, self.seen, calibration)


def judgings(plan: Plan, every: Sequence[Example]) -> Judgings:
    """Ask both halves again, file by file, and weigh them as the model does."""
    model = read(plan.model or PACKAGED)
    unseen = asked(plan, every)
    halves = unseen.halves
    seen = stacked(unseen, model.stack.together(halves.linear, halves.encoder, halves.known))
    return Judgings(unseen=unseen, seen=seen, calibration=model.calibration, note=_note(model, every))


def asked(plan: Plan, every: Sequence[Example]) -> Unseen:
    """Ask both halves of every English message that a model learns from, without its file."""
    learnt_from = drawn([one for one in every if not one.held_back], plan.messages, plan.seed)
    reads = in_english(read_all(reading_pipeline(), learnt_from))
    return unseen_by_both(reads, load_encoder(), ENCODER, lambda said: print(f"  {said}", flush=True))


def _note(model: Model, every: Sequence[Example]) -> str:
    notes = ["Messages in other languages are left out, as no head learns from them."]
    if model.about.get("corpus_sha256") != digest(every):
        notes.append("**The model was made from another corpus than this one.**")
    return " ".join([*notes, *has_seen()])


def has_seen() -> list[str]:
    """Return a warning where the encoder's answers are not those of one that had not seen the messages."""
    return [] if (ENCODER / UNSEEN).exists() else [ENCODER_HAS_SEEN]
