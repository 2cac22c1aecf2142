"""What keeps an answer from being written or issued, each in a sentence that says what to mend (Code 5.7, 5.8, 6.7, 7.1)."""

from __future__ import annotations

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course import remedies, stages
from handlers.course.actions import late_ones, open_actions
from handlers.course.answer_points import changed_since, grieved, numbers_at, points_of, said_of, unsettled
from handlers.course.promised import was_told
from handlers.course.remedy_points import has_lost_its_points, without_remedy
from handlers.hazards.findings import against_answering
from handlers.letter_words import listed, numbered
from store.course_models import Answer, Contributor
from store.desk_models import CaseStaff
from store.models import Case, Stage
from store.staff_rows import called
from store.unit import Glance

NO_INTEREST = "none"
"""What a writer declares who has no interest of their own in the complaint (Code 5.8)."""


def against_writing(glance: Glance, case: Case, answer: Answer | None) -> list[str]:
    """Return why nobody can write this case's answer now, each in a sentence."""
    if case.definition is None:
        return ["The complaint has no definition yet: say what it is about first (Code 5.6)."]
    if case.defined_at is None:
        return ["Nobody has confirmed the definition: confirm it first, for the answer is written from it (Code 6.7)."]
    if answer is not None and answer.issued_at is not None:
        return [
            f"The answer of stage {answer.stage} was issued by {called(glance, answer.signed_by)}, so it cannot be changed."
        ]
    record = stages.record_of(glance, case.id or 0, case.stage or Stage.ONE)
    open_ones = unsettled(points_of(case, numbers_at(case, record)))
    if open_ones:
        return [f"{numbered(open_ones)}: say in the definition whether we are responsible, before it is answered (Code 5.7)."]
    return []


def against_issuing(act: Act, answer: Answer) -> list[tuple[str, str]]:
    """Return what keeps an answer from being issued by this person now: the field where it is mended, and a sentence."""
    found = [("", said) for said in against_writing(act.unit, act.case, answer)]
    if found:
        return found
    found += _unanswered(act, answer)
    found += interests(act, answer)
    found += [("", said) for said in against_answering(act.unit, act.case_id, act.now)]
    return found + _promises(act, answer)


def _unanswered(act: Act, answer: Answer) -> list[tuple[str, str]]:
    record = stages.record_of(act.unit, act.case_id, answer.stage)
    changed = changed_since(answer.points, points_of(act.case, numbers_at(act.case, record)))
    if changed:
        return [
            ("", f"{numbered(changed)}: the definition changed since this was written. Look at the answer again and save it.")
        ]
    found = [one for row in answer.points for one in said_of(row).missing(row["number"])]
    if not answer.decision:
        found.append(("decision", "Say what you decided, in a sentence or two (Code 6.9)"))
    if not answer.evidence:
        found.append(("evidence", "Name what you looked at (Code 5.8)"))
    if not answer.account:
        found.append(("account", "Say when and how the resident could give their side (Code 5.8)"))
    return found


def interests(act: Act, answer: Answer) -> list[tuple[str, str]]:
    """Return what keeps this person from telling what the draft found: an interest, or a writer who must not have it (Code 5.8)."""
    if answer.declared is None:
        return [("declared", "Declare your interests in this complaint, or that you have none (Code 5.8)")]
    if answer.declared != NO_INTEREST and answer.by == act.by:
        return [("declared", "You declared an interest: a colleague who has none has to write and issue it (Code 5.8)")]
    if act.unit.find(CaseStaff, case_id=act.case_id, username=answer.by, relation="barred"):
        return [
            (
                "",
                f"{called(act.unit, answer.by)} wrote this and must not handle the case (Code 5.8): look at the answer and save it yourself.",
            )
        ]
    return []


def unsigned(glance: Glance, case_id: int, stage: Stage) -> list[Contributor]:
    """Return what colleagues were asked for and have not said to be right (Code 6.20)."""
    return glance.find(Contributor, case_id=case_id, stage=stage, signed_at=None)


def without_parts(act: Act, answer: Answer, why: str) -> str:
    """Return why an answer goes without parts that nobody signed, empty where all are; refused without a reason (Code 6.20)."""
    missing = unsigned(act.unit, act.case_id, answer.stage)
    if not missing:
        return ""
    if not why.strip():
        who = listed(sorted({called(act.unit, row.username) for row in missing}))
        raise Refused(f"{who} did not sign their part yet: wait for it, or say why the answer goes without it", "without")
    return reasoned(why, "without")


def _promises(act: Act, answer: Answer) -> list[tuple[str, str]]:
    offered = remedies.offers(act.unit, act.case_id)
    waiting = [remedy.what for remedy in offered if remedies.waits(remedy)]
    found = [("", f"This remedy waits for a second person: have it approved, or withdraw it: {what}") for what in waiting]
    bare = without_remedy(grieved(answer.points), offered, answer.points)
    if bare:
        said = (
            f"{numbered(bare)}: something went wrong, so say what puts it right: add a remedy, an apology at least (Code 7.1)."
        )
        found.append(("", said))
    lost = [one.what for one in offered if has_lost_its_points(act.case, one) and not was_told(act.unit, one)]
    found += [
        ("", f"The points of this remedy are not in the definition any more: say which it is for: {what}") for what in lost
    ]
    today = london_day(act.now)
    late = [action.what for action in late_ones(open_actions(act.unit, act.case_id), today)]
    late += [one.what for one in offered if remedies.is_open(one) and one.due_on is not None and one.due_on < today]
    return found + [("", f"The day of this has passed: say that it is done, or promise another day: {what}") for what in late]
