"""A mistake in the settings is one sentence with file, line, key and mend, and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desk.config import EXAMPLE, Mistake, load_settings

WHOLE = EXAMPLE.read_text()


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('phone = "0800 028 2028"  ', 'telephone = "0800 028 2028"  ', "landlord.telephone"),
        ('reference_prefix = "LBL"', 'reference_prefix = "lbl-1"', "landlord.reference_prefix"),
        ("port = 8025", 'port = "no number"', "port"),
        ('complaint = "complaints"', 'complaint = "nobody"', "routing.complaint names the team 'nobody'"),
        ('kind = "smtp"', 'kind = "pigeon"', "there is no channels kind 'pigeon'; the kinds are"),
        ('kind = "maildir"', 'kind = "pigeon"', "there is no outgoing kind 'pigeon'; the kinds are"),
        ('mode = "automatic"', 'mode = "never"', "acknowledgement.mode"),
        ("working_days_before = 1", "working_days_before = 9", "sweep.working_days_before"),
        ("[offices.housing_ombudsman]", "[offices.somebody_else]", "offices.housing_ombudsman is missing"),
    ],
)
def test_a_mistake_names_the_key_and_the_mend(tmp_path, old, new, said):
    assert old in WHOLE
    with pytest.raises(Mistake) as caught:
        load_settings(written(tmp_path, WHOLE.replace(old, new, 1)))
    assert said in str(caught.value)


def test_a_mistake_names_its_line(tmp_path):
    text = WHOLE.replace("working_days_before = 1", "working_days_before = 9")
    with pytest.raises(Mistake) as caught:
        load_settings(written(tmp_path, text))
    assert f"line {line_of(text, 'working_days_before = 9')}" in str(caught.value)


def test_what_is_no_toml_says_where(tmp_path):
    with pytest.raises(Mistake, match=r"not valid TOML.*line 2"):
        load_settings(written(tmp_path, "a = 1\nb = = 2\nc = 3"))


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(Mistake, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_the_environment_wins_over_the_file(monkeypatch):
    monkeypatch.setenv("INTAKE_MAIL__FROM_NAME", "Somebody else")
    assert load_settings(EXAMPLE).mail.from_name == "Somebody else"


def test_the_command_ends_with_code_2_and_one_sentence(tmp_path):
    path = written(tmp_path, WHOLE.replace('mode = "automatic"', 'mode = "never"'))
    done = subprocess.run(
        [sys.executable, "-m", "desk.cli", "check-config", "--config", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "acknowledgement.mode" in done.stderr


def test_check_config_masks_secrets(tmp_path):
    url = "postgresql+psycopg://intake:hunter2@localhost/intake"
    path = written(tmp_path, WHOLE.replace('store_url = "sqlite:///var/intake.db"', f'store_url = "{url}"'))
    done = subprocess.run(
        [sys.executable, "-m", "desk.cli", "check-config", "--config", str(path)], capture_output=True, text=True, check=True
    )
    assert "hunter2" not in done.stdout
    assert "LBL" in done.stdout
