"""A message that could not be read is read again: what is found goes onto the case that it opened, never onto a second one."""

from __future__ import annotations

from handlers.casework import NewCase, Pages, settled
from handlers.circumstances import Situation
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.relogging import Relogging
from handlers.routes import route
from handlers.rows import event_row, party_rows, task_row, verdicting_row
from handlers.understanding import Understood
from store.lookups import hold_case
from store.models import Case, CaseStatus, Disposition, Party
from store.unit import Unit

READ_AGAIN = "read again, and understood this time"


class Rereading:
    """Settles messages that have their case already."""

    def __init__(self, relogging: Relogging) -> None:
        """Decide the case anew with ``relogging``."""
        self._relogging = relogging

    def settle(self, unit: Unit, message: Understood, case_id: int, situation: Situation, pages: Pages) -> None:
        """Put what was read onto the case; what still cannot be read waits for a person once more."""
        case = hold_case(unit, case_id)
        if case is None:
            raise ValueError("a message names a case that was never kept")
        if message.shunted is not None:
            self._still_unread(message, case, situation, pages)
            return
        now = pages.now
        pages.messages.append(settled(message, Disposition.CASE, now, READ_AGAIN, case_id=case_id))
        pages.events.append(event_row(case_id, "read_again", READ_AGAIN, now, message=message.arrival.id))
        if message.verdict is not None:
            pages.verdictings.append(verdicting_row(case_id, message, message.verdict, now))
        unit.update(Case, case_id, **_facts(message))
        unit.add_new(Party, party_rows(case_id, message, situation.surroundings.own), ["case_id", "address"])
        if case.status is CaseStatus.TRIAGE:
            self._decide(unit, message, case, situation, pages)

    def _decide(self, unit: Unit, message: Understood, case: Case, situation: Situation, pages: Pages) -> None:
        circumstances = situation.circumstances_of(message)
        decision = route(message.reading, message.verdict, circumstances)
        new = NewCase(understood=message, decision=decision, manners=circumstances.manners)
        self._relogging.apply(unit, case, new, pages, why=READ_AGAIN)
        claim = situation.claim_of(message)
        if claim is not None and claim.case_id != case.id:
            due = by_rule("triage", message.arrival.received_at, situation.surroundings.calendar)
            task = TaskNeeded(kind="possible_reply", why=f"possible reply: {claim.why}", due=due)
            pages.tasks.append(task_row(task, decision.team, pages.now, case.id, message.arrival.id))
            unit.update(Case, case.id, related_case_id=claim.case_id)

    def _still_unread(self, message: Understood, case: Case, situation: Situation, pages: Pages) -> None:
        now, why = pages.now, message.shunted or ""
        pages.messages.append(settled(message, Disposition.QUARANTINED, now, why, case_id=case.id))
        due = by_rule("quarantine", message.arrival.received_at, situation.surroundings.calendar)
        task = TaskNeeded(kind="quarantine", why=why, due=due)
        pages.tasks.append(task_row(task, case.team, now, case.id, message.arrival.id))
        pages.events.append(event_row(case.id or 0, "still_unread", why, now, message=message.arrival.id))


def _facts(message: Understood) -> dict[str, str | None]:
    reading = message.reading
    address = reading.sender.address
    return {
        "resident_name": reading.sender.name,
        "resident_address": address.lower() if address else None,
        "channel_kind": reading.channel_kind,
        "subject": reading.subject[:250],
    }
