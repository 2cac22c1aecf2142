"""The answer of a stage: drafted from the confirmed definition, and issued by a named person when it is whole (Code 6.3 to 6.9).

An answer is issued when it is known, whatever is still to be done (Code 6.6); its letter that left meets the deadline.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.case_acts import Act, Refused, Stale
from handlers.course import stages
from handlers.course.acting import Course
from handlers.course.answer_checks import against_issuing, against_writing, unsigned, without_parts
from handlers.course.answer_letters import LETTERS, one_line
from handlers.course.answer_points import LONGEST_DECISION, Said, kept_point, numbers_at, points_of
from handlers.course.answer_written import letter_of
from handlers.course.people import require_open_complaint, require_person
from handlers.letters import Draft
from handlers.named import NamedPerson, known
from handlers.rows import Row
from store.course_models import Answer
from store.models import Stage
from store.staff_rows import called
from store.unit import Glance

LONGEST_DECLARED = 1_000
LONGEST_ACCOUNT = 1_000
MOST_EVIDENCE = 40
LONGEST_EVIDENCE = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """What a person wrote: to each point by its number, the decision, what they declare, and what they looked at.

    ``account`` says when and how the resident could give their side (Code 5.8).
    """

    said: Mapping[int, Said]
    decision: str
    declared: str
    evidence: tuple[str, ...]
    account: str = ""

    def check(self) -> None:
        """Refuse what cannot be kept, even in a draft."""
        for number, said in self.said.items():
            said.check(number)
        if len(self.decision) > LONGEST_DECISION:
            long = f"Make the decision a sentence or two: {LONGEST_DECISION} characters or fewer; it has {len(self.decision)}"
            raise Refused(long, "decision")
        for name, words, most in (
            ("declared", self.declared, LONGEST_DECLARED),
            ("account", self.account, LONGEST_ACCOUNT),
        ):
            if len(words) > most:
                raise Refused(f"Make it {most:,} characters or fewer; it has {len(words):,}", name)
        if len(self.evidence) > MOST_EVIDENCE or any(len(line) > LONGEST_EVIDENCE for line in self.evidence):
            raise Refused(f"Write {MOST_EVIDENCE} lines at most, each of {LONGEST_EVIDENCE} characters or fewer", "evidence")


def answer_at(glance: Glance, case_id: int, stage: Stage) -> Answer | None:
    """Return the answer of a stage, drafted or issued."""
    found = glance.find(Answer, case_id=case_id, stage=stage)
    return found[0] if found else None


def save_answer(course: Course, case_id: int, by: str, drafted: Drafted, *, version: int, defined: int) -> int:
    """Keep the draft; ``version`` is the one that was open (0: none), ``defined`` the definition's that it was written from."""
    require_person(by)
    drafted.check()
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        stage = stages.stage_of(act.case)
        kept = answer_at(act.unit, case_id, stage)
        _require_writable(act, kept)
        if act.case.definition_version != defined:
            raise Stale("Somebody changed the definition since you opened the page: look at the points again")
        if (kept.version if kept else 0) != version:
            raise Stale(
                f"{kept.by if kept else 'Somebody'} saved this answer since you opened the page: copy what you wrote, and open the page again"
            )
        stages.worked(act, stage, "wrote the answer")
        row = _row(act, stage, drafted) | {"version": version + 1}
        if kept is None:
            act.unit.insert(Answer, [row])
        else:
            act.unit.update(Answer, kept.id, **row)
        act.tell("answer_saved", f"draft of the answer at stage {stage}", stage=str(stage), version=version + 1)
        return act.done("Answer saved. It has not gone: look at it, and issue it.")


def _require_writable(act: Act, kept: Answer | None) -> None:
    against = against_writing(act.unit, act.case, kept)
    if against:
        raise Refused(" ".join(against))


