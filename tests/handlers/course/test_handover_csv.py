"""A hand-over by file: whole or not there, one file for each, and nothing in it that a spreadsheet would work out."""

import asyncio
import csv
import os
from datetime import timedelta

import pytest
from handover_house import TAP, given, house_with, request, rows, sent, waiting

from desk.config import Settings
from desk.handover_wiring import sending_of
from handlers.handover.news import ask_after
from handlers.handover.sending import LEASE
from handlers.handover.summary import Asked
from houses import Postbag, house_of
from store.errors import StoreUnavailable
from store.handover_models import Handover

__all__ = ["house_of"]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "for repairs"
    made.mkdir()
    return made


@pytest.fixture
def house(house_of, folder):
    return house_with(house_of, {"key": "repairs", "name": "Repairs team", "way": "csv", "folder": folder, "chase_days": 3})


@pytest.fixture
def case(house):
    return request(house, TAP)


def read(folder):
    """Return what stands in the folder, by the name of the file."""
    found = {}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            (found[path.name],) = csv.DictReader(file)
    return found


def test_each_hand_over_is_one_file_under_its_key(house, case, folder):
    row = given(house, case, asked=Asked(what='Mend "it", please\nsoon', where="12 Rose Lane"))
    sent(house)
    sent(house)
    ((name, told),) = read(folder).items()
    assert name == f"{row.key}.csv"
    assert (told["reference"], told["what"], told["where"]) == (case.reference, 'Mend "it", please\nsoon', "12 Rose Lane")
    assert "Ada" in told["contact"]
    assert rows(house, Handover)[0].state == "with_partner"


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_a_cell_is_never_a_formula(house, case, folder, first):
    given(house, case, asked=Asked(what=f"{first}cmd|' /C calc'!A0", where="12 Rose Lane"))
    sent(house)
    assert next(iter(read(folder).values()))["what"].startswith(f"'{first}")


def test_killed_after_the_file_was_written_there_is_one_file(house, case, folder):
    given(house, case)
    sending = sending_of(house, Postbag())

    def dies(*_given):
        raise StoreUnavailable("the process dies here")

    sending._write_down = dies
    with pytest.raises(StoreUnavailable):
        asyncio.run(sending.once())
    house.clock.at += LEASE
    sent(house)
    assert (len(read(folder)), rows(house, Handover)[0].state) == (1, "with_partner")


def test_nothing_half_written_is_left_under_any_name(house, case, folder, monkeypatch):
    given(house, case)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        sent(house)
    assert list(folder.iterdir()) == []
    assert "No space left" in rows(house, Handover)[0].error
    house.clock.at += timedelta(hours=1)
    sent(house)
    assert len(read(folder)) == 1


def test_a_folder_that_is_not_there_is_never_made_and_becomes_a_task(house, case, folder):
    folder.rmdir()
    given(house, case)
    sent(house)
    assert not folder.exists()
    house.clock.at += timedelta(days=3)
    assert ask_after(house.course) == 1
    assert waiting(house, case) == ["handover_silent"]


def test_a_partner_by_file_needs_a_folder(house):
    told = {"key": "repairs", "name": "Repairs team", "way": "csv"}
    with pytest.raises(ValueError, match="folder must say where"):
        Settings(**(house.settings.model_dump() | {"partners": [told]}))
