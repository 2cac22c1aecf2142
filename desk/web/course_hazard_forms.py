"""Acts about hazards: assess, looked into, summary, made safe, works, somewhere to stay, changed (SI 2025/1042)."""

from __future__ import annotations

from dataclasses import replace

from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import ActForm, Field
from desk.web.hazard_words import hazard_line
from handlers.case_acts import Refused
from handlers.clock import LONDON, london_day
from handlers.hazards import assessing, telling, working
from handlers.hazards.assessing import Assessed
from handlers.hazards.catalogue import LEVELS, TENURES, hazards
from handlers.hazards.taken import i_have_it
from handlers.letter_words import day
from store.hazard_models import Hazard
from store.models import Message

KINDS = tuple((kind, f"{row.name} ({row.example})" if row.example else row.name) for kind, row in hazards().items())
LATER = "Assess the hazard first: nothing runs here yet."
QUOTED = 600
"""Characters of a message that a form repeats."""


def _hazard(doing: Doing) -> Hazard | None:
    """Return the hazard that the form is about: the one named, else the newest that is open."""
    with doing.desk.glance() as glance:
        found = [row for row in glance.find(Hazard, case_id=doing.case_id) if row.replaced_by is None]
    number = doing.of_number()
    named = [row for row in found if row.id == number]
    standing = [row for row in found if row.ended_at is None]
    return next(iter(named or standing[-1:]), None)


def _about(doing: Doing, title: str, button: str, fields: tuple[Field, ...], *lead: str) -> ActForm:
    hazard = _hazard(doing)
    if hazard is None:
        return ActForm(title=title, button=button, against=(LATER,))
    return ActForm(
        title=title, button=button, fields=fields, hidden=(("of", str(hazard.id)),), lead=(hazard_line(hazard), *lead)
    )


def _number(doing: Doing) -> int:
    hazard = _hazard(doing)
    if hazard is None or hazard.id is None:
        raise Refused(LATER)
    return hazard.id


def _today(doing: Doing, name: str, label: str, hint: str = "") -> Field:
    """Return a question for a date, with today filled in: most acts are kept on the day itself."""
    found = doing.field(name, label, "date", hint=hint)
    now = london_day(doing.desk.now())
    return found if doing.typed else replace(found, parts=(str(now.day), str(now.month), str(now.year)))


def _assess_fields(doing: Doing) -> tuple[Field, ...]:
    return (
        doing.field("level", "How dangerous is it?", "radios", choices=tuple(LEVELS.items())),
        doing.field("kind", "What is it?", "select", choices=(("", "Choose a hazard"), *KINDS)),
        doing.field("tenure", "Whose home is it?", "radios", choices=tuple(TENURES.items()), before="unknown"),
        doing.field(
            "reasons", "Why do you think so?", "text", rows=3, hint="Think of everybody in the home, and their health."
        ),
    )


def _message_of(doing: Doing) -> Message | None:
    number = doing.of_number()
    with doing.desk.glance() as glance:
        found = glance.get(Message, number) if number > 0 else None
    return found if found is not None and found.case_id == doing.case_id else None


def _assess_form(doing: Doing) -> ActForm:
    lead = ["The law counts from when the message came in, not from now."]
    message = _message_of(doing)
    if message is not None and message.new_text:
        lead.append(f"They wrote on {day(london_day(message.received_at))}: “{message.new_text[:QUOTED]}”")
    hidden = (("of", doing.of()),)
    return ActForm(
        title="Assess a hazard", button="Keep the assessment", fields=_assess_fields(doing), hidden=hidden, lead=tuple(lead)
    )


def _assessed(doing: Doing) -> Assessed:
    sent = doing.sent
    return Assessed(level=sent.line("level"), kind=sent.line("kind"), tenure=sent.line("tenure"), reasons=sent.text("reasons"))


def _assess(doing: Doing) -> int:
    message = _message_of(doing)
    number = message.id if message is not None else None
    return assessing.assess(doing.course, doing.case_id, doing.by, _assessed(doing), message_id=number)


def _again_form(doing: Doing) -> ActForm:
    lead = "What runs for it ends, and what is owed now counts from the message that told of the change."
    return _about(doing, "Something about a hazard has changed", "Keep the new assessment", _assess_fields(doing), lead)


def _again(doing: Doing) -> int:
    return assessing.assess_again(doing.course, doing.case_id, doing.by, _assessed(doing), hazard_id=_number(doing))


def _looked_form(doing: Doing) -> ActForm:
    fields = (
        _today(doing, "on", "On which day did the investigation end?"),
        doing.field("outcome", "What came of it?", "radios", choices=tuple(working.FOUND.items())),
        doing.field("found", "What was found?", "text", rows=5, hint="The tenant's summary begins with these words."),
    )
    return _about(doing, "The hazard was looked into", "Keep what was found", fields)


