"""Who and where a resident is goes onto their case when they were asked for it; the case never waited for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.address_confirmation import AddressConfirmation
from handlers.casework import Pages
from handlers.details import Details, details_in
from handlers.rows import event_row
from handlers.understanding import Understood
from store.chat_models import Question
from store.chat_rows import open_question
from store.models import Case, Party
from store.unit import Unit


def take_details(
    unit: Unit, case: Case, message: Understood, conversation: str, *, pages: Pages, confirmation: AddressConfirmation
) -> None:
    """Fill what the case lacks with what the resident says of themselves, where that was asked for and is not answered yet.

    A mail address is written to, so that they can show it to be theirs; before that it belongs to nobody on the case.
    """
    asked = open_question(unit, conversation, "details")
    told = details_in(message.reading.new_text) if asked is not None else Details()
    if told.email and confirmation.own.hold(told.email):
        told = replace(told, email=None)
    if asked is None or not told.found() or case.id is None:
        return
    given: dict[str, Any] = {"resident_name": told.name, "home": told.home, "resident_phone": told.phone}
    # What is known already is never overwritten: colleagues may have put it right.
    fresh = {name: value for name, value in given.items() if value and not getattr(case, name)}
    if fresh:
        unit.update(Case, case.id, **fresh)
    if told.email:
        _ask_whether_theirs(unit, case, message, conversation, told.email, pages=pages, confirmation=confirmation)
    why = "the resident said who they are, or where to reach them; it is their own word"
    pages.events.append(event_row(case.id, "details_given", why, pages.now, message=message.arrival.id, found=told.found()))
    if asked.id is not None and (told.name or told.home):
        unit.update(Question, asked.id, answered_at=pages.now, answer=", ".join(told.found()), answered_by=message.arrival.id)


def _ask_whether_theirs(
    unit: Unit,
    case: Case,
    message: Understood,
    conversation: str,
    email: str,
    *,
    pages: Pages,
    confirmation: AddressConfirmation,
) -> None:
    if unit.find(Party, case_id=case.id, address=email):
        return
    if confirmation.asked_lately(unit, email, pages.now):
        why = "they gave a mail address; whether it is theirs has been asked there within a day, and is not asked again"
        pages.events.append(event_row(case.id or 0, "noted", why, pages.now, message=message.arrival.id))
        return
    pages.letters.append(confirmation.letter(case, message.arrival.id, conversation, email, pages.now))
