"""The forms of time: more time for an answer, a manager's word on it, an update to the resident, and why a date was missed."""

from __future__ import annotations

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from handlers.calendar import CalendarGap
from handlers.case_acts import Refused
from handlers.course.answer_points import FINDINGS
from handlers.course.breaches import CAUSES, say_cause
from handlers.course.early_findings import drafted_points
from handlers.course.extending import Later, Reach, approve, ended_words, extend, reach_of, send_back
from handlers.course.stages import RESPONDS, owed, stage_of
from handlers.course.updates import MOST_DAYS, open_updates, send_update
from handlers.letter_words import day
from store.course_models import Breach, Extension

NO_ANSWER = "No answer is owed on this case now, so there is no date to move."
NO_UPDATE = "No update is promised here, and the date has not passed: write a reply instead."
EVERY = "7"


def _reach(doing: Doing) -> tuple[Reach | None, str]:
    """Return how far the answer can be moved, or why it cannot."""
    try:
        stage = stage_of(doing.case)
        with doing.desk.glance() as glance:
            reach = reach_of(doing.course, glance, doing.case_id, stage)
            waits = bool(reach and glance.find(Extension, deadline_id=reach.deadline.id, state="proposed"))
    except (Refused, CalendarGap) as error:
        return None, f"{error}."
    if reach is None:
        return None, NO_ANSWER
    if doing.desk.now() > reach.deadline.due_at:
        return None, f"{ended_words(reach.deadline)}."
    return reach, "A later date waits for a manager already." if waits else ""


def _extend_form(doing: Doing) -> ActForm:
    reach, against = _reach(doing)
    title, button = "Take more time", "Move the date and tell the resident"
    if reach is None or against:
        return ActForm(title=title, button=button, against=(against,))
    old, limit = day(reach.deadline.due_on), day(reach.limit)
    return ActForm(
        title=title,
        button=button,
        lead=(
            f"The answer is owed by {old}. The letter goes at once, and must have left before that day ends.",
            "The Ombudsman's details stand in it, and the date of our next letter.",
        ),
        fields=(
            doing.field("new_on", "New date of the answer", "date", hint=f"Not after {limit} without a second reason"),
            doing.field(
                "reason",
                "Why is more time needed?",
                "text",
                hint="The resident reads this as you write it. Use short sentences.",
            ),
            doing.field(
                "every_days",
                "How many days between our letters meanwhile?",
                before=EVERY,
                hint=f"As agreed with the resident: 1 to {MOST_DAYS}",
            ),
            doing.field(
                "can_say", "What can you answer already?", "text", hint="Leave it empty if nothing. The resident reads it."
            ),
            *_found(doing),
            doing.field(
                "second_reason",
                f"Second reason, for a date after {limit}",
                "text",
                hint="A manager has to agree, and the letter goes then. The resident reads this too.",
                rows=2,
            ),
        ),
    )


def _found(doing: Doing) -> tuple[Field, ...]:
    """Ask which points of the drafted answer the letter tells already; nothing where none is written whole."""
    with doing.desk.glance() as glance:
        rows = drafted_points(glance, doing.case, stage_of(doing.case))
    if not rows:
        return ()
    choices = [
        (str(row["number"]), f"Point {row['number']}, {FINDINGS[row['finding']].lower()}: {row['words']}") for row in rows
    ]
    hint = "The letter tells the finding and the reasons as they stand in the draft of the answer."
    return (doing.field("points", "Which points can you answer already?", "checks", hint=hint, choices=choices),)


def _extend(doing: Doing) -> int:
    sent = doing.sent
    later = Later(
        new_on=sent.date("new_on"),
        reason=sent.text("reason"),
        every_days=sent.number("every_days"),
        can_say=sent.text("can_say"),
        second_reason=sent.text("second_reason"),
        points=tuple(int(number) for number in sent.column("points") if number.isascii() and number.isdigit()),
    )
    return extend(doing.course, doing.case_id, doing.by, later)


def _proposed(doing: Doing) -> Extension | None:
    """Return the later date that the form is about: the one that the address names, or the only one that waits."""
    with doing.desk.glance() as glance:
        found = glance.find(Extension, case_id=doing.case_id, state="proposed")
    named = [row for row in found if row.id == doing.of_number()]
    return next(iter(named or found), None)


