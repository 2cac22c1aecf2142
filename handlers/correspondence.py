"""From a decision to a letter in the outbox, or to a written reason why there is none and a task (design 2.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from classifiers.taxonomy import Category, Reason
from classifiers.verdict import Verdict
from handlers.calendar import WorkingCalendar
from handlers.chat_letters import asked_in, by_chat, is_public, recipient_of
from handlers.clock import london_day
from handlers.deadlines import Due, by_rule
from handlers.decision import Decision, TaskNeeded
from handlers.landlord import Landlord, Office
from handlers.letter_facts import LetterFacts
from handlers.letters import LetterBook
from handlers.logging_contacts import by_hand
from handlers.machine_reasons import is_unjudged
from handlers.manners import Manners
from handlers.people.obeying import CARRY, obeyed, to_carry
from handlers.people.wishes import ADJUSTED
from handlers.responsibility import spaced, speaks_of
from handlers.rows import Row
from handlers.senders import BY_STAFF, original_sender
from handlers.tokens import TokenKey, message_id_for
from handlers.understanding import Understood
from intake.identity import identity_of, way_of
from store.models import OutboxState

MOST_IDS = 20
NO_ADDRESS, IN_PUBLIC = "no-address", "in-public"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An outbox row, and the tasks that it brings where it may not be sent."""

    row: Row
    tasks: tuple[TaskNeeded, ...] = ()
    questions: tuple[Row, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Whom a letter answers: the message, the case that it came to, and whether a machine may answer."""

    case_id: int
    reference: str
    message: Understood
    manners: Manners
    first_words: bool = False
    former: str | None = None
    """The reference that the matter had before, where it goes on under another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Correspondence:
    """Writes the landlord's letters into outbox rows."""

    landlord: Landlord
    calendar: WorkingCalendar
    letters: LetterBook
    key: TokenKey
    domain: str
    page_of: Callable[[int, str], str | None] = lambda _case_id, _address: None
    """Returns the address of a resident's own page of a case, where there is a public door."""
    public_answer: str = ""
    """The one sentence that answers what somebody says to us in public."""

    def letter(self, to: Addressee, decision: Decision, now: datetime) -> Written | None:
        """Write the decision's letter as an outbox row: due at once, or suppressed with the rule's name and a task."""
        kind, message, manners = decision.letter, to.message, to.manners
        if kind is None:
            return None
        asks = asked_in(message, decision, first_words=to.first_words)
        agreed = obeyed(manners.wishes, recipient_of(message))
        recipient = agreed.recipient
        facts = self._facts(to.reference, message, decision, now)
        facts = replace(facts, former=to.former, large_print=manners.wishes.large_print)
        if message.trust != "failed":
            # Whoever forged a sender's address would make us send the link to somebody who has not written to us.
            facts = replace(facts, page=self.page_of(to.case_id, recipient or ""))
        if identity_of(recipient) is not None:
            facts = replace(facts, ask_what=asks.what, ask_who=asks.who, file_missing=message.file_missing)
        draft = self.letters.draft(kind, facts)
        held, why = (agreed.rule, agreed.why) if agreed.rule else _held_back(message, kind, recipient)
        rule, why = manners.rule or held, manners.why if manners.rule else why
        only_here = (
            {}
            if agreed.moved
            else by_chat(message, draft, decision, asks=asks, reference=to.reference, public_answer=self.public_answer)
        )
        row: Row = {
            "case_id": to.case_id,
            "message_id": message.arrival.id,
            "kind": kind,
            "template": draft.template,
            "way": "post" if agreed.rule else way_of(recipient),
            "recipient": recipient.lower() if recipient else None,
            "subject": draft.subject,
            "text": draft.text,
            "html": draft.html,
            **only_here,
            "header_id": message_id_for(self.key, kind, to.case_id, message.arrival.id, domain=self.domain),
            "in_reply_to": None if agreed.moved else message.reading.message_id,
            "references": [] if agreed.moved else _thread(message),
            "state": OutboxState.SUPPRESSED if rule else OutboxState.DUE,
            "rule": rule,
            "created_at": now,
            "next_at": now,
        }
        if rule is None:
            return Written(row=row, questions=() if agreed.moved else asks.rows(message, to.case_id, now))
        task = self._unsent(kind, why, message) if rule != ADJUSTED else self._carried(kind, why, message)
        if not manners.wishes.calls:
            task = replace(task, why=f"{task.why} (agreed: no telephone calls)")
        return Written(row=row, tasks=(task,))

    def in_public(self, message: Understood, case_id: int, recipient: str, manners: Manners, now: datetime) -> Row:
        """Return the sentence that answers what somebody says to us where others read: it names no case and no matter."""
        kind = "public_answer"
        return {
            "case_id": case_id,
            "message_id": message.arrival.id,
            "kind": kind,
            "template": kind,
            "way": way_of(recipient),
            "recipient": recipient,
            "subject": self.landlord.service_name,
            "text": self.public_answer,
            "short": self.public_answer,
            "header_id": message_id_for(self.key, kind, case_id, message.arrival.id, domain=self.domain),
            "in_reply_to": message.reading.message_id,
            "state": OutboxState.SUPPRESSED if manners.rule else OutboxState.DUE,
            "rule": manners.rule,
            "created_at": now,
            "next_at": now,
        }

    def _carried(self, kind: str, why: str, message: Understood) -> TaskNeeded:
        due = by_rule("undelivered", message.arrival.received_at, self.calendar)
        return TaskNeeded(kind=CARRY, why=to_carry(kind, why), due=due)

    def _unsent(self, kind: str, why: str, message: Understood) -> TaskNeeded:
        due = by_rule("undelivered", message.arrival.received_at, self.calendar)
        if message.reading.contact is not None:
            return TaskNeeded(kind="unsent_letter", why=by_hand(kind, message.reading.contact), due=due)
        if message.automatic == BY_STAFF:
            wrote = original_sender(message.reading)
            whom = f"it passes on a mail of {wrote.address}" if wrote is not None else "it does not say by whom"
            why = f"the letter {kind} was not sent ({why}): say who the resident is ({whom}), and when they told our colleague, and write to them"
            return TaskNeeded(kind="unsent_letter", why=why, due=due)
        way = f"mail to {message.arrival.envelope.mail_from}" if message.arrival.envelope else "telephone or letter"
        return TaskNeeded(
            kind="unsent_letter", why=f"the letter {kind} was not sent ({why}): next-best way: a person's {way}", due=due
        )

    def _facts(self, reference: str, message: Understood, decision: Decision, now: datetime) -> LetterFacts:
        verdict, dues = message.verdict, {due.rule: due for due in decision.deadlines}
        received = message.arrival.received_at
        acknowledge = dues.get("acknowledge_1")
        received_on = acknowledge.counted_from if acknowledge else london_day(received)
        respond = dues.get("respond_1") or dues.get("petition")
        return LetterFacts(
            reference=reference,
            received_on=received_on,
            written_on=london_day(now),
            team=self.landlord.teams[decision.team],
            category=_category(decision, verdict),
            also=verdict.also if verdict else (),
            flags=verdict.flags if verdict else (),
            stage=decision.stage or 1,
            definition=decision.definition,
            repeat_words=decision.repeat_words,
            look_by=self._look_by(received, now),
            acknowledge_by=acknowledge.due_on if acknowledge else None,
            respond_by=respond.due_on if respond else None,
            respond_by_if_extended=self._extended(dues),
            reason=verdict.reason if verdict and decision.category == Category.OUT_OF_SCOPE else None,
            signpost=self._signpost(message, verdict),
        )

    def _look_by(self, received: datetime, now: datetime) -> date:
        """Return by when a person looks; a message that comes to us late is looked at in time from today."""
        due = by_rule("triage", received, self.calendar).due_on
        return due if due >= london_day(now) else by_rule("triage", now, self.calendar).due_on

    def _extended(self, dues: dict[str, Due]) -> date | None:
        """Return the latest date to which a person might extend, for the letter to say what that would mean (Code 6.4)."""
        respond = dues.get("respond_1")
        return by_rule("extend_1", respond.due_on, self.calendar).due_on if respond else None

    def _signpost(self, message: Understood, verdict: Verdict | None) -> Office | None:
        """Return where an out-of-scope matter belongs: the service its words name, else what the landlord set for the reason."""
        if verdict is None or verdict.reason is None:
            return None
        if verdict.reason is Reason.OTHER_COUNCIL_SERVICE:
            words = spaced(f"{message.reading.subject} {message.reading.new_text}")
            named = next((office for office in self.landlord.services.values() if speaks_of(words, office)), None)
            if named is not None:
                return named
        return self.landlord.signposts.get(verdict.reason)


def _thread(message: Understood) -> list[str]:
    """Return the Message-IDs that an answer to a message refers to, the message's own last."""
    return [*_kept(message.reading.references), *filter(None, [message.reading.message_id])]


def _kept(references: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first id of a thread and the last twenty: the first is what mail programs sort by (mail rule B1)."""
    return references if len(references) <= MOST_IDS else (references[0], *references[-MOST_IDS:])


def _held_back(message: Understood, kind: str, recipient: str | None) -> tuple[str | None, str]:
    """Return the rule that holds back a letter whatever manners say, and what it means; where others read only a receipt goes."""
    if not recipient:
        return NO_ADDRESS, "no address"
    if is_public(message) and kind != "receipt":
        return IN_PUBLIC, "they wrote where others read, and nothing of their matter may be said there"
    return None, ""


def _category(decision: Decision, verdict: Verdict | None) -> Category | None:
    """Return what a letter may say that we take the message for: the decision, or at first sight what was likeliest."""
    if decision.category is not None:
        return Category(decision.category)
    return verdict.category if verdict is not None and not is_unjudged(verdict.why) else None
