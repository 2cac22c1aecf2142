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
    # A task leads here without a number: it is the one that is due first.
    found = sorted((row for row in left if doing.of() in {"", str(row.id)}), key=lambda row: (row.due_on is None, row.due_on))
    if not found:
        return ActForm(title=title, button=button, against=("No such order is open on this case.",))
    due = f", by {words.day(found[0].due_on)}" if found[0].due_on else ""
    hint = "For example, paid on 4 January 2027, and the letter is in the file"
    fields = (doing.field("outcome", "What was done, and what shows it?", "text", hint=hint),)
    return ActForm(
        title=title, button=button, lead=(f"{found[0].what}{due}",), fields=fields, hidden=(("of", str(found[0].id)),)
    )


def _done(doing: Doing) -> int:
    return orders.finish(doing.course, doing.case_id, named(doing), doing.of_number(), doing.sent.text("outcome"))


ACTS = {
    "ombudsman": ActPage(form=_told_form, do=_told),
    "order-done": ActPage(form=_done_form, do=_done),
}
