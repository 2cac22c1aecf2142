"""Whose button was pressed: a button names a case, which proves nothing; whoever pressed it must belong there (promise 8)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.choices import Choice, pressed
from handlers.follow_ups import Claim
from handlers.going_on import goes_on_in
from intake.chat import ChatFacts
from store.casefile import cases_by_ids
from store.chat_rows import conversations
from store.lookups import hold_case
from store.models import Case, Party
from store.unit import Unit


def case_of_talk(unit: Unit, chat: ChatFacts) -> Case | None:
    """Return the case that the conversation is about."""
    talk = conversations(unit, [chat.conversation]).get(chat.conversation)
    return cases_by_ids(unit, [talk.case_id]).get(talk.case_id) if talk is not None and talk.case_id is not None else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """An answer by button, the case that it concerns now, and whether whoever pressed it belongs to that case."""

    choice: Choice
    case: Case
    belongs: bool


def press_of(unit: Unit, chat: ChatFacts) -> Press | Claim | None:
    """Return what was answered about which case: the one of the button, or the one in which that goes on by now.

    Somebody who does not belong to the button's case only makes a claim to it, for a person to look at. None where there is
    no such case: then it is a message like any other.
    """
    found = pressed(chat.pressed or "")
    case = _named(unit, chat, found.reference if found is not None else None)
    if found is None or case is None or case.id is None:
        return None
    if not _belongs(unit, case, chat.conversation):
        why = "pressed a button of a case that they do not belong to"
        return Claim(case_id=case.id, joins="possible_reply", why=why)
    # Held before it is asked where it goes on, so that nobody joins it to another case while it is answered.
    held = case if goes_on_in(unit, case) is not None else hold_case(unit, case.id) or case
    onwards = goes_on_in(unit, held)
    belongs = onwards is None or _belongs(unit, onwards, chat.conversation)
    return Press(choice=found.choice, case=onwards or held, belongs=belongs)


def _named(unit: Unit, chat: ChatFacts, reference: str | None) -> Case | None:
    """Return the case that a button names, else the one that the conversation is about."""
    if reference is not None:
        return next(iter(unit.find(Case, reference=reference)), None)
    return case_of_talk(unit, chat)


def _belongs(unit: Unit, case: Case, conversation: str) -> bool:
    return case.resident_address == conversation or bool(unit.find(Party, case_id=case.id, address=conversation))
