"""Learning on site: from what staff said to a landlord's own model, let in where nothing speaks against it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from classifiers.adapting import Lessons, adapt, hear_all
from classifiers.adapting_bound import Rebound, rebounded
from classifiers.adapting_checked import checked
from classifiers.adapting_gate import Asked, Gate, Panel, gate
from classifiers.components import reading_pipeline
from classifiers.corrections import Correction
from classifiers.encoder import ENCODER, Encoder, load_encoder
from classifiers.examples import Example, read_corpus
from classifiers.fitting import Read, read_all
from classifiers.gazetteers import Gazetteer
from classifiers.judgement import found_in, verdict_on
from classifiers.model_files import PACKAGED, Model, ModelError, read
from classifiers.site_models import in_use, name_before
from classifiers.training import CORPUS
from classifiers.unseen import kept_answers, key_of
from classifiers.verdict import Verdict
from classifiers.vocabulary import Floats

FEWEST: Final = 10
"""Corrections from which something can be learnt."""
REPLAYED: Final = 2_000
MOST_CHANGES: Final = 3_000
MOST_CONFIRMED: Final = 1_000
"""The latest of what people judged otherwise and as the machine did, so that years of it still take seconds."""
BOUND: Final = "+bound-"


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a landlord's own model stands, what it is made from, and the names the landlord knows."""

    own: Path
    base: Path = PACKAGED
    corpus: Path = CORPUS
    encoder: Path = ENCODER
    gazetteer: Gazetteer | None = None


@dataclass(frozen=True, kw_only=True)
class Staff:
    """What staff said, in the order of the messages; ``sent_away`` counts the messages from which the lot draws, by the model's name."""

    corrections: Sequence[Correction]
    sent_away: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What came of it: ``model`` may take the place of the one in use; it is None where nothing is to be changed.

    ``gate`` compares what was made from the corrections, and its objection says why that is refused. Even then there may be a model:
    the one in use with a lower bound. ``remark`` says why something was made and yet is not to be put to use, without a fault of its own.
    """

    model: Model | None
    gate: Gate | None
    rebound: Rebound
    changes: int
    seconds: float
    remark: str | None = None

    @property
    def refusal(self) -> str | None:
        """Say why what was learnt is refused, None where it is not."""
        return self.gate.objection if self.gate is not None else None


@dataclass(frozen=True, kw_only=True)
class Remembering(Encoder):
    """An encoder that is asked of each text once, and of the corpus never: what it said when it had not seen a text is kept."""

    said: dict[int, Floats] = field(default_factory=dict, repr=False)

    def answer(self, text: str) -> Floats:
        """Return one log-odds for each of ``QUESTIONS``."""
        key = key_of(text)
        if key not in self.said:
            self.said[key] = super().answer(text)
        return self.said[key]


def learn(site: Site, staff: Staff, at: datetime) -> Learnt:
    """Make a model from what staff said, and compare it; nothing is written. Raises ``ModelError`` without a usable base."""
    began = time.monotonic()
    base = read(site.base)
    changes = sum(one.changes for one in staff.corrections)
    using = _Using(site, base)
    rebound = rebounded(
        checked(staff.corrections, staff.sent_away, base.name), base.calibration.bound, using.kept.calibration.bound
    )
    model, compared = _made(site, using, staff, rebound, enough=changes >= FEWEST)
    remark = _remark(model.name, using.now.name, name_before(site.own)) if model else None
    seconds = time.monotonic() - began
    return Learnt(
        model=_told(model, at, seconds) if model and not remark else None,
        gate=compared,
        rebound=rebound,
        changes=changes,
        seconds=seconds,
        remark=remark,
    )


class _Using:
    """The packaged model and the one in use; ``kept`` is what stays where nothing new is let in.

    One of the landlord's own that was made from another packaged model stays only until the next training.
    """

    def __init__(self, site: Site, base: Model) -> None:
        chosen = in_use(site.own, site.base, site.encoder)
        self.base = base
        self.now = base if chosen.folder == site.base else _readable(chosen.folder, base)
        self.kept = base if chosen.trouble is not None else self.now


def _readable(folder: Path, otherwise: Model) -> Model:
    try:
        return read(folder)
    except ModelError:
        return otherwise


def _made(site: Site, using: _Using, staff: Staff, rebound: Rebound, *, enough: bool) -> tuple[Model | None, Gate | None]:
    base, kept = using.base, using.kept
    if not enough and rebound.bound == kept.calibration.bound:
        return None, None
    moves = rebound.bound != base.calibration.bound
    school = _School(site, using, staff)
    new = _bounded(adapt(base, school.encoder, school.lessons) if enough else kept, rebound, moves=moves)
    compared = school.compare(new)
    if compared.objection is None:
        return new, compared
    # What was learnt is refused; that too much of what acted by itself was wrong stands all the same.
    lower = rebound.bound < kept.calibration.bound
    return _bounded(kept, rebound, moves=moves) if lower else None, compared


def _remark(name: str, now: str, before: str | None) -> str | None:
    if name == now:
        return f"Nothing new to learn: {now} was made from the same decisions, and stays in use."
    # Whoever went back from a model had a reason that no scorecard shows.
    if name == before:
        return f"The same decisions give {name} again, which was in use before {now}: `intake train --rollback` brings it back."
    return None


class _School:
    """The messages that teach and those that examine, read once."""

    def __init__(self, site: Site, using: _Using, staff: Staff) -> None:
        self.encoder = remembering(site.encoder, using.base)
        self._base, self._in_use = using.base, using.now
        held_back, replayed = corpus_of(site.corpus)
        corrections = _latest(staff.corrections)
        taught = [one for one in corrections if not one.frozen]
        local = [one.example for one in corrections if one.frozen]
        nlp = reading_pipeline(site.gazetteer)
        self._asked = Asked(held_back=held_back, local=local, replayed=replayed)
        self._held_back, self._local = read_all(nlp, held_back), read_all(nlp, local)
        corrected = read_all(nlp, [one.example for one in taught])
        self.lessons = Lessons(corrections=taught, corrected=corrected, replayed=read_all(nlp, replayed))

    def compare(self, new: Model) -> Gate:
        """Compare a new model with the packaged one and with the one in use."""
        packaged = self._panel(self._base)
        now = packaged if self._in_use is self._base else self._panel(self._in_use)
        lowered = new.calibration.bound < self._base.calibration.bound
        return gate(self._asked, packaged, now, self._panel(new), lowered=lowered)

    def _panel(self, model: Model) -> Panel:
        held_back, local, replayed = (
            judge_all(model, self.encoder, reads) for reads in (self._held_back, self._local, self.lessons.replayed)
        )
        return Panel(held_back=held_back, local=local, replayed=replayed)


def remembering(folder: Path, model: Model) -> Remembering:
    """Load the encoder that a model was made beside; raises ``ModelError`` where it is another one."""
    loaded = load_encoder(folder)
    if loaded.sha256 != model.encoder_sha256:
        raise ModelError(f"The model {model.name} was made beside another encoder; make it anew with `intake train`.")
    own = {name: getattr(loaded, name) for name in ("sha256", "pieces", "session", "about")}
    return Remembering(**own, said=kept_answers(folder))


def corpus_of(folder: Path, replayed: int = REPLAYED) -> tuple[list[Example], list[Example]]:
    """Return the corpus's held-back messages, and as many of the others as are replayed: always the same ones."""
    examples = list(read_corpus(folder))
    others = sorted((one for one in examples if not one.held_back), key=lambda one: _lot(one.id))
    return [one for one in examples if one.held_back], others[:replayed]


