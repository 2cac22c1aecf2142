"""Acts on who complains and how it is weighed: the assessment, what somebody is to us, and who may speak for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desk.web import chat_words
from desk.web.case_doing import ActPage, Doing
from desk.web.case_forms import PARTS, ActForm, Field, Typed
from handlers.course import assessing, complainants, representatives
from handlers.course.speaking import ASKED_TASK
from store.models import Message, Party, Task

LABELS = {
    "complexity": "How complex is it?",
    "vulnerability": "Is somebody vulnerable?",
    "risk": "What if it waits?",
}


def _assess_form(doing: Doing) -> ActForm:
    fields = tuple(
        doing.field(name, LABELS[name], "radios", before=getattr(doing.case, name) or "", choices=tuple(choices.items()))
        for name, choices in assessing.QUESTIONS.items()
    )
    note = doing.field("why", "Anything to add?", "text", hint="You can leave this empty", rows=2)
    lead = (
        "All three are needed before an officer is given the complaint (Code 6.1). No date changes by it.",
        "Where somebody could be harmed by waiting, a task puts it first in the queue.",
    )
    return ActForm(title="Assess the complaint", button="Save", lead=lead, fields=(*fields, note))


def _assess(doing: Doing) -> int:
    said = {name: doing.sent.line(name) for name in assessing.QUESTIONS}
    return assessing.assess(doing.acts, doing.case_id, doing.by, said, doing.sent.text("why"))


def _complainant_form(doing: Doing) -> ActForm:
    choices, case = (("", "Choose"), *complainants.KINDS.items()), doing.case
    fields = (
        doing.field("kind", "What are they to us?", "select", before=case.complainant_kind or "", choices=choices),
        _day(
            doing,
            "lived_until",
            "Until when did they live there?",
            case.lived_until,
            "Of former residents. Leave it empty if it is not known",
        ),
        _day(doing, "matter_on", "When did it happen?", case.matter_on, "Of former residents. Where it went on: the last time"),
        doing.field(
            "note",
            "What should be known of that?",
            "text",
            hint="Of former residents: why the day is not known. Of neighbours and others: how discretion was used.",
            rows=3,
        ),
    )
    lead = ("Nobody is turned away by this: where it is not known, a task asks, and the case goes on.",)
    return ActForm(title="Say who complains", button="Save", lead=lead, fields=fields)


def _complainant(doing: Doing) -> int:
    sent = doing.sent
    there = complainants.Lived(until=_perhaps(sent, "lived_until"), matter_on=_perhaps(sent, "matter_on"))
    return complainants.say_complainant(doing.acts, doing.case_id, doing.by, sent.line("kind"), sent.text("note"), there=there)


def _day(doing: Doing, name: str, label: str, on: date | None, hint: str) -> Field:
    """Return a question for a date that may be left empty, with the one that stands filled in."""
    field = doing.field(name, label, "date", hint=hint)
    return field if doing.typed or on is None else replace(field, parts=(str(on.day), str(on.month), str(on.year)))


def _perhaps(sent: Typed, name: str) -> date | None:
    """Return a date that was typed, or nothing where its parts were left empty."""
    return sent.date(name) if any(sent.line(f"{name}-{part}") for part in PARTS) else None


def _authority_form(doing: Doing) -> ActForm:
    with doing.desk.glance() as glance:
        parties = glance.find(Party, case_id=doing.case_id)
        tasks = glance.find(Task, case_id=doing.case_id, kind=[ASKED_TASK, representatives.WAITS], closed_at=None)
        message = glance.get(Message, tasks[0].message_id) if tasks and tasks[0].message_id is not None else None
    people = tuple((party.address, f"{party.name or ''} {chat_words.address(party.address)}".strip()) for party in parties)
    first = (message.sender_address or "").lower() if message is not None else ""
    speaks = next((party for party in parties if party.role in representatives.KINDS), None)
    role = speaks.role if speaks is not None else "representative"
    fields = (
        doing.field("address", "Who speaks?", "select", before=first or (speaks.address if speaks else ""), choices=people),
        doing.field("kind", "What are they?", "select", before=role, choices=tuple(representatives.KINDS.items())),
        doing.field("state", "May they?", "radios", choices=tuple(representatives.CHOICES.items())),
        doing.field("evidence", "What shows it, or why", "text", hint="Not needed to ask them", rows=3),
        doing.field("resident_name", "Who is the resident?", hint="If you know it, and it is not on the case"),
        doing.field("resident_address", "The resident's email address", "email", hint="If you know it"),
    )
    lead = (
        "The clock of the complaint runs from the day on which it came in, whatever you find.",
        "Until authority is held, answers go to the resident and not to whoever speaks for them.",
    )
    return ActForm(title="Say who speaks for the resident", button="Save", lead=lead, fields=fields)


def _authority(doing: Doing) -> int:
    sent = doing.sent
    found = representatives.Finding(
        address=sent.line("address"),
        kind=sent.line("kind"),
        state=sent.line("state"),
        evidence=sent.text("evidence"),
        resident_name=sent.line("resident_name"),
        resident_address=sent.line("resident_address"),
    )
    return representatives.settle(doing.course, doing.case_id, doing.by, found)


ACTS = {
    "assess": ActPage(form=_assess_form, do=_assess),
    "complainant": ActPage(form=_complainant_form, do=_complainant),
    "authority": ActPage(form=_authority_form, do=_authority),
}
