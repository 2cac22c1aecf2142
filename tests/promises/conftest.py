"""The house that these tests share, and a real mailbox."""

import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

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


@pytest.fixture(autouse=True)
def logged():
    """Keep what is logged as plain values: painting a traceback for a terminal takes seconds."""
    with capture_logs() as entries:
        yield entries
