"""When a holiday is proclaimed: proposals beside the old dates, each approved by a named person, none moved by itself."""

import json
from datetime import date

import pytest
from timing import complaint, kinds, letters_leave, one, owed, rows
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE
from desks import add_person
from handlers.case_acts import Refused, Stale
from handlers.course.extending import Later, extend
from handlers.course.recounting import approve_move, moves
from houses import arrive, house_of, mail, settle
from store.models import CaseEvent, Deadline, Task

__all__ = ["house_of"]
JUBILEE = date(2026, 12, 2)
"""A Wednesday that is proclaimed a bank holiday after the complaint was acknowledged."""


def opened(house_of, *days, at=None):
    from desk.config import CalendarSettings

    house = house_of(calendar=CalendarSettings(extra_holidays=days), **({"at": at} if at else {}))
    if not rows(house, Task):
        for name in ("olive", "ben"):
            add_person(house, name, "officer")
    return house


def proposed(house):
    with house.store.glance() as glance:
        return moves(house.acts, glance)


def test_nothing_is_moved_but_what_a_person_approves(house_of):
    before = opened(house_of)
    case, other = complaint(before), complaint(before, "complaint! the stairs are dark", sender="bo@resident.example")
    after = opened(house_of, JUBILEE)
    found = proposed(after)
    assert [(move.rule, move.old.due_on, move.new.due_on, move.told, move.sooner) for move in found] == [
        ("respond_1", date(2026, 12, 7), date(2026, 12, 8), True, False)
    ] * 2
    assert {row.due_on for row in rows(after, Deadline, rule="respond_1")} == {date(2026, 12, 7)}
    approve_move(after.acts, case.id, "olive", found[0].deadline_id, why="the King's day")
    moved = owed(after, case, "respond_1")
    assert moved.due_on == date(2026, 12, 8)
    assert moved.calendar.endswith("+2026-12-02")
    assert JUBILEE.isoformat() not in moved.counted
    assert owed(after, other, "respond_1").due_on == date(2026, 12, 7)
    assert kinds(after, case)[-2:] == ["deadline_set", "deadline_moved"]
    event = rows(after, CaseEvent, case_id=case.id, kind="deadline_moved")[0]
    assert (event.by, event.why) == ("olive", "the King's day")
    told = json.loads(event.details)
    assert (told["old_due_on"], told["new_due_on"], told["told"]) == ("2026-12-07", "2026-12-08", True)
    assert "Tell the resident" in one(after, Task, kind="date_moved").why
    with pytest.raises(Stale):
        approve_move(after.acts, case.id, "olive", found[0].deadline_id, why="again")
    assert len(proposed(after)) == 1


def test_a_promise_already_told_is_not_shortened_without_saying_so(house_of):
    before = opened(house_of, JUBILEE)
    case = complaint(before)
    after = opened(house_of)
    (move,) = proposed(after)
    assert move.sooner
    with pytest.raises(Refused, match="8 December 2026 would become 7 December 2026, which is sooner"):
        approve_move(after.acts, case.id, "olive", move.deadline_id, why="it was called off")
    approve_move(after.acts, case.id, "olive", move.deadline_id, why="it was called off", sooner=True)
    assert owed(after, case, "respond_1").due_on == date(2026, 12, 7)


@pytest.mark.parametrize("by", ["machine", "sweep", "", "nobody"])
def test_only_somebody_who_works_here_approves(house_of, by):
    case = complaint(opened(house_of))
    after = opened(house_of, JUBILEE)
    (move,) = proposed(after)
    with pytest.raises(Refused):
        approve_move(after.acts, case.id, by, move.deadline_id, why="the King's day")
    assert owed(after, case, "respond_1").due_on == date(2026, 12, 7)


def test_what_a_person_named_is_met_or_is_another_cases_is_left_alone(house_of):
    before = opened(house_of)
    case, other = complaint(before), complaint(before, "complaint! the stairs are dark", sender="bo@resident.example")
    old = owed(before, case, "respond_1").id
    extend(before.course, case.id, "olive", Later(new_on=date(2026, 12, 14), reason="more to see", every_days=7))
    letters_leave(before)
    after = opened(house_of, JUBILEE, date(2026, 12, 10))
    (move,) = proposed(after)
    assert move.reference == other.reference
    for number in (old, owed(before, case, "extend_1").id, move.deadline_id):
        with pytest.raises(Stale):
            approve_move(after.acts, case.id, "olive", number, why="the King's day")


def run(folder, *words):
    return CliRunner().invoke(app, [*words, "--config", str(folder / "config.toml")])


@pytest.fixture
def office(tmp_path, house_of):
    """Return a landlord's folder with two complaints, and settings that know of a holiday since."""
    house = opened(house_of)
    for n in range(2):
        arrive(house, mail(f"complaint! number {n}", sender=f"r{n}@resident.example"), sender=f"r{n}@resident.example")
    settle(house)
    letters_leave(house)
    text = (
        EXAMPLE.read_text()
        .replace("sqlite:///var/intake.db", house.settings.store_url)
        .replace("extra_holidays = []", "extra_holidays = [2026-12-02]")
    )
    (tmp_path / "config.toml").write_text(text.replace('"var/', f'"{tmp_path}/'))
    return tmp_path, house


def test_the_terminal_shows_first_and_moves_what_is_named(office):
    folder, house = office
    shown = run(folder, "recount", "--json")
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert [(each["was"], each["would be"], each["sooner"]) for each in found] == [("2026-12-07", "2026-12-08", False)] * 2
    assert {row.due_on for row in rows(house, Deadline, rule="respond_1")} == {date(2026, 12, 7)}, "nothing is moved by looking"
    number = str(found[0]["number"])
    assert run(folder, "recount", "--approve", number).exception is not None, "nobody has approved it"
    assert run(folder, "recount", "--approve", "999", "--by", "olive", "--why", "x").exception is not None
    assert run(folder, "recount", "--approve", number, "--by", "nobody", "--why", "x").exit_code == 1
    done = run(folder, "recount", "--approve", number, "--by", "olive", "--why", "the King's day")
    assert done.exit_code == 0, done.output
    assert "2026-12-07 is 2026-12-08 now" in done.stdout
    assert run(folder, "recount", "--all", "--by", "olive", "--why", "the King's day").exit_code == 0
    assert json.loads(run(folder, "recount", "--json").stdout) == []
    assert "Dates that would move: none" in run(folder, "recount").stdout


def test_the_terminal_gives_the_figures_with_the_cases_behind_them(office):
    folder, house = office
    done = run(folder, "figures", "--from", "2026-11-01", "--to", "2026-12-31", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    with house.store.glance():
        references = sorted(told["acknowledged_1"]["in_time"]["cases"])
    assert told["acknowledged_1"]["in_time"]["number"] == len(references) == 2
    assert told["acknowledged_1"]["in_time"]["percent"] == 100.0
    plain = run(folder, "figures", "--from", "2026-11-01", "--to", "2026-12-31")
    assert "acknowledged_1" in plain.stdout
    for words in (("--from", "yesterday", "--to", "2026-12-31"), ("--from", "2026-12-31", "--to", "2026-11-01")):
        assert run(folder, "figures", *words).exception is not None
