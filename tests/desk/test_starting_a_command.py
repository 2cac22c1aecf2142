"""A command starts with what it needs itself: whoever looks a date up waits neither for the desk's pages nor for spaCy."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from desk.cli import COMMANDS, commands

LOADED = (
    "import sys; from desk.cli import commands; commands(sys.argv[1:2]); print(*(m for m in sys.argv[2:] if m in sys.modules))"
)


def loaded_by(command: str, *modules: str) -> list[str]:
    """Which of the modules a command loads, told by a program of its own that has loaded nothing else."""
    asked = [sys.executable, "-c", LOADED, command, *modules]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_whole_by_itself_and_keeps_its_name(name):
    assert list(typer.main.get_command(commands([name])).commands) == [name]


@pytest.mark.parametrize("name", ["cases", "status", "deadlines", "serve", "migrate"])
def test_no_command_loads_spacy_before_it_judges_anything(name):
    assert loaded_by(name, "spacy") == []


def test_whoever_looks_up_a_date_loads_nothing_of_the_desk():
    assert loaded_by("deadlines", "fastapi", "desk.wiring", "desk.web.desk") == []