def _answer_form(doing: Doing) -> ActForm:
    title, button = "Agree to more time", "Answer"
    row = _proposed(doing)
    if row is None:
        return ActForm(title=title, button=button, against=("No later date waits for a manager's word.",))
    against = ("A manager has to agree to a date beyond the limit, and never whoever proposed it (Code 6.4).",)
    return ActForm(
        title=title,
        button=button,
        against=() if doing.manager and doing.by != row.by else against,
        lead=(
            f"{doing.called(row.by)} asks to move the answer from {day(row.old_due_on)} to {day(row.new_due_on)}.",
            f"First reason: {row.reason}",
            f"Second reason: {row.second_reason}",
            *_told_early(row),
            f"The letter goes when you agree, and must have left before {day(row.old_due_on)} ends.",
        ),
        fields=(
            doing.field("word", "What do you say?", "radios", choices=(("agree", "I agree"), ("back", "The old date stands"))),
            doing.why("Why, where the old date stands"),
        ),
        hidden=(("of", str(row.id)),),
    )


def _told_early(row: Extension) -> tuple[str, ...]:
    """Return what the letter answers already, for whoever agrees to it."""
    known = [f"It says already: {row.can_say}"] if row.can_say else []
    found = [
        f"Point {point['number']}: {FINDINGS[point['finding']].lower()}. {point['reasons']}" for point in row.findings or ()
    ]
    return (*known, *found)


def _answer(doing: Doing) -> int:
    sent, number = doing.sent, doing.of_number()
    if sent.line("word") == "agree":
        return approve(doing.course, doing.case_id, doing.by, number)
    if sent.line("word") != "back":
        raise Refused("Choose one", "word")
    return send_back(doing.course, doing.case_id, doing.by, number, sent.text("why"))


def _update_form(doing: Doing) -> ActForm:
    title, button = "Tell the resident how it stands", "Send the update"
    try:
        stage = stage_of(doing.case)
    except Refused as refused:
        return ActForm(title=title, button=button, against=(f"{refused}.",))
    with doing.desk.glance() as glance:
        promised = open_updates(glance, doing.case_id)
        answer = owed(glance, doing.case_id, RESPONDS[stage])
    if not promised and (answer is None or answer.due_at >= doing.desk.now()):
        return ActForm(title=title, button=button, against=(NO_UPDATE,))
    lead = [f"One is promised by {day(promised[-1].due_on)}." if promised else "The answer is late, and no update stands."]
    lead.append(
        "The date of the answer, or that it is late, stands in the letter by itself, and so does the date of the next update."
    )
    hint = "What was done since, and what comes now. The resident reads this as you write it."
    return ActForm(
        title=title,
        button=button,
        lead=tuple(lead),
        fields=(doing.field("words", "How does it stand?", "text", hint=hint, rows=8),),
    )


def _update(doing: Doing) -> int:
    return send_update(doing.course, doing.case_id, doing.by, doing.sent.text("words"))


def _breach(doing: Doing) -> Breach | None:
    with doing.desk.glance() as glance:
        found = [row for row in glance.find(Breach, case_id=doing.case_id) if row.cause is None]
    told = doing.asked.get("missed", "") if doing.typed is None else doing.of()
    # A task's own link names the task.
    named = [row for row in found if (str(row.id) == told if told else row.task_id == doing.of_number())]
    return next(iter(named or found), None)


def _cause_form(doing: Doing) -> ActForm:
    title, button = "Say why a date was missed", "Keep the cause"
    row = _breach(doing)
    if row is None:
        return ActForm(title=title, button=button, against=("No date was missed here that has no cause yet.",))
    return ActForm(
        title=title,
        button=button,
        lead=(f"It was owed by {day(row.due_on)}. The resident is not sent this. It helps us to do better.",),
        fields=(
            doing.field("kind", "What kind of cause was it?", "radios", choices=tuple(CAUSES.items())),
            doing.field("cause", "What happened?", "text", rows=3),
        ),
        hidden=(("of", str(row.id)),),
    )


def _cause(doing: Doing) -> int:
    sent = doing.sent
    return say_cause(doing.course, doing.case_id, doing.by, doing.of_number(), kind=sent.line("kind"), cause=sent.text("cause"))


ACTS = {
    "more-time": ActPage(form=_extend_form, do=_extend),
    "more-time-answer": ActPage(form=_answer_form, do=_answer),
    "progress": ActPage(form=_update_form, do=_update),
    "missed-date": ActPage(form=_cause_form, do=_cause),
}
