"""More time: before the old date ends and told in the same act, limited, by two people beyond the limit (Code 6.4, 6.5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timing import Postbag, at, complaint, kinds, later, letter, letters_leave, one, open_tasks, owed, rows

from desks import add_person
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Refused, Stale
from handlers.course import orders, refusing
from handlers.course.extending import Later, approve, extend, reach_of, send_back
from handlers.course.figures import Period, figures
from handlers.course.refusal_grounds import Facts, Ground
from handlers.course.updates import next_on
from handlers.deadlines import by_rule, named_on
from handlers.named import NamedPerson
from houses import house_of
from intake.channel import TemporaryFailure
from store.course_models import Breach, Extension, ProgressUpdate, Refusal, StageWork
from store.models import Deadline, OutboxEntry, Stage, Task

__all__ = ["house_of"]

OLD, NEW, LIMIT = date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21)
"""NOON's complaint, acknowledged the same Monday 23 November 2026: its answer's date, a later one, and the latest."""


def asked(new_on=NEW, **more):
    told = {"reason": "We wait for the plumber's report.", "every_days": 7} | more
    return Later(new_on=new_on, **told)


@pytest.fixture
def house(house_of):
    opened = house_of()
    for name, roles in (("olive", ("officer",)), ("ben", ("officer",)), ("mona", ("manager",)), ("max", ("manager",))):
        add_person(opened, name, *roles, teams=("complaints",))
    return opened


@pytest.fixture
def case(house):
    return complaint(house)


def test_an_answers_date_is_moved_by_a_person_and_the_resident_is_told_in_the_same_act(house, case):
    assert owed(house, case, "respond_1").due_on == OLD
    extend(house.course, case.id, "olive", asked(can_say="The lift is ours to mend."))
    now = owed(house, case, "extend_1")
    assert (now.due_on, now.counted_from, now.provision) == (NEW, OLD, "Code 6.4")
    assert now.counted == [(OLD + timedelta(days=n)).isoformat() for n in (1, 2, 3, 4, 7)]
    extension = one(house, Extension, case_id=case.id)
    assert (extension.state, extension.by, extension.old_due_on, extension.new_due_on) == ("stands", "olive", OLD, NEW)
    written = letter(house, case, "extension_notice")
    assert extension.letter_id == written.id
    for words in ("Monday 14 December 2026", "We wait for the plumber's report.", "The lift is ours to mend."):
        assert words in written.text
    assert "by Monday 30 November 2026" in written.text, "when we write meanwhile"
    assert "Housing Ombudsman Service" in written.text
    assert [row.due_on for row in rows(house, ProgressUpdate, case_id=case.id)] == [date(2026, 11, 30)]
    assert kinds(house, case)[-3:] == ["deadline_set", "letter_written", "extended"]
    assert [row.username for row in rows(house, StageWork, case_id=case.id)] == ["olive"]


def test_an_extension_counts_as_told_when_its_letter_has_left(house, case):
    extend(house.course, case.id, "olive", asked())
    assert one(house, Extension).told_at is None
    letters_leave(house)
    assert one(house, Extension).told_at == house.clock.at
    assert "extension_told" in kinds(house, case)
    later(house, date(2026, 12, 8))
    assert rows(house, Breach) == []


def test_a_letter_that_has_not_left_when_the_old_date_ends_is_a_breach_and_a_task(house, case):
    house.clock.at = at(OLD, 22)
    extend(house.course, case.id, "olive", asked())

    def later_on(reply):
        raise TemporaryFailure("451 not now")

    letters_leave(house, Postbag(later_on))
    house.clock.at = at(OLD + timedelta(days=1), 0, 1)
    house.sweep().once()
    breach = one(house, Breach, case_id=case.id)
    assert (breach.rule, breach.due_on) == ("respond_1", OLD)
    (task,) = open_tasks(house, case, "breach_cause")
    assert "had not left before the date ended" in task.why
    house.clock.at = at(OLD + timedelta(days=1), 9)
    letters_leave(house)
    assert "extension_told_late" in kinds(house, case)
    house.sweep().once()
    assert len(rows(house, Breach, rule="respond_1")) == 1


def test_after_the_date_nothing_is_extended_and_the_breach_stands(house, case):
    later(house, OLD + timedelta(days=1), 0, 0)
    with pytest.raises(Refused, match=r"ended on 7 December 2026.*nothing is extended after its date \(Code 6\.4\)"):
        extend(house.course, case.id, "olive", asked())
    assert rows(house, Extension) == []
    assert one(house, Breach, case_id=case.id).due_on == OLD


def test_the_last_second_of_the_date_is_in_time(house, case):
    house.clock.at = owed(house, case, "respond_1").due_at
    extend(house.course, case.id, "olive", asked())
    assert owed(house, case, "extend_1").due_on == NEW
    house.clock.at += timedelta(seconds=1)
    other = complaint(house, "complaint! the stairs are dark", sender="bo@resident.example")
    due = owed(house, other, "respond_1").due_at
    house.clock.at = due + timedelta(seconds=1)
    with pytest.raises(Refused, match="nothing is extended after its date"):
        extend(house.course, other.id, "olive", asked(new_on=date(2026, 12, 24)))


@pytest.mark.parametrize("by", ["machine", "sweep", "Sweep", " ", ""])
def test_no_machine_extends(house, case, by):
    with pytest.raises(Refused, match="person"):
        extend(house.course, case.id, by, asked())
    assert rows(house, Extension) == []


@pytest.mark.parametrize(
    ("later_on", "field"),
    [
        (asked(new_on=OLD), "new_on"),
        (asked(new_on=date(2026, 12, 12)), "new_on"),
        (asked(new_on=date(2026, 12, 25)), "new_on"),
        (asked(new_on=date(2027, 12, 1)), "new_on"),
        (asked(reason="  "), "reason"),
        (asked(every_days=0), "every_days"),
        (asked(every_days=29), "every_days"),
        (asked(new_on=date(2026, 12, 22)), "second_reason"),
    ],
    ids=["not later", "a Saturday", "a bank holiday", "a year on", "no reason", "never", "too seldom", "no second reason"],
)
def test_what_will_not_do_is_refused_with_the_field_to_mend(house, case, later_on, field):
    with pytest.raises(Refused) as refused:
        extend(house.course, case.id, "olive", later_on)
    assert refused.value.field == field
    assert rows(house, Extension) == rows(house, Deadline, rule="extend_1") == []


def beyond(house, case, by="olive"):
    extend(house.course, case.id, by, asked(new_on=date(2027, 1, 6), second_reason="The part comes from abroad."))
    return rows(house, Extension, case_id=case.id)[-1]


def test_beyond_ten_working_days_a_second_reason_and_another_persons_agreement_are_needed(house, case):
    extension = beyond(house, case)
    assert extension.state == "proposed"
    assert owed(house, case, "respond_1").due_on == OLD, "a proposal moves nothing"
    assert not [row for row in rows(house, OutboxEntry) if row.kind.startswith("extension_notice")]
    (task,) = open_tasks(house, case, "extension_approval")
    assert task.assigned_to == "max"
    assert task.due_at == at(OLD, 23, 59) + timedelta(seconds=59)
    for by, why in (("olive", "You proposed it"), ("ben", "A manager has to agree")):
        with pytest.raises(Refused, match=why):
            approve(house.course, case.id, by, extension.id)
    approve(house.course, case.id, "mona", extension.id)
    assert owed(house, case, "extend_1").due_on == date(2027, 1, 6)
    kept = one(house, Extension)
    assert (kept.state, kept.by, kept.approved_by) == ("stands", "olive", "mona")
    text = letter(house, case, "extension_notice").text
    assert "We wait for the plumber's report." in text
    assert "The part comes from abroad." in text
    assert open_tasks(house, case, "extension_approval") == []


def test_a_manager_does_not_agree_with_themselves(house, case):
    extension = beyond(house, case, by="mona")
    assert open_tasks(house, case, "extension_approval")[0].assigned_to == "max"
    with pytest.raises(Refused, match="You proposed it"):
        approve(house.course, case.id, "mona", extension.id)


def test_one_that_is_sent_back_leaves_the_old_date_and_may_be_asked_anew(house, case):
    extension = beyond(house, case)
    with pytest.raises(Stale, match="waits for a manager"):
        extend(house.course, case.id, "ben", asked())
    send_back(house.course, case.id, "mona", extension.id, "ten days must do")
    assert owed(house, case, "respond_1").due_on == OLD
    with pytest.raises(Stale):
        approve(house.course, case.id, "mona", extension.id)
    extend(house.course, case.id, "olive", asked(new_on=LIMIT))
    assert owed(house, case, "extend_1").due_on == LIMIT


def test_one_that_nobody_let_stand_in_time_lapses_and_the_date_is_missed(house, case):
    extension = beyond(house, case)
    later(house, OLD + timedelta(days=1))
    assert one(house, Extension).state == "lapsed"
    assert one(house, Breach).due_on == OLD
    assert open_tasks(house, case, "extension_approval") == []
    with pytest.raises(Stale):
        approve(house.course, case.id, "mona", extension.id)


def test_the_limit_is_counted_from_the_first_date_however_often_it_is_moved(house, case):
    extend(house.course, case.id, "olive", asked())
    letters_leave(house)
    with pytest.raises(Refused, match="after 21 December 2026 needs a second reason"):
        extend(house.course, case.id, "olive", asked(new_on=date(2026, 12, 22)))
    extend(house.course, case.id, "olive", asked(new_on=LIMIT, reason="The report is late."))
    due = owed(house, case, "extend_1")
    assert (due.due_on, due.counted_from, len(due.counted)) == (LIMIT, OLD, 10)
    assert [row.state for row in rows(house, Extension)] == ["stands", "stands"]


def test_of_a_complaint_that_was_taken_on_again_the_limit_is_counted_from_its_new_date(house, case):
    extend(house.course, case.id, "olive", asked())
    letters_leave(house)
    told = {"office": "housing_ombudsman", "kind": "take_on", "told_on": date(2026, 12, 1), "what": "Look into it again."}
    refuse_it(house, case)
    orders.record(house.course, case.id, NamedPerson(username="mona"), orders.Told(**told))
    anew = owed(house, case, "respond_1").due_on
    assert anew == date(2026, 12, 15)
    with house.store.glance() as glance:
        assert reach_of(house.course, glance, case.id, Stage.ONE).limit == date(2026, 12, 31)
    with pytest.raises(Refused, match="after 31 December 2026 needs a second reason"):
        extend(house.course, case.id, "olive", asked(new_on=date(2027, 1, 4)))
    extend(house.course, case.id, "olive", asked(new_on=date(2026, 12, 31)))
    letters_leave(house)
    with house.store.glance() as glance:
        found = figures(glance, Period(first=anew, last=anew), house.clock.now())
    assert len(found["answered_1"]["running"]) == 1


def refuse_it(house, case):
    """Let two people refuse a complaint, and their letter go."""
    facts = Facts(what="the gate of the car park", who="the parks team")
    reasons = "The gate that you wrote about stands on land which the parks team looks after, as the map of 2019 shows."
    told = refusing.Proposal(ground=str(Ground.OTHER_SERVICE), reasons=reasons, evidence="the map of 2019", facts=facts)
    house.clock.at = at(date(2026, 12, 1))
    refusing.propose(house.course, case.id, NamedPerson(username="olive"), told)
    refusing.agree(house.course, case.id, NamedPerson(username="mona"), one(house, Refusal).id)
    letters_leave(house)


def test_a_new_rhythm_takes_the_place_of_the_old_one(house, case):
    extend(house.course, case.id, "olive", asked())
    extend(house.course, case.id, "olive", asked(new_on=LIMIT, every_days=3, reason="The report is late."))
    first, second = rows(house, ProgressUpdate)
    assert first.ended_at is not None
    assert (second.due_on, second.every_days) == (date(2026, 11, 26), 3)
    assert len(open_tasks(house, case, "progress_update")) == 1


def test_an_answer_that_is_not_owed_has_no_date_to_move(house, case):
    request = complaint(house, "service_request! mend the tap", sender="bo@resident.example")
    with pytest.raises(Refused, match="Only a complaint"):
        extend(house.course, request.id, "olive", asked())
    with house.store.unit("T6") as unit:
        unit.update(Deadline, owed(house, case, "respond_1").id, met_at=house.clock.at)
        unit.commit()
    with pytest.raises(Refused, match="No answer is owed"):
        extend(house.course, case.id, "olive", asked())


def test_two_people_who_extend_at_once_leave_one_date_after_the_other(house, case):
    gate = Barrier(2)

    def try_it(name):
        gate.wait()
        try:
            return extend(house.course, case.id, name, asked(new_on=date(2026, 12, 14 if name == "olive" else 15)))
        except Refused as refused:
            return str(refused)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(try_it, ("olive", "ben")))
    stands = rows(house, Extension, state="stands")
    assert len(stands) == sum(isinstance(each, int) for each in done) >= 1
    assert len(rows(house, Deadline, rule="extend_1", superseded_at=None)) == 1
    assert owed(house, case, "extend_1").due_on == stands[-1].new_due_on


def test_a_letter_that_cannot_be_written_leaves_everything_as_it_was(house, case):
    with house.store.unit("T6") as unit:
        unit.update(OutboxEntry, letter(house, case, "complaint_acknowledged").id, kind="extension_notice-1")
        unit.commit()
    with pytest.raises(Exception, match=r"UNIQUE|unique|duplicate|already kept"):
        extend(house.course, case.id, "olive", asked())
    assert owed(house, case, "respond_1").due_on == OLD
    assert rows(house, Extension) == rows(house, ProgressUpdate) == []


def test_stage_1_reaches_ten_days_and_stage_2_twenty(house, case):
    with house.store.glance() as glance:
        assert reach_of(house.course, glance, case.id, Stage.ONE).limit == LIMIT
        assert reach_of(house.course, glance, case.id, Stage.TWO) is None
    with house.store.unit("T6") as unit:
        due = by_rule("respond_2", date(2026, 12, 14), house.calendar)
        row = {"rule": "respond_2", "provision": due.provision, "due_on": due.due_on, "due_at": due.due_at}
        row |= {"counted_from": due.counted_from, "counted": [], "calendar": due.calendar, "set_at": house.clock.at}
        unit.insert(Deadline, [row | {"case_id": case.id}])
        unit.commit()
    with house.store.glance() as glance:
        reach = reach_of(house.course, glance, case.id, Stage.TWO)
    assert (reach.deadline.due_on, reach.limit) == (date(2027, 1, 14), date(2027, 2, 11)), "obligations B1.3"


def test_the_manager_is_of_the_team_before_others_and_nobody_who_is_away_or_barred(house, case):
    from handlers.barring import bar
    from handlers.course.managers import manager_for
    from store.desk_models import Staff

    with house.store.unit("desk") as unit:
        (mona,) = unit.find(Staff, username="mona")
        unit.update(Staff, mona.id, teams=["repairs"])
        unit.commit()
    with house.store.glance() as glance:
        assert manager_for(glance, case, "repairs", house.clock.at) == "mona"
        assert manager_for(glance, case, "complaints", house.clock.at) == "max"
    bar(house.acts, case.id, "olive", "max", "named in it")
    with house.store.glance() as glance:
        assert manager_for(glance, case, "complaints", house.clock.at) == "mona"
        assert manager_for(glance, case, "complaints", house.clock.at, but=("mona",)) is None


CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 1))


@given(today=DAYS, every=st.integers(1, 28), ahead=st.integers(-30, 60))
def test_the_next_update_is_a_working_day_soon_enough_and_never_after_the_answer(today, every, ahead):
    until = CALENDAR.count(today, abs(ahead) + 1)[-1] if ahead >= 0 else today + timedelta(days=ahead)
    on = next_on(today, every, CALENDAR, until)
    assert on > today
    assert CALENDAR.is_working_day(on)
    first = CALENDAR.count(today, 1)[-1]
    assert on <= max(today + timedelta(days=every), first)
    if until > today:
        assert on <= until


@given(start=DAYS, days=st.integers(1, 60))
def test_a_date_that_a_person_names_has_its_working_days_counted_like_any_other(start, days):
    counted = CALENDAR.count(start, days)
    due = named_on("extend_1", start, counted[-1], CALENDAR)
    assert (due.counted, due.due_on) == (counted, counted[-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(day=st.dates(date(2026, 11, 24), date(2026, 12, 7)), days=st.integers(1, 10), every=st.integers(1, 28))
def test_every_extension_in_time_and_within_the_limit_stands(house_of, day, days, every):
    house = house_of()
    if not rows(house, Task):
        add_person(house, "olive", "officer")
    house.clock.at = at(date(2026, 11, 23), 12)
    case = complaint(
        house, f"complaint! number {len(rows(house, OutboxEntry))}", sender=f"r{len(rows(house, Task))}@resident.example"
    )
    house.clock.at = at(day)
    old = owed(house, case, "respond_1").due_on
    new = CALENDAR.count(old, days)[-1]
    extend(house.course, case.id, "olive", asked(new_on=new, every_days=every))
    assert owed(house, case, "extend_1").due_on == new
    (update,) = rows(house, ProgressUpdate, case_id=case.id)
    assert day < update.due_on <= new
