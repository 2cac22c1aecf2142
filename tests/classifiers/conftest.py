"""The packaged classifier, loaded once for the session: it is immutable to its callers."""

import pytest

from classifiers.pipeline import PipelineClassifier, load


@pytest.fixture(scope="session")
def classifier() -> PipelineClassifier:
    return load()
