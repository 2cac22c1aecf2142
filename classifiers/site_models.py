"""A landlord's own model in its folder: which model is in use, how a new one is put there, and how the one before comes back.

The folder holds the model in use and, in ``previous``, the one before it. Where one of the two is missing, the packaged model stands
for it: it is never written over.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.encoder import ENCODER, GRAPH, about_encoder
from classifiers.model_files import PACKAGED, Model, ModelError, provenance, save

MODEL_FILES: Final = ("weights.npz", "model.json")
"""In the order in which they are moved: the one that names the other comes last."""
PREVIOUS: Final = "previous"
SCORECARDS: Final = "scorecards.json"
REFUSED: Final = "refused.json"
LOCK: Final = "training.lock"
STAGING: Final = "staging"


@dataclass(frozen=True, kw_only=True, slots=True)
class InUse:
    """The model that is to be loaded; ``trouble`` says what is wrong with the landlord's own, if anything is."""

    folder: Path
    name: str
    trouble: str | None = None


def in_use(own: Path, packaged: Path = PACKAGED, encoder: Path = ENCODER) -> InUse:
    """Return the landlord's own model where there is a usable one, else the packaged one; the files are only looked at.

    Raises ``ModelError`` where the packaged one cannot be used either.
    """
    if not (own / "model.json").exists():
        return InUse(folder=packaged, name=_name(packaged, encoder))
    try:
        name = _name(own, encoder)
    except ModelError as error:
        trouble = (
            f"the landlord's own model cannot be used, and the packaged one judges: {error} Run `intake train --corrections`."
        )
        return InUse(folder=packaged, name=_name(packaged, encoder), trouble=trouble)
    return InUse(folder=own, name=name, trouble=_outdated(own, packaged))


def _name(folder: Path, encoder: Path) -> str:
    readable = provenance(folder)
    name = str(readable["name"])
    if readable["encoder_sha256"] != about_encoder(encoder)["sha256"][GRAPH]:
        raise ModelError(f"The model {name} was made beside another encoder.")
    return name


def base_of(about: Mapping[str, Any]) -> str | None:
    """Return the name of the packaged model that a landlord's own was made from, None where it was made otherwise."""
    adapted = about.get("adapted")
    return adapted.get("base") if isinstance(adapted, dict) else None


def _outdated(own: Path, packaged: Path) -> str | None:
    base = base_of(provenance(own)["about"])
    try:
        name = provenance(packaged)["name"]
    except ModelError:
        return None
    if base is None or base == name:
        return None
    return f"the landlord's own model was made from {base}, and the program now comes with {name}: run `intake train --corrections`"


def name_before(own: Path) -> str | None:
    """Return the name of the model that is kept in ``previous``, if there is one that can be read."""
    try:
        return str(provenance(own / PREVIOUS)["name"])
    except ModelError:
        return None


@contextmanager
def alone(own: Path) -> Iterator[None]:
    """Keep others from training or going back in this folder meanwhile; raises ``ModelError`` where somebody does so now.

    The lock goes with the process that holds it, so that a crash leaves none behind.
    """
    with _told(own), ExitStack() as stack:
        own.mkdir(parents=True, exist_ok=True)
        held = stack.enter_context((own / LOCK).open("ab"))
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(f"Another `intake train` is at work in {own}: wait until it has ended.") from error
        yield


def put(model: Model, own: Path, scorecards: Mapping[str, Any]) -> None:
    """Let a model be the one in use, with what it was let in by; the one that was goes to ``previous``."""
    with _told(own), _staging(own) as staging:
        save(model, staging)
        _write(scorecards, staging / SCORECARDS)
        _to_previous(own)
        _move(staging, own)


def set_aside(own: Path) -> None:
    """Let the packaged model judge; the landlord's own goes to ``previous``."""
    with _told(own):
        _to_previous(own)


def note_refusal(own: Path, scorecards: Mapping[str, Any]) -> None:
    """Keep the scorecards of a model that was not let in."""
    with _told(own):
        own.mkdir(parents=True, exist_ok=True)
        _write(scorecards, own / REFUSED)


def _write(scorecards: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(scorecards, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def roll_back(own: Path) -> None:
    """Let the model in use and the one before it change places; raises ``ModelError`` where there is neither."""
    if not any((folder / "model.json").exists() for folder in (own, own / PREVIOUS)):
        raise ModelError(f"There is nothing to go back to: {own} holds no model of the landlord's own.")
    with _told(own), _staging(own) as aside:
        _move(own / PREVIOUS, aside)
        _to_previous(own)
        _move(aside, own)


@contextmanager
def _told(own: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"The landlord's own model in {own} cannot be written: {error}. Mend the folder, and try again."
        ) from error


@contextmanager
def _staging(own: Path) -> Iterator[Path]:
    """Make a folder within the landlord's own, from where a rename is enough; what a crash left there goes first."""
    staging = own / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    yield staging
    shutil.rmtree(staging, ignore_errors=True)


def _to_previous(own: Path) -> None:
    shutil.rmtree(own / PREVIOUS, ignore_errors=True)
    _move(own, own / PREVIOUS)


def _move(source: Path, target: Path) -> None:
    """Move a model's files and its scorecards, those that are there."""
    for name in (SCORECARDS, *MODEL_FILES):
        if (source / name).exists():
            target.mkdir(exist_ok=True)
            (source / name).replace(target / name)
