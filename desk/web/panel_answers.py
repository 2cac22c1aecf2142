"""The answer, its actions and remedies on the case page: what is written, what was promised, and what can be done about each."""

from __future__ import annotations

from desk.web import words
from desk.web.case_panels import Line, Link, Panel, Seen
from handlers.clock import london_day
from handlers.course.actions import is_open as is_to_do
from handlers.course.money import pounds
from handlers.course.remedies import KINDS, is_open, waits
from handlers.course.remedy_points import about_words, has_lost_its_points, points_now
from handlers.letter_words import day
from store.answer_rows import kept_of
from store.course_models import Action, Answer, Remedy
from store.models import CaseStatus, Stage

WRITE = Link(words="Write the answer", act="answer")
ADD = (Link(words="Add an action", act="action"), Link(words="Add a remedy", act="remedy"))
TAKEN_BACK = Link(words="The resident takes it back", act="complaint-withdrawn")


def panel(seen: Seen) -> Panel | None:
    """Return what there is to say; nothing of a case that is no complaint, or of a closed one that promised nothing."""
    case = seen.case
    if case.category != "complaint" or case.logged_at is None:
        return None
    kept = kept_of(seen.glance, case.id or 0)
    answers = seen.glance.find(Answer, case_id=case.id) if Answer in kept else []
    actions = seen.glance.find(Action, case_id=case.id) if Action in kept else []
    remedies = seen.glance.find(Remedy, case_id=case.id, withdrawn_at=None) if Remedy in kept else []
    closed = case.status is CaseStatus.CLOSED
    lines = [
        *(_answer(seen, answer, closed=closed) for answer in answers),
        *(_action(seen, action) for action in actions if action.dropped_at is None),
        *(_remedy(seen, remedy) for remedy in remedies),
    ]
    if closed and not lines:
        return None
    return Panel(
        key="answer", title="Answer, actions and remedies", lines=tuple(lines), links=_links(seen, answers, closed=closed)
    )


def _links(seen: Seen, answers: list[Answer], *, closed: bool) -> tuple[Link, ...]:
    if closed:
        return ()
    written = any(answer.stage == (seen.case.stage or Stage.ONE) for answer in answers)
    issued = any(answer.issued_at and answer.stage == (seen.case.stage or Stage.ONE) for answer in answers)
    return (*(() if written else (WRITE,)), *ADD, *(() if issued else (TAKEN_BACK,)))


def _answer(seen: Seen, answer: Answer, *, closed: bool) -> Line:
    name = f"Answer at stage {answer.stage}"
    if answer.sent_at is not None:
        said = f"issued by {seen.called(answer.signed_by)}, sent {words.when(answer.sent_at)}"
        return Line(words=name, quiet=said, tag="Sent", colour="green")
    if answer.issued_at is not None:
        said = f"issued by {seen.called(answer.signed_by)}, {words.when(answer.issued_at)}; its letter has not left yet"
        return Line(words=name, quiet=said, tag="Issued", colour="blue")
    links = (
        ()
        if closed
        else (
            Link(words="Change it", act="answer", about=name),
            Link(words="Look at it and issue it", act="issue-answer", about=name),
        )
    )
    return Line(
        words=name,
        quiet=f"saved by {seen.called(answer.by)}, {words.when(answer.at)}",
        tag="Draft",
        colour="yellow",
        links=links,
    )


def _action(seen: Seen, action: Action) -> Line:
    owner = seen.teams.get(action.owner) or seen.called(action.owner)
    if action.done_at is not None:
        return Line(words=action.what, quiet=f"{owner}: {action.outcome}", tag="Done", colour="green")
    late = action.due_on < london_day(seen.now)
    links = tuple(
        Link(words=name, act=f"{act}?of={action.id}", about=f": {action.what}")
        for name, act in (("Done", "action-done"), ("Another day", "action-day"), ("Drop", "action-drop"))
    )
    tag, colour = ("Late", "red") if late else ("To do", "blue")
    return Line(
        words=action.what,
        quiet=f"{owner}, by {day(action.due_on)}",
        tag=tag,
        colour=colour,
        links=links if is_to_do(action) else (),
    )


def _remedy(seen: Seen, remedy: Remedy) -> Line:
    amount = f", {pounds(remedy.pence)}" if remedy.pence is not None else ""
    asked = points_now(seen.case)
    about = about_words(remedy, asked)
    points = " Its points are not in the definition any more." if has_lost_its_points(seen.case, remedy) else ""
    points = f" For {about}." if about else points
    band = seen.guidance.band_of(remedy.pence)
    points += f" Band: {band}." if band else ""
    quiet = f"{remedy.what}{points}{f' By {day(remedy.due_on)}.' if remedy.due_on else ''}"
    acts = [("Approve", "remedy-approve")] if waits(remedy) else [("Given", "remedy-given")]
    links = tuple(
        Link(words=name, act=f"{act}?of={remedy.id}", about=f": {remedy.what}")
        for name, act in (*acts, ("Points", "remedy-points"), ("Another day", "remedy-day"), ("Withdraw", "remedy-withdraw"))
    )
    tag, colour = (
        ("Given", "green") if remedy.done_at else ("Waits for approval", "orange") if waits(remedy) else ("Offered", "blue")
    )
    return Line(
        words=f"{KINDS[remedy.kind]}{amount}", quiet=quiet, tag=tag, colour=colour, links=links if is_open(remedy) else ()
    )
