"""The key of our letters' tokens is made once, and whole from the moment it has its name."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.config import Mistake
from desk.facts import token_key


def test_processes_that_start_at_once_have_the_same_key(tmp_path):
    path, start = tmp_path / "new" / "intake.key", threading.Barrier(16)

    def started(_):
        start.wait()
        return token_key(path)

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(started, range(16)))
    assert len(keys) == 1 and keys == {token_key(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "no key"])
def test_a_key_that_is_none_is_never_replaced_by_a_new_one(tmp_path, content):
    path = tmp_path / "intake.key"
    path.write_text(content)
    with pytest.raises(Mistake, match="restore it from the backup"):
        token_key(path)
    assert path.read_text() == content
