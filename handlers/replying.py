"""An officer's reply leaves: previewed and sent by the same call, all of it in one transaction (T6), held for an undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from classifiers.taxonomy import Category, Flag
from handlers.acts import note_act
from handlers.case_acts import Act
from handlers.clock import LONDON, Clock, london_day
from handlers.correspondence import Correspondence
from handlers.course.sent import went
from handlers.course.speaking import not_to_be_told, others_named
from handlers.course.stages import worked, workers_of
from handlers.letter_facts import LetterFacts
from handlers.letters import OF_AN_OFFICER, Draft
from handlers.named import NamedPerson
from handlers.people.known import wishes_of_case
from handlers.reply_orders import AtStage1, Barred, Changed, Finished, NotTheirs, Order, Stale, sealed
from handlers.reply_threads import thread_of
from handlers.routes_out import BY_HAND
from handlers.rows import Row, event_row
from handlers.tokens import message_id_for
from intake.identity import way_of
from store.act_rows import people_of_case
from store.chain import append_events
from store.desk_models import DraftLetter
from store.engine import Store
from store.lookups import hold_case
from store.models import Case, Message, OutboxEntry, OutboxState, Stage
from store.reply_rows import close_these, hold_draft
from store.unit import Unit

ANSWERED = ("reply", "unsent_letter", "undelivered_letter", "contact_resident", "update_due", "petition")
"""Kinds of task that a reply may close."""
DONE_BY_HAND = {"post": "posted", "telephone": "read out by telephone", "in_person": "handed over"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """What a reply is made from, held for one transaction."""

    case: Case
    message: Message
    draft: DraftLetter
    letter: Draft


@dataclass(frozen=True, kw_only=True, slots=True)
class Replying:
    """Writes and sends officers' replies; a letter waits ``hold`` before a sender may take it, so that it can be undone."""

    store: Store
    correspondence: Correspondence
    clock: Clock
    hold: timedelta

    def letter(
        self, case: Case, message: Message, draft: DraftLetter, officer: str, now: datetime, *, large_print: bool = False
    ) -> Draft:
        """Write the letter, for the preview as for the sending; raises ``LetterError`` where it cannot be written whole.

        A letter that people carry bears the date on which it was written, so that the print and what is kept are the same.
        """
        landlord, day = self.correspondence.landlord, london_day(draft.at if draft.way in BY_HAND else now)
        facts = LetterFacts(
            reference=case.reference,
            received_on=london_day(message.received_at),
            written_on=day,
            team=landlord.teams.get(case.team) or landlord.team_for("triage"),
            category=Category(case.category) if case.category else None,
            flags=tuple(flag for flag in Flag if flag in case.flags),
            stage=2 if case.stage == "2" else 1,
            is_automatic=False,
            officer=officer,
            subject=draft.subject,
            words=draft.body,
            large_print=large_print,
        )
        return self.correspondence.letters.draft(OF_AN_OFFICER, facts)

    def send(self, order: Order) -> int:
        """Put the reply into the outbox, to go by mail or chat when its hold is over; return the act's number."""
        now = self.clock.now()
        due: Row = {"state": OutboxState.DUE, "next_at": now + self.hold}
        wait = int(self.hold.total_seconds())
        return self._done(order, now, due, f"Reply to {{to}} goes in {wait} seconds." if wait else "Reply to {to} goes now.")

    def record(self, order: Order, on: date, to: str) -> int:
        """Keep a reply that an officer posted, read out or handed over on this day, as a letter that no sender takes."""
        now = self.clock.now()
        with self.store.glance() as glance:
            draft = glance.get(DraftLetter, order.draft_id)
        way = draft.way if draft else "post"
        answer = f"{DONE_BY_HAND.get(way, 'given')} by {order.officer} on {on.day} {on:%B %Y}"
        at = now if on == london_day(now) else datetime.combine(on, time(12), LONDON)
        carried: Row = {"state": OutboxState.SENT, "sent_at": at, "answer": answer, "recipient": to or None, "next_at": now}
        return self._done(order, now, carried, f"Noted: {answer}.")

    def _done(self, order: Order, now: datetime, how: Row, said: str) -> int:
        NamedPerson(username=order.by)
        with self.store.unit("T6") as unit:
            found = self._held(unit, order, now)
            row = self._row(unit, found, now) | how
            (letter_id,) = unit.insert(OutboxEntry, [row])
            outcome = how.get("answer", "sent")
            unit.update(DraftLetter, found.draft.id, finished_at=now, outcome=outcome)
            closed = close_these(unit, order.case_id, order.close, at=now, by=order.by, outcome="answered")
            append_events(unit, _events(order, row, closed, now))
            if row["state"] is OutboxState.SENT:  # people carried it: no sender tells of it
                append_events(unit, went(unit, row["kind"], order.case_id, letter_id, row["sent_at"]))
            if found.case.stage is not None:
                worked(Act(unit=unit, case=found.case, now=now, by=order.by), found.case.stage, "replied to the resident")
            before = {"kind": "reply", "letters": [letter_id], "drafts": [order.draft_id], "tasks_closed": closed}
            act = note_act(
                unit,
                case_id=order.case_id,
                message_id=found.message.id,
                by=order.by,
                now=now,
                said=said.format(to=_named(found, row["recipient"])),
                before=before,
                undo_until=now + self.hold,
            )
            unit.commit()
        return act

    def _held(self, unit: Unit, order: Order, now: datetime) -> _Open:
        case, draft = hold_case(unit, order.case_id), hold_draft(unit, order.draft_id)
        message = unit.get(Message, draft.message_id) if draft else None
        if case is None or draft is None or message is None or draft.case_id != case.id or draft.finished_at is not None:
            raise Finished
        if order.by in people_of_case(unit, order.case_id, "barred"):
            raise Barred
        if case.stage is Stage.TWO and order.by in workers_of(unit, order.case_id, Stage.ONE):
            raise AtStage1
        if draft.version != order.version:
            raise Stale
        agreed = wishes_of_case(unit, case)
        letter = self.letter(case, message, draft, order.officer, now, large_print=agreed.large_print)
        if self._tells_others(unit, order.case_id, draft):
            raise NotTheirs
        # What was agreed with the resident meanwhile may forbid the way, or ask for another print.
        if sealed(draft, letter) != order.seal or not agreed.allow(draft.way):
            raise Changed
        return _Open(case=case, message=message, draft=draft, letter=letter)

    def _tells_others(self, unit: Unit, case_id: int, draft: DraftLetter) -> bool:
        """Say whether the case would be told to whom it may not be told."""
        to = (draft.recipient or "").lower()
        return to in not_to_be_told(unit, case_id) or bool(
            others_named(unit, case_id, f"{draft.subject}\n{draft.body}", but=to)
        )

    def _row(self, unit: Unit, found: _Open, now: datetime) -> Row:
        draft, letter, message = found.draft, found.letter, found.message
        # The version is part of the name: a reply that was taken back and goes after all is another letter.
        kind = f"{OF_AN_OFFICER}-{draft.id}-{draft.version}"
        ids = found.case.id or 0, message.id or 0
        way = way_of(draft.recipient) if draft.way == "chat" else draft.way
        came_by = way_of(message.conversation or message.sender_address)
        return {
            "case_id": found.case.id,
            "message_id": message.id,
            "kind": kind,
            "template": letter.template,
            "way": way,
            "recipient": draft.recipient,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            # By chat the short form goes; all of it is kept beside, to go by mail should the conversation close.
            "short": letter.short if draft.way == "chat" else None,
            "header_id": message_id_for(self.correspondence.key, kind, *ids, domain=self.correspondence.domain),
            "in_reply_to": message.header_id if way_of(draft.recipient) == came_by else None,
            "references": thread_of(unit, message, draft.recipient),
            "automatic": False,
            "created_at": now,
        }


def _named(found: _Open, recipient: str | None) -> str:
    """Return whom a letter goes to, as people say it: by chat the name, for an identity says nothing to anybody."""
    if found.draft.way != "chat":
        return str(recipient)
    return found.message.sender_name or found.case.resident_name or "the resident"


def _events(order: Order, row: Row, closed: list[int], now: datetime) -> list[Row]:
    told = {"letter": row["kind"], "template": row["template"], "way": row["way"], "header_id": row["header_id"]}
    why = f"a reply by {order.officer}"
    events = [event_row(order.case_id, "letter_written", why, now, order.by, **told, closed_tasks=closed)]
    if row["state"] is OutboxState.SENT:
        events.append(event_row(order.case_id, "letter_sent", row["answer"], now, order.by, **told))
    return events
