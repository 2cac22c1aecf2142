"""The fine-tuned encoder: one ONNX graph of small integers which answers ``QUESTIONS`` of one message at a time.

One at a time, as int8 scales its inputs over all that is in a batch: in company, a message would be judged otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.heads import QUESTIONS
from classifiers.model_files import ModelError
from classifiers.vocabulary import Floats
from classifiers.wordpieces import WordPieces

ENCODER: Final = Path(__file__).parent / "encoder_model"
GRAPH, PIECES, ABOUT, UNSEEN = "encoder.onnx", "tokenizer.json", "encoder.json", "unseen.npz"
FORMAT: Final = 1
SLOWER_FUSED: Final = "SkipLayerNormFusion"
"""A rewriting of ONNX Runtime's that takes a seventh longer on a processor than what it rewrites: measured in docs/performance.md."""


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """A loaded encoder; ``sha256`` is that of its graph and names it in every model that leans on it."""

    sha256: str
    pieces: WordPieces
    session: Any = field(repr=False)
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def answer(self, text: str) -> Floats:
        """Return one log-odds for each of ``QUESTIONS``; the same text has the same answer, whatever came before."""
        answers: Floats = self.session.run(["answers"], {"pieces": self.pieces.numbers(text)[np.newaxis]})[0]
        return answers


def load_encoder(folder: Path = ENCODER) -> Encoder:
    """Load the encoder of a folder; raises :class:`ModelError` with a sentence that says what to mend."""
    import onnxruntime  # noqa: PLC0415 - what judges nothing need not wait for it

    about = about_encoder(folder)
    try:
        graph = (folder / GRAPH).read_bytes()
        found = {GRAPH: _sha256(graph), PIECES: _sha256((folder / PIECES).read_bytes())}
    except OSError as error:
        raise ModelError(f"No usable encoder in {folder}: {error}. Restore the program's files.") from error
    for name, sha256 in found.items():
        if about["sha256"].get(name) != sha256:
            raise ModelError(f"{name} in {folder} is not the file that {ABOUT} was written for; restore the program's files.")
    options = onnxruntime.SessionOptions()
    # One thread: sums in one order, so that a verdict can be reproduced; and one core for one message.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=[SLOWER_FUSED]
    )
    return Encoder(sha256=found[GRAPH], pieces=WordPieces(folder / PIECES), session=session, about=about)


def about_encoder(folder: Path = ENCODER) -> dict[str, Any]:
    """Return an encoder's provenance without loading it; raises as ``load_encoder`` does."""
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"No usable encoder in {folder}: {error}. Restore the program's files.") from error
    if about.get("format") != FORMAT or tuple(about.get("questions", ())) != QUESTIONS:
        raise ModelError(f"The encoder in {folder} was made for another version of the program; run `intake train --full`.")
    if GRAPH not in about.get("sha256", ()):
        raise ModelError(f"{ABOUT} in {folder} is incomplete; restore the program's files.")
    return about


def _sha256(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()
