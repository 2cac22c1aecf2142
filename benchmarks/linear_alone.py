"""``python -m benchmarks.linear_alone FILE [MODEL]``: what ``intake classify`` does, with nothing where the encoder stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.judged import Mute
from classifiers.encoder import Encoder
from classifiers.leaving_out import MOST_READ_AGAIN
from classifiers.model_files import PACKAGED, read
from classifiers.pipeline import PipelineClassifier
from classifiers.tallying import Integers
from classifiers.wordpieces import WordPieces
from desk.commands.judging_lines import Line, question, read_lines, verdict_line
from desk.commands.output import print_json
from desk.commands.two_at_once import two_at_once


class NoPieces(WordPieces):
    """Cuts nothing and opens no table."""

    def numbers(self, text: str) -> Integers:
        """Return as many pieces as make a message the longest there is: of such a one only a single sentence is read again."""
        return np.zeros(MOST_READ_AGAIN, dtype=np.int64)


def linear_alone(model: Path | None = None) -> PipelineClassifier:
    """Load a model in whose encoder's place nothing stands, and no file of which is opened."""
    muted: Encoder = Mute(sha256="", pieces=NoPieces(Path()), session=None)
    return PipelineClassifier(read(model or PACKAGED), muted)


def main(file: str, model: str = "") -> None:
    """Judge a file of JSON lines, two at once as the command does."""
    judge = linear_alone(Path(model) if model else None)

    def judged(line: Line) -> dict[str, Any]:
        asked = question(line.fields)
        return verdict_line(line.fields.get("id"), asked, judge.classify(asked.text))

    for verdict in two_at_once(judged, read_lines([Path(file)])):
        print_json(verdict)


if __name__ == "__main__":
    main(*sys.argv[1:])
