"""A case changes its category: a resident says it is a complaint, a person decides, or the sweep takes the resident's side.

The date of receipt stays the true one; what was promised already stays promised; each change is an event.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from classifiers.taxonomy import Category
from handlers.casework import NewCase, Pages, letter_event
from handlers.circumstances import Situation
from handlers.complaint import decide as complaint
from handlers.correspondence import Addressee, Correspondence
from handlers.course.speaking import not_to_be_told
from handlers.deadlines import acknowledge_by
from handlers.decision import Decision
from handlers.handover.still_out import with_work_out
from handlers.hazards.safety_reply import tell_to_phone
from handlers.remembering import decided, remembered, together
from handlers.retention_class import class_of
from handlers.rows import MACHINE, deadline_row, definition_json, definition_of, event_row, task_row, verdicting_row
from handlers.stage2_told import tell_of_stage2
from handlers.understanding import Understood
from store.act_rows import called_back
from store.casefile import first_message, letter_kinds, open_rules, open_task_kinds
from store.marks import close_tasks, supersede_deadlines
from store.models import Case, CaseStatus, OutboxEntry, Stage
from store.unit import Unit

COMPLAINTS_RULES = ("acknowledge_1", "respond_1", "extend_1", "acknowledge_2", "respond_2", "extend_2")
"""What is owed on a complaint, at either stage: of one that is put right as none, nothing of it goes on running."""
OF_STAGE_1, LATER = ("acknowledge_1", "respond_1"), ("extend_1", "acknowledge_2", "respond_2", "extend_2")


class Relogging:
    """Writes a new decision over a case that is already there."""

    def __init__(self, correspondence: Correspondence) -> None:
        """Write the letters that a new decision brings with ``correspondence``."""
        self._correspondence = correspondence

    def as_complaint(
        self, unit: Unit, case: Case, message: Understood, situation: Situation, pages: Pages, *, why: str
    ) -> None:
        """Log the case as a complaint from what is known of it and from this message, and acknowledge it (Code 6.2)."""
        first = first_message(unit, case.id or 0)
        both = together(remembered(first, None), message) if first is not None and first.id != message.arrival.id else message
        verdict = decided(message.verdict, Category.COMPLAINT, why, by=pages.by)
        circumstances = replace(
            situation.circumstances_of(both, person=pages.by),
            received_at=received_for_complaint(case, message, situation),
        )
        decision = complaint(both.reading, verdict, circumstances)
        if (message.reading.sender.address or "").lower() in not_to_be_told(unit, case.id or 0):
            # Others' words are not for whoever speaks without authority: the letter repeats none (Code 3.6).
            decision = replace(decision, repeat_words=False)
        pages.verdictings.append(verdicting_row(case.id, message, verdict, pages.now, pages.by))
        new = NewCase(understood=replace(both, verdict=verdict), decision=decision, manners=circumstances.manners)
        self.apply(unit, case, new, pages, why=why)
        situation.will_answer(message)

    def tell_to_phone(self, case: Case, message: Understood, situation: Situation, pages: Pages) -> None:
        """Tell whoever replies of an emergency to phone, at once."""
        tell_to_phone(case, message, situation, pages, self._correspondence)

    def tell_of_stage2(self, case: Case, message: Understood, situation: Situation, pages: Pages) -> None:
        """Tell whoever answers our stage 1 answer by mail what that is taken for, and how to say otherwise (Code 6.10)."""
        tell_of_stage2(case, message, situation, pages, self._correspondence)

    def apply(self, unit: Unit, case: Case, new: NewCase, pages: Pages, *, why: str) -> None:
        """Put the decision on the case: its category, the deadlines it lacks, the tasks, the letter and the event.

        Triage tasks are closed, for the question they asked is answered. The letter answers the message of ``new``.
        """
        case_id, message, decision, now, by = case.id, new.understood, _with_standing(case, new.decision), pages.now, pages.by
        if case_id is None:
            raise ValueError("a case without a number was never kept")
        also = with_work_out(unit, case_id, decision.category, case.also)
        unit.update(Case, case_id, also=also, **_changes(case, message, decision, now, by))
        close_tasks(unit, case_id, ("triage", "quarantine"), at=now, by=by, outcome=why)
        if not decision.logged_as_complaint:
            # A person has said that it is no complaint: what was owed on one is replaced by this act, which stands as an event.
            supersede_deadlines(unit, case_id, COMPLAINTS_RULES, at=now)
            close_tasks(unit, case_id, ("give_stage2",), at=now, by=by, outcome=why)
        standing = open_rules(unit, case_id)
        if not standing.isdisjoint(LATER):
            # What an extension or stage 2 has taken the place of is not owed anew.
            standing |= {*OF_STAGE_1}
        pages.deadlines += [deadline_row(case_id, due, now) for due in decision.deadlines if due.rule not in standing]
        waiting = open_task_kinds(unit, case_id)
        tasks = [task for task in decision.tasks if task.kind not in waiting]
        pages.tasks += [task_row(task, decision.team, now, case_id, message.arrival.id) for task in tasks]
        dates = {due.rule: due.due_on.isoformat() for due in decision.deadlines}
        kind = "logged_as_complaint" if decision.logged_as_complaint else "recategorised"
        details: dict[str, Any] = {"from": case.category, "to": decision.category, "deadlines": dates}
        pages.events.append(event_row(case_id, kind, why, now, by, **details))
        addressee = Addressee(case_id=case_id, reference=case.reference, message=message, manners=new.manners)
        letter = self._correspondence.letter(addressee, decision, now)
        # A letter of this kind that stands already, sent or held back, is not written again (mail rule A11).
        if letter is not None and letter.row["kind"] not in letter_kinds(unit, case_id):
            put_letter(unit, letter.row, pages)
            pages.events.append(letter_event(case_id, letter.row, now, by))
            pages.tasks += [task_row(task, decision.team, now, case_id, message.arrival.id) for task in letter.tasks]


def received_for_complaint(case: Case, message: Understood, situation: Situation) -> datetime:
    """Return from when the complaint's clock runs: the true receipt of the case, so that our error buys no time.

    Where that clock would already have run out before these words came, the resident is dissatisfied as of now.
    """
    original = acknowledge_by(case.received_at, 1, situation.surroundings.calendar)
    in_time = case.status is CaseStatus.TRIAGE or original.due_at >= message.arrival.received_at
    return case.received_at if in_time else message.arrival.received_at


def _with_standing(case: Case, decision: Decision) -> Decision:
    """Keep the definition that a person wrote: no machine's draft takes its place, and a letter repeats the person's."""
    written = definition_of(case.definition) if case.definition_version else None
    return decision if written is None or decision.definition is None else replace(decision, definition=written)


def put_letter(unit: Unit, row: dict[str, Any], pages: Pages) -> None:
    """Put a letter into the outbox; one like it that was called back unsent is written anew in its place."""
    earlier = called_back(unit, row["case_id"], row["kind"], row["message_id"])
    if earlier is None:
        pages.letters.append(row)
    else:
        unit.update(OutboxEntry, earlier, **row)


def _changes(case: Case, message: Understood, decision: Decision, now: datetime, by: str) -> dict[str, Any]:
    verdict = message.verdict
    changes: dict[str, Any] = {
        "status": CaseStatus(decision.status),
        "category": decision.category,
        "team": decision.team,
        "stage": Stage(str(decision.stage)) if decision.stage else None,
        "reason": str(verdict.reason) if verdict and verdict.reason else None,
        "flags": sorted({*case.flags, *(str(flag) for flag in (verdict.flags if verdict else ()))}),
    }
    changes |= {"retention": kind} if (kind := class_of(changes["flags"])) else {}
    if decision.logged_as_complaint:
        changes |= {"logged_at": case.logged_at or now, "definition": definition_json(decision.definition)}
    if by != MACHINE:
        changes |= {"looked_at": now, "looked_by": by}
    return changes
