"""The forms of remedies: offered, approved, given, put for another day or for other points, and taken back (Code 5.13, 7.1 to 7.4)."""

from __future__ import annotations

from datetime import date

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import PARTS, ActForm, Field
from desk.web.course_promise_forms import READS, no_complaint
from handlers.course.money import pence_of, pounds
from handlers.course.remedies import (
    KINDS,
    Offer,
    approve_remedy,
    do_remedy,
    is_open,
    move_remedy,
    offer_remedy,
    point_remedy,
    waits,
    withdraw_remedy,
)
from handlers.rows import definition_of
from store.course_models import Remedy

NO_REMEDY = "There is no such remedy on this case, or it is finished."


def _remedy_form(doing: Doing) -> ActForm:
    limit = pounds(doing.course.limits.of(manager=doing.manager))
    return ActForm(
        title="Add a remedy",
        button="Add remedy",
        against=no_complaint(doing),
        lead=("It can be given at any time, before the answer too.", *_bands(doing)),
        links=_readings(doing),
        fields=(
            doing.field("kind", "What kind is it?", "select", choices=(("", "Choose one"), *KINDS.items())),
            doing.field("impact", "What did it do to the resident?", "text", hint="Who, how much and how long", rows=3),
            doing.field("what", "What do we do?", "text", hint="A sentence, as the letter is to put it", rows=2),
            *_which_points(doing),
            doing.field("amount", "Pounds, if it is money", hint=f"You may offer up to {limit}; above it, a manager approves"),
            doing.field("due", "By which day, if not at once?", "date", hint="For example, 4 1 2027. You can leave it empty"),
        ),
    )


def _bands(doing: Doing) -> tuple[str, ...]:
    bands = [band.words for band in doing.course.guidance.bands]
    return ("What our policy offers:", *bands) if bands else ()


def _readings(doing: Doing) -> tuple[tuple[str, str], ...]:
    return tuple((one.title, one.link) for one in doing.course.guidance.readings)


def _which_points(doing: Doing, remedy: Remedy | None = None) -> tuple[Field, ...]:
    definition = definition_of(doing.case.definition)
    if definition is None or len(definition.points) == 1:
        return ()
    choices = [(str(number), point.words) for number, point in enumerate(definition.points, 1)]
    named = {point["words"] for point in remedy.points or ()} if remedy is not None else set()
    ticked = tuple(number for number, words in choices if words in named)
    ask = "Which points does it put right?"
    return (doing.field("points", ask, "checks", hint="Tick none for all of them.", choices=choices, ticked=ticked),)


def _points(doing: Doing) -> tuple[int, ...]:
    return tuple(int(number) for number in doing.sent.column("points") if number.isascii() and number.isdigit())


def _perhaps_date(doing: Doing) -> date | None:
    sent = doing.sent
    return sent.date("due") if any(sent.line(f"due-{part}") for part in PARTS) else None


def _remedy(doing: Doing) -> int:
    sent = doing.sent
    offer = Offer(
        kind=sent.line("kind"),
        impact=sent.text("impact"),
        what=sent.text("what"),
        pence=pence_of(sent.line("amount")),
        due_on=_perhaps_date(doing),
        points=_points(doing),
    )
    return offer_remedy(doing.course, doing.case_id, doing.by, offer)


def _of_remedy(doing: Doing) -> Remedy | None:
    with doing.desk.glance() as glance:
        found = glance.get(Remedy, doing.of_number())
    return found if found is not None and found.case_id == doing.case_id and is_open(found) else None


def _told(doing: Doing, remedy: Remedy) -> tuple[str, ...]:
    amount = f", {pounds(remedy.pence)}" if remedy.pence is not None else ""
    said = (f"{KINDS[remedy.kind]}{amount}: {remedy.what}", f"What it did to the resident: {remedy.impact}")
    band = doing.course.guidance.band_of(remedy.pence)
    return (*said, f"Band of our policy: {band}") if band else said


