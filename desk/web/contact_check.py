"""Whether a contact can be logged as typed: each thing to mend under its field, in a sentence; else the facts to keep."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import HTTPException

from classifiers.taxonomy import Category, Flag, Reason
from desk.web import words
from desk.web.access import open_case
from desk.web.contact_draft import LABELS, LINE, LONGEST, Draft
from desk.web.contact_numbers import telephone
from desk.web.contact_times import Unclear, is_late, missed, received
from desk.web.desk import Desk
from desk.web.rights import Person
from handlers.addresses import usable
from intake.contact_facts import WAYS, LoggedContact
from store.contact_rows import Caller, cases_of_caller
from store.models import Case, CaseStatus

EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]]{1,64}@[^\s@<>(),;:\"\[\]]{1,255}")


@dataclass(kw_only=True, slots=True)
class Checked:
    """What came of a look at the form: sentences by field, none when the contact can be logged."""

    errors: dict[str, str] = field(default_factory=dict)
    contact: LoggedContact | None = None
    alike: list[Case] = field(default_factory=list)
    """Open cases of the same person, to choose from."""
    late_for: str = ""
    """The receipt for which a deadline has passed already, as the form's tick confirms it."""


def check_first(draft: Draft) -> dict[str, str]:
    """Return what is to be mended in the two fields of the first page."""
    errors = {}
    if draft.way not in WAYS:
        errors["way"] = "Choose how it came"
    if not draft.words:
        errors["words"] = "Write down what was said or written"
    return errors | _too_long(draft)


def check(draft: Draft, desk: Desk, person: Person) -> Checked:
    """Look at the whole form; what it asks of the store it asks as this person."""
    checked, now = Checked(errors=check_first(draft)), desk.now()
    errors = checked.errors
    phone = telephone(draft.phone)
    if draft.phone and phone is None:
        errors["phone"] = "Write the telephone number in digits, such as 07700 900123"
    if draft.email and not (EMAIL.fullmatch(draft.email) and usable(draft.email)):
        errors["email"] = "Write the email address like name@example.org, or leave it empty"
    if draft.category == Category.OUT_OF_SCOPE and draft.reason not in set(Reason):
        errors["reason"] = "Say why it is out of scope"
    at = _received(draft, desk, now, checked)
    reference = _case(draft, desk, person, errors)
    caller = Caller(email=draft.email or None, phone=phone, name=draft.name or None, home=draft.home or None)
    if draft.whole and reference is None and draft.belongs != "new" and person.reads:
        _ask_about(caller, desk, person, checked)
    if not errors:
        checked.contact = _contact(draft, caller, person, at=at, now=now, reference=reference)
    return checked


def _received(draft: Draft, desk: Desk, now: datetime, checked: Checked) -> datetime:
    try:
        at = received(draft.day, draft.month, draft.year, draft.time, now)
    except Unclear as unclear:
        checked.errors[unclear.field] = str(unclear)
        return now
    if is_late(at, now) and not draft.late_why:
        checked.errors["late_why"] = "Say why it is logged only now: the reason stays on the case with the true date"
    due = missed(at, now, desk.house.calendar)
    if due is not None:
        checked.late_for = at.isoformat()
        if draft.late_ok != checked.late_for:
            checked.errors["late_ok"] = (
                f"Received on {words.day(at)}, a complaint had to be acknowledged by {words.day(due.due_on)}. "
                "Tick to say that the date is right, or mend it"
            )
    return at


def _case(draft: Draft, desk: Desk, person: Person, errors: dict[str, str]) -> str | None:
    """Return the reference of the case that the contact is to join, if the colleague named or chose one."""
    chosen = draft.reference or (draft.belongs if draft.belongs != "new" else "")
    if not chosen:
        return None
    where = "reference" if draft.reference else "belongs"
    if not person.reads:
        errors[where] = "You open no cases: write the reference into the words, and leave this empty"
        return None
    try:
        case = open_case(desk, person, chosen).case
    except HTTPException:
        errors[where] = "No case of this reference is open to you: compare it with the letter, or leave it empty"
        return None
    if case.status is CaseStatus.CLOSED:
        errors[where] = f"{case.reference} is closed: leave this empty, and link the new case to it afterwards"
    return case.reference


def _ask_about(caller: Caller, desk: Desk, person: Person, checked: Checked) -> None:
    with desk.glance() as glance:
        found = cases_of_caller(glance, caller, person.username, sees_restricted=person.sees_restricted)
    if found:
        checked.alike = found
        checked.errors["belongs"] = "The same person has an open case: say whether this belongs to it"


def _contact(
    draft: Draft, caller: Caller, person: Person, *, at: datetime, now: datetime, reference: str | None
) -> LoggedContact:
    judged = draft.category if draft.category in set(Category) else None
    return LoggedContact(
        id=draft.id,
        way=draft.way,
        words=draft.words,
        logged_by=person.username,
        logged_by_name=person.name,
        logged_at=now,
        received_at=at,
        late_why=draft.late_why or None,
        name=caller.name,
        email=caller.email,
        phone=caller.phone,
        home=caller.home,
        behalf=draft.behalf or None,
        category=judged,
        reason=draft.reason if judged == Category.OUT_OF_SCOPE else None,
        flags=tuple(flag for flag in draft.flags if flag in set(Flag)),
        belongs_to=reference,
    )


def _too_long(draft: Draft) -> dict[str, str]:
    limits = {name: LONGEST.get(name, LINE) for name in LABELS}
    long = {name: most for name, most in limits.items() if len(getattr(draft, name)) > most}
    return {name: f"{LABELS[name]}: at most {most:,} characters can be kept here" for name, most in long.items()}
