"""T5: what came of each letter, on the letter, on its case and, where it did not arrive, as a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.course.sent import went
from handlers.course.stages import acknowledgement_went
from handlers.rerouting import reroute
from handlers.rows import Row, event_row
from store.casefile import cases_by_ids
from store.chain import append_events
from store.chat_rows import hold_conversations
from store.models import Case, OutboxEntry, Task
from store.outbox_rows import ClaimedLetter, Proof, keep_parts, letter_failed, letter_retry, letter_uncertain, letters_sent
from store.unit import Unit

HOW = {"uncertain": "may not have arrived", "failed": "could not be delivered"}
ACKNOWLEDGES = frozenset({"complaint_acknowledged"})
"""Letters that count as the acknowledgement of Code 6.2; a receipt never does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What happened to one attempt at one letter."""

    letter: ClaimedLetter
    state: Literal["sent", "again", "failed", "uncertain"]
    at: datetime
    answer: str
    again_at: datetime | None = None
    provider_ids: tuple[str, ...] = ()
    whole: bool = True
    mend: str | None = None
    """What somebody must mend before anything goes that way."""
    closed: str | None = None
    """Why nothing may go that way now, as ``RouteClosed`` has it; the letter then goes by the next route, if there is one."""


def write_down(unit: Unit, lease: str, outcomes: Sequence[Outcome]) -> None:
    """Write all outcomes whose lease is still ours; the others belong to whoever holds them now."""
    # Before letters and cases, as triage does: a conversation that is shut is held while its letter goes another way.
    hold_conversations(unit, {o.letter.recipient for o in outcomes if o.closed and o.letter.recipient})
    proofs = {o.letter.id: _proof(o) for o in outcomes if o.state == "sent"}
    sent = letters_sent(unit, lease, proofs)
    keep_parts(unit, [o.letter for o in outcomes if o.letter.id in sent], proofs)
    ours = [o for o in outcomes if (o.letter.id in sent if o.state == "sent" else _mark(unit, lease, o))]
    troubled = [o for o in ours if o.state in ("failed", "uncertain") or not o.whole]
    cases = cases_by_ids(unit, {outcome.letter.case_id for outcome in troubled})
    # A letter that was only announced has told nobody what it says: it acknowledges nothing, and a person sees to it.
    gone = [o for o in ours if o.state == "sent" and o.whole and o.letter.kind in ACKNOWLEDGES]
    met = acknowledgement_went(unit, [(outcome.letter.case_id, outcome.at) for outcome in gone])
    onwards = [event for outcome in ours for event in _onwards(unit, outcome)]
    gone_on = {event["details"]["header_id"] for event in onwards}
    lost = [o for o in troubled if o.letter.case_id in cases and o.letter.header_id not in gone_on]
    unit.add(Task, [_task(outcome, cases[outcome.letter.case_id]) for outcome in lost])
    arrived = [went(unit, o.letter.kind, o.letter.case_id, o.letter.id, o.at) for o in ours if o.state == "sent" and o.whole]
    append_events(unit, [*map(_event, ours), *met, *onwards, *(event for events in arrived for event in events)])


def _proof(outcome: Outcome) -> Proof:
    return Proof(at=outcome.at, answer=outcome.answer, provider_ids=outcome.provider_ids)


def _onwards(unit: Unit, outcome: Outcome) -> list[Row]:
    """Send a letter whose way is closed by the next one, and also what was only announced; none where a person must."""
    is_closed = (outcome.closed and outcome.state == "failed") or (outcome.state == "sent" and not outcome.whole)
    letter = unit.get(OutboxEntry, outcome.letter.id) if is_closed else None
    return [] if letter is None else reroute(unit, letter, outcome.answer, outcome.closed or "window", outcome.at)


def _mark(unit: Unit, lease: str, outcome: Outcome) -> bool:
    letter = outcome.letter
    if outcome.state == "again" and outcome.again_at is not None:
        return letter_retry(unit, letter.id, lease, outcome.again_at, outcome.answer)
    mark = letter_uncertain if outcome.state == "uncertain" else letter_failed
    return mark(unit, letter.id, lease, outcome.answer)


def _task(outcome: Outcome, case: Case) -> Row:
    letter = outcome.letter
    how = "was only announced" if not outcome.whole else HOW[outcome.state]
    why = f"the letter {letter.kind} {how} ({outcome.answer}): reach the resident by the next-best way"
    return {
        "kind": "undelivered_letter",
        "case_id": letter.case_id,
        "message_id": letter.message_id,
        "team": case.team,
        "why": why,
        "opened_at": outcome.at,
        "due_at": outcome.at,
    }


def _event(outcome: Outcome) -> Row:
    letter, kind = outcome.letter, {"again": "letter_delayed"}.get(outcome.state, f"letter_{outcome.state}")
    return event_row(letter.case_id, kind, outcome.answer, outcome.at, letter=letter.kind, header_id=letter.header_id)
