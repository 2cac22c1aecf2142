"""A complaint's whole course, in any order: whatever people try and however time passes, its promises hold after each step.

Nobody works at both stages, two people refuse and no machine does, no date is moved after its end, nothing is closed while
something is owed, and no deadline is set, met or replaced without an event that names its rule and its date.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from course_tries import ACTS, MACHINES, MANAGERS, MOST, PEOPLE, Tries
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from looking import everything, send

from desks import add_person
from handlers.clock import LONDON
from houses import NOON, arrive, house_in, mail, settle
from store.chain import verify_chain
from store.course_models import Action, Answer, Extension, Refusal, Remedy, StageWork
from store.models import Case, CaseEvent, Deadline, Stage, Task
from store.schema import migrate
from store.seal_check import broken_seals

HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)}
HOLIDAYS |= {date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28), date(2028, 1, 3)}
MOST_FURTHER = {"1": 10, "2": 20}
"""Working days that an answer may be moved without a second reason (Code 6.4, 6.15)."""
WHO = st.sampled_from((*PEOPLE, *PEOPLE, *PEOPLE, *MACHINES))
HOW = st.integers(0, MOST)
BEGINNINGS = ("come", "extended", "answered", "stage 2", "at its end", "refused")
"""How far a complaint has come before people try things at random."""


def working_days_on(day, number):
    """Count working days by a calendar of the test's own."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in HOLIDAYS
    return day


def end_of(day):
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def named(told):
    """Return which dates the details of an event name, each with its rule, however they put it."""
    found = set()
    if isinstance(told, dict):
        if {"rule", "due_on"} <= told.keys():
            found.add((told["rule"], told["due_on"]))
        found |= {(key, value) for key, value in told.items() if isinstance(value, str)}
        found |= {pair for value in told.values() for pair in named(value)}
    return found


