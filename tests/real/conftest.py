"""Real servers for tests: each on its own port and in its own folder, ended with the session."""

import sys
from pathlib import Path

import pytest

# The fake inbox of the doors' own tests serves here too.
sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))

from dovecot import Dovecot
from parts import need
from postfix import Postfix


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory):
    need("dovecot", "the package dovecot-imapd", "dovecot", "doveadm")
    with Dovecot.running() as server:
        yield server


@pytest.fixture(scope="session")
def plain_dovecot(tmp_path_factory):
    """A server that announces neither MOVE nor UIDPLUS nor IDLE."""
    need("dovecot", "the package dovecot-imapd", "dovecot", "doveadm")
    with Dovecot.running(capability="IMAP4rev1 LITERAL+") as server:
        yield server


@pytest.fixture
def postfix():
    need("postfix", "the package postfix, run as root", "postfix", "postconf", as_root=True)
    with Postfix.running() as relay:
        yield relay
