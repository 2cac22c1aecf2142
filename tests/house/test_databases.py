"""The lists of what runs on both databases and of what is left to CI name what there is: nothing is lost silently by a new name."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

import pytest

from on_both import ON_BOTH, on_both
from patience import LONG, takes_long

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("asked", ON_BOTH)
def test_what_runs_on_both_databases_is_there_and_says_what_it_asks(asked):
    assert ON_BOTH[asked]
    is_there(asked)


@pytest.mark.parametrize("left", [*chain.from_iterable(LONG.values())])
def test_what_is_left_to_ci_is_there(left):
    is_there(left)
    assert takes_long(*left.split("::")) if "::" in left else takes_long(left, "test_anything")


def is_there(asked):
    path, _, name = asked.partition("::")
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
