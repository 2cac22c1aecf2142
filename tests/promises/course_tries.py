"""Every act on a complaint's course as somebody might try it at any time: each is done, or refused with a sentence."""

from __future__ import annotations

from datetime import timedelta

from looking import everything

from handlers import closing, withdrawing
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.course import (
    actions,
    answers,
    assessing,
    breaches,
    extending,
    orders,
    refusing,
    remedies,
    reopening,
    splitting,
    stage2,
    updates,
)
from handlers.course.answer_checks import NO_INTEREST
from handlers.course.answer_points import Said
from handlers.course.answers import Drafted, answer_at
from handlers.course.extending import Later
from handlers.course.refusal_checks import Proposal
from handlers.course.refusal_grounds import Facts, Ground
from handlers.course.remedies import Offer
from handlers.definition import Definition, Point
from handlers.named import NamedPerson
from handlers.rows import definition_of
from handlers.task_acts import done, give_case, take
from houses import arrive, mail, settle
from store.course_models import Action, Breach, Extension, Refusal, Remedy
from store.models import Case, Deadline, Message, OutboxEntry, Stage, Task

OFFICERS, MANAGERS, MACHINES = ("olive", "otis"), ("mina", "max"), ("machine", "sweep")
PEOPLE = OFFICERS + MANAGERS
ASSESSED = {"complexity": "ordinary", "vulnerability": "some", "risk": "medium"}
WORDS = ("The lift has been broken for three weeks.", "Nobody tells us anything.")
TWO = Definition(points=tuple(Point(words=words, responsibility="ours") for words in WORDS), outcomes=("Mend the lift.",))
REASONS = "You wrote about your bill of April. We asked the tax office, and it has your appeal on its desk since Monday."
IMPACT = "she walked up five floors for three weeks"


