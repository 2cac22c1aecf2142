"""The file of a case: whole, byte for byte, readable without anything else, and the same whenever it is made."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import html5lib
import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from desk.case_file import case_file
from desk.cli import app
from desk.config import EXAMPLE, load_settings
from desk.wiring import House
from handlers.case_work import add_note
from handlers.clock import FixedClock
from houses import READER, Judge, arrive, mail, settle
from store.models import Case, CaseEvent, OutboxEntry
from store.rows import columns, core
from store.schema import migrate

HOSTILE = "complaint! Nobody came. <script>alert(1)</script> {{ 7 * 7 }} Please mend the boiler."


class Office:
    def __init__(self, folder):
        self.config, self.out = folder / "config.toml", folder / "out.zip"
        self.config.write_text(
            EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
        )
        migrate(f"sqlite:///{folder}/intake.db")
        self.raw = mail(HOSTILE)
        with self.house().store:
            house = self.house()
            arrive(house, self.raw)
            settle(house)
            add_note(house.acts, 1, "olive", "Rang: <b>no</b> answer")
            with house.store.glance() as glance:
                self.reference = glance.find(Case)[0].reference

    def house(self):
        house = House(settings=load_settings(self.config))
        house.__dict__.update(classifier=Judge(), reader=READER)
        return house

    def run(self, *words):
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])

    def opened(self):
        done = self.run("case", self.reference, "--file", str(self.out))
        assert done.exit_code == 0, done.output
        return zipfile.ZipFile(io.BytesIO(self.out.read_bytes()))


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_the_file_holds_originals_letters_decisions_and_the_chain(office):
    archive = office.opened()
    assert archive.read("originals/message-1.eml") == office.raw
    tree = json.loads(archive.read("case.json"))
    with office.house().store as store, store.glance() as glance:
        (letter,) = glance.find(OutboxEntry)
        events = glance.find(CaseEvent)
    assert letter.text in archive.read(f"letters/letter-{letter.id}-{letter.kind}.txt").decode()
    assert archive.read(f"letters/letter-{letter.id}-{letter.kind}.html").decode() == letter.html
    assert [event["hash"] for event in tree["events"]] == [event.hash for event in events]
    assert tree["about_this_file"]["chain"] == "as it was written"
    assert (tree["verdicts"][0]["model"], tree["verdicts"][0]["why"]) == ("judge-1", "sure")
    assert tree["notes"][0]["text"] == "Rang: <b>no</b> answer"


def test_every_file_stands_in_the_manifest_with_its_sum(office):
    archive = office.opened()
    sums = json.loads(archive.read("manifest.json"))["sha256"]
    assert set(sums) == set(archive.namelist()) - {"manifest.json"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())


def test_the_page_is_read_without_anything_else_and_runs_nothing(office):
    page = office.opened().read("timeline.html").decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    for words in ("which is day 0. Working days: 1", "judge-1", "Rang: &lt;b&gt;no", "Logged as a complaint", "Code 6.2"):
        assert words in page, words
    archive = office.opened()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert {link.get("href") for link in tree.iter("a")} <= set(archive.namelist())


def test_a_changed_event_is_told_in_the_file_itself(office):
    with office.house().store.unit("desk") as unit:
        unit.run(update(core(CaseEvent)).where(columns(CaseEvent).number == 2).values(why="another reason"))
        unit.commit()
    archive = office.opened()
    assert "event 2 was changed" in archive.read("timeline.html").decode()
    assert office.run("verify").exit_code == 1


def test_the_same_case_makes_the_same_bytes(office):
    house = office.house()
    house.clock = FixedClock(house.clock.now())
    with house.store.glance() as glance:
        first, second = (case_file(glance, 1, house, "olive").zipped() for _ in range(2))
    assert first == second


def test_a_place_where_nothing_can_be_written_is_named(office):
    office.out = office.out.parent / "missing" / "out.zip"
    done = office.run("case", office.reference, "--file", str(office.out))
    assert done.exit_code != 0
    assert "cannot be written" in str(done.exception)
