"""Acts on what a complaint is about: new matters, corrections, questions to the resident, and parts that go on by themselves."""

from __future__ import annotations

from desk.web.access import NOT_FOUND
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm
from handlers.case_acts import Refused
from handlers.course import corrections, new_matter
from handlers.course.splitting import split
from handlers.definition import Definition
from handlers.rows import definition_of
from store.models import Message, Task

SAID = 1_500
"""Characters of a message that a form shows beside what it asks; all of it is on the case's page."""


def _definition(doing: Doing) -> Definition:
    found = definition_of(doing.case.definition)
    if found is None or doing.case.category != "complaint":
        raise NOT_FOUND
    return found


def _task(doing: Doing, *kinds: str) -> tuple[Task, Message | None]:
    """Return the task that the form is about, with its message."""
    with doing.desk.glance() as glance:
        found = glance.find(Task, id=doing.of_number(), case_id=doing.case_id)
        if not found or found[0].kind not in kinds:
            raise NOT_FOUND
        message = glance.get(Message, found[0].message_id) if found[0].message_id is not None else None
    return found[0], message


def _said(message: Message | None) -> tuple[str, ...]:
    words = " ".join((message.new_text or "").split()) if message is not None else ""
    return (f"They wrote: {words[:SAID]}{'…' if len(words) > SAID else ''}",) if words else ()


def _version(doing: Doing) -> tuple[tuple[str, str], ...]:
    return (("of", doing.of()), ("version", str(doing.case.definition_version)))


def _stands(definition: Definition) -> str:
    points = " ".join(f"{number}. {point.words}" for number, point in enumerate(definition.points, 1))
    return f"The complaint as it stands: {points}"


def _new_form(doing: Doing) -> ActForm:
    task, message = _task(doing, new_matter.TASK)
    with doing.desk.glance() as glance:
        codes = new_matter.choices(glance, doing.case)
    choices = tuple((code, new_matter.CHOICES[code]) for code in codes)
    fields = [doing.field("choice", "What is to be done with it?", "radios", choices=choices)]
    if "add" in codes:
        drafted = "\n".join(new_matter.drafted(doing.course, message)) if message is not None else ""
        hint = "Only if you add it. Each point on a line of its own, in their words."
        fields.append(doing.field("points", "Points to add", "text", before=drafted, hint=hint, rows=6))
        fields.append(doing.why("Why neither?", "Only if it is neither"))
    lead = (*_said(message), _stands(_definition(doing)))
    against = () if task.closed_at is None else (f"{doing.called(task.closed_by)} has decided this already: {task.outcome}",)
    return ActForm(
        title="A new matter in this complaint",
        button="Decide",
        lead=lead,
        fields=tuple(fields),
        hidden=_version(doing),
        against=against,
    )


def _new(doing: Doing) -> int:
    sent, of, by = doing.sent, doing.of_number(), doing.by
    _task(doing, new_matter.TASK)
    choice = sent.line("choice")
    if choice == "add":
        points = sent.text("points").splitlines()
        return new_matter.add(doing.course, of, doing.case_id, by, version=sent.number("version"), points=points)
    if choice == "own":
        return new_matter.apart(doing.desk.house.logging_apart, of, by) or 0
    if choice == "neither":
        return new_matter.neither(doing.course, of, doing.case_id, by, sent.text("why"))
    if choice == "stage2":
        return new_matter.to_stage2(doing.course, of, doing.case_id, by)
    raise Refused("Choose what is to be done with it", "choice")


CORRECTS = (
    ("take", "Take it into the definition: the next version goes to them in a letter"),
    ("ask", "Ask them what is unclear: a letter asks, and a task waits"),
    ("keep", "Nothing changes"),
)


def _correct_form(doing: Doing) -> ActForm:
    _, message = _task(doing, *corrections.TASKS)
    now = _definition(doing)
    fields = (
        doing.field("choice", "What is to be done?", "radios", choices=CORRECTS),
        doing.field(
            "points",
            "The complaint as it should be",
            "text",
            before="\n".join(point.words for point in now.points),
            hint="Each point on a line of its own",
            rows=8,
        ),
        doing.field(
            "outcomes", "What they want", "text", before="\n".join(now.outcomes), hint="Each on a line of its own", rows=3
        ),
        doing.field("question", "Your question", "text", hint="Only if you ask them", rows=2),
        doing.why("Why does nothing change?", "Only if nothing changes"),
    )
    title, button = "Put the definition right", "Save"
    return ActForm(title=title, button=button, lead=_said(message), fields=fields, hidden=_version(doing))


def _correct(doing: Doing) -> int:
    sent, of = doing.sent, doing.of_number()
    _task(doing, *corrections.TASKS)
    choice, version = sent.line("choice"), sent.number("version")
    if choice == "take":
        points, outcomes = sent.text("points").splitlines(), sent.text("outcomes").splitlines()
        return corrections.take_in(
            doing.course, doing.case_id, doing.by, version=version, points=points, outcomes=outcomes, task_id=of
        )
    if choice == "ask":
        question = sent.text("question")
        return corrections.ask(doing.course, doing.case_id, doing.by, version=version, question=question, task_id=of)
    if choice == "keep":
        return corrections.nothing_changes(doing.course, doing.case_id, doing.by, sent.text("why"), task_id=of)
    raise Refused("Choose what is to be done", "choice")


def _ask_form(doing: Doing) -> ActForm:
    now = _definition(doing)
    lead = (_stands(now), "The question goes to the resident in a letter and stands in the definition. No date changes.")
    fields = (doing.field("question", "Your question", "text", before=now.question or "", rows=3),)
    hidden = (("version", str(doing.case.definition_version)),)
    return ActForm(title="Ask the resident about the complaint", button="Ask", lead=lead, fields=fields, hidden=hidden)


def _ask(doing: Doing) -> int:
    sent = doing.sent
    version, question = sent.number("version"), sent.text("question")
    return corrections.ask(doing.course, doing.case_id, doing.by, version=version, question=question)


def _split_form(doing: Doing) -> ActForm:
    now = _definition(doing)
    points = tuple((str(number), point.words) for number, point in enumerate(now.points, 1))
    lead = (
        "What you choose becomes a complaint of its own: its own reference, the same day of receipt, the same dates.",
        "Two letters tell the resident.",
    )
    fields = (doing.field("points", "Which points?", "checks", choices=points), doing.why())
    hidden = (("version", str(doing.case.definition_version)),)
    return ActForm(
        title="Let a part go on by itself", button="Make it a complaint of its own", lead=lead, fields=fields, hidden=hidden
    )


def _split(doing: Doing) -> int:
    sent = doing.sent
    points = [int(one) for one in sent.column("points") if one.isascii() and one.isdigit() and len(one) < 4]  # noqa: PLR2004
    return split(
        doing.course,
        doing.desk.house.casework,
        doing.case_id,
        doing.by,
        version=sent.number("version"),
        points=points,
        why=sent.text("why"),
    )


ACTS = {
    "new-matter": ActPage(form=_new_form, do=_new),
    "correct-definition": ActPage(form=_correct_form, do=_correct),
    "ask-resident": ActPage(form=_ask_form, do=_ask),
    "split": ActPage(form=_split_form, do=_split),
}
