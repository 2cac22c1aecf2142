"""``intake deadlines`` as a person at the terminal and a script see it."""

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from desk.commands.deadlines import deadlines

APP = Typer()
APP.command()(deadlines)
OPTIONS = [
    ("2026-12-22T10:00+00:00", "2026-12-22", "1", ["2026-12-31", "2027-01-08", "2027-01-22"]),
    ("2026-12-22T10:00Z", "2026-12-31", "1", ["2026-12-31", "2027-01-15", "2027-01-29"]),
    ("2026-12-24T16:45:00+00:00", None, "1", ["2027-01-05", "2027-01-19", "2027-02-02"]),
    ("2026-12-26", None, "1", ["2027-01-05", "2027-01-19", "2027-02-02"]),
    ("2026-12-31T23:59+00:00", None, "1", ["2027-01-08", "2027-01-22", "2027-02-05"]),
    ("2027-01-01T00:01+00:00", None, "1", ["2027-01-08", "2027-01-22", "2027-02-05"]),
    ("2027-01-08T23:59Z", None, "1", ["2027-01-15", "2027-01-29", "2027-02-12"]),
    ("2027-01-09T09:00Z", None, "1", ["2027-01-15", "2027-01-29", "2027-02-12"]),
    ("2027-03-24", None, "1", ["2027-04-02", "2027-04-16", "2027-04-30"]),
    ("2027-03-25T23:59Z", None, "1", ["2027-04-05", "2027-04-19", "2027-05-04"]),
    ("2027-03-28T01:30Z", None, "1", ["2027-04-05", "2027-04-19", "2027-05-04"]),
    ("2027-04-30", None, "1", ["2027-05-10", "2027-05-24", "2027-06-08"]),
    ("2027-05-03", None, "1", ["2027-05-10", "2027-05-24", "2027-06-08"]),
    ("2027-05-07T00:30+01:00", None, "1", ["2027-05-14", "2027-05-28", "2027-06-14"]),
    ("2027-05-06T23:30Z", None, "1", ["2027-05-14", "2027-05-28", "2027-06-14"]),
    ("2027-02-04T23:30Z", None, "1", ["2027-02-11", "2027-02-25", "2027-03-11"]),
    ("2026-12-11", "2026-12-14", "2", ["2026-12-18", "2027-01-14", "2027-02-11"]),
    ("2027-03-08", "2027-03-09", "2", ["2027-03-15", "2027-04-08", "2027-05-07"]),
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INTAKE_CONFIG", raising=False)
    return lambda *arguments: CliRunner().invoke(APP, arguments)


@pytest.mark.parametrize(("received", "acknowledged", "stage", "expected"), OPTIONS)
def test_the_worked_examples_come_out_of_the_terminal(run, received, acknowledged, stage, expected):
    given = ["--acknowledged", acknowledged] if acknowledged else []
    done = run("--received", received, "--stage", stage, *given, "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert list(answer) == ["acknowledge_by", "respond_by", "respond_by_if_extended"]
    assert [sums["date"] for sums in answer.values()] == expected
    assert [sums["counted"][-1] for sums in answer.values()] == expected


def test_each_date_comes_with_rule_provision_and_the_days_counted(run):
    answer = json.loads(run("--received", "2027-05-07", "--extended", "--json").stdout)
    assert [sums["provision"] for sums in answer.values()] == ["Code 6.2", "Code 6.3", "Code 6.4"]
    assert [sums["rule"] for sums in answer.values()] == ["acknowledge_1", "respond_1", "extend_1"]
    assert answer["acknowledge_by"]["counted"] == ["2027-05-10", "2027-05-11", "2027-05-12", "2027-05-13", "2027-05-14"]


def test_a_person_sees_dates_and_arithmetic_and_the_extension_only_when_asked(run):
    plain, extended = run("--received", "2026-12-22"), run("--received", "2026-12-22", "--extended")
    assert "acknowledge by          Thu 31 Dec 2026   Code 6.2" in plain.stdout
    assert "Bank holidays left out: Fri 25 Dec 2026, Mon 28 Dec 2026." in plain.stdout
    assert "if extended" not in plain.stdout
    assert "respond by if extended  Fri 29 Jan 2027   Code 6.4" in extended.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--received", "yesterday"], "'yesterday' is not a date"),
        (["--received", "2027-02-30"], "'2027-02-30' is not a date"),
        (["--received", ""], "'' is not a date"),
        (["--received", "2027-02-03T10:00"], "has no time zone: add one, such as 2027-02-03T10:00+00:00"),
        (["--received", "2027-02-03", "--acknowledged", "2027-02-02"], "cannot be acknowledged before it was received"),
        (["--received", "2027-02-03", "--acknowledged", "soon"], "'soon' is not a date"),
        (["--received", "2027-02-03", "--stage", "3"], "'3' is no stage of a complaint: give 1 or 2"),
        (["--received", "2028-12-28"], "goes beyond the bank holidays known from 2020 to 2028"),
        (["--received", "2019-06-03"], "goes beyond the bank holidays known from 2020 to 2028"),
        (["--received", "2027-02-03", "--config", "none.toml"], "none.toml cannot be read"),
    ],
)
def test_wrong_input_is_one_sentence_on_stderr_and_exit_code_two(run, arguments, sentence):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
