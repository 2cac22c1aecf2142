"""Says which real parts the machine has; with REQUIRE_REAL=1 a missing one is a failure."""

import os
import shutil
import socket

import pytest


def need(part, what, *programs, as_root=False):
    """Skip, or fail where real parts are required, unless all programs are there."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/dovecot"
    missing = [program for program in programs if shutil.which(program, path=path) is None]
    if not missing and not (as_root and os.geteuid() != 0):
        return
    sentence = f"{part} is not here: it needs {what}"
    if os.environ.get("REQUIRE_REAL") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def free_port():
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name):
    """Return the whole path of a server's program."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    assert found is not None
    return found
