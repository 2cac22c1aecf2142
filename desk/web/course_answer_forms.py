"""The forms of an answer: written point by point from the confirmed definition, looked at as it would go, and issued (Code 6.7, 6.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from desk.web.words import day
from handlers.case_acts import Refused
from handlers.course import stages
from handlers.course.answer_checks import NO_INTEREST, against_writing, unsigned
from handlers.course.answer_points import FINDINGS, Said, carried_over, changed_since, numbers_at, points_of
from handlers.course.answers import Drafted, answer_at, issue_answer, preview_answer, save_answer
from handlers.definition import Point
from handlers.letter_words import listed, numbered
from handlers.readability import advice
from store.course_models import Answer
from store.models import Stage
from store.unit import Glance

FOUND = tuple(FINDINGS.items())
INTERESTS = (
    (NO_INTEREST, "I have no interest in it, and nobody in it is near to me"),
    ("some", "I have one, which I say below"),
)
CLEAR = (("yes", "I have no interest in this complaint, and I have looked at what both sides say"),)
LEAD = "Answer every point. Saving sends nothing: look at the letter afterwards, and issue it."
Numbered = Sequence[tuple[int, Point]]


def _answer_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        try:
            stage = stages.stage_of(doing.case)
        except Refused as refused:
            return ActForm(title="Write the answer", button="Save answer", against=(str(refused),))
        answer = answer_at(glance, doing.case_id, stage)
        before = _before(glance, doing.case_id, stage)
        points = points_of(doing.case, numbers_at(doing.case, stages.record_of(glance, doing.case_id, stage)))
        against = against_writing(glance, doing.case, answer)
    version = doing.kept("version", str(answer.version if answer else 0))
    return ActForm(
        title=_title(stage),
        button="Save answer",
        lead=(*_lead(answer, points), *before.lead()),
        against=tuple(against),
        fields=(*_points(doing, answer, points, before), *_whole(doing, answer)),
        hidden=(("version", version), ("defined", doing.kept("defined", str(doing.case.definition_version)))),
    )


def _title(stage: Stage) -> str:
    return "Write the final response" if stage is Stage.TWO else "Write the answer"


def _lead(answer: Answer | None, points: Numbered) -> tuple[str, ...]:
    if answer is None:
        return (LEAD,)
    words = "\n".join([answer.decision, *(row["reasons"] for row in answer.points)])
    changed = changed_since(answer.points, points)
    again = f"{numbered(changed)}: the definition changed since this was written. Look at the answer again." if changed else ""
    return tuple(filter(None, (LEAD, again, advice(words))))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Before:
    """What stage 2 begins from: what stage 1 said to each point, and what the resident disagrees with (policy 4.4.2)."""

    at_stage_2: bool = False
    answer: Answer | None = None
    disagreement: str = ""

    def lead(self) -> tuple[str, ...]:
        """Return what stands above all points: why the resident does not agree, and that there was no answer."""
        if not self.at_stage_2:
            return ()
        why = (
            f"They do not agree: {self.disagreement}"
            if self.disagreement
            else "They gave no reason, and need none (Code 6.12)."
        )
        return (why,) if self.answer is not None else (why, "Stage 1 gave no answer.")

    def of(self, point: Point) -> tuple[str, ...]:
        """Return what stage 1 said to a point, line by line."""
        if self.answer is None:
            return ()
        said = carried_over(self.answer.points, point)
        if not said.finding:
            return ("Stage 1 did not answer this point in these words.",)
        lines = [line.strip() for line in said.reasons.split("\n") if line.strip()]
        return (f"Stage 1 found: {FINDINGS[said.finding]}.", *lines, f"It went by: {said.reference}")


def _before(glance: Glance, case_id: int, stage: Stage) -> _Before:
    if stage is not Stage.TWO:
        return _Before()
    answer, record = answer_at(glance, case_id, Stage.ONE), stages.record_of(glance, case_id, stage)
    issued = answer if answer is not None and answer.issued_at is not None else None
    return _Before(at_stage_2=True, answer=issued, disagreement=(record.disagreement or "") if record is not None else "")


def _points(doing: Doing, answer: Answer | None, points: Numbered, before: _Before) -> list[Field]:
    kept = answer.points if answer is not None else []
    told = [(number, point, carried_over(kept, point), before.of(point)) for number, point in points]
    return [field for number, point, said, beside in told for field in _point(doing, number, point, said, beside)]


def _point(doing: Doing, number: int, point: Point, said: Said, beside: tuple[str, ...]) -> tuple[Field, Field, Field]:
    whose = f" (not ours: {point.who})" if point.responsibility == "not_ours" else ""
    asked = f"Point {number}: {point.words}{whose}"
    return (
        doing.field(f"finding-{number}", asked, "radios", before=said.finding, choices=FOUND, beside=beside),
        doing.field(f"reasons-{number}", f"Reasons for point {number}", "text", before=said.reasons, rows=5),
        doing.field(f"reference-{number}", f"Policy, law or good practice for point {number}", before=said.reference),
    )


def _whole(doing: Doing, answer: Answer | None) -> tuple[Field, ...]:
    declared = answer.declared if answer is not None else None
    interest = "" if declared is None else NO_INTEREST if declared == NO_INTEREST else "some"
    looked_at = answer.evidence if answer is not None else [f"Your message of {day(doing.case.received_at)}"]
    return (
        doing.field(
            "decision",
            "The decision, in a sentence or two",
            "text",
            rows=3,
            before=answer.decision if answer is not None else "",
        ),
        doing.field("evidence", "What you looked at", "text", hint="One on each line", before="\n".join(looked_at)),
        doing.field(
            "account",
            "When and how could the resident give their side?",
            "text",
            hint="For example, they wrote on 2 November, and we spoke on 10 November",
            before=(answer.account or "") if answer is not None else "",
            rows=2,
        ),
        doing.field("interest", "Your own interests in this complaint", "radios", before=interest, choices=INTERESTS),
        doing.field("declared", "Which interest", before="" if interest != "some" else declared or ""),
    )


def _save(doing: Doing) -> int:
    sent, case = doing.sent, doing.case
    with doing.desk.glance() as glance:
        numbers = numbers_at(case, stages.record_of(glance, doing.case_id, stages.stage_of(case)))
    said = {
        number: Said(
            finding=sent.line(f"finding-{number}"),
            reasons=sent.text(f"reasons-{number}"),
            reference=sent.line(f"reference-{number}"),
        )
        for number in numbers
    }
    interest = sent.line("interest")
    drafted = Drafted(
        said=said,
        decision=sent.text("decision"),
        declared=NO_INTEREST if interest == NO_INTEREST else sent.line("declared") if interest == "some" else "",
        evidence=tuple(line for line in sent.text("evidence").split("\n") if line.strip()),
        account=sent.text("account"),
    )
    numbers_seen = {"version": sent.number("version"), "defined": sent.number("defined")}
    return save_answer(doing.course, doing.case_id, doing.by, drafted, **numbers_seen)


def _issue_form(doing: Doing) -> ActForm:
    try:
        seen = preview_answer(doing.course, doing.case_id, doing.by)
    except Refused as refused:
        return ActForm(title="Issue the answer", button="Issue answer", against=(str(refused),))
    return ActForm(
        title="Issue the answer" if seen.answer.stage is Stage.ONE else "Issue the final response",
        button="Issue answer",
        grave=True,
        lead=("The letter goes to the resident at once. Actions that are still open stay open.",),
        against=tuple(f"{said.rstrip('.')}." for _, said in seen.against),
        fields=(
            *_without(doing, seen.answer),
            doing.field("clear", "You issue it by name (Code 5.8)", "checks", choices=CLEAR),
        ),
        hidden=(("version", str(seen.answer.version)), ("seal", seen.seal)),
        letter=seen.draft.text if seen.draft is not None else "",
    )


def _without(doing: Doing, answer: Answer) -> tuple[Field, ...]:
    """Ask why the answer goes without parts that nobody signed; nothing where all are signed (Code 6.20)."""
    with doing.desk.glance() as glance:
        missing = unsigned(glance, doing.case_id, answer.stage)
    if not missing:
        return ()
    waits = listed([f"{doing.called(row.username)} ({row.part.rstrip('.')})" for row in missing])
    ask = "Why does it go without parts that nobody has signed?"
    return (doing.field("without", ask, "text", hint=f"Not signed yet: {waits}. You can also wait for them.", rows=3),)


def _issue(doing: Doing) -> int:
    sent = doing.sent
    return issue_answer(
        doing.course,
        doing.case_id,
        doing.by,
        version=sent.number("version"),
        seal=sent.line("seal"),
        no_interest="yes" in sent.column("clear"),
        without=sent.text("without"),
    )


ACTS = {
    "answer": ActPage(form=_answer_form, do=_save),
    "issue-answer": ActPage(form=_issue_form, do=_issue),
}
