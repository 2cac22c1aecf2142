"""Warnings before a date, a breach after it, and a cause that a person gives (policy 4.3.4; obligations A4, A5, A7)."""

from datetime import date, timedelta

import pytest
from timing import WORDS, Postbag, arrive, at, complaint, kinds, later, letters_leave, mail, one, open_tasks, owed, rows, settle

from desks import add_person
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Refused, Stale
from handlers.course.breaches import say_cause
from handlers.course.extending import Later, extend
from handlers.course.stages import met
from handlers.course.warnings import LEADS, OUR_AFFAIR, STEPS, leads_of
from handlers.deadlines import RULES, by_rule
from handlers.rows import deadline_row
from houses import house_of
from intake.channel import TemporaryFailure
from store.chain import append_events
from store.course_models import Breach, Warned
from store.models import Deadline, Task

__all__ = ["house_of"]
CALENDAR = WorkingCalendar()
DUE = date(2026, 12, 7)
"""The answer's date of a complaint that came and was acknowledged on Monday 23 November 2026."""


@pytest.fixture
def house(house_of):
    opened = house_of()
    for name, roles in (("olive", ("officer",)), ("mona", ("manager",))):
        add_person(opened, name, *roles, teams=("complaints",))
    return opened


def answered(house, case, rule="respond_1"):
    """Let the answer have gone, as its letter does it."""
    with house.store.unit("T5") as unit:
        append_events(unit, met(unit, case.id, [rule], house.clock.at, "answered"))
        unit.commit()


def days(house, until):
    """Let every day pass until one, each with its morning's sweep."""
    day = house.clock.at.date()
    while day < until:
        day += timedelta(days=1)
        later(house, day)


def set_rule(house, case, rule, start):
    with house.store.unit("T6") as unit:
        unit.insert(Deadline, [deadline_row(case.id, by_rule(rule, start, house.calendar), house.clock.at)])
        unit.commit()


def test_the_officer_is_warned_on_day_7_and_a_manager_on_day_9(house):
    case = complaint(house)
    with house.store.unit("T6") as unit:
        unit.update(type(case), case.id, assigned_to="olive")
        unit.commit()
    days(house, date(2026, 12, 1))
    assert rows(house, Warned) == [], "day 6"
    later(house, date(2026, 12, 2), 0, 1)
    (first,) = open_tasks(house, case, "deadline_near")
    assert (first.assigned_to, first.due_at) == ("olive", owed(house, case, "respond_1").due_at)
    assert "Answer a stage 1 complaint in full by Monday 7 December 2026" in first.why
    days(house, date(2026, 12, 3))
    assert open_tasks(house, case, "deadline_very_near") == [], "day 8"
    later(house, date(2026, 12, 4), 0, 1)
    (second,) = open_tasks(house, case, "deadline_very_near")
    assert second.assigned_to == "mona"
    days(house, DUE)
    assert [row.step for row in rows(house, Warned, case_id=case.id)] == ["first", "second"], "once each"


def test_stage_2_is_warned_of_on_days_14_and_18(house):
    case = complaint(house)
    answered(house, case)
    set_rule(house, case, "respond_2", date(2026, 12, 14))  # due Thursday 14 January 2027: obligations B1.3
    counted = CALENDAR.count(date(2026, 12, 14), 20)
    seen = {}
    day = date(2026, 12, 14)
    while day <= counted[-1]:
        later(house, day)
        for row in rows(house, Warned):
            seen.setdefault(row.step, day)
        day += timedelta(days=1)
    assert seen == {"first": counted[13], "second": counted[17]}


def test_an_acknowledgement_that_did_not_go_is_warned_of_on_day_4(house):
    arrive(house, mail(WORDS))
    settle(house)

    def never(reply):
        raise TemporaryFailure("451 not now")

    house.clock.at = at(date(2026, 11, 26))
    house.sweep().once()
    letters_leave(house, Postbag(never))
    assert rows(house, Warned) == [], "day 3"
    house.clock.at = at(date(2026, 11, 27), 0, 1)
    house.sweep().once()
    (row,) = rows(house, Warned)
    assert one(house, Deadline, id=row.deadline_id).rule == "acknowledge_1"
    letters_leave(house)
    house.sweep().once()
    assert one(house, Task, kind="deadline_near").outcome == "It was done"


