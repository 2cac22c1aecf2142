"""Messages that belong to a case: replies of its parties, bounces and automatic answers to our letters."""

from __future__ import annotations

from typing import Any

from classifiers.taxonomy import Category
from handlers.answering import WANTS_PERSON
from handlers.casework import Pages, settled, settled_together, unread_parts
from handlers.chat_letters import asks_person, is_public
from handlers.circumstances import Situation
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.follow_ups import Claim, says_complaint
from handlers.logging_contacts import contact_events, judgement_rows
from handlers.relogging import Relogging
from handlers.rows import MACHINE, event_row, task_row
from handlers.understanding import Understood
from store.casefile import cases_by_ids, letter_by_header_id, open_task_kinds
from store.models import Case, CaseStatus, Disposition
from store.unit import Unit

STAGE_2 = "stage2_request", "asks for stage 2: no reasons are needed (Code 6.12)"
ASKED = {
    "definition": ("definition_correction", "says what we understood wrongly: put it right, and tell them (Code 5.6)"),
    "person": ("wants_person", "asks for a person: write or ring, no machine answers this"),
    "stage2": STAGE_2,
}
"""What a party may ask for on their own page of the case, and the task that it makes, whatever a classifier reads in the words."""


class Joining:
    """Lets messages join the cases that they belong to."""

    def __init__(self, relogging: Relogging) -> None:
        """Turn a case into a complaint with ``relogging`` where its resident says that it is one."""
        self._relogging = relogging

    def join(self, unit: Unit, message: Understood, claim: Claim, situation: Situation, pages: Pages) -> bool:
        """Add a party's reply to its case; return False where it must open a case of its own.

        That is a new grievance in answer to something that is no complaint: dissatisfaction with a service request is
        a complaint while the request goes on (Code 1.5), with its own reference and its own clock.
        """
        case = situation.cases[claim.case_id]
        if is_public(message):
            # Nothing can be acknowledged where others read: a person reads it, and finds a private way.
            self._add(unit, message, case, claim, situation=situation, pages=pages)
            return True
        is_complaint = case.category == Category.COMPLAINT
        outright = says_complaint(message.reading.new_text)
        grievance = message.verdict is not None and message.verdict.category is Category.COMPLAINT
        if not is_complaint and grievance and not outright and not _asked(message) and case.status is not CaseStatus.TRIAGE:
            return False
        self._add(unit, message, case, claim, situation=situation, pages=pages)
        if not is_complaint and (outright or (grievance and message.verdict is not None and message.verdict.route == "auto")):
            self._relogging.as_complaint(unit, case, message, situation, pages, why="the resident says that it is a complaint")
            # A second reply in this very batch must find the case as it is now.
            situation.cases |= cases_by_ids(unit, [claim.case_id])
        return True

    def machine_mail(self, unit: Unit, message: Understood, situation: Situation, pages: Pages) -> None:
        """Keep machine mail, tie it to the letter or the case it answers, and never answer it (mail rule A14)."""
        bounce = message.reading.bounce
        letter = letter_by_header_id(unit, bounce.message_id) if bounce and bounce.message_id else None
        claim = situation.claim_of(message)
        case_id = letter.case_id if letter else (claim.case_id if claim else None)
        now = situation.now
        why = f"automatic mail: {message.no_case}"
        pages.messages.append(settled(message, Disposition.AUTOMATIC, now, why, case_id=case_id))
        if case_id is None:
            return
        details: dict[str, Any] = {"message": message.arrival.id, "rule": message.no_case}
        if letter is not None and bounce is not None:
            details |= {"header_id": letter.header_id, "permanent": bounce.permanent, "status": bounce.status}
        pages.events.append(event_row(case_id, "automatic_mail", why, now, **details))
        if letter is not None and bounce is not None and bounce.permanent:
            case = unit.get(Case, case_id)
            due = by_rule("undelivered", message.arrival.received_at, situation.surroundings.calendar)
            task = TaskNeeded(
                kind="undelivered_letter",
                why=f"the letter {letter.kind} came back ({bounce.status or 'no status'}): reach the resident by the next-best way",
                due=due,
            )
            pages.tasks.append(task_row(task, case.team if case else "", now, case_id, message.arrival.id))

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
        pages.events.append(event_row(case.id, "reply_received", claim.why, now, MACHINE, **details))
        if case.status is CaseStatus.SIGNPOSTED:
            unit.update(Case, case.id, status=CaseStatus.OPEN)
        if asks_person(message) and "wants_person" not in open_task_kinds(unit, case.id):
            due = by_rule("triage", message.arrival.received_at, situation.surroundings.calendar)
            wanted = TaskNeeded(kind="wants_person", why=WANTS_PERSON, due=due)
            pages.tasks.append(task_row(wanted, case.team, now, case.id, message.arrival.id))
        asks_stage2 = verdict is not None and "stage2" in verdict.flags
        danger = verdict is not None and ("emergency" in verdict.flags or "safeguarding" in verdict.flags)
        kind, why = _asked(message) or (STAGE_2 if asks_stage2 else ("reply", "a reply from a party of the case"))
        task = TaskNeeded(
            kind=kind,
            why=why,
            due=by_rule("triage", message.arrival.received_at, situation.surroundings.calendar),
            danger=danger,
        )
        # By chat many short words follow each other: one task that says so is enough until it is done.
        if chat is None or danger or task.kind not in open_task_kinds(unit, case.id):
            pages.tasks.append(task_row(task, case.team, now, case.id, message.arrival.id))


def _asked(message: Understood) -> tuple[str, str] | None:
    chat = message.reading.chat
    return ASKED.get(chat.pressed or "") if chat is not None and chat.act == "message" else None
