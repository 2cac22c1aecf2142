"""The list of what runs on both databases names what there is: a test under a new name would silently lose its second half."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from on_both import ON_BOTH, on_both

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("asked", ON_BOTH)
def test_what_runs_on_both_databases_is_there_and_says_what_it_asks(asked):
    path, _, name = asked.partition("::")
    assert ON_BOTH[asked]
    assert (TESTS / path).exists()
    if name:
        tree = ast.parse((TESTS / path).read_text())
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


def test_a_folder_a_module_and_a_test_are_known_by_their_whole_names():
    assert on_both("store/test_store_chain.py", "test_anything")
    assert on_both("handlers/test_two_workers.py", "test_anything")
    assert on_both("desk/web/test_replies.py", "test_two_officers_send_one_reply_once")
    assert not on_both("desk/web/test_replies.py", "test_two_officers_send_one_reply")
    assert not on_both("storehouse/test_anything.py", "test_anything")