def test_nobody_is_warned_of_an_acknowledgement_that_the_sweep_itself_just_wrote(house):
    arrive(house, mail("complaint? is anybody there"))
    settle(house)
    house.clock.at = at(date(2026, 11, 27))
    house.sweep().once()
    letters_leave(house)
    later(house, date(2026, 11, 27), 11)
    assert rows(house, Deadline, rule="acknowledge_1")[0].met_at is not None
    assert rows(house, Warned) == []


def test_a_warning_ends_with_its_task_when_the_date_is_met(house):
    case = complaint(house)
    days(house, date(2026, 12, 4))
    assert len(open_tasks(house, case, "deadline_near")) == len(open_tasks(house, case, "deadline_very_near")) == 1
    answered(house, case)
    later(house, date(2026, 12, 4), 10)
    assert open_tasks(house, case, "deadline_near") == open_tasks(house, case, "deadline_very_near") == []
    assert {row.outcome for row in rows(house, Task, kind="deadline_near")} == {"It was done"}
    assert all(row.ended_at for row in rows(house, Warned))


def test_a_warning_ends_when_the_date_is_moved_and_the_new_date_has_its_own(house):
    case = complaint(house)
    days(house, date(2026, 12, 4))
    extend(house.course, case.id, "olive", Later(new_on=date(2026, 12, 21), reason="more to see", every_days=7))
    later(house, date(2026, 12, 4), 10)
    assert open_tasks(house, case, "deadline_near") == []
    days(house, date(2026, 12, 15))
    assert open_tasks(house, case, "deadline_near") == []
    later(house, date(2026, 12, 16))
    assert len(open_tasks(house, case, "deadline_near")) == 1, "three working days before Monday 21 December"


def test_a_sweep_that_slept_warns_at_once(house):
    case = complaint(house)
    later(house, DUE)
    assert len(open_tasks(house, case, "deadline_near")) == len(open_tasks(house, case, "deadline_very_near")) == 1
    assert rows(house, Breach) == []


def test_a_sweep_that_slept_too_long_says_so_beside_the_breach(house):
    case = complaint(house)
    later(house, DUE + timedelta(days=2))
    assert [row.at.date() for row in rows(house, Warned)] == [DUE + timedelta(days=2)] * 2
    assert open_tasks(house, case, "deadline_near") == [], "what passed is told by its breach alone"
    told = kinds(house, case)
    assert told.index("warned") < told.index("deadline_missed")


def test_a_date_that_passed_unmet_is_a_breach_an_event_and_a_task_once(house):
    case = complaint(house)
    days(house, DUE)
    house.clock.at = owed(house, case, "respond_1").due_at
    house.sweep().once()
    assert rows(house, Breach) == [], "the last second is in time"
    house.clock.at += timedelta(seconds=1)
    for _ in range(3):
        house.sweep().once()
    breach = one(house, Breach)
    assert (breach.rule, breach.due_on, breach.cause) == ("respond_1", DUE, None)
    (task,) = open_tasks(house, case, "breach_cause")
    assert task.id == breach.task_id
    assert kinds(house, case).count("deadline_missed") == 1


def test_an_answer_that_came_late_while_nothing_looked_is_a_breach_all_the_same(house):
    case = complaint(house)
    house.clock.at = at(DUE + timedelta(days=1), 8)
    answered(house, case)
    house.sweep().once()
    assert one(house, Breach).rule == "respond_1"
    house.clock.at = at(DUE + timedelta(days=1), 9)
    house.sweep().once()
    assert len(rows(house, Breach)) == 1


def test_what_was_met_in_time_or_replaced_in_time_is_no_breach(house):
    one_case, other = complaint(house), complaint(house, "complaint! the stairs are dark", sender="bo@resident.example")
    house.clock.at = at(DUE)
    answered(house, one_case)
    extend(house.course, other.id, "olive", Later(new_on=date(2026, 12, 14), reason="more to see", every_days=7))
    letters_leave(house)
    days(house, date(2026, 12, 11))
    assert rows(house, Breach) == []


