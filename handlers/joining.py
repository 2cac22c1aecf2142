"""Messages that belong to a case: replies of its parties, bounces and automatic answers to our letters."""

from __future__ import annotations

from classifiers.taxonomy import Category
from handlers.answering import WANTS_PERSON
from handlers.bounce_addresses import BounceAddresses
from handlers.bounced import letter_of, take_bounce, tell_unmatched
from handlers.casework import Pages, settled, settled_together, unread_parts
from handlers.chat_letters import asks_person, is_public
from handlers.circumstances import Situation
from handlers.corrections_said import corrects
from handlers.course.answered import is_answered
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.follow_ups import UNCHECKED, Claim, says_complaint
from handlers.logging_contacts import contact_events, judgement_rows
from handlers.new_matters import (
    AFTER_ANSWER,
    MAY_BE_ANOTHER,
    NO_COMPLAINT,
    is_grievance,
    is_sure,
    may_be_another,
    own_matter,
)
from handlers.relogging import Relogging
from handlers.rows import MACHINE, event_row, party_rows, task_row
from handlers.said_beside import note
from handlers.stage2_requests import ASKS, DISAGREES, asked_for, is_plain, propose, told
from handlers.stage2_requests import KIND as STAGE_2
from handlers.surveys.stopping import NO_MORE, asks_to_stop, keep_stop
from handlers.understanding import Understood
from store.casefile import cases_by_ids, open_task_kinds
from store.models import Case, CaseStatus, Disposition, Party
from store.unit import Unit

ASKED = {
    "definition": ("definition_correction", "says what we understood wrongly: put it right, and tell them (Code 5.6)"),
    "person": ("wants_person", "asks for a person: write or ring, no machine answers this"),
    "stage2": (STAGE_2, ASKS),
}
"""What a party may ask for on their own page of the case, and the task that it makes, whatever a classifier reads in the words."""
NEW_MATTER = "new_matter"
"""The task that asks a person whether a grievance joins the complaint that it came into (Code 6.8)."""
LOOKED_AT_AGAIN = frozenset({ASKS, DISAGREES})
"""Requests for stage 2 of a complaint that has its answer: whoever makes one is told at once what it is taken for."""
ONLOOKERS = frozenset({"copied", "councillor"})
"""Who belongs to a case, and does not speak for its resident."""


