"""The figures of a period: from timestamps, with the cases behind each; a receipt counts for nothing (TSM CH02; B1.4)."""

from datetime import date, datetime, timedelta

import pytest
from timing import Postbag, at, complaint, later, letters_leave, rows

from desks import add_person
from handlers.course.extending import Later, approve, extend
from handlers.course.figures import GROUPS, Period, figures, outcome_of
from handlers.course.stages import met
from handlers.course.updates import send_update
from houses import arrive, house_of, mail, settle
from intake.channel import TemporaryFailure
from store.chain import append_events
from store.course_models import Action
from store.marks import supersede_deadlines
from store.models import Case, Deadline, Stage

__all__ = ["house_of"]
DUE, NEW = date(2026, 12, 7), date(2026, 12, 14)
YEAR = Period(first=date(2026, 11, 1), last=date(2027, 3, 31))


@pytest.fixture
def house(house_of):
    opened = house_of()
    for name, roles in (("olive", ("officer",)), ("mona", ("manager",))):
        add_person(opened, name, *roles, teams=("complaints",))
    return opened


def told(house, period=YEAR):
    with house.store.glance() as glance:
        return figures(glance, period, house.clock.at)


def answered(house, case, rules=("respond_1", "extend_1")):
    with house.store.unit("T5") as unit:
        append_events(unit, met(unit, case.id, list(rules), house.clock.at, "answered"))
        unit.commit()


def numbers(group):
    return {name: len(cases) for name, cases in group.items()}


def test_each_answer_is_counted_once_where_its_first_date_fell(house):
    names = ("quick", "extended", "told late", "late", "open", "taken back")
    cases = {name: complaint(house, f"complaint! {name}", sender=f"r{n}@resident.example") for n, name in enumerate(names)}

    def more_time(name):
        extend(house.course, cases[name].id, "olive", Later(new_on=NEW, reason="more to see", every_days=7))

    house.clock.at = at(date(2026, 12, 4))
    answered(house, cases["quick"])
    more_time("extended")
    letters_leave(house)
    with house.store.unit("T6") as unit:
        supersede_deadlines(unit, cases["taken back"].id, ("respond_1",), house.clock.at)
        unit.commit()
    house.clock.at = at(DUE, 23)
    more_time("told late")
    later(house, NEW)
    answered(house, cases["extended"])
    answered(house, cases["told late"])
    answered(house, cases["late"])
    group = told(house)["answered_1"]
    ref = {name: case.reference for name, case in cases.items()}
    assert group["in_first_time"] == [ref["quick"]]
    assert group["in_extended_time"] == [ref["extended"]]
    assert sorted(group["in_time"]) == sorted([ref["quick"], ref["extended"]])
    assert sorted(group["late"]) == sorted([ref["told late"], ref["late"], ref["open"]])
    assert group["running"] == []
    assert sorted(group["due"]) == sorted(set(ref.values()) - {ref["taken back"]})
    assert numbers(told(house)["extensions_1"]) == {"made": 2, "told_in_time": 1, "told_late": 1, "beyond_the_limit": 0}
    assert told(house, Period(first=NEW, last=NEW))["answered_1"]["due"] == [], "it counts where its first date fell"
    assert len(told(house, Period(first=DUE, last=DUE))["answered_1"]["due"]) == 5


def test_while_there_is_time_nothing_is_late(house):
    case = complaint(house)
    assert told(house)["answered_1"]["running"] == [case.reference]
    extend(house.course, case.id, "olive", Later(new_on=NEW, reason="more to see", every_days=7))
    letters_leave(house)
    house.clock.at = at(date(2026, 12, 10))
    assert told(house)["answered_1"]["running"] == [case.reference]
    house.clock.at = at(date(2026, 12, 15))
    assert told(house)["answered_1"]["late"] == [case.reference]


def test_a_receipt_never_counts_as_an_acknowledgement(house_of):
    from desk.config import AcknowledgementSettings, SweepSettings

    house = house_of(
        acknowledgement=AcknowledgementSettings(mode="after_confirmation"), sweep=SweepSettings(working_days_before=0)
    )
    arrive(house, mail("complaint! nobody mends the lift"))
    settle(house)
    bag = letters_leave(house)
    assert bag.sent[0].subject.startswith("We have your message"), "the receipt has gone"
    group = told(house)["acknowledged_1"]
    assert numbers(group) == {"due": 1, "in_time": 0, "late": 0, "running": 1}
    house.clock.at = at(date(2026, 12, 1))
    assert numbers(told(house)["acknowledged_1"])["late"] == 1
    house.sweep().once()
    letters_leave(house)
    assert numbers(told(house)["acknowledged_1"]) == {"due": 1, "in_time": 0, "late": 1, "running": 0}


def test_a_date_that_another_took_the_place_of_is_not_counted_beside_it(house):
    kept, found_to_be_none = complaint(house), complaint(house, "complaint! stairs", sender="bo@resident.example")
    with house.store.unit("T6") as unit:
        (deadline,) = unit.find(Deadline, case_id=found_to_be_none.id, rule="acknowledge_1")
        unit.update(Deadline, deadline.id, met_at=None, superseded_at=house.clock.at)
        unit.commit()
    assert told(house)["acknowledged_1"]["due"] == [kept.reference]


