"""Updates while a complaint is outside its time: promised, sent, missed, and never without a next date (Code 5.9)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from timing import Postbag, at, complaint, kinds, later, letter, letters_leave, open_tasks, rows

from desks import add_person
from handlers.case_acts import Refused
from handlers.course.extending import Later, extend
from handlers.course.offices import months_before, quarter_of
from handlers.course.stages import RESPONDS, met
from handlers.course.updates import end_updates, send_update
from houses import NOON, house_in, house_of
from intake.channel import TemporaryFailure
from store.chain import append_events
from store.course_models import ProgressUpdate
from store.models import Case, CaseStatus, Deadline, Task

__all__ = ["house_of"]
OLD, NEW = date(2026, 12, 7), date(2026, 12, 21)


@pytest.fixture
def house(house_of):
    opened = house_of()
    for name, roles in (("olive", ("officer",)), ("mona", ("manager",))):
        add_person(opened, name, *roles, teams=("complaints",))
    return opened


@pytest.fixture
def case(house):
    made = complaint(house)
    extend(house.course, made.id, "olive", Later(new_on=NEW, reason="We wait for the report.", every_days=7))
    letters_leave(house)
    return made


def updates(house, case):
    return rows(house, ProgressUpdate, case_id=case.id)


def test_an_update_goes_to_the_resident_and_the_next_one_is_promised_by_itself(house, case):
    later(house, date(2026, 11, 30))
    send_update(house.course, case.id, "olive", "The engineer came.\n\n- He ordered a part.")
    first, second = updates(house, case)
    assert (first.due_on, second.due_on) == (date(2026, 11, 30), date(2026, 12, 7))
    assert first.sent_at is None, "what is on its way has not gone"
    text = letter(house, case, "progress_update").text
    for words in ("The engineer came.", "- He ordered a part.", "Monday 21 December 2026", "again by Monday 7 December 2026"):
        assert words in text
    letters_leave(house)
    first, second = updates(house, case)
    assert first.sent_at == house.clock.at
    assert first.sent_by == "olive"
    assert kinds(house, case)[-1] == "update_sent"
    assert [task.due_at.date() for task in open_tasks(house, case, "progress_update")] == [date(2026, 12, 7)]


def test_the_last_update_before_an_answer_is_the_answers_own_date(house, case):
    later(house, date(2026, 12, 17))
    send_update(house.course, case.id, "olive", "The part came.")
    assert updates(house, case)[-1].due_on == NEW


def test_a_missed_update_is_an_alert_and_the_next_date_is_set(house, case):
    later(house, date(2026, 11, 30), 23)
    assert open_tasks(house, case, "update_missed") == []
    later(house, date(2026, 12, 1))
    (task,) = open_tasks(house, case, "update_missed")
    assert task.assigned_to == "mona"
    first, second = updates(house, case)
    assert first.missed_at is not None
    assert second.due_on == date(2026, 12, 8)
    send_update(house.course, case.id, "olive", "Sorry, this is late.")
    letters_leave(house)
    first, second, third = updates(house, case)
    assert first.sent_at == second.sent_at == house.clock.at, "it makes good what was missed, late as it is"
    assert third.due_on == date(2026, 12, 8)
    assert open_tasks(house, case, "update_missed") == []


def test_an_update_whose_letter_does_not_leave_in_time_is_missed(house, case):
    house.clock.at = at(date(2026, 11, 30))
    send_update(house.course, case.id, "olive", "The engineer came.")

    def never(reply):
        raise TemporaryFailure("451 not now")

    letters_leave(house, Postbag(never))
    house.clock.at = at(date(2026, 12, 1))
    house.sweep().once()
    assert updates(house, case)[0].missed_at is not None
    assert len(open_tasks(house, case, "update_missed")) == 1


def test_a_late_complaint_without_a_next_date_gets_one_and_a_task(house):
    case = complaint(house)
    later(house, OLD, 23, 58)
    assert updates(house, case) == []
    later(house, OLD + timedelta(days=1), 0, 1)
    (update,) = updates(house, case)
    assert (update.due_on, update.every_days) == (date(2026, 12, 9), 7)
    assert len(open_tasks(house, case, "progress_update")) == 1
    later(house, OLD + timedelta(days=1), 9)
    assert len(updates(house, case)) == 1
    send_update(house.course, case.id, "olive", "We are late, and we are sorry.")
    text = letter(house, case, "progress_update").text
    assert "We said that you would have our full answer by Monday 7 December 2026. It is late" in text
    assert updates(house, case)[-1].due_on == date(2026, 12, 15)


def test_no_update_is_written_where_none_is_owed(house):
    case = complaint(house)
    with pytest.raises(Refused, match="write a reply instead"):
        send_update(house.course, case.id, "olive", "hello")
    request = complaint(house, "service_request! mend the tap", sender="bo@resident.example")
    with pytest.raises(Refused):
        send_update(house.course, request.id, "olive", "hello")


@pytest.mark.parametrize("by", ["machine", "sweep", ""])
def test_no_machine_writes_an_update(house, case, by):
    with pytest.raises(Refused, match="person"):
        send_update(house.course, case.id, by, "hello")


def test_without_words_nothing_goes(house, case):
    with pytest.raises(Refused) as refused:
        send_update(house.course, case.id, "olive", " \n")
    assert refused.value.field == "words"


def test_once_the_answer_has_gone_no_update_is_owed(house, case):
    later(house, date(2026, 11, 26))
    with house.store.unit("T5") as unit:
        append_events(unit, met(unit, case.id, RESPONDS[case.stage], house.clock.at, "answered"))
        unit.commit()
    later(house, date(2026, 12, 1))
    (update,) = updates(house, case)
    assert update.missed_at is None
    assert update.ended_at is not None
    assert open_tasks(house, case, "progress_update") == open_tasks(house, case, "update_missed") == []


def test_what_ends_updates_ends_their_tasks(house, case):
    with house.store.unit("T6") as unit:
        end_updates(unit, case.id, house.clock.at)
        unit.commit()
    assert all(update.ended_at for update in updates(house, case))
    assert open_tasks(house, case, "progress_update") == []


def test_details_of_offices_that_nobody_checked_are_a_managers_task_once_a_quarter(house_of):
    from desk.config import OfficeSettings

    tree = house_of().settings.model_dump()["offices"]
    offices = {key: OfficeSettings(**one | {"last_checked": date(2026, 8, 1)}) for key, one in tree.items()}
    house = house_of(offices=offices)
    add_person(house, "mona", "manager")

    def tasks():
        return rows(house, Task, kind="office_check")

    later(house, date(2026, 11, 1))
    assert tasks() == [], "three months to the day"
    later(house, date(2026, 11, 2))
    later(house, date(2026, 12, 31))
    (task,) = tasks()
    assert "Housing Ombudsman Service" in task.why
    assert task.assigned_to == "mona"
    later(house, date(2027, 1, 1), 0, 1)
    later(house, date(2027, 3, 31))
    assert len(tasks()) == 2


def test_months_and_quarters_end_as_calendars_do():
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2028, 5, 31), 3) == date(2028, 2, 29)
    assert months_before(date(2027, 1, 15), 12) == date(2026, 1, 15)
    assert months_before(date(2027, 1, 31), 2) == date(2026, 11, 30)
    assert [quarter_of(date(2026, month, 20)).month for month in range(1, 13)] == [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10]


class Informed(RuleBasedStateMachine):
    """Complaints that people extend, write about and forget, in any order: a late one never stands without a next date."""

    @initialize()
    def begin(self):
        import shutil
        import tempfile
        from pathlib import Path

        self.folder = Path(tempfile.mkdtemp(prefix="intake-informed-"))
        shutil.copyfile(self.empty, self.folder / "intake.db")
        self.house = house_in(self.folder, f"sqlite:///{self.folder}/intake.db", at=NOON)
        add_person(self.house, "olive", "officer")
        self.case = complaint(self.house)

    @rule(days=st.integers(1, 9))
    def days_pass(self, days):
        for _ in range(days):
            later(self.house, self.house.clock.at.date() + timedelta(days=1))

    @rule(days=st.integers(1, 10), every=st.integers(1, 28))
    def somebody_extends(self, days, every):
        due = rows(self.house, Deadline, case_id=self.case.id, met_at=None, superseded_at=None)
        old = [row for row in due if row.rule in RESPONDS[self.case.stage]]
        new = self.house.calendar.count(old[0].due_on, days)[-1] if old else date(2027, 1, 4)
        try:
            extend(self.house.course, self.case.id, "olive", Later(new_on=new, reason="more", every_days=every))
        except Refused:
            return
        letters_leave(self.house)

    @rule()
    def somebody_writes(self):
        try:
            send_update(self.house.course, self.case.id, "olive", "It goes on.")
        except Refused:
            return
        letters_leave(self.house)

    @invariant()
    def a_late_complaint_has_a_next_date(self):
        if "house" not in self.__dict__:
            return
        self.house.sweep().once()
        now = self.house.clock.at
        for due in rows(self.house, Deadline, met_at=None, superseded_at=None):
            if due.rule.startswith(("respond_", "extend_")) and due.due_at < now:
                ahead = [row for row in updates(self.house, self.case) if row.due_on >= now.date() and not row.ended_at]
                assert [row for row in ahead if row.letter_id is None]
        assert rows(self.house, Case)[0].status is CaseStatus.OPEN
        assert len(open_tasks(self.house, self.case, "progress_update")) <= 1
        assert len(open_tasks(self.house, self.case, "update_missed")) <= 1

    def teardown(self):
        import shutil

        if "house" in self.__dict__:
            self.house.store.close()
            shutil.rmtree(self.folder)


def test_a_late_complaint_never_stands_without_a_next_date(tmp_path):
    from hypothesis.stateful import run_state_machine_as_test

    from store.schema import migrate

    migrate(f"sqlite:///{tmp_path}/empty.db")
    Informed.empty = tmp_path / "empty.db"
    few = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Informed, settings=few)