class Joining:
    """Lets messages join the cases that they belong to."""

    def __init__(self, relogging: Relogging, paths: BounceAddresses | None = None) -> None:
        """Turn a case into a complaint with ``relogging`` where its resident says that it is one; know letters by their ``paths``."""
        self._relogging = relogging
        self._paths = paths

    def join(self, unit: Unit, message: Understood, claim: Claim, situation: Situation, pages: Pages) -> str | None:
        """Add a party's reply to its case; return, where it must open a case of its own, why.

        One is a new grievance in answer to something that is no complaint: dissatisfaction with a service request is a
        complaint while the request goes on (Code 1.5), with its own reference and its own clock. A person who was only copied
        in makes nobody's request a complaint: nothing in the resident's words goes to them by machine.
        """
        case = situation.cases[claim.case_id]
        if is_public(message):
            # Nothing can be acknowledged where others read: a person reads it, and finds a private way.
            self._add(unit, message, case, claim, situation=situation, pages=pages)
            return None
        # Whoever only wants no more surveys brings no matter, however long ago the case has ended.
        why = own_matter(unit, case, message) if not asks_to_stop(unit, case, message) else None
        if why is not None:
            if why == AFTER_ANSWER and claim.role not in ONLOOKERS:
                propose(unit, case, message, pages, situation.surroundings.calendar)
            return why
        is_complaint = case.category == Category.COMPLAINT
        outright = says_complaint(message.reading.new_text)
        grievance = is_grievance(message)
        if not is_complaint and grievance and not outright and not _asked(message) and case.status is not CaseStatus.TRIAGE:
            return NO_COMPLAINT
        self._add(unit, message, case, claim, situation=situation, pages=pages)
        speaks_for_resident = claim.role not in ONLOOKERS
        if not is_complaint and speaks_for_resident and (outright or is_sure(message, Category.COMPLAINT)):
            self._relogging.as_complaint(unit, case, message, situation, pages, why="the resident says that it is a complaint")
            # A second reply in this very batch must find the case as it is now.
            situation.cases |= cases_by_ids(unit, [claim.case_id])
        self._relogging.tell_to_phone(case, message, situation, pages)
        return None

    def machine_mail(self, unit: Unit, message: Understood, situation: Situation, pages: Pages) -> None:
        """Keep machine mail, tie it to the letter or the case it answers, and never answer it (mail rule A14)."""
        letter = letter_of(unit, message, self._paths)
        claim = situation.claim_of(message)
        # Anybody can write a mail that calls itself automatic: it belongs to a case by the same proof as every other.
        case_id = letter.case_id if letter else (claim.case_id if claim and claim.joins == "joins" else None)
        why = f"automatic mail: {message.no_case}"
        pages.messages.append(settled(message, Disposition.AUTOMATIC, situation.now, why, case_id=case_id))
        if letter is not None:
            take_bounce(unit, message, letter, situation, pages)
            return
        tell_unmatched(unit, message, situation, pages)
        if case_id is not None:
            told = event_row(case_id, "automatic_mail", why, situation.now, message=message.arrival.id, rule=message.no_case)
            pages.events.append(told)

    def _add(self, unit: Unit, message: Understood, case: Case, claim: Claim, *, situation: Situation, pages: Pages) -> None:
        if case.id is None:
            raise ValueError("a case without a number was never kept")
        now, verdict = situation.now, message.verdict
        pages.messages += settled_together(message, Disposition.FOLLOW_UP, now, claim.why, case.id)
        pages.tasks += [task_row(task, case.team, now, case.id, id_) for id_, task in unread_parts(message)]
        chat = message.reading.chat
        if chat is not None:
            pages.talks[chat.conversation] = case.id
        pages.verdictings += judgement_rows(case.id, message, now, MACHINE)
        pages.events += contact_events(case.id, message.reading, message.arrival.id, now)
        received = message.arrival.received_at
        details = {"message": message.arrival.id, "trust": message.trust, "received_at": received}
        left_out = {"left_out": [list(one) for one in message.left_out]} if message.left_out else {}
        pages.events.append(event_row(case.id, "reply_received", claim.why, now, MACHINE, **details, **left_out))
        self._let_in(unit, case.id, message, claim, situation=situation, pages=pages)
        if case.status is CaseStatus.SIGNPOSTED:
            unit.update(Case, case.id, status=CaseStatus.OPEN)
        if asks_person(message) and "wants_person" not in open_task_kinds(unit, case.id):
            due = by_rule("triage", message.arrival.received_at, situation.surroundings.calendar)
            wanted = TaskNeeded(kind="wants_person", why=WANTS_PERSON, due=due)
            pages.tasks.append(task_row(wanted, case.team, now, case.id, message.arrival.id))
        danger = verdict is not None and ("emergency" in verdict.flags or "safeguarding" in verdict.flags)
        stops = claim.role not in ONLOOKERS and asks_to_stop(unit, case, message)
        kind, why = ("reply", NO_MORE) if stops else _wanted(unit, message, case, claim)
        if kind == STAGE_2 and why in LOOKED_AT_AGAIN and claim.role not in ONLOOKERS:
            self._relogging.tell_of_stage2(case, message, situation, pages)
        if kind == STAGE_2 and why != DISAGREES:
            pages.events.append(told(case.id, message, why, now, outright=is_plain(message) and claim.role not in ONLOOKERS))
        task = TaskNeeded(
            kind=kind,
            why=why,
            due=by_rule("triage", message.arrival.received_at, situation.surroundings.calendar),
            danger=danger,
        )
        # By chat many short words follow each other: one task that says so is enough until it is done. A question is about its words.
        if chat is None or danger or kind == NEW_MATTER or kind not in open_task_kinds(unit, case.id):
            pages.tasks.append(task_row(task, case.team, now, case.id, message.arrival.id))
        note(unit, case, message, situation, pages)
        if stops:
            keep_stop(unit, case, message, pages)

    def _let_in(
        self, unit: Unit, case_id: int, message: Understood, claim: Claim, *, situation: Situation, pages: Pages
    ) -> None:
        """Let those whom the resident copies in now answer too, as those copied in at first may."""
        if claim.role != "resident" or message.trust != "authentic":
            return
        for row in party_rows(case_id, message, situation.surroundings.own):
            if row["role"] == "copied" and unit.add_new(Party, [row], ["case_id", "address"]):
                why = "the resident copied them in"
                pages.events.append(event_row(case_id, "party_added", why, pages.now, role="copied", address=row["address"]))


def _wanted(unit: Unit, message: Understood, case: Case, claim: Claim) -> tuple[str, str]:
    """Return the kind of task that a reply makes, and why, for whoever does it."""
    asked = _asked(message)
    if asked is not None and asked[0] != STAGE_2:
        return asked
    wanted = asked_for(unit, case, message)
    if wanted is not None and (wanted[1] != DISAGREES or claim.role not in ONLOOKERS):
        return wanted
    if claim.role in ONLOOKERS and case.category != Category.COMPLAINT and says_complaint(message.reading.new_text):
        return "reply", "somebody copied in says that it is a complaint: ask the resident, or log it"
    unchecked = UNCHECKED if UNCHECKED in claim.why else ""
    if claim.role not in ONLOOKERS and _corrects(unit, message, case):
        kind, why = ASKED["definition"]
        return kind, why + unchecked
    if may_be_another(case, message):
        return NEW_MATTER, MAY_BE_ANOTHER + unchecked
    return "reply", f"a reply from a party of the case{unchecked}"


def _corrects(unit: Unit, message: Understood, case: Case) -> bool:
    """Tell whether a reply puts right what an acknowledgement of ours says, while the answer is still to come (Code 5.6)."""
    if case.category != Category.COMPLAINT or case.acknowledged_at is None or not corrects(message.reading.new_text):
        return False
    return not is_answered(unit, case)


def _asked(message: Understood) -> tuple[str, str] | None:
    chat = message.reading.chat
    return ASKED.get(chat.pressed or "") if chat is not None and chat.act == "message" else None