def test_an_acknowledgement_counts_when_it_left_not_when_it_was_written(house):
    def never(reply):
        raise TemporaryFailure("451 not now")

    arrive(house, mail("complaint! nobody mends the lift"))
    settle(house)
    letters_leave(house, Postbag(never))
    house.clock.at = at(date(2026, 12, 1))
    letters_leave(house)
    assert numbers(told(house)["acknowledged_1"]) == {"due": 1, "in_time": 0, "late": 1, "running": 0}


def test_updates_are_counted_as_due_sent_and_on_time(house):
    case = complaint(house)
    extend(house.course, case.id, "olive", Later(new_on=date(2026, 12, 21), reason="more to see", every_days=7))
    letters_leave(house)
    later(house, date(2026, 11, 30))
    send_update(house.course, case.id, "olive", "It goes on.")
    letters_leave(house)
    later(house, date(2026, 12, 8))
    send_update(house.course, case.id, "olive", "It goes on, late.")
    letters_leave(house)
    assert numbers(told(house)["updates"]) == {"due": 3, "sent": 3, "on_time": 2}, "the missed one, and the next, by one letter"
    house.clock.at = at(date(2026, 12, 10))
    answered(house, case)
    later(house, date(2026, 12, 20))
    assert numbers(told(house)["updates"])["due"] == 3, "the answer came before the next was owed"


def test_extensions_beyond_the_limit_are_counted_apart(house):
    case = complaint(house)
    extend(house.course, case.id, "olive", Later(new_on=date(2027, 1, 6), reason="more", every_days=7, second_reason="abroad"))
    assert numbers(told(house)["extensions_1"])["made"] == 0, "a proposal is none"
    approve(house.course, case.id, "mona", 1)
    letters_leave(house)
    assert numbers(told(house)["extensions_1"]) == {"made": 1, "told_in_time": 1, "told_late": 0, "beyond_the_limit": 1}


def test_actions_are_counted_by_the_day_they_were_owed(house):
    case = complaint(house)
    row = {"case_id": case.id, "stage": Stage.ONE, "what": "mend", "owner": "repairs", "due_on": DUE}
    row |= {"set_at": house.clock.at, "set_by": "olive"}
    times = ({"done_at": at(DUE, 10)}, {"done_at": at(DUE + timedelta(days=1))}, {"dropped_at": at(DUE)}, {})
    with house.store.unit("T6") as unit:
        unit.insert(Action, [row | more for more in times])
        unit.commit()
    house.clock.at = at(DUE, 12)
    assert numbers(told(house)["actions"]) == {"due": 4, "done": 2, "done_in_time": 1, "dropped": 1, "late": 1}
    house.clock.at = at(DUE + timedelta(days=2))
    assert numbers(told(house)["actions"])["late"] == 2


def test_missed_dates_are_counted_by_rule_and_cause(house):
    from handlers.course.breaches import say_cause

    case = complaint(house)
    later(house, DUE + timedelta(days=1))
    say_cause(house.course, case.id, "olive", 1, kind="contractor", cause="late report")
    group = told(house)["missed_dates"]
    assert {name: cases for name, cases in group.items() if cases} == {
        name: [case.reference] for name in ("all", "respond_1", "explained", "cause_contractor")
    }


def test_a_group_of_noughts_is_told_as_noughts(house):
    found = told(house)
    assert {name: tuple(group) for name, group in found.items()} == GROUPS
    assert all(cases == [] for group in found.values() for cases in group.values())


def test_a_period_ends_after_it_begins():
    with pytest.raises(ValueError, match="ends before it begins"):
        Period(first=DUE, last=DUE - timedelta(days=1))


def test_days_are_londons(house):
    house.clock.at = datetime.fromisoformat("2027-05-06T23:30:00+00:00")  # Friday 7 May in London: obligations B1.3
    complaint(house)
    only = Period(first=date(2027, 5, 14), last=date(2027, 5, 14))
    assert len(told(house, only)["acknowledged_1"]["due"]) == 1
    assert rows(house, Case)


@pytest.mark.parametrize(
    ("met_day", "now_day", "told_in_time", "outcome"),
    [
        (5, 30, True, "in_first_time"),
        (5, 30, False, "in_first_time"),
        (15, 30, True, "in_extended_time"),
        (15, 30, False, "late"),
        (25, 30, True, "late"),
        (None, 15, True, "running"),
        (None, 15, False, "late"),
        (None, 25, True, "late"),
        (None, 5, False, "running"),
    ],
)
def test_an_answer_stands_against_both_dates(met_day, now_day, told_in_time, outcome):
    def moment(number):
        return at(date(2026, 12, number), 23, 59)

    first, live = Deadline(due_at=moment(10)), Deadline(due_at=moment(20), met_at=met_day and moment(met_day))
    assert outcome_of(first, live, moment(now_day), told_in_time=told_in_time) == outcome
