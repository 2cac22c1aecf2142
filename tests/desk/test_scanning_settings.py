"""The section of the scanner: off where it is absent, and a mistake in it names the key, the line and the mend."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE, Mistake, load_settings
from desk.scanner_wiring import scanner_of, what_it_says
from desk.scanning_settings import ScanningSettings
from intake.clamd import LARGEST
from standins.clamd import VERSION
from standins.clamd import Clamd as Scanner


def with_section(folder, section):
    path = folder / "config.toml"
    path.write_text(f"{EXAMPLE.read_text()}\n[scanning]\n{section}")
    return path


def test_there_is_none_in_the_example_and_the_one_commented_out_is_one_that_the_program_takes():
    settings = load_settings(EXAMPLE)
    assert settings.scanning is None and scanner_of(settings) is None and what_it_says(settings) is None
    block = re.search(r"^# \[scanning\][^\n]*\n(?:# \w[^\n]*\n)+", EXAMPLE.read_text(), re.MULTILINE)[0]
    told = tomllib.loads("".join(line.removeprefix("# ") for line in block.splitlines(keepends=True)))
    assert ScanningSettings(**told["scanning"]).largest == LARGEST


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("largest = 9\n", "scanning.clamd: this key is missing"),
        ('clamd = "/run/clamav/clamd.ctl"\n', 'scanning.clamd: say "unix:/path/of/its/socket" or "tcp:host:port"'),
        ('clamd = "tcp:localhost"\n', 'scanning.clamd: say "unix:/path/of/its/socket" or "tcp:host:port"'),
        ('clamd = "tcp:localhost:3310"\nlargest = 0\n', "scanning.largest"),
        ('clamd = "tcp:localhost:3310"\nanswer_seconds = 0\n', "scanning.answer_seconds"),
        ('clamd = "tcp:localhost:3310"\ndelete = true\n', "scanning.delete: this key is not known"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_its_mend(tmp_path, section, told):
    with pytest.raises(Mistake, match=re.escape(told)):
        load_settings(with_section(tmp_path, section))


def test_check_config_asks_the_scanner_and_says_what_it_found(tmp_path):
    with Scanner() as scanner:
        path = with_section(tmp_path, f'clamd = "{scanner.setting}"\n')
        done = CliRunner().invoke(app, ["check-config", "--config", str(path), "--json"])
        assert f"the scanner at {scanner.setting} answers: {VERSION}" in done.stderr
        assert json.loads(done.stdout)["scanning"]["clamd"] == scanner.setting
    done = CliRunner().invoke(app, ["check-config", "--config", str(path)])
    assert done.exit_code == 0, "a scanner that is away is no mistake of the configuration"
    assert "warning: scanning.clamd: nobody answers at" in done.stderr
