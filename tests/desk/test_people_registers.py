"""The registers at the terminal: what is agreed and what limits whom; disabilities for a manager alone, and that is noted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE, Mistake, load_settings
from desk.wiring import House
from desks import add_person
from handlers.clock import london_day
from handlers.people.adjustments import Agreed, agree, end
from handlers.people.restrictions import Proposed, propose
from houses import READER, Judge, arrive, mail, settle
from store.chain import verify_chain
from store.models import CaseEvent
from store.schema import migrate

REASONS = {"reasons": "You shouted.", "proportion": "Two warnings.", "equality": "We asked; none."}


class Terminal:
    def __init__(self, folder):
        self.config = folder / "config.toml"
        changed = EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
        self.config.write_text(changed)
        migrate(f"sqlite:///{folder}/intake.db")
        house = House(settings=load_settings(self.config))
        house.__dict__.update(classifier=Judge(), reader=READER)
        with house.store:
            for name, role in (("olive", "officer"), ("mona", "manager")):
                add_person(house, name, role)
            arrive(house, mail("complaint! The lift is broken."))
            settle(house)
            self._agree(house)

    def _agree(self, house):
        today = london_day(house.clock.now())
        told = {"words": "24 point", "agreed_on": today, "agreed_with": "Ada", "review_on": today + timedelta(days=90)}
        agree(house.acts, 1, "olive", Agreed(kind="large_print", disability="glaucoma", **told))
        agree(house.acts, 1, "olive", Agreed(kind="audio", **told))
        end(house.acts, 1, "olive", 2, why="not wanted")
        dates = {"starts_on": today, "review_on": today + timedelta(days=30), "ends_on": today + timedelta(days=60)}
        asked = Proposed(kind="in_writing", incidents=[{"words": "shouted at the desk"}], **REASONS, **dates)
        propose(house.course, 1, "olive", asked)

    def run(self, *words):
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])

    def readings(self):
        with House(settings=load_settings(self.config)).store as store, store.glance() as glance:
            assert verify_chain(glance) == []
            return glance.find(CaseEvent, kind="adjustments_read")


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def test_adjustments_are_listed_with_their_reviews_and_without_a_disability(terminal):
    listed = json.loads(terminal.run("adjustments", "--json").stdout)
    assert [(one["kind"], one["state"], one["words"]) for one in listed] == [
        ("large_print", "stands", "24 point"),
        ("audio", "ended", "24 point"),
    ]
    assert all(one["review_on"] and one["agreed_with"] and one["reference"] for one in listed)
    for words in (
        ("adjustments", "--json"),
        ("adjustments",),
        ("adjustments", "--open"),
        ("case", listed[0]["reference"], "--json"),
    ):
        shown = terminal.run(*words)
        assert shown.exit_code == 0, shown.output
        assert "glaucoma" not in shown.output
    assert "1 stand, 0 of them with a review that is late" in terminal.run("adjustments").stdout
    assert len(json.loads(terminal.run("adjustments", "--open", "--json").stdout)) == 1
    assert terminal.readings() == []


def test_a_disability_is_read_by_a_managers_name_alone_and_that_stands_on_the_case(terminal):
    for name in ("olive", "nobody", "", "machine"):
        refused = terminal.run("adjustments", "--json", "--with-disabilities", name)
        assert isinstance(refused.exception, Mistake)
        assert "glaucoma" not in refused.output
    assert terminal.readings() == []
    listed = json.loads(terminal.run("adjustments", "--json", "--with-disabilities", "mona").stdout)
    assert [one["disability"] for one in listed] == ["glaucoma", None]
    (read,) = terminal.readings()
    assert read.by == "mona"
    assert "glaucoma" not in read.why + read.details


def test_restrictions_are_listed_with_the_whole_assessment(terminal):
    (row,) = json.loads(terminal.run("restrictions", "--json").stdout)
    assert {name: row[name] for name in REASONS} == REASONS
    assert (row["kind"], row["state"], row["proposed_by"], row["approved_by"]) == ("in_writing", "proposed", "olive", None)
    assert row["incidents"] == [{"words": "shouted at the desk"}]
    assert row["review_on"] < row["ends_on"]
    assert "In writing only" in " ".join(terminal.run("restrictions").stdout.split())
    assert "address" not in row
