"""Whether a party's mail in an old thread goes on with its case, or brings a matter of its own (mail rule C6; Code 6.8).

What is proved is who writes, not what about: a mail program answers the last letter it has, whatever the matter. A chat has
no threads, and ``handlers.talks`` asks the same of it in its own way. Disagreement with our stage 1 answer is no other
matter: it asks for stage 2 of that complaint (Code 6.10), unless its words say plainly that it is about something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from classifiers.taxonomy import Category
from handlers.another_matter import is_another
from handlers.course.stage2_clock import stood_at
from handlers.follow_ups import says_complaint
from handlers.machine_reasons import code_of
from handlers.talks import AFTER_CLOSING, MATTERS, SAME_TALK, TO_ASK, WORDS_OF_A_MATTER
from handlers.understanding import Understood
from store.course_models import Refusal
from store.models import Case, CaseEvent, CaseStatus, Deadline, Stage
from store.unit import Glance, Unit

FORWARDED = "hands on a mail of somebody else: looked at on its own (mail rule C6)"
LONG_CLOSED = "answers a case that was closed long ago: looked at on its own (mail rule C6)"
AFTER_ANSWER = "dissatisfaction in answer to a complaint that has its answer: a complaint of its own (Code 6.8)"
OTHER_KIND = "asks for something else than this case is about: looked at on its own (mail rule C6)"
NO_COMPLAINT = "dissatisfaction in answer to this case, which is no complaint itself: looked at on its own (Code 1.5)"
MAY_BE_ANOTHER = "may be another matter than the complaint: add it to the complaint, or log it as one of its own (Code 6.8)"


def own_matter(unit: Unit, case: Case, message: Understood) -> str | None:
    """Return why a party's message gets a case of its own beside the old one, in words; None where it goes on with it.

    Doubt goes on: the words are then on a case that a person has, and a reply is a task.
    """
    reading = message.reading
    if reading.chat is not None or reading.contact is not None or asks_stage2(message):
        return None
    if reading.forwarded and case.reference not in reading.text:  # a letter of ours handed back to us is no other's mail
        return FORWARDED
    closed = case.status is CaseStatus.CLOSED
    long_closed = closed and message.arrival.received_at - _last_touched(unit, case) > AFTER_CLOSING
    complains = is_sure(message, Category.COMPLAINT) or says_complaint(reading.new_text)
    if complains and (answered_at := can_be_looked_at_again(unit, case)) is not None:
        # Later it is a complaint of its own as well, and stage 2 is proposed: no window bars anybody (policy 4.3.6).
        late = long_closed and message.arrival.received_at - answered_at > TO_ASK
        return AFTER_ANSWER if late or is_another(unit, case, message) else None
    if long_closed:
        return LONG_CLOSED
    if case.category == Category.COMPLAINT and complains and (closed or _answered(unit, case)):
        return AFTER_ANSWER
    return OTHER_KIND if _asks_for(message, _others(case, closed=closed)) else None


def can_be_looked_at_again(glance: Glance, case: Case) -> datetime | None:
    """Return when the stage 1 answer of a complaint went, where disagreement with it asks for stage 2 (Code 6.10).

    None where there is no such answer, where stage 2 has begun, and where two people refused it.
    """
    if case.category != Category.COMPLAINT or case.stage is not Stage.ONE:
        return None
    if glance.find(Refusal, case_id=case.id, stage=Stage.TWO, state="refused"):
        return None
    return stood_at(glance, case.id or 0).answered_at


def answers_of_closed(glance: Glance, cases: Iterable[Case]) -> dict[int, datetime]:
    """Return when the stage 1 answers went of those complaints that are closed, and whose answer can be disagreed with."""
    closed = (case for case in cases if case.status is CaseStatus.CLOSED)
    found = {case.id or 0: can_be_looked_at_again(glance, case) for case in closed}
    return {case_id: at for case_id, at in found.items() if at is not None}


def may_be_another(case: Case, message: Understood) -> bool:
    """Tell whether a grievance joins an open complaint that it may have nothing to do with: a person says.

    In a chat a complaint comes in pieces, so what is said on its first day is taken for the complaint itself.
    """
    by_chat, since = message.reading.chat is not None, message.arrival.received_at - case.received_at
    return (
        case.category == Category.COMPLAINT
        and is_sure(message, Category.COMPLAINT)
        and (not by_chat or since > SAME_TALK)
        and len(message.reading.new_text.split()) >= WORDS_OF_A_MATTER
    )


def is_grievance(message: Understood) -> bool:
    """Tell whether a reply is judged to be a complaint; what was not understood is called one only for want of better."""
    verdict = message.verdict
    return verdict is not None and verdict.category is Category.COMPLAINT and code_of(verdict.why) != "language"


def is_sure(message: Understood, category: Category) -> bool:
    """Tell whether the message is judged to be of this category, and needs nobody to say so."""
    verdict = message.verdict
    return verdict is not None and verdict.category is category and verdict.route == "auto"


def asks_stage2(message: Understood) -> bool:
    """Tell whether the message asks for the next stage of a complaint, which is never another complaint (Code 6.10)."""
    return message.verdict is not None and "stage2" in message.verdict.flags


def _others(case: Case, *, closed: bool) -> set[Category]:
    """Return what asks for something else than the case: of a grievance in answer to what is none, the joining knows better."""
    if case.category == Category.COMPLAINT:
        return {*MATTERS} if closed else {Category.ASB_REPORT}
    return {category for category in MATTERS if category is not Category.COMPLAINT and (closed or category != case.category)}


def _asks_for(message: Understood, categories: set[Category]) -> bool:
    enough = len(message.reading.new_text.split()) >= WORDS_OF_A_MATTER
    return enough and any(is_sure(message, category) for category in categories)


def _answered(unit: Unit, case: Case) -> bool:
    return any(line.met_at is not None for line in unit.find(Deadline, case_id=case.id, rule="respond_1"))


def _last_touched(unit: Unit, case: Case) -> datetime:
    events = unit.find(CaseEvent, case_id=case.id)
    return events[-1].at if events else case.opened_at
