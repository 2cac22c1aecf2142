"""A year of complaints: Christmas, Easter, a holiday proclaimed in between, and officers who are late with three in ten.

One in six residents answers our answer and is not satisfied: stage 2 is begun by an officer, or by the sweep where none did.

Every missed date was warned of before it was missed, none is missed in silence, and the figures are what the test counts
itself from its own script of the year, with a calendar of its own.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from desk.config import CalendarSettings, SweepSettings
from desks import add_person
from handlers.clock import LONDON
from handlers.course.extending import Later, extend
from handlers.course.figures import Period, figures
from handlers.course.recounting import approve_move, moves
from handlers.course.stage2 import Asked, begin
from handlers.course.updates import send_update
from houses import Postbag, arrive, house_in, mail, settle
from intake.channel import TemporaryFailure
from store.chain import verify_chain
from store.course_models import Answer, Breach, ProgressUpdate, StageRecord, Warned
from store.models import Case, Deadline, Message, OutboxEntry, Stage, Task
from store.schema import migrate

NUMBER = int(os.environ.get("YEAR", "250"))
"""Complaints of the year: ``YEAR=1000`` plays a thousand, for which the suite has no time each day."""
FIRST, ENDS = date(2026, 9, 1), date(2027, 8, 31)
LAST_ARRIVAL = date(2027, 7, 2)
LAST_REQUEST = date(2027, 7, 20)
"""The last day of a request for stage 2, so that its final response falls due in the year."""
DISAGREES = (
    "complaint! [stage2] I ask for stage 2.",
    "complaint! Your answer is not what happened. It still drips, and nobody came.",
)
PROCLAIMED, TOLD_ON = date(2027, 5, 12), date(2027, 5, 5)
"""A Wednesday, and the day on which the landlord heard of it and counted anew."""
PUBLISHED = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)}
PUBLISHED |= {date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30)}
"""Bank holidays of the year as GOV.UK lists them, written down here so that the test counts by itself."""
EVERY = 14
"""Days between two updates, agreed or not."""


def works(day, known):
    return day.weekday() < 5 and day not in PUBLISHED and not (known and day == PROCLAIMED)


def on(start, number, known):
    """Return the so-many-th working day after a day, by the test's own calendar."""
    day = start
    while number:
        day += timedelta(days=1)
        number -= works(day, known)
    return day


def moment(day, hour=0, minute=0):
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


@dataclass
class Life:
    """What happens to one complaint, as it is written before the year begins, and what the test itself keeps of it."""

    number: int
    came: date
    hour: int
    held: int  # calendar days for which the relay does not take its acknowledgement
    fate: str
    after: int  # working days by which the answer is early or late
    forgets: bool
    acknowledge: date = FIRST
    respond: date = FIRST
    extended: date | None = None
    answer: date | None = None
    answered: date | None = None
    told_late: bool = False
    stage: Stage = Stage.ONE
    again: Life | None = None
    asks_after: int = 0  # calendar days after our answer; none: they are content with it
    officer: bool = False  # begins stage 2 the next day; else nobody does, and it is the sweep's
    asked: date | None = None
    owed_on: date | None = None
    updates: Counter = field(default_factory=Counter)

    @property
    def who(self):
        return f"r{self.number}@resident.example"

    @property
    def by(self):
        return "olive" if self.stage is Stage.ONE else "ben"

    @property
    def due(self):
        return self.extended or self.respond

    def acknowledged(self):
        return self.came + timedelta(days=self.held)


def script(seed):
    """Write the year: when each comes, and what its officer makes of it; three in ten are answered late or never."""
    lot, lives = random.Random(seed), []
    days = (LAST_ARRIVAL - FIRST).days
    fates = ["in time"] * 52 + ["extended"] * 15 + ["told late"] * 3 + ["extended, late"] * 6 + ["late"] * 21 + ["never"] * 3
    for number in range(NUMBER):
        held = lot.choice((4, 5, 6)) if lot.random() < 0.06 else 0
        came = FIRST + timedelta(days=lot.randrange(days))
        fate, after, forgets = lot.choice(fates), lot.randint(0, 6), lot.random() < 0.3
        lives.append(Life(number, came, lot.choice((0, 9, 16, 23)), held, fate, after, forgets))
    lot = random.Random(seed + 1)
    for life in lives:
        if lot.random() < 0.2:
            fate = lot.choice(["in time"] * 6 + ["late"] * 3 + ["never"])
            life.asks_after, after, forgets = lot.randint(1, 30), lot.randint(0, 6), lot.random() < 0.3
            life.again = Life(
                NUMBER + life.number, FIRST, 12, 0, fate, after, forgets, stage=Stage.TWO, officer=lot.random() < 0.5
            )
    return lives


