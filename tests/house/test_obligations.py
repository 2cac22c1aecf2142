"""Promises about docs/obligations.md: every provision has its row, and what a row names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer
from sqlalchemy import text

from all_commands import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "obligations.md"
SECTIONS = tuple(f"A{number}" for number in range(1, 20))
STATES = ("done", "partly", "not")
HOW_MANY = 121
"""Provisions of the policy and the Code with testable behaviour, in the nineteen sections."""
NAMED = re.compile(r"`((?:tests|handlers|intake|desk|store|classifiers|docs)/[\w./-]+?)(?:::(\w+))?`")


def rows():
    """Yield each row of the page as its section, its provision and its other cells."""
    section = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (A\d+)\b", line):
            section = heading[1]
        elif section and line.startswith("| ") and not line.startswith(("| provision", "| ---")):
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            yield section, cells[0], cells[1:]


ROWS = list(rows()) if PAGE.exists() else []


@cache
def functions(path):
    """Return the names of all functions and classes of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}


def test_every_section_and_every_provision_has_its_row():
    assert {section for section, _provision, _cells in ROWS} == set(SECTIONS)
    assert len(ROWS) == HOW_MANY
    named = [(section, provision) for section, provision, _cells in ROWS]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("section", "provision", "cells"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
class TestEachRow:
    def test_says_what_it_asks_for_what_does_it_which_test_and_what_proves_it(self, section, provision, cells):
        assert len(cells) == 5, (section, provision, len(cells))
        state = cells[4].split(":")[0].strip("* ")
        assert state in STATES
        if state == "done":
            assert all(cells)
        else:
            assert len(cells[4]) > len(state) + 10, "what is missing must be said"

    def test_names_files_and_tests_that_are_there(self, section, provision, cells):
        for path, name in NAMED.findall(" ".join(cells)):
            assert (ROOT / path).exists(), path
            assert not name or name in functions(path), f"{path}::{name}"

    def test_what_is_done_names_a_file_that_does_it_and_a_test_that_fails_without_it(self, section, provision, cells):
        if cells[4].startswith("done"):
            assert NAMED.search(cells[1])
            assert any(path.startswith("tests/") for path, _name in NAMED.findall(cells[2]))


def evidence(begins):
    """Return what stands as evidence on the page and begins so, once each."""
    found = {words for _section, _provision, cells in ROWS for words in re.findall(r"`([^`]+)`", cells[3])}
    return sorted(words for words in found if words.startswith(begins))


def test_every_line_of_sql_is_understood_by_the_tables(store):
    asked = evidence("SELECT ")
    with store.glance() as glance:
        answered = [glance.all(text(line)) for line in asked]
    assert len(answered) > HOW_MANY / 3
    assert all(found in ([], [(0,)]) for found in answered), "where nothing came nothing is to be found"


def test_every_command_is_there_with_its_options():
    commands = typer.main.get_command(app).commands
    asked = evidence("intake ")
    assert asked
    for line in asked:
        name, *words = line.split()[1:]
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line
    assert {*evidence("SELECT "), *asked} == {*evidence("")}, "evidence is a command or a line of SQL"