class Course(RuleBasedStateMachine):
    """One house, a complaint in it, two officers and two managers who try things, and the days that pass."""

    how_far: str
    empty: Path
    logged: list
    reached: Counter

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="intake-course-"))
        shutil.copyfile(self.empty, self.folder / "intake.db")
        self.house = house_in(self.folder, f"sqlite:///{self.folder}/intake.db", at=NOON)
        self.tries = Tries(self.house)
        self.to_look = True
        self.dates, self.seen, self.extended, self.states = {}, 0, set(), set()
        for username in PEOPLE:
            roles = ("manager", "officer") if username in MANAGERS else ("officer",)
            add_person(self.house, username, *roles, teams=("complaints",))

    @initialize(late=st.booleans())
    def a_complaint_has_come_so_far(self, late):
        arrive(self.house, mail("complaint! The lift has been broken for three weeks and nobody tells us anything."))
        settle(self.house)
        self.look()
        send(self.house)
        self.to_look = True
        if self.how_far == "refused":
            self.does("olive", "propose")
            self.does("mina", "agree_to_refuse")
            self.days_pass([1])
        elif self.how_far == "extended":
            self.does("olive", "confirm", "more_time")
            self.days_pass([1, 28] if late else [1])
            self.does("olive", "more_time")
        elif self.how_far != "come":
            self.goes_its_way("olive", "mina", late)
            if self.how_far in {"stage 2", "at its end"}:
                self.does("mina", "ask_stage_2", "stage_2")
                self.does("olive", "confirm", "write", "take_task", "remedy", "more_time")
                self.does("olive", "add_action", "drop_action", "propose")
                self.does("mina", "send_back")
                self.days_pass([1])
            if self.how_far == "at its end":
                self.goes_its_way("otis", "max", late)

    def goes_its_way(self, officer, manager, late):
        """Let a stage be answered, as it is every day."""
        self.does(officer, "confirm")
        self.does(manager, "assess")
        self.attempts("give", 0, manager, PEOPLE.index(officer))
        self.does(officer, "remedy", "write", "issue")
        self.days_pass([1, 16] if late else [1])

    def does(self, by, *names):
        for name in names:
            self.attempts(name, 0, by, 0)

    def attempts(self, *what):
        self.tries.attempt(*what)
        self.to_look = True
        self.look()

    @rule(name=st.sampled_from(ACTS), case=st.integers(0, 1), by=WHO, how=HOW)
    def somebody_tries(self, name, case, by, how):
        self.attempts(name, case, by, how)

    @rule(
        names=st.sampled_from(
            [
                ("write", "issue"),
                ("propose", "agree_to_refuse"),
                ("propose", "agree_to_refuse", "take_on"),
                ("ombudsman", "confirm", "write"),
                ("more_time", "agree_time"),
                ("ask_stage_2", "stage_2"),
                ("finish_promises", "finish_tasks", "close"),
                ("finish_promises", "finish_tasks", "taken_back"),
                ("close", "reopen"),
                ("confirm", "give"),
                ("take_on", "ombudsman"),
                ("remedy", "approve_remedy"),
            ]
        ),
        who=st.lists(WHO, min_size=3, max_size=3),
        how=HOW,
    )
    def one_thing_leads_to_another(self, names, who, how):
        for name, by in zip(names, who, strict=False):
            self.attempts(name, 0, by, how)

    @rule(days=st.sampled_from([[0], [1], [1], [3], [1, 1, 1, 1], [7], [7, 7], [15], [30]]))
    def days_pass(self, days):
        """Let days go by, the sweep at work after each so many, and the letters going."""
        for number in days:
            local = self.house.clock.at.astimezone(LONDON) + timedelta(days=number)
            self.house.clock.at = (
                local.replace(hour=10).astimezone(UTC) if number else self.house.clock.at + timedelta(minutes=5)
            )
            self.house.sweep().once()
            self.to_look = True
            self.look()
            send(self.house)
            self.to_look = True
            self.look()

    @invariant()
    def promises_hold(self):
        self.look()

    def look(self):
        """Look whether all promises hold, as things stand since the last look; once after each thing that was done."""
        if not self.to_look:
            return
        self.to_look = False
        self.cases = {case.id: case for case in everything(self.house, Case)}
        events = everything(self.house, CaseEvent)
        self.new, self.seen = [event for event in events if event.id > self.seen], max((e.id for e in events), default=0)
        self._nothing_went_wrong()
        self._two_stages_two_people()
        self._two_people_refuse()
        self._dates_move_in_time_and_by_people()
        self._nothing_is_closed_that_is_owed(events)
        self._every_date_has_its_event()

    def _nothing_went_wrong(self):
        assert all(len(said.split()) > 1 for _name, said in self.tries.refusals), "a refusal says why"
        failed = [entry for entry in self.logged if entry["log_level"] in {"error", "critical"}]
        assert failed == [], "the sweep or the outbox failed in silence"
        with self.house.store.glance() as glance:
            assert verify_chain(glance) == []
            assert list(broken_seals(glance)) == []

    def _two_stages_two_people(self):
        work = everything(self.house, StageWork)
        first = {(row.case_id, row.username) for row in work if row.stage is Stage.ONE}
        second = {(row.case_id, row.username) for row in work if row.stage is Stage.TWO}
        assert not first & second, "somebody worked at both stages (Code 6.13)"
        assert not {row.username for row in work} - set(PEOPLE)
        for case in self.cases.values():
            if case.stage is not Stage.TWO:
                continue
            self.states.add("stage 2")
            assert (case.id, case.assigned_to) not in first, "somebody of stage 1 has it at stage 2"
            theirs = [
                t for t in everything(self.house, Task, case_id=case.id, closed_at=None) if (case.id, t.assigned_to) in first
            ]
            assert [task.kind for task in theirs] == [], "somebody of stage 1 has a task of it at stage 2"

    def _two_people_refuse(self):
        for row in everything(self.house, Refusal):
            assert row.proposed_by in PEOPLE
            if row.state in {"refused", "reopened"}:
                self.states |= {"refused"} | ({"taken on after all"} if row.state == "reopened" else set())
                assert row.checked_by in set(PEOPLE) - {row.proposed_by}, "a refusal takes two people (Code 2.1)"
        decided = {
            "refusal_proposed",
            "refusal_agreed",
            "extended",
            "extension_proposed",
            "answer_issued",
            "remedy_approved",
            "remedy_offered",
            "complaint_withdrawn",
            "closed",
            "deadlines_superseded",
            "taken_on_again",
        }
        for event in self.new:
            if event.kind in decided:
                assert event.by in PEOPLE, f"{event.kind} was done by no person"

    def _dates_move_in_time_and_by_people(self):
        now = self.house.clock.now()
        for row in everything(self.house, Extension):
            if row.state != "stands" or row.id in self.extended:
                continue
            self.extended.add(row.id)
            self.states.add("extended")
            assert now <= end_of(row.old_due_on), "a date was moved after its end (Code 6.4)"
            replaced = [d for d in everything(self.house, Deadline, case_id=row.case_id) if d.rule == f"respond_{row.stage}"]
            limit = working_days_on(max(replaced, key=lambda d: d.id).due_on, MOST_FURTHER[str(row.stage)])
            if row.new_due_on > limit:
                self.states.add("extended beyond the limit")
                assert row.second_reason
                assert row.approved_by in set(MANAGERS) - {row.by}

    def _nothing_is_closed_that_is_owed(self, events):
        for case in self.cases.values():
            mine = [event for event in events if event.case_id == case.id]
            answered = everything(self.house, Answer, case_id=case.id, stage=case.stage or Stage.ONE)
            gone = any(answer.issued_at and answer.sent_at for answer in answered)
            self.states |= {"answered"} if gone else set()
            self.states |= {"reopened"} if any(event.kind == "reopened" for event in mine) else set()
            if case.status != "closed":
                continue
            self.states.add("closed")
            left = everything(self.house, Action, case_id=case.id, done_at=None, dropped_at=None)
            left += everything(self.house, Remedy, case_id=case.id, done_at=None, withdrawn_at=None)
            assert not left, "closed with a promise that is open (Code 6.6, 7.3)"
            last = [event.kind for event in mine if event.kind in {"closed", "complaint_withdrawn", "reopened"}][-2:]
            withdrawn = last[-2:] == ["complaint_withdrawn", "closed"]
            self.states |= {"withdrawn"} if withdrawn else set()
            refused = everything(self.house, Refusal, case_id=case.id, state="refused")
            assert gone or withdrawn or any(r.ground != "no_new_evidence" for r in refused), "closed without an answer"

    def _every_date_has_its_event(self):
        told = Counter((event.case_id, *pair) for event in self.new for pair in named(json.loads(event.details)))
        now = {row.id: row.model_dump() for row in everything(self.house, Deadline)}
        assert self.dates.keys() <= now.keys(), "a date was taken away"
        for number, row in now.items():
            before = self.dates.get(number)
            if row == before:
                continue
            of_clock = ("due_on", "due_at", "rule", "counted", "set_at", "provision", "case_id")
            assert before is None or all(row[name] == before[name] for name in of_clock), "a date was changed in its place"
            key = (row["case_id"], row["rule"], row["due_on"].isoformat())
            assert told[key], f"{key} changed from {before} to {row} and no event names it: {[e.kind for e in self.new]}"
        self.dates = now

    def teardown(self):
        self.reached.update(self.states)
        self.reached["runs"] += 1
        self.house.store.close()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("course") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


