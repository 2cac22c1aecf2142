"""Acts of stage 2: beginning it, asking colleagues for their part, and their word that it is right (Code 6.10 to 6.20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.web import words
from desk.web.access import may_open
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from handlers.calendar import CalendarGap
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.course.contributors import ask, sign
from handlers.course.stage2 import REQUESTS, Asked, begin
from handlers.course.stage2_clock import Stood, stood_at, usually_by
from handlers.course.stages import workers_of
from handlers.references import find
from handlers.reply_ways import answerable
from handlers.rows import definition_of
from store.course_models import Contributor
from store.models import Case, Message, Stage, Task

MOST = 20
"""Messages to choose from, the latest first."""
FIRST_WORDS = 60
DAYS = 5
"""Working days that a colleague has, unless another date is typed."""
NONE_NEEDED = "Optional. Nobody has to give a reason (Code 6.12). If they gave one, write it in their words."


def _begin_form(doing: Doing) -> ActForm:
    case, now = doing.case, doing.acts.clock.now()
    with doing.desk.glance() as glance:
        stood = stood_at(glance, doing.case_id)
        messages = answerable(glance, doing.case_id)[-MOST:]
        asked = [task.message_id for task in glance.find(Task, case_id=doing.case_id, kind=list(REQUESTS), closed_at=None)]
    title = "Begin stage 2"
    if case.category != "complaint" or case.logged_at is None:
        return ActForm(title=title, button=title, against=("Only a complaint that was logged has stages.",))
    if case.stage is Stage.TWO:
        return ActForm(title=title, button=title, against=("It is at stage 2 already.",))
    of = doing.field(
        "of", "Which message asked for it?", "select", before=_first(doing, asked, messages), choices=_choices(messages)
    )
    told = doing.field("disagreement", "What do they not agree with?", "text", hint=NONE_NEEDED, rows=3)
    hidden = (("version", str(case.definition_version)),)
    if against := stood.against(now):
        other = doing.field("other", "Reference of the complaint that had our stage 1 answer", hint="It goes to stage 2.")
        lead = (against, "If they mean an earlier complaint of theirs, begin stage 2 of that one from here.")
        return ActForm(title=title, button=title, fields=(other, of, told), hidden=hidden, lead=lead)
    late = (doing.why("Why, before an answer at stage 1"),) if stood.late(now) else ()
    return ActForm(
        title=title, button=title, fields=(of, *_points(doing), told, *late), hidden=hidden, lead=_lead(doing, stood)
    )


def _first(doing: Doing, asked: Sequence[int | None], messages: Sequence[Message]) -> str:
    """Return the message that is chosen at first: of the task that led here, of the oldest request, or the latest that came."""
    there = {str(message.id) for message in messages}
    told = [doing.asked.get("message", ""), *(str(number) for number in asked), *(str(message.id) for message in messages[-1:])]
    return next((one for one in told if one in there), "")


def _points(doing: Doing) -> tuple[Field, ...]:
    definition = definition_of(doing.case.definition)
    if definition is None or len(definition.points) == 1:
        return ()
    choices = [(str(number), point.words) for number, point in enumerate(definition.points, 1)]
    hint = "Tick none for all of them."
    return (doing.field("points", "Which points do they ask about?", "checks", hint=hint, choices=choices),)


def _lead(doing: Doing, stood: Stood) -> tuple[str, ...]:
    usual = usually_by(doing.case.received_at, doing.acts.calendar)
    by = f"Policy 4.3.6 speaks of 20 working days from the complaint, here {words.day(usual)}. That is no bar." if usual else ""
    went = f"Our stage 1 answer went on {words.day(stood.answered_at)}." if stood.answered_at else ""
    late = (
        f"Our stage 1 answer was due by {words.day(stood.owed.due_on)}: nobody has to wait for it."
        if not went and stood.owed
        else ""
    )
    who = "Whoever worked on it at stage 1 has it no more (Code 6.13). A task asks a manager to give it to somebody else."
    return tuple(filter(None, (went or late, by, who)))


def _choices(messages: list[Message]) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.id), _said(one)) for one in reversed(messages))


def _said(message: Message) -> str:
    said = " ".join((message.new_text or message.subject or "").split())
    short = said if len(said) <= FIRST_WORDS else f"{said[:FIRST_WORDS].rsplit(' ', 1)[0]} …"
    return f"{words.when(message.received_at)}, {words.said(words.CHANNELS, message.channel)}: {short}"


def _begin(doing: Doing) -> int:
    sent = doing.sent
    asked = Asked(
        message_id=doing.of_number(),
        points=tuple(int(number) for number in sent.column("points") if number.isascii() and number.isdigit()),
        disagreement=sent.text("disagreement"),
        why=sent.text("why"),
        version=sent.number("version"),
    )
    other = sent.line("other")
    if not other:
        return begin(doing.course, doing.case_id, doing.by, asked)
    return begin(doing.course, _other(doing, other), doing.by, _elsewhere(asked), came_to=doing.case_id)


def _elsewhere(asked: Asked) -> Asked:
    return Asked(message_id=asked.message_id, disagreement=asked.disagreement, why=asked.why)


def _other(doing: Doing, typed: str) -> int:
    """Return the complaint that a reference names, if the person may open it."""
    name = next((str(reference) for reference in find(typed)), "")
    with doing.desk.glance() as glance:
        found = next(iter(glance.find(Case, reference=name)), None) if name else None
        if found is None or not may_open(glance, found, doing.person):
            raise Refused("There is no such complaint: look at the reference again", "other")
        if found.id == doing.case_id:
            raise Refused("That is this complaint, which has not been answered yet", "other")
    return found.id or 0


def _ask_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        before = workers_of(glance, doing.case_id, Stage.ONE) if doing.case.stage is Stage.TWO else set()
    people = tuple((username, name) for username, name in doing.people() if username not in before)
    title = "Ask a colleague for their part"
    against = () if doing.case.category == "complaint" and doing.case.logged_at else ("Only a complaint is answered in parts.",)
    fields = (
        doing.field("username", "Colleague", "select", choices=(("", "Choose a person"), *people)),
        doing.field("part", "What do you need from them?", "text", rows=3),
        _by_when(doing),
    )
    lead = ("They get a task, and say in their own name that their part is right (Code 6.20).",)
    return ActForm(title=title, button="Ask them", fields=fields, lead=lead, against=against)


def _by_when(doing: Doing) -> Field:
    label = "By when?"
    return (
        doing.field("on", label, "date") if doing.typed else Field(name="on", label=label, kind="date", parts=_in_time(doing))
    )


def _in_time(doing: Doing) -> tuple[str, str, str]:
    try:
        on: date = doing.acts.calendar.count(london_day(doing.acts.clock.now()), DAYS)[-1]
    except CalendarGap:
        return "", "", ""
    return str(on.day), str(on.month), str(on.year)


def _ask(doing: Doing) -> int:
    sent = doing.sent
    username, part, on = sent.line("username"), sent.text("part"), sent.date("on")
    return ask(doing.course, doing.case_id, doing.by, username=username, part=part, on=on)


def _sign_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        found = glance.get(Contributor, doing.of_number())
    title = "My part is right"
    if found is None or found.case_id != doing.case_id:
        return ActForm(title=title, button="Sign", against=("Nobody was asked for this.",))
    if found.username != doing.by:
        return ActForm(title=title, button="Sign", against=("Only who was asked for it can say that it is right (Code 6.20).",))
    lead = (f"You were asked for: {found.part}",)
    hidden = (("of", str(found.id)),)
    field = doing.field("words", "What you found, and what you agree to", "text", rows=6)
    return ActForm(title=title, button="Sign", fields=(field,), hidden=hidden, lead=lead)


def _sign(doing: Doing) -> int:
    return sign(doing.course, doing.case_id, doing.by, number=doing.of_number(), words=doing.sent.text("words"))


ACTS = {
    "stage2": ActPage(form=_begin_form, do=_begin),
    "ask-colleague": ActPage(form=_ask_form, do=_ask),
    "my-part": ActPage(form=_sign_form, do=_sign),
}
