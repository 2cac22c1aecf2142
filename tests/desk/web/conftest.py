"""The desk's pages are tried on both databases in CI; elsewhere on SQLite alone, for they are many.

What differs between the databases is the store's, whose own suite runs on both everywhere.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and "postgresql" in item.name:
            item.add_marker(pytest.mark.slow)
