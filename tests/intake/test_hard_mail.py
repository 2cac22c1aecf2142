"""A hundred and more hard mails, each a situation of its own, and what must be read from each, in this process and in its own."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from desk.config import EXAMPLE, load_settings
from desk.facts import own_addresses
from handlers.manners import automatic
from houses import READER
from intake.message import MAIL
from intake.reading import as_json, read

FOLDER = Path(__file__).parents[1] / "hard"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
OWN = own_addresses(load_settings(EXAMPLE), "none")
ABSENT = "-"
"""How the table says that there is nothing."""


def told_of(reading, name):
    told = as_json(name, reading, automatic(reading, None, OWN))
    told["names"] = [file["name"] for file in told["attachments"]]
    told["inline"] = [file["inline"] for file in told["attachments"]]
    told["given"] = [file["given_name"] for file in told["attachments"]]
    seen = [file.inside for file in reading.attachments if file.inside is not None]
    told["marks"] = [mark for inside in seen for mark in inside.marks]
    told["holds"] = [name for inside in seen for name in inside.names]
    told["senders"] = [person.address for person in reading.enclosed]
    told["text"], told["new_text"] = told["text"].strip(), told["new_text"].strip()
    return told


def test_every_mail_has_its_line_and_every_line_its_mail():
    assert {file.stem for file in (FOLDER / "mails").glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 150


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hard_mail_is_read_as_it_must_be(name):
    raw, wanted = (FOLDER / "mails" / f"{name}.eml").read_bytes(), dict(EXPECTED[name])
    reading = read(raw, MAIL)
    told = told_of(reading, name)
    wanted.pop("rule")
    assert set(wanted.pop("has", ())) <= set(told["problems"])
    assert wanted.pop("contains", "") in told["new_text"]
    assert {field: told[field] for field in wanted} == {
        field: None if value == ABSENT else value for field, value in wanted.items()
    }
    json.dumps(told, ensure_ascii=False).encode()
    assert READER.read(raw, MAIL) == reading