class Tries:
    """A house with a complaint, and what people try on a case of it; an act that is refused is counted and changes nothing."""

    def __init__(self, house):
        self.house, self.course, self.acts = house, house.course, house.acts
        self.refusals = []

    def case(self, number):
        """Return one of the cases, the first being 0."""
        cases = everything(self.house, Case)
        return cases[number % len(cases)]

    def rows(self, table, case, **wanted):
        return everything(self.house, table, case_id=case.id, **wanted)

    def today(self):
        return london_day(self.house.clock.now())

    def attempt(self, name, case, by, how):
        """Try an act by its name; return whether it was done. Anything raised but a refusal goes through."""
        try:
            getattr(self, name)(self.case(case), by, how)
        except Refused as refused:
            self.refusals.append((name, str(refused)))
            return False
        return True

    # Before an answer.

    def assess(self, case, by, how):
        assessing.assess(self.acts, case.id, by, ASSESSED | {"risk": ("low", "medium", "high")[how % 3]})

    def give(self, case, by, how):
        give_case(self.acts, case.id, PEOPLE[how % 4], by)

    def take_task(self, case, by, how):
        task = self._one(Task, case, how, closed_at=None)
        take(self.acts, task, by)

    def confirm(self, case, by, how):
        definition = (TWO, None)[how % 2] or definition_of(case.definition)
        self.house.confirming.confirm(case.id, by, case.definition_version, definition, "as she put it")

    def split(self, case, by, how):
        splitting.split(
            self.course, self.house.casework, case.id, by, version=case.definition_version, points=[1 + how % 2], why="apart"
        )

    # Answers.

    def write(self, case, by, how):
        stage = case.stage or Stage.ONE
        with self.house.store.glance() as glance:
            kept = answer_at(glance, case.id, stage)
        finding = ("upheld", "partly", "not")[how % 3]
        said = Said(finding=finding, reasons="We sent nobody for three weeks.", reference="Our lifts policy, part 4")
        drafted = Drafted(
            said=dict.fromkeys(range(1, 4), said),
            decision="We took too long to mend the lift.",
            declared=NO_INTEREST,
            evidence=("The lift engineer's log",),
            account="She wrote on 2 November.",
        )
        version = kept.version if kept else 0
        answers.save_answer(self.course, case.id, by, drafted, version=version, defined=case.definition_version)

    def issue(self, case, by, how):
        seen = answers.preview_answer(self.course, case.id, by)
        answers.issue_answer(self.course, case.id, by, version=seen.answer.version, seal=seen.seal, no_interest=how != MOST)

    # Time.

    def more_time(self, case, by, how):
        owed = [row for row in self._owed(case) if row.rule.startswith(("respond", "extend"))]
        if not owed:
            raise Refused("no date is owed")
        days, second = ((3, ""), (10, "a part comes from abroad"), (25, ""), (45, "a part comes from abroad"))[how % 4]
        new_on = owed[-1].due_on + timedelta(days=days)
        new_on += timedelta(days=(7 - new_on.weekday()) % 7 if new_on.weekday() > FRIDAY else 0)
        later = Later(new_on=new_on, reason="The engineer's report comes then.", every_days=7, second_reason=second)
        extending.extend(self.course, case.id, by, later)

    def agree_time(self, case, by, how):
        extending.approve(self.course, case.id, by, self._one(Extension, case, how, prefer={"state": "proposed"}))

    def refuse_time(self, case, by, how):
        extending.send_back(self.course, case.id, by, self._one(Extension, case, how, prefer={"state": "proposed"}), "too long")

    def progress(self, case, by, _how):
        updates.send_update(self.course, case.id, by, "We have ordered the part.")

    # Stage 2.

    def ask_stage_2(self, case, _by, how):
        letters = self.rows(OutboxEntry, case)
        headers = {"In_Reply_To": letters[-1].header_id} if letters else {}
        n = len(everything(self.house, Message))
        words = ("complaint! [stage2] I ask for stage 2.", "complaint! I am still not happy with this.")[how % 2]
        arrive(self.house, mail(words, message_id=f"<more-{n}@r.example>", **headers))
        settle(self.house)

    def stage_2(self, case, by, how):
        message = self._one(Message, case, how)
        stage2.begin(self.course, case.id, by, stage2.Asked(message_id=message, why="it is overdue" if how % 2 else ""))

    # What was promised.

    def add_action(self, case, by, how):
        due_on = self.today() + timedelta(days=how)
        agreement = actions.Agreement(agreed=how % 2 == 0, how="by telephone")
        actions.add_action(self.course, case.id, by, "Mend the lift", owner="repairs", due_on=due_on, agreement=agreement)

    def do_action(self, case, by, how):
        actions.do_action(self.course, case.id, by, self._one(Action, case, how, prefer=OPEN_ACTION), "it runs")

    def drop_action(self, case, by, how):
        actions.drop_action(self.course, case.id, by, self._one(Action, case, how, prefer=OPEN_ACTION), "it is to be replaced")

    def remedy(self, case, by, how):
        pence = (None, 5_000, 40_000, 200_000)[how % 4]
        kind, what = ("money", "We pay for the weeks") if pence else ("apology", "We are sorry that you had to walk")
        due_on = self.today() + timedelta(days=how) if how % 3 else None
        offer = Offer(kind=kind, what=what, impact=IMPACT, pence=pence, due_on=due_on)
        remedies.offer_remedy(self.course, case.id, by, offer)

    def approve_remedy(self, case, by, how):
        remedies.approve_remedy(self.course, case.id, by, self._one(Remedy, case, how, prefer={"approved_at": None}))

    def give_remedy(self, case, by, how):
        remedies.do_remedy(self.course, case.id, by, self._one(Remedy, case, how, prefer=OPEN_REMEDY), "her letter of thanks")

    def take_remedy_back(self, case, by, how):
        remedies.withdraw_remedy(self.course, case.id, by, self._one(Remedy, case, how, prefer=OPEN_REMEDY), "a mistake")

    # Refusing, and taking on after all.

    def propose(self, case, by, how):
        elsewhere = Facts(what="your council tax", who="the council tax office")
        grounds = (
            (Ground.OTHER_SERVICE, elsewhere),
            (Ground.COURT_CLAIM, Facts(number="K12YJ345", on=self.today())),
            (Ground.OWN_APPEAL, elsewhere),
            (Ground.NO_NEW_EVIDENCE, Facts(on=self.today(), what="a photograph of the bill")),
        )
        ground, facts = grounds[how % len(grounds)]
        proposal = Proposal(ground=str(ground), reasons=REASONS, evidence="the mail of the tax office", facts=facts)
        refusing.propose(self.course, case.id, NamedPerson(username=by), proposal)

    def agree_to_refuse(self, case, by, how):
        number = self._one(Refusal, case, how, prefer={"state": "proposed"})
        refusing.agree(self.course, case.id, NamedPerson(username=by), number)

    def send_back(self, case, by, how):
        number = self._one(Refusal, case, how, prefer={"state": "proposed"})
        refusing.send_back(self.course, case.id, NamedPerson(username=by), number, "her appeal is about something else")

    def withdraw_refusal(self, case, by, how):
        number = self._one(Refusal, case, how, prefer={"state": "proposed"})
        refusing.withdraw(self.course, case.id, NamedPerson(username=by), number, "I was wrong")

    def take_on(self, case, by, how):
        source = ("ourselves", "evidence")[how % 2]
        again = reopening.Again(source=source, told_on=self.today(), why="she sent us the bill")
        reopening.take_on(self.course, case.id, NamedPerson(username=by), again)

    def ombudsman(self, case, by, how):
        told = orders.Told(
            office="housing_ombudsman", kind="take_on", told_on=self.today() - timedelta(days=how % 3), what="take it on"
        )
        orders.record(self.course, case.id, NamedPerson(username=by), told)

    # The end.

    def taken_back(self, case, by, _how):
        withdrawing.withdraw(self.course, case.id, by, "Please forget it.", self.today())

    def close(self, case, by, how):
        closing.close(self.acts, case.id, by, ("answered", "done", "nothing_possible")[how % 3], "all of it is done")

    def reopen(self, case, by, _how):
        closing.reopen(self.acts, case.id, by, "she wrote again")

    def finish_tasks(self, case, by, _how):
        """Finish all that can be finished with words alone, and say why dates were missed."""
        for breach in self.rows(Breach, case, cause=None):
            breaches.say_cause(self.course, case.id, by, breach.id, kind=min(breaches.CAUSES), cause="we were slow")
        for task in self.rows(Task, case, closed_at=None):
            try:
                done(self.acts, task.id, by, "done as asked")
            except Refused as refused:
                self.refusals.append(("finish_tasks", str(refused)))

    def finish_promises(self, case, by, how):
        """Do all that was promised."""
        for action in self.rows(Action, case, **OPEN_ACTION):
            actions.do_action(self.course, case.id, by, action.id, "it runs")
        for remedy in self.rows(Remedy, case, **OPEN_REMEDY):
            remedies.do_remedy(self.course, case.id, by, remedy.id, f"paid, voucher {how}")

    def _owed(self, case):
        return self.rows(Deadline, case, met_at=None, superseded_at=None)

    def _one(self, table, case, how, prefer=None, **wanted):
        """Return the number of a row, one of the preferred where there is any; of none a number that does not exist."""
        rows = (self.rows(table, case, **wanted, **prefer) if prefer else []) or self.rows(table, case, **wanted)
        return rows[how % len(rows)].id if rows else 4_711


FRIDAY, MOST = 4, 11
OPEN_ACTION = {"done_at": None, "dropped_at": None}
OPEN_REMEDY = {"done_at": None, "withdrawn_at": None}
ACTS = tuple(
    name
    for name, what in vars(Tries).items()
    if not name.startswith("_") and callable(what) and name not in {"case", "rows", "today", "attempt"}
)
"""The names of all acts."""