def _looked(doing: Doing) -> int:
    sent = doing.sent
    on, outcome, found = sent.date("on"), sent.line("outcome"), sent.text("found")
    return working.investigated(doing.course, doing.case_id, doing.by, _number(doing), on=on, outcome=outcome, found=found)


def _summary_form(doing: Doing) -> ActForm:
    hazard = _hazard(doing)
    found, name = (hazard.found or "" if hazard else ""), doing.case.resident_name or ""
    fields = (
        doing.field("tenant", "The tenant's name", before=name, hint="The summary is owed to the named tenant."),
        doing.field("found", "What was found", "text", before=found, rows=5),
        doing.field("doing", "What will be done, and by when", "text", rows=5, hint="A line that begins with - is an item."),
    )
    return _about(doing, "Send the written summary", "Send the summary", fields, "It is sent at once, in your name.")


def _summary(doing: Doing) -> int:
    sent = doing.sent
    told = {"tenant": sent.line("tenant"), "found": sent.text("found"), "doing": sent.text("doing")}
    return telling.send_summary(doing.course, doing.case_id, doing.by, _number(doing), **told)


def _given_form(doing: Doing) -> ActForm:
    fields = (
        _today(doing, "on", "On which day did the tenant get it?"),
        doing.field("how", "How?", "line", hint="For example, on paper at the visit"),
    )
    return _about(doing, "The summary was given another way", "Keep that it was given", fields)


def _given(doing: Doing) -> int:
    sent = doing.sent
    return telling.summary_given(
        doing.course, doing.case_id, doing.by, _number(doing), on=sent.date("on"), how=sent.text("how")
    )


def _safe_form(doing: Doing) -> ActForm:
    clock = f"{doing.desk.now().astimezone(LONDON):%H:%M}"
    fields = (
        _today(doing, "on", "On which day was it made safe?"),
        doing.field("clock", "At what time?", before=clock, hint="For example, 21:15"),
        doing.field("how", "What was done?", "text", rows=3),
        doing.field("works", "Do further works follow?", "radios", choices=tuple(working.WORKS.items())),
    )
    return _about(doing, "The hazard was made safe", "Keep that it is safe", fields)


def _safe(doing: Doing) -> int:
    sent = doing.sent
    at = working.instant(sent.date("on"), sent.line("clock"))
    told = {"how": sent.text("how"), "works": sent.line("works")}
    return working.made_safe(doing.course, doing.case_id, doing.by, _number(doing), at=at, **told)


def _begun_form(doing: Doing) -> ActForm:
    fields = (
        _today(doing, "on", "On which day did works begin in the home?"),
        doing.field("what", "What was begun?", "text", rows=3),
    )
    return _about(doing, "Further works began", "Keep that works began", fields)


def _begun(doing: Doing) -> int:
    sent = doing.sent
    return working.works_begun(
        doing.course, doing.case_id, doing.by, _number(doing), on=sent.date("on"), what=sent.text("what")
    )


def _stay_form(doing: Doing) -> ActForm:
    fields = (
        doing.why("Why can it not be made safe in time?"),
        doing.field("stay", "Somewhere else to stay", "radios", choices=tuple(working.STAYS.items())),
        doing.field("on", "On which day did they move?", "date", hint="Leave it empty while it is still to be found"),
    )
    lead = "The landlord owes suitable alternative accommodation, at its own cost, until the home is safe."
    return _about(doing, "It cannot be made safe in time", "Keep this", fields, lead)


def _stay(doing: Doing) -> int:
    sent = doing.sent
    on = sent.date("on") if sent.line("stay") == "offered" else None
    why, stay = sent.text("why"), sent.line("stay")
    return working.cannot_be_safe(doing.course, doing.case_id, doing.by, _number(doing), why=why, stay=stay, on=on)


def _have_form(_doing: Doing) -> ActForm:
    return ActForm(title="I have it", button="I have it", lead=("Nobody else is called about this emergency any more.",))


def _have(doing: Doing) -> int:
    return i_have_it(doing.acts, doing.case_id, doing.by)


ACTS: dict[str, ActPage] = {
    "hazard": ActPage(form=_assess_form, do=_assess),
    "hazard-changed": ActPage(form=_again_form, do=_again),
    "hazard-looked": ActPage(form=_looked_form, do=_looked),
    "hazard-summary": ActPage(form=_summary_form, do=_summary),
    "hazard-summary-given": ActPage(form=_given_form, do=_given),
    "hazard-safe": ActPage(form=_safe_form, do=_safe),
    "hazard-works": ActPage(form=_begun_form, do=_begun),
    "hazard-stay": ActPage(form=_stay_form, do=_stay),
    "i-have-it": ActPage(form=_have_form, do=_have),
}