def _lot(identity: str) -> bytes:
    return hashlib.sha256(f"replayed:{identity}".encode()).digest()


def judge_all(model: Model, encoder: Encoder, reads: Sequence[Read]) -> list[Verdict]:
    """Judge messages as the pipeline does, without the evidence."""
    return [verdict_on(heard, found_in(heard, model), model) for heard in hear_all(model, encoder, reads)]


def _latest(corrections: Sequence[Correction]) -> list[Correction]:
    changed = [number for number, one in enumerate(corrections) if one.changes or one.machine is None]
    confirmed = sorted(set(range(len(corrections))) - set(changed))
    kept = sorted([*changed[-MOST_CHANGES:], *confirmed[-MOST_CONFIRMED:]])
    return [corrections[number] for number in kept]


def _bounded(model: Model, rebound: Rebound, *, moves: bool) -> Model:
    """Give a model its bound, and write down why; one with another bound than its base has a name that says so."""
    adapted: Mapping[str, Any] = model.about.get("adapted", {"base": model.name, "corrections": 0})
    name = model.name.partition(BOUND)[0]
    about = {**model.about, "adapted": {**adapted, "bound": asdict(rebound)}}
    calibration = replace(model.calibration, bound=rebound.bound)
    return replace(model, name=f"{name}{BOUND}{rebound.bound:.4f}" if moves else name, calibration=calibration, about=about)


def _told(model: Model, at: datetime, seconds: float) -> Model:
    adapted = {**model.about["adapted"], "at": at.isoformat(timespec="seconds"), "seconds": round(seconds, 1)}
    return replace(model, about={**model.about, "adapted": adapted})