def played(empty_store, logged, runs, steps):
    """Play so many complaints of each beginning; return how many of them were in which state at any time."""
    reached = Counter()
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # Without shrinking: a failing run of hundreds of transactions takes minutes to make smaller, and tells enough as it is.
    chosen = settings(
        phases=[Phase.generate],
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=quiet,
    )
    for how_far in BEGINNINGS:
        told = {"how_far": how_far, "empty": empty_store, "logged": logged, "reached": reached}
        machine = type("CourseHere", (Course,), told)
        machine.TestCase.settings = chosen
        machine.TestCase("runTest").runTest()
    return reached


def test_a_few_complaints_keep_every_promise_whatever_is_tried(empty_store, logged):
    reached = played(empty_store, logged, runs=1, steps=8)
    assert reached.keys() >= {"answered", "stage 2", "refused", "closed"}


@pytest.mark.slow
def test_complaints_keep_every_promise_whatever_is_tried_and_all_states_are_reached(empty_store, logged):
    reached = played(empty_store, logged, runs=7, steps=20)
    states = ("answered", "extended", "stage 2", "refused", "reopened", "closed", "withdrawn", "taken on after all")
    few = {state: reached[state] for state in states if reached[state] * 10 < reached["runs"]}
    assert few == {}, "a machine that does not get there proves nothing of it"
