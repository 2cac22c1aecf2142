"""Quarantine from the terminal: listed with reasons, looked into without harm, read again alone or together, put aside."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE, load_settings
from desk.wiring import House
from houses import READER, Judge, arrive, settle
from store.models import Case, Message
from store.schema import migrate

HOSTILE = b"X-Odd: \x1b]0;owned\x07\x1b[2J\r\n\r\n \r\n"


class Office:
    def __init__(self, folder):
        self.config = folder / "config.toml"
        changed = EXAMPLE.read_text().replace('"var/', f'"{folder}/').replace("sqlite:///var/", f"sqlite:///{folder}/")
        self.config.write_text(changed)
        migrate(f"sqlite:///{folder}/intake.db")
        house = House(settings=load_settings(self.config))
        house.__dict__.update(classifier=Judge(), reader=READER)
        with house.store:
            for raw in (b"\r\n \r\n", HOSTILE, b"\r\n\t\r\n"):
                arrive(house, raw)
            settle(house)

    def run(self, *words):
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])

    def rows(self, table):
        with House(settings=load_settings(self.config)).store as store, store.glance() as glance:
            return glance.find(table)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_f8_what_waits_is_listed_looked_into_read_again_and_put_aside(office):
    listed = json.loads(office.run("quarantine", "list", "--json").stdout)
    assert [one["message_id"] for one in listed] == [1, 2, 3]
    assert {"reason", "due_at", "received_at", "reference", "sender"} <= set(listed[0])
    assert "There are no words, no subject and no files in it." in " ".join(office.run("quarantine", "list").stdout.split())
    shown = office.run("quarantine", "show", "2").stdout
    assert "owned" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown
    done = office.run("quarantine", "discard", "2", "--by", "olive", "--why", "an odd page")
    assert done.exit_code == 0, done.output
    assert office.rows(Message)[1].disposition_why == "put aside by olive: an odd page"
    assert office.rows(Case)[1].status == "closed"
    done = office.run("quarantine", "retry", "1", "--all-alike", "--by", "olive")
    assert (done.exit_code, done.stdout) == (0, "2 to be read again: `intake serve` does it\n")
    assert [row.state for row in office.rows(Message)] == ["waiting", "handled", "waiting"]
    assert json.loads(office.run("quarantine", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "99"), 1, "message 99 is not in quarantine"),
        (("retry", "99", "--by", "olive"), 1, "message 99 is not in quarantine"),
        (("retry", "1", "--by", " "), 2, "--by must say something"),
        (("discard", "1", "--by", "olive", "--why", " "), 2, "--why must say something"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(office, words, code, said):
    done = office.run("quarantine", *words)
    assert (said in done.output) or said in str(done.exception)
    assert done.exit_code == code or type(done.exception).__name__ == "Mistake"
    assert {row.state for row in office.rows(Message)} == {"shunted"}
