"""What an ombudsman told us about a case, and that what was ordered is done (Code 2.4, 9.7)."""

from __future__ import annotations

from desk.web import words
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import PARTS, ActForm
from desk.web.course_refusal_forms import named
from handlers.course import order_kinds, orders
from store.course_models import OmbudsmanOrder


def _told_form(doing: Doing) -> ActForm:
    offices = tuple((key, office.name) for key, office in order_kinds.offices(doing.acts.landlord).items())
    fields = (
        doing.field("office", "Which ombudsman?", "radios", before=offices[0][0], choices=offices),
        doing.field("kind", "What did they tell us?", "radios", choices=tuple(order_kinds.KINDS.items())),
        doing.field("told_on", "When?", "date", hint="The date of their letter"),
        doing.field("what", "In their words", "text", rows=4),
        doing.field("due_on", "By when is it to be done?", "date", hint="For an order, or a request for information"),
    )
    lead = ("An instruction to take the complaint on opens it at once: its dates run from the day of the instruction.",)
    return ActForm(title="The Ombudsman told us something", button="Save", lead=lead, fields=fields)


def _told(doing: Doing) -> int:
    sent = doing.sent
    due_on = sent.date("due_on") if any(sent.line(f"due_on-{part}") for part in PARTS) else None
    told = orders.Told(
        office=sent.line("office"),
        kind=sent.line("kind"),
        told_on=sent.date("told_on"),
        what=sent.text("what"),
        due_on=due_on,
    )
    return orders.record(doing.course, doing.case_id, named(doing), told)


def _done_form(doing: Doing) -> ActForm:
    title, button = "It is done, as the Ombudsman said", "Save"
    with doing.desk.glance() as glance:
        left = glance.find(OmbudsmanOrder, case_id=doing.case_id, done_at=None)
    if not left:
        return ActForm(title=title, button=button, against=("No such order is open on this case.",))
    # A panel names the order itself, a task only its own number.
    meant = next((row for row in left if doing.of() in {str(row.id), str(row.task_id)}), left[0])
    choices = tuple((str(row.id), f"{row.what}{f', by {words.day(row.due_on)}' if row.due_on else ''}") for row in left)
    hint = "For example, paid on 4 January 2027, and the letter is in the file"
    fields = (
        doing.field("of", "Which of them is done?", "radios", before=str(meant.id), choices=choices),
        doing.field("outcome", "What was done, and what shows it?", "text", hint=hint),
    )
    return ActForm(title=title, button=button, fields=fields)


def _done(doing: Doing) -> int:
    return orders.finish(doing.course, doing.case_id, named(doing), doing.of_number(), doing.sent.text("outcome"))


ACTS = {
    "ombudsman": ActPage(form=_told_form, do=_told),
    "order-done": ActPage(form=_done_form, do=_done),
}
