"""The packaged classifier, loaded once for the session: it is immutable to its callers."""

from pathlib import Path

import pytest

from classifiers.encoder import ENCODER, Encoder, load_encoder
from classifiers.model_files import PACKAGED
from classifiers.pipeline import PipelineClassifier, load


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return PACKAGED


@pytest.fixture(scope="session")
def classifier(model_folder) -> PipelineClassifier:
    return load(model_folder)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder(ENCODER)
