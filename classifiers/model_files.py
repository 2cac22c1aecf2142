"""A trained model on disk: ``model.json`` (what can be read) and ``weights.npz`` (numbers); no pickle anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.calibration import Calibration, from_json, to_json
from classifiers.heads import QUESTIONS, Heads
from classifiers.stack import Stack, stack_from_json, stack_to_json
from classifiers.vocabulary import Vocabulary

FORMAT: Final = 3
"""Raised whenever weights or calibration come to mean something else."""
PACKAGED: Final = Path(__file__).parent / "model"
_NEEDED: Final = {"name": str, "weights_sha256": str, "encoder_sha256": str, "about": dict}
"""What of ``model.json`` is asked for before the model is built."""


class ModelError(Exception):
    """A model that cannot be used: missing, damaged or made for another taxonomy."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """All that judging needs, with its provenance: corpus hash, seed, versions and scorecard in ``about``."""

    name: str
    vocabulary: Vocabulary
    heads: Heads
    stack: Stack
    encoder_sha256: str
    """The encoder beside which the heads were weighed; with another one the stack means nothing."""
    calibration: Calibration
    about: Mapping[str, Any] = field(default_factory=dict)


def save(model: Model, folder: Path) -> None:
    """Write the model's two files; the readable one names the other's SHA-256, so that the two cannot be mixed up."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary, heads = model.vocabulary, model.heads
    weights = folder / "weights.npz"
    np.savez_compressed(
        weights,
        weights=heads.weights,
        scales=heads.scales,
        biases=heads.biases,
        idf=vocabulary.idf,
        pair_keys=vocabulary.pair_keys,
        words=_joined(vocabulary.words),
        pieces=_joined(vocabulary.pieces),
    )
    readable = {
        "format": FORMAT,
        "name": model.name,
        "questions": list(QUESTIONS),
        "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "encoder_sha256": model.encoder_sha256,
        "stack": stack_to_json(model.stack),
        "calibration": to_json(model.calibration),
        "about": dict(model.about),
    }
    (folder / "model.json").write_text(json.dumps(readable, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def name_of(folder: Path = PACKAGED) -> str:
    """Return the name of the model in a folder that is whole, without building it; raises as ``read`` does."""
    return str(provenance(folder).get("name", folder.name))


def read(folder: Path = PACKAGED) -> Model:
    """Read a model; raises :class:`ModelError` with a sentence that says what to mend."""
    readable = provenance(folder)
    try:
        return _built(readable, folder / "weights.npz")
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"The model in {folder} is incomplete: {error!r}. Make it anew with `intake train`.") from error


def provenance(folder: Path) -> dict[str, Any]:
    """Return the readable half of a model whose two files belong together, without building it; raises as ``read`` does."""
    try:
        readable: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        held = (folder / "weights.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"No usable model in {folder}: {error}. Make one with `intake train --output {folder}`.") from error
    if not isinstance(readable, dict) or readable.get("format") != FORMAT or tuple(readable.get("questions", ())) != QUESTIONS:
        raise ModelError(
            f"The model in {folder} was made for another version of the program or its taxonomy; run `intake train`."
        )
    if any(not isinstance(readable.get(key), kind) for key, kind in _NEEDED.items()):
        raise ModelError(f"model.json in {folder} is incomplete; restore it, or make the model anew with `intake train`.")
    if hashlib.sha256(held).hexdigest() != readable["weights_sha256"]:
        raise ModelError(f"weights.npz in {folder} is not the file that model.json was written for; restore both.")
    return readable


def _built(readable: Mapping[str, Any], weights: Path) -> Model:
    with np.load(weights, allow_pickle=False) as stored:
        vocabulary = Vocabulary(
            words=_parted(stored["words"]), pair_keys=stored["pair_keys"], pieces=_parted(stored["pieces"]), idf=stored["idf"]
        )
        heads = Heads(weights=stored["weights"], scales=stored["scales"], biases=stored["biases"])
    return Model(
        name=readable["name"],
        vocabulary=vocabulary,
        heads=heads,
        stack=stack_from_json(readable["stack"]),
        encoder_sha256=str(readable["encoder_sha256"]),
        calibration=from_json(readable["calibration"]),
        about=readable["about"],
    )


def _joined(words: tuple[str, ...]) -> Any:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _parted(held: Any) -> tuple[str, ...]:
    text = held.tobytes().decode()
    return tuple(text.split("\n")) if text else ()