def plan(life, known):
    """Work out the dates of a complaint that came, as the Code has them."""
    life.acknowledge, life.respond = on(life.came, 5, known), on(life.came, 10, known)
    if life.fate == "in time":
        life.answer = on(life.came, max(1, 10 - life.after), known)
    elif life.fate == "late":
        life.answer = on(life.respond, 1 + life.after, known)


class Year:
    """The house in its year, and the officers who act on it."""

    def __init__(self, folder, url, lives):
        self.folder, self.url, self.lives = folder, url, lives
        self.known, self.again = False, []
        self.house = house_in(folder, url, at=moment(FIRST), sweep=SweepSettings(update_days=EVERY))
        for name, role in (("olive", "officer"), ("ben", "officer"), ("mona", "manager")):
            add_person(self.house, name, role, teams=("complaints",))
        self.cases, self.held = {}, {}
        self.loop = asyncio.Runner()
        self.bag = Postbag(self._relay)

    def _relay(self, reply):
        if self.held.get(reply.recipient, FIRST) > self.today:
            raise TemporaryFailure("451 not now")

    def at(self, day, hour, minute=0):
        self.today = day
        self.house.clock.at = moment(day, hour, minute)

    def send(self):
        while self.loop.run(self.house.outbox(self.bag).once(200)) == 200:
            pass

    def rows(self, table, **wanted):
        with self.house.store.glance() as glance:
            return glance.find(table, **wanted)

    def run(self):
        day = FIRST
        while day <= ENDS:
            self.at(day, 0, 5)
            self.house.sweep().once()
            self._swept(day)
            self._morning(day)
            self.at(day, 12)
            if day == TOLD_ON:
                self._proclaim()
            for life in (*self.lives, *self.again):
                if life.came < day and life.answered is None:
                    self._work(life, day)
            self._asked_again(day)
            self.send()
            day += timedelta(days=1)

    def _morning(self, day):
        """Let the day's mails come at their hours, each acknowledged in the same minute unless the relay holds it."""
        coming = sorted((life for life in self.lives if life.came == day), key=lambda life: life.hour)
        for hour in sorted({life.hour for life in coming}):
            self.at(day, hour, 59 if hour == 23 else 6)
            for life in (each for each in coming if each.hour == hour):
                plan(life, self.known)
                if life.held:
                    self.held[life.who] = life.acknowledged()
                arrive(self.house, mail(f"complaint! Number {life.number} drips.", sender=life.who), sender=life.who)
            settle(self.house)
            self.send()
        for life in coming:
            (case,) = self.rows(Case, resident_address=life.who)
            self.cases[life.number] = case.id
            if life.held:
                self._wait(case.id, life.acknowledged())

    def _asked_again(self, day):
        """Let residents answer our answer who are not satisfied; an officer takes some of it up the next day."""
        for life in self.lives:
            if life.again is None or life.answered is None:
                continue
            case_id, second = self.cases[life.number], life.again
            if day == life.answered + timedelta(days=life.asks_after) <= LAST_REQUEST:
                words = DISAGREES[life.number % 2]
                (letter,) = self.rows(OutboxEntry, case_id=case_id, kind="complaint_answered")
                arrive(self.house, mail(words, sender=life.who, In_Reply_To=letter.header_id), sender=life.who)
                settle(self.house)
                second.asked = day
            elif second.asked and second.officer and day == second.asked + timedelta(days=1):
                begin(self.house.course, case_id, "ben", Asked(message_id=self.rows(Message, case_id=case_id)[-1].id))
                self._begun(life, day)

    def _swept(self, day):
        """Know of the requests that the sweep has to begin on the fourth working day, for nobody did."""
        for life in self.lives:
            second = life.again
            if (
                second
                and second.asked
                and not second.officer
                and second not in self.again
                and day == on(second.asked, 4, self.known)
            ):
                self._begun(life, day)

    def _begun(self, life, day):
        """Work out the dates of a second stage that began, and was acknowledged, on a day."""
        second = life.again
        second.came, second.respond = day, on(day, 20, self.known)
        if second.fate != "never":
            late = second.fate == "late"
            second.answer = on(second.respond, 1 + second.after, self.known) if late else on(day, 20 - second.after, self.known)
        self.cases[second.number] = self.cases[life.number]
        self.again.append(second)

    def _wait(self, case_id, until):
        """Let a letter that the relay would not take be tried again on a later day, and not a dozen times before."""
        with self.house.store.unit("T5") as unit:
            for letter in unit.find(OutboxEntry, case_id=case_id, state="due"):
                unit.update(OutboxEntry, letter.id, next_at=moment(until, 0, 1))
            unit.commit()

    def _proclaim(self):
        """Count anew what is open, each date approved by a named person."""
        now = self.house.clock.at
        self.house.store.close()
        self.house = house_in(
            self.folder,
            self.url,
            at=now,
            calendar=CalendarSettings(extra_holidays=(PROCLAIMED,)),
            sweep=SweepSettings(update_days=EVERY),
        )
        self.known = True
        with self.house.store.glance() as glance:
            found = moves(self.house.acts, glance)
        assert len(found) > NUMBER // 100
        for move in found:
            approve_move(self.house.acts, move.case_id, "mona", move.deadline_id, why="a holiday was proclaimed")
        for life in self.lives:
            if (
                life.came <= TOLD_ON
                and life.extended is None
                and life.answered is None
                and life.respond >= PROCLAIMED > life.came
            ):
                life.respond = on(life.came, 10, known=True)
        for second in self.again:
            if second.answered is None and second.respond >= PROCLAIMED:
                second.respond = on(second.came, 20, known=True)
        for life in self.lives:
            if life.came <= TOLD_ON <= life.acknowledge and life.acknowledged() >= TOLD_ON and life.acknowledge >= PROCLAIMED:
                life.acknowledge = on(life.came, 5, known=True)

    def _work(self, life, day):
        """Do what the officer does with a complaint on a day: write, move the date, or answer."""
        if life.owed_on is not None and day > life.owed_on:
            self._missed(life, day)
        if life.owed_on is None and day > life.due:
            life.owed_on = self._next(life, day, 1)
        if life.owed_on == day and not (life.forgets and self._lot(life, day) < 0.5) and life.answer != day:
            self._write(life, day)
        if life.extended is None and life.fate in ("extended", "extended, late", "told late"):
            self._move(life, day)
        elif life.answer == day:
            self._answer(life, day)

    def _lot(self, life, day):
        return random.Random(f"{life.number} {day}").random()

    def _next(self, life, day, every):
        """Return the next update's date: so many days on or the working day before, never after the answer's."""
        found = day + timedelta(days=every)
        while found > day and not works(found, self.known):
            found -= timedelta(days=1)
        if found <= day:
            found = on(day, 1, self.known)
        return min(found, life.due) if life.due > day else found

    def _missed(self, life, day):
        life.updates["due"] += 1
        life.updates["behind"] += 1
        life.owed_on = self._next(life, day, EVERY)

    def _write(self, life, day):
        send_update(self.house.course, self.cases[life.number], life.by, "The report came. We read it.")
        life.updates["due"] += 1
        life.updates["sent"] += 1 + life.updates["behind"]
        life.updates["on time"] += 1
        life.updates["behind"] = 0
        life.owed_on = self._next(life, day, EVERY)

    def _move(self, life, day):
        """Take more time, two working days before the date, or in its last minutes, when no letter leaves any more."""
        in_time = life.fate != "told late"
        if day < (on(life.came, 8, self.known) if in_time else life.respond):
            return
        new = on(life.respond, 3 + life.after, self.known)
        if not in_time:
            self.send()  # what was written at noon leaves at noon
            self.at(day, 23, 59)
            life.told_late = True
        later = Later(new_on=new, reason="We wait for a report.", every_days=EVERY)
        extend(self.house.course, self.cases[life.number], "olive", later)
        life.extended = new
        life.owed_on = self._next(life, day, EVERY)
        late = life.fate == "extended, late"
        life.answer = on(new, 1 + life.after, self.known) if late else on(life.respond, 1 + life.after // 2, self.known)
        if in_time:
            self.send()
        else:
            self.at(day + timedelta(days=1), 0, 1)
            self.send()
            self.at(day, 12)

    def _answer(self, life, day):
        """Let the answer's letter leave: what follows is what follows from every answer."""
        house, case_id, now = self.house, self.cases[life.number], self.house.clock.at
        with house.store.unit("T6") as unit:
            (first, *_) = unit.find(OutboxEntry, case_id=case_id)
            kind = "complaint_answered" if life.stage is Stage.ONE else "final_response"
            letter = {"case_id": case_id, "message_id": first.message_id, "kind": kind, "template": kind}
            letter |= {"way": "mail", "recipient": first.recipient, "subject": "Our answer", "text": "Our answer."}
            letter |= {"header_id": f"<{kind}-{case_id}@landlord.example>", "automatic": False}
            (letter_id,) = unit.insert(OutboxEntry, [letter | {"state": "due", "created_at": now, "next_at": now}])
            answer = {"case_id": case_id, "stage": life.stage, "decision": "It was our fault.", "by": life.by, "at": now}
            unit.insert(Answer, [answer | {"issued_at": now, "letter_id": letter_id}])
            unit.commit()
        life.answered = day


def counted(lives, again):
    """Count the year by the script alone."""
    now, found = ENDS, Counter()
    for second in again:
        found["answered again", outcome(second, now)] += 1
        for name in ("due", "sent", "on time"):
            found["updates", name] += second.updates[name]
    for life in lives:
        found["acknowledged", "in_time" if life.acknowledged() <= life.acknowledge else "late"] += 1
        found["answered", outcome(life, now)] += 1
        if life.extended:
            found["extensions", "told_late" if life.told_late else "told_in_time"] += 1
        for name in ("due", "sent", "on time"):
            found["updates", name] += life.updates[name]
    return found


def outcome(life, now):
    last = life.respond if life.told_late else life.due
    if life.answered is None:
        return "late" if now > last else "running"
    if life.answered <= life.respond:
        return "in_first_time"
    return "in_extended_time" if life.answered <= last else "late"


def missed(life):
    """Return the dates that a complaint missed, by the script alone."""
    found = set()
    if life.stage is Stage.TWO:
        return {("respond_2", life.respond)} if (life.answered or ENDS) > life.respond else found
    if life.acknowledged() > life.acknowledge:
        found.add(("acknowledge_1", life.acknowledge))
    if life.told_late or (life.extended is None and (life.answered or ENDS) > life.respond):
        found.add(("respond_1", life.respond))
    if life.extended and (life.answered or ENDS) > life.extended:
        found.add(("extend_1", life.extended))
    return found


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    url = f"sqlite:///{folder}/intake.db"
    migrate(url)
    made = Year(folder, url, script(seed=2027))
    made.run()
    yield made
    made.loop.close()
    made.house.store.close()


pytestmark = pytest.mark.slow


def test_the_year_is_as_it_should_be_and_officers_are_late_with_three_in_ten(year):
    late = sum(outcome(life, ENDS) == "late" for life in year.lives)
    assert 0.25 * NUMBER < late < 0.38 * NUMBER
    assert len(year.cases) == NUMBER + len(year.again)
    with year.house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_every_breach_was_warned_of_before_it_happened_and_none_is_silent(year):
    by_case = {}
    for life in (*year.lives, *year.again):
        by_case.setdefault(year.cases[life.number], set()).update(missed(life))
    found = {}
    for breach in year.rows(Breach):
        found.setdefault(breach.case_id, set()).add((breach.rule, breach.due_on))
    expected = {case_id: dates for case_id, dates in by_case.items() if dates}
    assert found == expected
    deadlines = {row.id: row for row in year.rows(Deadline)}
    warned = {}
    for row in year.rows(Warned):
        warned.setdefault(row.deadline_id, {})[row.step] = row.at
    for breach in year.rows(Breach):
        steps = {"first"} if breach.rule == "acknowledge_1" else {"first", "second"}
        times = warned[breach.deadline_id]
        assert set(times) == steps
        assert max(times.values()) <= deadlines[breach.deadline_id].due_at, (breach.rule, breach.due_on)
        assert breach.noticed_at - deadlines[breach.deadline_id].due_at < timedelta(minutes=10), (
            "noticed with the day's first sweep"
        )
    asked = {row.case_id for row in year.rows(Task, kind="breach_cause")}
    assert asked == set(expected)


def test_what_was_kept_was_never_called_a_breach_and_its_warnings_are_closed(year):
    open_warnings = {row.deadline_id for row in year.rows(Warned, ended_at=None)}
    running = {row.id for row in year.rows(Deadline, met_at=None, superseded_at=None)}
    assert open_warnings <= running
    assert {row.deadline_id for row in year.rows(Breach)}.isdisjoint(
        row.id for row in year.rows(Deadline) if row.met_at and row.met_at <= row.due_at
    )


def test_no_late_complaint_was_left_without_a_next_date(year):
    open_answers = year.rows(Deadline, rule=["respond_1", "extend_1", "respond_2"], met_at=None, superseded_at=None)
    late = {row.case_id for row in open_answers if row.due_on < ENDS}
    ahead = {row.case_id for row in year.rows(ProgressUpdate, sent_at=None, ended_at=None) if row.due_on >= ENDS}
    assert late
    assert late <= ahead


def test_whoever_answered_our_answer_had_stage_2_of_that_complaint_and_its_acknowledgement_in_time(year):
    begun = {row.case_id: row.begun_by for row in year.rows(StageRecord, stage=Stage.TWO)}
    assert begun == {year.cases[second.number]: "ben" if second.officer else "sweep" for second in year.again}
    assert len(year.again) > NUMBER // 12
    assert {"ben", "sweep"} == set(begun.values())
    assert len(year.rows(Case)) == NUMBER, "no request became a complaint of its own"
    days = {second.number: (second.asked, second.came) for second in year.again}
    for row in year.rows(StageRecord, stage=Stage.TWO):
        (asked, came) = next(days[second.number] for second in year.again if year.cases[second.number] == row.case_id)
        assert row.received_at == moment(asked, 12)
        assert row.acknowledged_at.astimezone(LONDON).date() == came <= on(asked, 5, known=True)
    told = {letter.case_id for letter in year.rows(OutboxEntry, kind="stage2_asked", state="sent")}
    assert told == set(begun)


def test_the_figures_are_what_the_script_itself_counts(year):
    own = counted(year.lives, year.again)
    with year.house.store.glance() as glance:
        found = figures(glance, Period(first=FIRST, last=ENDS), moment(ENDS, 23, 59))
    numbers = {group: {name: len(cases) for name, cases in parts.items()} for group, parts in found.items()}
    assert numbers["acknowledged_1"]["due"] == numbers["answered_1"]["due"] == NUMBER
    for name in ("in_time", "late"):
        assert numbers["acknowledged_1"][name] == own["acknowledged", name], name
    for name in ("in_first_time", "in_extended_time", "late", "running"):
        assert numbers["answered_1"][name] == own["answered", name], name
        own_cases = {year.cases[life.number] for life in year.lives if outcome(life, ENDS) == name}
        references = {row.id: row.reference for row in year.rows(Case)}
        assert sorted(found["answered_1"][name]) == sorted(references[id_] for id_ in own_cases), name
    assert numbers["acknowledged_2"] == {"due": len(year.again), "in_time": len(year.again), "late": 0, "running": 0}
    for name in ("in_first_time", "late", "running"):
        assert numbers["answered_2"][name] == own["answered again", name], name
    assert own["answered again", "late"] > 0
    for name in ("told_in_time", "told_late"):
        assert numbers["extensions_1"][name] == own["extensions", name], name
    assert numbers["updates"] == {
        "due": own["updates", "due"],
        "sent": own["updates", "sent"],
        "on_time": own["updates", "on time"],
    }
    assert numbers["missed_dates"]["all"] == sum(len(missed(life)) for life in (*year.lives, *year.again))
