"""Acts about a resident's adjustments, calls to them, and letters that people carry (Code 5.10, policy 4.3.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from desk.web.words import LETTERS, said
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.course.sent import kind_of
from handlers.letter_words import day
from handlers.people import adjustments, calls, posted
from handlers.people.known import adjustments_of, person_of, wishes_of_case
from handlers.people.wishes import ADJUSTMENTS
from handlers.surveys import stopping
from store.models import Message, OutboxEntry, Task
from store.people_models import Adjustment

GONE = "There is no such adjustment of this resident, or it was ended already."
QUOTED = 1_000
"""Characters of a message that a form repeats."""
DISABILITY_HINT = (
    "Leave it empty unless they told you and it helps to keep to what was agreed. Only managers and whoever works on the case see it: "
    "no list, letter, history or export does."
)


def dated(doing: Doing, name: str, label: str, on: date, hint: str = "") -> Field:
    """Return a question for a date, with this one filled in until another is typed."""
    field = doing.field(name, label, "date", hint=hint)
    return field if doing.typed else replace(field, parts=(str(on.day), str(on.month), str(on.year)))


def _today(doing: Doing) -> date:
    return london_day(doing.desk.now())


def _message_asking(doing: Doing) -> Message | None:
    """Return the message that asks for an adjustment: the one named, or the one that an open task is about."""
    named = doing.typed.line("message") if doing.typed else doing.asked.get("message", "")
    with doing.desk.glance() as glance:
        open_ = glance.find(Task, case_id=doing.case_id, kind=adjustments.ASKED, closed_at=None)
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 10 else None  # noqa: PLR2004  # fits any column
        number = number or next((task.message_id for task in open_), None)
        found = glance.get(Message, number) if number else None
    return found if found is not None and found.case_id == doing.case_id else None


def _agree_form(doing: Doing) -> ActForm:
    message, today = _message_asking(doing), _today(doing)
    lead = ["It holds for the resident, on this case and every other: letters, replies and calls keep to it at once."]
    if message is not None and message.new_text:
        lead.append(f"They wrote on {day(london_day(message.received_at))}: “{message.new_text[:QUOTED]}”")
    return ActForm(
        title="Agree an adjustment",
        button="Keep what was agreed",
        lead=tuple(lead),
        hidden=(("message", str(message.id) if message else ""),),
        fields=(
            doing.field("kind", "What was agreed?", "radios", choices=tuple(ADJUSTMENTS.items())),
            doing.field("words", "In words", "text", hint="For example, letters in 24 point, on yellow paper", rows=3),
            dated(doing, "agreed_on", "When was it agreed?", today),
            doing.field("agreed_with", "With whom?", before=doing.case.resident_name or ""),
            doing.field("disability", "A disability that they told us of", "text", hint=DISABILITY_HINT, rows=2),
            dated(doing, "review_on", "When is it looked at again?", today + adjustments.ORDINARY_REVIEW),
        ),
    )


def _agree(doing: Doing) -> int:
    sent = doing.sent
    agreed = adjustments.Agreed(
        kind=sent.line("kind"),
        words=sent.text("words"),
        agreed_on=sent.date("agreed_on"),
        agreed_with=sent.line("agreed_with"),
        review_on=sent.date("review_on"),
        disability=sent.text("disability"),
        message_id=sent.number("message") if sent.line("message") else None,
    )
    return adjustments.agree(doing.acts, doing.case_id, doing.by, agreed)


def _standing(doing: Doing) -> Adjustment | None:
    with doing.desk.glance() as glance:
        rows = adjustments_of(glance, person_of(glance, doing.case))
    return next((row for row in rows if row.id == doing.of_number()), None)


def _review_form(doing: Doing) -> ActForm:
    row, title = _standing(doing), "Look at an adjustment again"
    if row is None:
        return ActForm(title=title, button="Save", against=(GONE,))
    said_of = f"{ADJUSTMENTS.get(row.kind, row.kind)}, agreed with {row.agreed_with} on {day(row.agreed_on)}."
    choices = (("keep", "It still helps: keep it"), ("end", "End it"))
    return ActForm(
        title=title,
        button="Save",
        lead=(said_of, "Ask them whether it still helps before you decide."),
        hidden=(("of", str(row.id)),),
        fields=(
            doing.field("outcome", "What did you decide?", "radios", choices=choices),
            doing.field("words", "In words", "text", before=row.words, rows=3),
            dated(doing, "review_on", "When is it looked at again?", _today(doing) + adjustments.ORDINARY_REVIEW),
            doing.why(),
        ),
    )


def _review(doing: Doing) -> int:
    sent, number = doing.sent, doing.of_number()
    if sent.line("outcome") == "end":
        return adjustments.end(doing.acts, doing.case_id, doing.by, number, why=sent.text("why"))
    if sent.line("outcome") != "keep":
        raise Refused("Choose what you decided", "outcome")
    kept = {"words": sent.text("words"), "why": sent.text("why")}
    return adjustments.keep(doing.acts, doing.case_id, doing.by, number, review_on=sent.date("review_on"), **kept)


def _rang_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        may_ring = wishes_of_case(glance, doing.case).calls
    number = doing.case.resident_phone
    lead = f"Their number is {number}." if number else "No number of theirs is on the case."
    against = () if may_ring else ("It was agreed that nobody rings them.",)
    fields = (
        doing.field("outcome", "What came of the call?", "radios", choices=tuple(calls.OUTCOMES.items())),
        doing.field("words", "What was said", "text", hint="What a colleague should know. It stands in the history.", rows=4),
    )
    return ActForm(title="Note a call to the resident", button="Note the call", lead=(lead,), fields=fields, against=against)


def _rang(doing: Doing) -> int:
    return calls.rang(doing.acts, doing.case_id, doing.by, doing.sent.line("outcome"), doing.sent.text("words"))


def _posted_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        letter = glance.get(OutboxEntry, doing.of_number())
        carried = wishes_of_case(glance, doing.case).carried
    title = "Say that a letter went"
    if letter is None or letter.case_id != doing.case_id or not posted.waits(letter):
        return ActForm(title=title, button="It went", against=(f"{posted.NOT_WAITING}.",))
    written = f"{said(LETTERS, kind_of(letter.kind))}, written on {day(london_day(letter.created_at))}: {letter.subject}"
    agreed = (f"Agreed with the resident: letters {carried}.",) if carried else ()
    return ActForm(
        title=title,
        button="It went",
        lead=(written, *agreed),
        hidden=(("of", str(letter.id)),),
        fields=(
            doing.field("way", "How did it go?", "radios", before="post", choices=tuple(posted.WAYS.items())),
            dated(doing, "on", "When?", _today(doing)),
            doing.field("to", "Where to", before=doing.case.home or "", hint="The address, or the number you rang"),
        ),
    )


def _posted(doing: Doing) -> int:
    sent = doing.sent
    how = posted.Carried(way=sent.line("way"), on=sent.date("on"), to=sent.line("to"))
    return posted.posted(doing.acts, doing.case_id, doing.by, doing.of_number(), how)


def _surveys_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        stopped = stopping.standing(glance, doing.case)
    now = "They asked for no more invitations." if stopped else "They may be invited after a case has ended."
    choices = (("again", "They may be invited again"),) if stopped else (("stop", "They want no more invitations"),)
    return ActForm(
        title="Invite the resident to surveys, or not",
        button="Keep it",
        lead=(f"{now} It holds for the resident on every case. No case and no answer depends on it.",),
        fields=(
            doing.field("wish", "What is to be kept?", "radios", choices=choices),
            doing.field("why", "How do you know?", "text", hint="For example, they said so on the telephone", rows=2),
        ),
    )


def _surveys(doing: Doing) -> int:
    return stopping.settle(doing.acts, doing.case_id, doing.by, doing.sent.line("wish"), why=doing.sent.text("why"))


ACTS = {
    "adjust": ActPage(form=_agree_form, do=_agree),
    "adjust-review": ActPage(form=_review_form, do=_review),
    "rang": ActPage(form=_rang_form, do=_rang),
    "posted": ActPage(form=_posted_form, do=_posted),
    "surveys": ActPage(form=_surveys_form, do=_surveys),
}
