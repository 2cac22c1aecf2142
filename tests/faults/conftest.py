"""The house, and the real servers around it."""

import sys
from pathlib import Path

import pytest

from houses import house_of

sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))
sys.path.insert(0, str(Path(__file__).parents[1] / "real"))

from dovecot import Dovecot
from parts import need

__all__ = ["dovecot", "house_of"]


@pytest.fixture(scope="session")
def dovecot():
    need("dovecot", "the package dovecot-imapd", "dovecot", "doveadm")
    with Dovecot.running() as server:
        yield server
