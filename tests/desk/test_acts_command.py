"""Acts from the terminal: the same forms as at the desk, by somebody with an account, refused with what to mend."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE, load_settings
from desk.web.case_acts import ACTS
from desk.wiring import House
from desks import add_person
from houses import READER, Judge, arrive, mail, settle
from store.desk_models import Note
from store.models import Case, CaseEvent, Task
from store.schema import migrate


class Office:
    def __init__(self, folder):
        self.config = folder / "config.toml"
        self.config.write_text(
            EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
        )
        migrate(f"sqlite:///{folder}/intake.db")
        house = House(settings=load_settings(self.config))
        house.__dict__.update(classifier=Judge(), reader=READER)
        with house.store as store:
            arrive(house, mail("complaint! Nobody came for the boiler. Please mend it."))
            settle(house)
            add_person(house, "olive", "officer")
            add_person(house, "adam", "auditor")
            with store.glance() as glance:
                self.reference = glance.find(Case)[0].reference

    def run(self, *words, **more):
        return CliRunner().invoke(app, ["act", self.reference, *words, "--config", str(self.config)], **more)

    def rows(self, table, **wanted):
        with House(settings=load_settings(self.config)).store as store, store.glance() as glance:
            return glance.find(table, **wanted)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_all_acts_of_the_desk_are_listed_with_why_one_cannot_be_done_now(office):
    listed = {one["act"]: one for one in json.loads(office.run("--json").stdout)}
    assert set(listed) == set(ACTS)
    assert listed["note"]["title"] == "Add a note"
    assert "The complaint has not been answered" in listed["close"]["against"]
    assert "Add a note" in office.run().stdout


def test_an_act_says_what_it_asks_for_and_changes_nothing(office):
    shown = json.loads(office.run("update", "--json").stdout)
    assert [(field["field"], field["kind"]) for field in shown["fields"]] == [("on", "date"), ("what", "text")]
    assert office.rows(Task, kind="update_due") == []


def test_an_act_is_done_by_a_named_person_and_says_what_it_did(office):
    done = office.run("update", "--by", "olive", "--set", "on=2099-01-04", "--set", "what=ring with the date")
    assert (done.exit_code, done.output) == (1, "on: The date must be within a year\n")
    done = office.run("note", "--by", "olive", "--set", "text=-", input="They rang.\nAll is well.")
    assert (done.exit_code, done.stdout) == (0, "Note added.\n")
    (note,) = office.rows(Note)
    assert (note.text, note.by) == ("They rang.\nAll is well.", "olive")
    assert office.rows(CaseEvent, kind="note_added")[0].by == "olive"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "--by", "olive"), "there is no act 'nothing'"),
        (("note", "--by", "nobody"), "nobody with an account is called nobody"),
        (("note", "--by", "adam"), "adam does not work on cases"),
        (("note", "--by", "olive", "--set", "words=x"), "the act does not ask for words; it asks for text"),
        (("note", "--by", "olive", "--set", "text"), "--set takes FIELD=VALUE"),
        (("update", "--by", "olive", "--set", "on=tomorrow"), "on is a date: give it as 2027-01-04"),
        (("change-person", "--by", "olive"), "name which with --of"),
    ],
)
def test_wrong_use_says_what_to_mend(office, words, said):
    done = office.run(*words)
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output
    assert office.rows(Note) == []


def test_a_reference_that_nobody_has_is_no_case(office):
    office.reference = "LBL-26-7H2K4M-9P"
    done = office.run()
    assert done.exit_code != 0


def test_a_definition_is_corrected_line_by_line_and_confirmed(office):
    done = office.run("define", "--by", "olive", "--set", "points=", "--set", "why=said on the telephone")
    assert (done.exit_code, done.output) == (1, "points: Write at least one point\n")
    words = "Nobody came for the boiler.\nNobody rang me back."
    done = office.run("define", "--by", "olive", "--set", f"points={words}", "--set", "why=said on the telephone")
    assert (done.exit_code, done.stdout) == (0, "Definition saved.\n")
    (case,) = office.rows(Case)
    assert [point["words"] for point in case.definition["points"]] == words.split("\n")
    assert case.defined_at is None
    shown = json.loads(office.run("confirm", "--json").stdout)
    assert shown["against"] == []
    done = office.run("confirm", "--by", "olive")
    assert (done.exit_code, done.stdout.split(".")[0]) == (0, "Definition confirmed")
    assert office.rows(Case)[0].defined_at is not None
    assert "It is confirmed already." in office.run("confirm").stdout
