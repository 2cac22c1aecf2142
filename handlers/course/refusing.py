"""Two people refuse a complaint, its second stage or its reopening, and nobody else can (Code 2.1 to 2.5, 5.11; policy 2.6, 7.4).

One proposes, which stops no clock and tells nobody; another reads it and agrees, or sends it back. Every function here takes a
named person: no automatic path can call it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.course.acting import Course
from handlers.course.managers import manager_for
from handlers.course.refusal_checks import Proposal, reasons_key, whole
from handlers.course.refusal_grounds import TO_REFUSE, Ground, facts_of
from handlers.course.refusal_letters import NOT_REOPENED, REFUSED, refused_more
from handlers.course.refusal_state import (
    ALIKE,
    CHECK,
    PROPOSED,
    REOPENED,
    SENT_BACK,
    STANDS,
    WITHDRAWN,
    proposed,
    to_refuse,
    to_reopen,
)
from handlers.course.stages import RESPONDS, fit_for_task, require_other_person, worked
from handlers.deadlines import by_rule
from handlers.letters import Draft
from handlers.named import NamedPerson, known
from store.act_rows import close_tasks_by_ids
from store.answer_rows import end_updates
from store.course_models import Refusal, Warned
from store.marks import close_tasks, supersede_deadlines
from store.models import Case, Deadline, Stage, Task

ENDS: dict[Stage, tuple[str, ...]] = {
    Stage.ONE: ("acknowledge_1", *RESPONDS[Stage.ONE]),
    Stage.TWO: ("acknowledge_2", *RESPONDS[Stage.TWO]),
}
"""What is no longer owed on a stage that was refused; hazards, petitions and whatever else runs on the case goes on."""
QUESTIONS = (
    *("confirm_definition", "over_12_months", "legal_claim", "exhausted", "stage2_request", "stage2", "give_stage2"),
    *("call_resident", "extension_approval", "progress_update", "update_missed"),
)
"""Tasks that the refusal itself answers; requests, repairs, dangers and replies are none of them."""


def propose(course: Course, case_id: int, by: NamedPerson, proposal: Proposal) -> int:
    """Propose a refusal to a second person; nothing else changes, and its dates run on."""
    with course.acts.on(case_id, by.username) as act:
        name = known(act.unit, by).name
        if proposed(act.unit, case_id) is not None:
            raise Stale("A refusal of it waits for a second person already")
        reopening = proposal.named() is Ground.NO_NEW_EVIDENCE
        stage = to_reopen(act.unit, act.case) if reopening else to_refuse(act.unit, act.case)
        require_other_person(act.unit, case_id, stage, by.username)
        ground, facts = whole(act, stage, proposal)
        row = {
            "case_id": case_id,
            "stage": stage,
            "ground": str(ground),
            "reasons": proposal.reasons.strip(),
            "reasons_key": reasons_key(proposal.reasons),
            "evidence": proposal.evidence.strip(),
            "facts": facts.kept(),
            "state": PROPOSED,
            "proposed_by": by.username,
            "proposed_at": act.now,
        }
        (number,) = act.unit.insert(Refusal, [row])
        _ask_somebody_else(course, act, name)
        act.tell("refusal_proposed", proposal.reasons.strip(), refusal=number, ground=str(ground), stage=str(stage))
        return act.done("Proposed. Nothing is refused before somebody else agrees, and its dates run on.")


def agree(course: Course, case_id: int, by: NamedPerson, refusal_id: int, why: str = "") -> int:
    """Agree as the second person: the letter is written, and what was owed on the stage is superseded, in this act."""
    with course.acts.on(case_id, by.username) as act:
        row = _to_check(act, by, refusal_id)
        for username in (by.username, row.proposed_by):
            require_other_person(act.unit, case_id, row.stage, username)
        ground, facts = whole(act, row.stage, _proposal_of(row))
        _checked(act, row, STANDS, why.strip() or None)
        more = refused_more(ground, facts, row.reasons, row.stage, course.acts.landlord)
        posted = course.posting.put(act, letter_of(ground), more, of=refusal_id)
        act.unit.update(Refusal, refusal_id, letter_id=posted.letter_id)
        told: dict[str, Any] = {
            "refusal": refusal_id,
            "ground": str(ground),
            "stage": str(row.stage),
            "proposed_by": row.proposed_by,
        }
        act.tell("refusal_agreed", why.strip() or row.reasons, **told)
        if ground in TO_REFUSE:
            _end(act, row)
        _look_for_alike(course, act, row)
        return act.done(f"Refused. {posted.said}")


def send_back(course: Course, case_id: int, by: NamedPerson, refusal_id: int, why: str) -> int:
    """Send a proposal back as the second person, with words: it is nothing then, and the complaint goes on."""
    why = reasoned(why)
    with course.acts.on(case_id, by.username) as act:
        row = _to_check(act, by, refusal_id)
        _checked(act, row, SENT_BACK, why)
        _tell_proposer(course, act, row, why)
        act.tell("refusal_sent_back", why, refusal=refusal_id, proposed_by=row.proposed_by)
        return act.done("Sent back. The complaint goes on.")


def withdraw(course: Course, case_id: int, by: NamedPerson, refusal_id: int, why: str) -> int:
    """Take a proposal back: whoever made it, or anybody who works on the case, may."""
    why = reasoned(why)
    with course.acts.on(case_id, by.username) as act:
        known(act.unit, by)
        row = _proposed(act, refusal_id)
        _checked(act, row, WITHDRAWN, why)
        act.tell("refusal_withdrawn", why, refusal=refusal_id)
        return act.done("Withdrawn. The complaint goes on.")


def preview(course: Course, case_id: int, by: NamedPerson, refusal_id: int) -> Draft:
    """Return the letter of a proposal as it would go now, for whoever is to check it; nothing is kept."""
    with course.acts.on(case_id, by.username) as act:
        row = _proposed(act, refusal_id)
        ground = Ground(row.ground)
        more = refused_more(ground, whole(act, row.stage, _proposal_of(row))[1], row.reasons, row.stage, course.acts.landlord)
        return course.posting.preview(act, letter_of(ground), more)


def letter_of(ground: Ground) -> str:
    """Return the kind of letter that tells of a refusal."""
    return NOT_REOPENED if ground is Ground.NO_NEW_EVIDENCE else REFUSED


def _proposed(act: Act, refusal_id: int) -> Refusal:
    found = act.unit.find(Refusal, id=refusal_id, case_id=act.case_id)
    if not found:
        raise Refused("There is no such proposal on this case")
    if found[0].state != PROPOSED:
        raise Stale("Somebody was first: this proposal does not wait any more")
    return found[0]


def _to_check(act: Act, by: NamedPerson, refusal_id: int) -> Refusal:
    """Return the proposal for a second person, who is another than the first, while the stage that it is about still stands so."""
    known(act.unit, by)
    row = _proposed(act, refusal_id)
    if row.proposed_by.casefold() == by.username.casefold():
        raise Refused("You proposed it, so somebody else must check it (Code 2.1)")
    turn: Callable[..., Stage] = to_reopen if row.ground == Ground.NO_NEW_EVIDENCE else to_refuse
    if turn(act.unit, act.case) is not row.stage:
        raise Stale("The complaint has gone on since this was proposed, so it does not fit any more: withdraw it")
    return row


def _checked(act: Act, row: Refusal, state: str, why: str | None) -> None:
    act.unit.update(Refusal, row.id, state=state, checked_by=act.by, checked_at=act.now, checked_why=why)
    close_tasks(act.unit, act.case_id, (CHECK,), at=act.now, by=act.by, outcome=state.replace("_", " "))


def _end(act: Act, row: Refusal) -> None:
    """Supersede what was owed on the stage, told by an event, and close the questions that this answers; nothing else."""
    rules = ENDS[row.stage]
    owed = act.unit.find(Deadline, case_id=act.case_id, rule=list(rules), met_at=None, superseded_at=None)
    if owed:
        supersede_deadlines(act.unit, act.case_id, rules, act.now)
        warned = act.unit.find(Warned, case_id=act.case_id, deadline_id=[line.id for line in owed], ended_at=None)
        told = [one.task_id for one in warned if one.task_id is not None]
        close_tasks_by_ids(act.unit, told, at=act.now, by=act.by, outcome="refused by two people")
        dates = {line.rule: line.due_on.isoformat() for line in owed}
        act.tell("deadlines_superseded", "it was refused, and the letter says so (Code 2.4)", deadlines=dates)
    end_updates(act.unit, act.case_id, act.now)
    close_tasks(act.unit, act.case_id, QUESTIONS, at=act.now, by=act.by, outcome="refused by two people")
    # Whoever refused stage 1 has decided at stage 1; and whoever worked at stage 1 cannot refuse stage 2 (Code 6.13).
    worked(act, row.stage, "refused it")
    worked(act, row.stage, "proposed to refuse it", row.proposed_by)


def _look_for_alike(course: Course, act: Act, row: Refusal) -> None:
    """Open a review where another refusal has the very same words: each case is considered on its own merits (Code 2.1, 2.5)."""
    same = act.unit.find(Refusal, reasons_key=row.reasons_key, state=[STANDS, REOPENED])
    others = sorted({one.case_id for one in same if one.id != row.id})
    if not others:
        return
    names = ", ".join(case.reference for case in act.unit.find(Case, id=others))
    why = (
        f"the reasons why {act.case.reference} was refused are those of {names}, word for word: "
        "see whether each was considered on its own merits (Code 2.5)"
    )
    _task(course, act, ALIKE, why, manager_for(act.unit, act.case, act.case.team, act.now, but={act.by, row.proposed_by}))
    act.tell("refusals_alike", why, others=names)


def _ask_somebody_else(course: Course, act: Act, name: str) -> None:
    manager = manager_for(act.unit, act.case, act.case.team, act.now, but={act.by})
    why = f"{name} proposes to refuse this complaint: agree, or send it back. Its dates run on meanwhile (Code 2.1)"
    _task(course, act, CHECK, why, manager)


def _tell_proposer(course: Course, act: Act, row: Refusal, why: str) -> None:
    _task(course, act, "refusal_sent_back", f"the proposal to refuse it was sent back, so it goes on: {why}", row.proposed_by)


def _task(course: Course, act: Act, kind: str, why: str, assigned_to: str | None) -> None:
    due = by_rule("triage", act.now, course.acts.calendar)
    row: dict[str, Any] = {"kind": kind, "case_id": act.case_id, "team": act.case.team, "why": why}
    row |= {"assigned_to": fit_for_task(act, assigned_to)}
    act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at}])


def _proposal_of(row: Refusal) -> Proposal:
    return Proposal(ground=row.ground, reasons=row.reasons, evidence=row.evidence, facts=facts_of(row.facts))
