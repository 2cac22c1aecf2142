"""The forms of an answer: written point by point from the confirmed definition, looked at as it would go, and issued (Code 6.7, 6.9)."""

from __future__ import annotations

from collections.abc import Sequence

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from desk.web.words import day
from handlers.case_acts import Refused
from handlers.course import stages
from handlers.course.answer_checks import NO_INTEREST, against_writing
from handlers.course.answer_points import FINDINGS, Said, carried_over, changed_since, numbers_at, points_of
from handlers.course.answers import Drafted, answer_at, issue_answer, preview_answer, save_answer
from handlers.definition import Point
from handlers.letter_words import numbered
from handlers.readability import advice
from store.course_models import Answer
from store.models import Stage

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
        points = points_of(doing.case, numbers_at(doing.case, stages.record_of(glance, doing.case_id, stage)))
        against = against_writing(glance, doing.case, answer)
    version = doing.kept("version", str(answer.version if answer else 0))
    return ActForm(
        title=_title(stage),
        button="Save answer",
        lead=_lead(answer, points),
        against=tuple(against),
        fields=(*_points(doing, answer, points), *_whole(doing, answer)),
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


def _points(doing: Doing, answer: Answer | None, points: Numbered) -> list[Field]:
    kept = answer.points if answer is not None else []
    return [field for number, point in points for field in _point(doing, number, point, carried_over(kept, point))]


def _point(doing: Doing, number: int, point: Point, said: Said) -> tuple[Field, Field, Field]:
    whose = f" (not ours: {point.who})" if point.responsibility == "not_ours" else ""
    return (
        doing.field(f"finding-{number}", f"Point {number}: {point.words}{whose}", "radios", before=said.finding, choices=FOUND),
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
        fields=(doing.field("clear", "You issue it by name (Code 5.8)", "checks", choices=CLEAR),),
        hidden=(("version", str(seen.answer.version)), ("seal", seen.seal)),
        letter=seen.draft.text if seen.draft is not None else "",
    )


def _issue(doing: Doing) -> int:
    sent = doing.sent
    return issue_answer(
        doing.course,
        doing.case_id,
        doing.by,
        version=sent.number("version"),
        seal=sent.line("seal"),
        no_interest="yes" in sent.column("clear"),
    )


ACTS = {
    "answer": ActPage(form=_answer_form, do=_save),
    "issue-answer": ActPage(form=_issue_form, do=_issue),
}