def test_the_offices_own_dates_are_no_breaches(house):
    case = complaint(house)
    for rule in ("triage", "quarantine", "undelivered"):
        set_rule(house, case, rule, date(2026, 11, 23))
    days(house, date(2026, 11, 30))
    assert rows(house, Breach) == rows(house, Warned) == []


def test_a_person_says_why_and_what_was_said_stands(house):
    case = complaint(house)
    days(house, DUE + timedelta(days=1))
    breach = one(house, Breach)
    for by, kind, cause, field in (
        ("olive", "nonsense", "x", "kind"),
        ("olive", "workload", " ", "cause"),
        ("sweep", "workload", "x", None),
    ):
        with pytest.raises(Refused) as refused:
            say_cause(house.course, case.id, by, breach.id, kind=kind, cause=cause)
        assert field is None or refused.value.field == field
    say_cause(house.course, case.id, "olive", breach.id, kind="contractor", cause="The lift firm's report came on the 9th.")
    kept = one(house, Breach)
    assert (kept.cause_kind, kept.cause_by) == ("contractor", "olive")
    assert open_tasks(house, case, "breach_cause") == []
    assert kinds(house, case)[-1] == "breach_explained"
    with pytest.raises(Stale, match="Olive has said why already"):
        say_cause(house.course, case.id, "mona", breach.id, kind="other", cause="no, this")


def test_a_breach_of_another_case_is_not_explained_here(house):
    case, other = complaint(house), complaint(house, "complaint! the stairs are dark", sender="bo@resident.example")
    days(house, DUE + timedelta(days=1))
    theirs = one(house, Breach, case_id=other.id)
    with pytest.raises(Refused, match="no such missed date"):
        say_cause(house.course, case.id, "olive", theirs.id, kind="other", cause="x")


def test_a_sweep_with_nothing_due_does_nothing_and_asks_little(house):
    complaint(house)
    later(house, date(2026, 11, 24))
    for chore in house.sweep()._chores.values():
        assert chore() == 0


def test_two_sweeps_at_once_warn_once_and_notice_once(house):
    from concurrent.futures import ThreadPoolExecutor

    complaint(house)
    house.clock.at = at(date(2026, 12, 4))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: house.sweep().once(), range(2)))
    assert len(rows(house, Warned)) == len(rows(house, Task, kind="deadline_near")) * 2 == 2
    house.clock.at = at(DUE + timedelta(days=1))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: house.sweep().once(), range(2)))
    assert len(rows(house, Breach)) == len(rows(house, Task, kind="breach_cause")) == 1


def test_every_rule_that_others_set_has_its_warnings_and_the_offices_own_have_none():
    assert set(LEADS) <= set(RULES)
    for rule in RULES:
        leads = leads_of(rule)
        assert (leads == ()) is (rule in OUR_AFFAIR), rule
        assert len(leads) <= len(STEPS)
        assert list(leads) == sorted(leads, reverse=True)
        assert all(lead > 0 for lead in leads)
        working = RULES[rule].working_days
        assert not working or all(lead < working for lead in leads)


@pytest.mark.parametrize("rule", ["respond_1", "respond_2", "acknowledge_1", "hazard_investigate", "hazard_make_safe"])
@pytest.mark.parametrize("start", [date(2026, 12, 18), date(2027, 3, 22), date(2027, 4, 28), date(2026, 11, 23)])
def test_warnings_keep_their_day_whatever_holidays_lie_between(rule, start):
    from handlers.course.warnings import _horizons

    due = by_rule(rule, start, CALENDAR)
    for (step, _whom, _kind), lead in zip(STEPS, leads_of(rule), strict=False):
        first = next(
            day
            for day in (start + timedelta(days=n) for n in range(90))
            if any(h.step == step and rule in h.rules and due.due_at <= h.until for h in _horizons(CALENDAR, day))
        )
        assert first == due.counted[-1 - lead]
