"""``python -m classifiers.tuning``: makes the encoder anew where torch is installed; ``intake train --full`` calls it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from classifiers.encoder import ENCODER
from classifiers.training import CORPUS, TrainingError
from classifiers.tuning.rebuilding import rebuild_encoder
from classifiers.tuning.teaching import Recipe


def main() -> None:
    """Read the places from the command line and make the encoder."""
    asked = argparse.ArgumentParser(prog="python -m classifiers.tuning", description=__doc__)
    asked.add_argument("--base", type=Path, required=True, help="folder of the published weights and word pieces")
    asked.add_argument("--into", type=Path, default=ENCODER, help="folder of the encoder; the packaged one by default")
    asked.add_argument("--corpus", type=Path, default=CORPUS)
    asked.add_argument("--work", type=Path, default=Path("var/tuning"), help="folder for what is done already")
    asked.add_argument("--rounds", type=int, default=Recipe().rounds)
    asked.add_argument("--seed", type=int, default=Recipe().seed)
    places = asked.parse_args()
    recipe = Recipe(rounds=places.rounds, seed=places.seed)
    try:
        rebuild_encoder(places.base, places.into, places.corpus, work=places.work, recipe=recipe)
    except TrainingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
