"""Stage 2 on the case page: who asked and when, what of it is looked at again, who may not have it, whose part is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desk.web import words
from desk.web.case_panels import Line, Link, Panel, Seen
from handlers.course.stage2 import REQUESTS
from handlers.course.stage2_clock import Stood, stood_at
from handlers.course.stages import workers_of
from handlers.letter_words import numbered
from store.course_models import Contributor, StageRecord
from store.models import Stage, Task

KEY, TITLE = "stage2", "Stage 2"
BEGIN = Link(words="Begin stage 2", act="stage2")
ASK = Link(words="Ask a colleague for their part", act="ask-colleague")


def panel(seen: Seen) -> Panel | None:
    """Return what there is to say of stage 2; nothing where it is not asked for and cannot begin."""
    case = seen.case
    if case.category != "complaint" or case.logged_at is None:
        return None
    return _at_stage_2(seen) if case.stage is Stage.TWO else _before(seen)


def _before(seen: Seen) -> Panel | None:
    stood = stood_at(seen.glance, seen.case.id or 0)
    asked = seen.glance.find(Task, case_id=seen.case.id, kind=list(REQUESTS), closed_at=None)
    waits = stood.against(seen.now)
    if waits and not asked:
        return None
    lines = tuple(_asked(task, waits) for task in asked) or (_may(stood),)
    # A new complaint that asks for it may mean an earlier one: the act takes the reference of that.
    return Panel(key=KEY, title=TITLE, lines=lines, links=(BEGIN,) if seen.acts else ())


def _asked(task: Task, waits: str) -> Line:
    said = f"Asked for on {words.day(task.opened_at)}: {task.why}"
    return Line(words=said, quiet=waits, tag="Waits" if waits else "Can begin", colour="grey" if waits else "blue")


def _may(stood: Stood) -> Line:
    if stood.answered_at is not None:
        return Line(words=f"Our stage 1 answer went on {words.day(stood.answered_at)}. Nobody has asked for stage 2.")
    return Line(words="The stage 1 answer is overdue: stage 2 may begin without it.", tag="Overdue", colour="red")


def _at_stage_2(seen: Seen) -> Panel:
    records = seen.glance.find(StageRecord, case_id=seen.case.id, stage=Stage.TWO)
    parts = seen.glance.find(Contributor, case_id=seen.case.id, stage=Stage.TWO)
    before = sorted(workers_of(seen.glance, seen.case.id or 0, Stage.ONE))
    lines = (
        *(line for record in records for line in _begun(seen, record)),
        *_not_for(seen, before),
        *(_part(row, seen) for row in parts),
    )
    return Panel(key=KEY, title=TITLE, lines=tuple(lines), links=(ASK,) if seen.acts else ())


def _begun(seen: Seen, record: StageRecord) -> Iterator[Line]:
    about = numbered(record.points) if record.points else "All of it"
    asked, runs = record.asked_at or record.received_at, record.received_at
    later = (
        f" Its clock runs from {words.day(runs)}, as it had to wait for the stage 1 answer."
        if runs.date() > asked.date()
        else ""
    )
    quiet = f"Begun on {words.day(record.begun_at)} by {seen.called(record.begun_by)}.{later}"
    yield Line(words=f"{about}, asked for on {words.day(asked)}.", quiet=quiet)
    if record.disagreement:
        yield Line(words=f"They do not agree: {record.disagreement}")
    if record.acknowledged_at is not None:
        yield Line(words=f"Acknowledged on {words.day(record.acknowledged_at)}.", tag="Done", colour="green")


def _not_for(seen: Seen, before: Sequence[str]) -> Iterator[Line]:
    if before:
        yield Line(words=f"Worked on it at stage 1, and never has it now (Code 6.13): {', '.join(map(seen.called, before))}.")


def _part(row: Contributor, seen: Seen) -> Line:
    if row.signed_at is not None:
        quiet = f"{seen.called(row.username)} on {words.day(row.signed_at)}: {row.signed_words}"
        return Line(words=row.part, quiet=quiet, tag="Signed", colour="green")
    mine = (
        (Link(words="My part is right", act=f"my-part?of={row.id}", about=row.part),)
        if row.username == seen.person.username
        else ()
    )
    return Line(
        words=row.part, quiet=f"Asked of {seen.called(row.username)}, by {words.day(row.due_on)}.", tag="Waits", links=mine
    )
