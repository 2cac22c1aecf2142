"""The section of the second reader: off where it is absent, and a mistake in it names the key, the line and the mend."""

from __future__ import annotations

import re
import tomllib

import pytest

from desk.config import EXAMPLE, Mistake, load_settings
from desk.second_reader_settings import SecondReaderSettings

HERE = 'base_url = "https://reader.council.example/v1"\nmodel = "reader-7b"\n'


def with_section(folder, section):
    path = folder / "config.toml"
    path.write_text(f"{EXAMPLE.read_text()}\n[second_reader]\n{section}")
    return path


def test_there_is_none_in_the_example_and_the_one_commented_out_is_one_that_the_program_takes():
    assert load_settings(EXAMPLE).second_reader is None
    block = re.search(r"^# \[second_reader\][^\n]*\n(?:# \w[^\n]*\n)+", EXAMPLE.read_text(), re.MULTILINE)[0]
    told = tomllib.loads("".join(line.removeprefix("# ") for line in block.splitlines(keepends=True)))
    assert SecondReaderSettings(**told["second_reader"]).daily_limit == 200


def test_a_section_with_an_address_and_a_model_is_enough(tmp_path):
    section = load_settings(with_section(tmp_path, HERE)).second_reader
    assert section is not None
    assert section.endpoint().base_url == "https://reader.council.example/v1"
    assert section.other_languages is False


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('model = "m"\n', "second_reader.base_url: this key is missing"),
        ('base_url = "https://x.example"\n', "second_reader.model: this key is missing"),
        (HERE.replace("https", "http"), "base_url must begin with https://"),
        (HERE.replace("reader.council", "me:secret@reader"), "with no name or key in it"),
        (HERE + "api_key = 'sk-1'\n", "second_reader.api_key: this key is not known"),
        (HERE + "daily_limit = 0\n", "second_reader.daily_limit"),
        (HERE + "answer_seconds = 0\n", "second_reader.answer_seconds"),
        (HERE + "batch = 1000\n", "second_reader.batch"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_its_mend(tmp_path, section, told):
    with pytest.raises(Mistake, match=re.escape(told)):
        load_settings(with_section(tmp_path, section))