def _row(act: Act, stage: Stage, drafted: Drafted) -> Row:
    numbers = numbers_at(act.case, stages.record_of(act.unit, act.case_id, stage))
    points = [kept_point(number, point, drafted.said.get(number, Said())) for number, point in points_of(act.case, numbers)]
    return {
        "case_id": act.case_id,
        "stage": stage,
        "points": points,
        "decision": drafted.decision.strip(),
        "declared": drafted.declared.strip() or None,
        "account": drafted.account.strip() or None,
        "evidence": [one_line(line) for line in drafted.evidence if one_line(line)],
        "by": act.by,
        "at": act.now,
    }


def seal_of(draft: Draft) -> str:
    """Return the digest of a letter that somebody looked at, which issuing has to find again."""
    return hashlib.sha256(f"{draft.subject}\0{draft.text}".encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The answer as it would go now: what stands against it, or its letter and seal."""

    answer: Answer
    against: Sequence[tuple[str, str]]
    draft: Draft | None

    @property
    def seal(self) -> str:
        """Return the seal of the letter; empty where there is none."""
        return seal_of(self.draft) if self.draft is not None else ""


def preview_answer(course: Course, case_id: int, by: str) -> Preview:
    """Return the answer as this person would issue it now; nothing is changed."""
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        answer = _drafted(act)
        against = against_issuing(act, answer)
        if against:
            return Preview(answer=answer, against=against, draft=None)
        draft = course.posting.preview(act, LETTERS[answer.stage], letter_of(course, act, answer))
        return Preview(answer=answer, against=(), draft=draft)


def issue_answer(  # what the person looked at, and what they say
    course: Course, case_id: int, by: str, *, version: int, seal: str, no_interest: bool, without: str = ""
) -> int:
    """Issue the answer that the person looked at: the letter is written in the same act, or nothing is decided.

    Refused at stage 2 to whoever worked at stage 1 (Code 6.13), and where a point is unanswered or the letter reads differently now.
    ``without`` says why it goes before every colleague who was asked has signed their part (Code 6.20).
    """
    person = NamedPerson(username=by)
    if not no_interest:
        raise Refused(
            "Say that you have no interest in this complaint, or let a colleague issue the answer (Code 5.8)", "clear"
        )
    with course.acts.on(case_id, by) as act:
        known(act.unit, person)
        require_open_complaint(act)
        answer = _drafted(act)
        if answer.version != version:
            raise Stale(f"{called(act.unit, answer.by)} saved this answer since you looked at it: look at it again")
        stages.worked(act, answer.stage, "issued the answer")
        against = against_issuing(act, answer)
        if against:
            raise Refused(" ".join(f"{said.rstrip('.')}." for _, said in against))
        left_out = without_parts(act, answer, without)
        more, kind = letter_of(course, act, answer), LETTERS[answer.stage]
        if seal_of(course.posting.preview(act, kind, more)) != seal:
            raise Stale("The letter reads differently now, as something on the case changed: look at it again")
        stages.begun(act, answer.stage)
        posted = course.posting.put(act, kind, more, of=answer.version)
        act.unit.update(Answer, answer.id, signed_by=by, issued_at=act.now, letter_id=posted.letter_id)
        _tell(act, answer, left_out)
        return act.done(f"Answer issued. {posted.said}")


def _tell(act: Act, answer: Answer, left_out: str) -> None:
    """Keep what was found, on what, and what its people said of themselves (Code 5.8, 6.20)."""
    found = {str(row["number"]): row["finding"] for row in answer.points}
    fair: Row = {"declared": answer.declared, "no_interest": act.by, "looked_at": answer.evidence, "account": answer.account}
    if left_out:
        missing = [{"who": row.username, "part": row.part} for row in unsigned(act.unit, act.case_id, answer.stage)]
        act.tell("part_left_out", left_out, stage=str(answer.stage), parts=missing)
    act.tell("answer_issued", answer.decision, stage=str(answer.stage), version=answer.version, found=found, **fair)


def _drafted(act: Act) -> Answer:
    stage = stages.stage_of(act.case)
    answer = answer_at(act.unit, act.case_id, stage)
    if answer is None:
        raise Refused(f"Nobody has written the answer of stage {stage} yet")
    if answer.issued_at is not None:
        raise Stale(f"{called(act.unit, answer.signed_by)} issued this answer already.")
    return answer