def _points_form(doing: Doing) -> ActForm:
    remedy, title = _of_remedy(doing), "Say which points a remedy puts right"
    if remedy is None:
        return ActForm(title=title, button="Change remedy", against=(NO_REMEDY,))
    fields = _which_points(doing, remedy)
    against = () if fields else ("The complaint has one point, and every remedy is for it.",)
    of = (("of", doing.of()),)
    return ActForm(title=title, button="Change remedy", lead=_told(doing, remedy), against=against, fields=fields, hidden=of)


def _point(doing: Doing) -> int:
    return point_remedy(doing.course, doing.case_id, doing.by, doing.of_number(), _points(doing))


def _approve_form(doing: Doing) -> ActForm:
    remedy = _of_remedy(doing)
    title = "Approve a remedy"
    if remedy is None or not waits(remedy):
        return ActForm(title=title, button="Approve", against=("There is no remedy here that waits for you.",))
    against = ("You offered it, so somebody else has to approve it.",) if remedy.by == doing.by else ()
    against = against or (() if doing.manager else ("Only a manager can approve it.",))
    lead = (*_told(doing, remedy), f"Offered by {doing.called(remedy.by)}. To send it back, withdraw it with your reason.")
    of = (("of", doing.of()),)
    return ActForm(title=title, button="Approve", lead=lead, links=_readings(doing), against=against, hidden=of)


def _approve(doing: Doing) -> int:
    return approve_remedy(doing.course, doing.case_id, doing.by, doing.of_number())


def _given_form(doing: Doing) -> ActForm:
    remedy, title = _of_remedy(doing), "Remedy given"
    if remedy is None:
        return ActForm(title=title, button="Given", against=(NO_REMEDY,))
    fields = (doing.field("outcome", "When and how, and how can one see it?", "text", rows=3),)
    against = ("Nobody has approved it yet.",) if waits(remedy) else ()
    of = (("of", doing.of()),)
    return ActForm(title=title, button="Given", lead=_told(doing, remedy), against=against, fields=fields, hidden=of)


def _given(doing: Doing) -> int:
    return do_remedy(doing.course, doing.case_id, doing.by, doing.of_number(), doing.sent.text("outcome"))


def _day_form(doing: Doing) -> ActForm:
    remedy, title = _of_remedy(doing), "Give a remedy another day"
    if remedy is None:
        return ActForm(title=title, button="Change day", against=(NO_REMEDY,))
    fields = (doing.field("due", "By which day?", "date", hint="For example, 4 1 2027"), doing.why(hint=READS))
    of = (("of", doing.of()),)
    return ActForm(title=title, button="Change day", lead=_told(doing, remedy), fields=fields, hidden=of)


def _day(doing: Doing) -> int:
    sent = doing.sent
    due_on, why = sent.date("due"), sent.text("why")
    return move_remedy(doing.course, doing.case_id, doing.by, doing.of_number(), due_on=due_on, why=why)


def _withdraw_form(doing: Doing) -> ActForm:
    remedy, title = _of_remedy(doing), "Withdraw a remedy"
    if remedy is None:
        return ActForm(title=title, button="Withdraw remedy", against=(NO_REMEDY,))
    of = (("of", doing.of()),)
    return ActForm(
        title=title, button="Withdraw remedy", grave=True, lead=_told(doing, remedy), fields=(doing.why(hint=READS),), hidden=of
    )


def _withdraw(doing: Doing) -> int:
    return withdraw_remedy(doing.course, doing.case_id, doing.by, doing.of_number(), doing.sent.text("why"))


ACTS = {
    "remedy": ActPage(form=_remedy_form, do=_remedy),
    "remedy-day": ActPage(form=_day_form, do=_day),
    "remedy-points": ActPage(form=_points_form, do=_point),
    "remedy-approve": ActPage(form=_approve_form, do=_approve),
    "remedy-given": ActPage(form=_given_form, do=_given),
    "remedy-withdraw": ActPage(form=_withdraw_form, do=_withdraw),
}
