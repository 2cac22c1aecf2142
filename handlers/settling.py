"""T3: every understood message of a batch is settled, with all that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.answering import WANTS_PERSON
from handlers.casework import Casework, NewCase, Pages, settled
from handlers.chat_acts import ChatActs
from handlers.chat_letters import asks_person, is_act, is_public
from handlers.circumstances import Situation, Surroundings
from handlers.clock import Clock
from handlers.come_at_last import at_last
from handlers.data_rights.settling import beside
from handlers.deadlines import Due, by_rule
from handlers.decision import TaskNeeded
from handlers.doubt import decide as doubt
from handlers.follow_ups import Claim
from handlers.handover.answers import take_answer
from handlers.handover.partners import Partner
from handlers.handover.returned import take_return
from handlers.hazards.building_words import flagged
from handlers.hazards.buildings import Buildings
from handlers.hazards.concerns import note_concerns
from handlers.joining import Joining
from handlers.late_files import ids_of, tie_missing, with_late_files
from handlers.logging_contacts import contact_events, decider
from handlers.parking import park
from handlers.rereading import Rereading
from handlers.routes import route
from handlers.rows import MACHINE, event_row, task_row
from handlers.same_matter import offer
from handlers.understanding import Understood
from intake.chat import ChatFacts
from store.casefile import cases_by_ids, open_task_kinds
from store.chat_rows import hold_conversations
from store.engine import Store
from store.models import Disposition
from store.unit import Unit
from store.worklist import hold_messages

NO_BUILDINGS = Buildings()
READERS = frozenset({"reply", "triage", "quarantine"})
"""Tasks of which whoever does them reads all that came to the case."""
SAID_AGAIN = "said the same again within a day: nobody has answered it yet, or the answer did not help"


@dataclass(slots=True)
class Batch:
    """What one transaction gathers: cases to open, pages to write, and messages that must wait for another round."""

    situation: Situation
    pages: Pages
    cases: list[NewCase] = field(default_factory=list)
    later: list[Understood] = field(default_factory=list)


class Settling:
    """Decides what each message comes to, and writes it down."""

    def __init__(
        self,
        store: Store,
        casework: Casework,
        surroundings: Surroundings,
        joining: Joining,
        clock: Clock,
        *,
        rereading: Rereading,
        chat_acts: ChatActs,
        buildings: Buildings = NO_BUILDINGS,
        partners: Mapping[str, Partner] | None = None,
    ) -> None:
        """Look around with ``surroundings``; open cases with ``casework``; let messages join theirs, or go on in their own."""
        self._rereading = rereading
        self._buildings = buildings
        self._partners = partners or {}
        self._chat_acts = chat_acts
        self._store = store
        self._casework = casework
        self._surroundings = surroundings
        self._joining = joining
        self._clock = clock

    def settle(self, messages: Sequence[Understood]) -> list[Understood]:
        """Settle them in one transaction; return those that depend on another of the same batch, for the next round.

        A message whose lease has passed to somebody else is left to them; so are all that were read as one with it.
        """
        now = self._clock.now()
        with self._store.unit("T3") as unit:
            ids = [id_ for message in messages for id_ in ids_of(message)]
            mine = hold_messages(unit, messages[0].arrival.lease, ids)
            held = with_late_files(unit, [message for message in messages if mine.issuperset(ids_of(message))])
            held = [flagged(message, self._buildings) for message in at_last(unit, held, now)]
            # Before anything is read: whoever settled words of the same conversation meanwhile has a case for it by now.
            hold_conversations(unit, {chat.conversation for message in held if (chat := message.reading.chat) is not None})
            batch = Batch(situation=self._surroundings.look(unit, held, now), pages=Pages(now=now))
            for message in held:
                self._one(unit, message, batch)
            opened = self._casework.open_cases(unit, batch.cases, batch.pages)
            batch.pages.write(unit)
            note_concerns(unit, list(zip(opened, batch.cases, strict=True)), self._buildings, now)
            tie_missing(unit, held, now)
            # Where somebody lives may be known only now, and with it that they wrote another way before.
            told = {event["case_id"] for event in batch.pages.events if event["kind"] == "details_given"}
            offer(unit, {*opened, *told}, now, self._surroundings.calendar)
            unit.commit()
        return batch.later

    def park(self, message: Understood, why: str) -> None:
        """Put a message which nothing can be made of into the quarantine queue, with a task that is due at once."""
        around, now = self._surroundings, self._clock.now()
        with self._store.unit("T3") as unit:
            park(unit, message, why, team=around.landlord.routing["triage"], now=now, calendar=around.calendar)
            unit.commit()

    def _one(self, unit: Unit, message: Understood, batch: Batch) -> None:
        situation = batch.situation
        if situation.must_wait(message):
            batch.later.append(message)
            return
        situation.seen(message)
        if message.arrival.case_id is not None:
            self._rereading.settle(unit, message, message.arrival.case_id, situation, batch.pages)
        elif (first := situation.first_of(message)) is not None:
            self._duplicate(message, *first, batch)
        elif (chat := message.reading.chat) is not None and is_act(message) and message.shunted is None:
            self._act(unit, message, chat, batch)
        elif any(take(unit, message, situation, batch.pages, self._partners) for take in (take_answer, take_return)):
            return
        elif message.no_case is not None:
            self._joining.machine_mail(unit, message, situation, batch.pages)
        elif (repeated := situation.repeat_of(message)) is not None:
            self._repeat(unit, message, *repeated, batch)
        else:
            self._from_a_person(unit, message, batch)

    def _duplicate(self, message: Understood, first: int, case_id: int | None, batch: Batch) -> None:
        """Note the second route of a mail on the case of the first; no case, no letter (mail rule D2)."""
        now, why = batch.situation.now, "the same mail by another route"
        # A person looks at the first of two empty mails; the second waits for nobody.
        row = settled(replace(message, shunted=None), Disposition.DUPLICATE, now, why, case_id=case_id, duplicate_of=first)
        batch.pages.messages.append(row)
        if case_id is not None:
            arrival = message.arrival
            route_taken = {"channel": arrival.channel, "account": arrival.account, "message": arrival.id, "first": first}
            recipients = list(arrival.envelope.rcpt_to) if arrival.envelope else []
            batch.pages.events.append(event_row(case_id, "also_arrived", why, now, MACHINE, to=recipients, **route_taken))

    def _repeat(self, unit: Unit, message: Understood, first: int, case_id: int, batch: Batch) -> None:
        """Add the same words, sent again within a day, to the case they are about (mail rule D5)."""
        situation, why = batch.situation, "the same words from the same sender within a day"
        batch.pages.messages.append(
            settled(message, Disposition.REPEAT, situation.now, why, case_id=case_id, duplicate_of=first)
        )
        batch.pages.events.append(event_row(case_id, "repeated", why, situation.now, message=message.arrival.id, first=first))
        batch.pages.events += contact_events(case_id, message.reading, message.arrival.id, situation.now)
        # With the Message-ID of a mail that is here already it is that mail under a banner: nobody has said anything again.
        if not situation.shares_header(message) and READERS.isdisjoint(open_task_kinds(unit, case_id)):
            task = TaskNeeded(kind="reply", why=SAID_AGAIN, due=self._due("triage", message))
            team = situation.cases[case_id].team
            batch.pages.tasks.append(task_row(task, team, situation.now, case_id, message.arrival.id))

    def _act(self, unit: Unit, message: Understood, chat: ChatFacts, batch: Batch) -> None:
        """Settle an act by chat; what only claims a case is weighed like a reply, and like any message where there is none."""
        found = self._chat_acts.settle(unit, message, chat, batch.situation, batch.pages)
        if found == "a message":
            self._from_a_person(unit, message, batch)
        elif found is not None:
            batch.situation.cases |= cases_by_ids(unit, [found.case_id])
            self._claims(unit, message, found, batch)

    def _from_a_person(self, unit: Unit, message: Understood, batch: Batch) -> None:
        if message.reading.chat is None and batch.situation.shares_header(message):
            problems = (*message.reading.problems, "shares_message_id")
            message = replace(message, reading=replace(message.reading, problems=problems))
        claim = batch.situation.claim_of(message)
        told = (unit, message, claim.case_id) if claim is not None and claim.joins == "joins" else None
        if told is not None and self._chat_acts.answered(*told, situation=batch.situation, pages=batch.pages):
            return
        if claim is None:
            self._open(message, batch)
        else:
            self._claims(unit, message, claim, batch)

    def _claims(self, unit: Unit, message: Understood, claim: Claim, batch: Batch) -> None:
        """Let a message join the case that it claims, or open its own for a person to compare, where it proves too little."""
        if claim.joins == "possible_reply" or message.shunted is not None:
            task = TaskNeeded(kind="possible_reply", why=f"possible reply: {claim.why}", due=self._due("triage", message))
            self._open(message, batch, claim.case_id, (task,), stranger=True)
        else:
            self._joined(unit, message, claim, batch)

    def _joined(self, unit: Unit, message: Understood, claim: Claim, batch: Batch) -> None:
        if is_public(message):
            self._casework.public_answer(message, claim.case_id, batch.situation, batch.pages)
        why = self._joining.join(unit, message, claim, batch.situation, batch.pages)
        if why is not None:
            self._open(message, batch, claim.case_id, (), why)

    def _open(
        self,
        message: Understood,
        batch: Batch,
        related: int | None = None,
        tasks: tuple[TaskNeeded, ...] = (),
        *notes: str,
        stranger: bool = False,
    ) -> None:
        circumstances = batch.situation.circumstances_of(message, decider(message.reading), stranger=stranger)
        # What is said where others read cannot be acknowledged there: a person finds the way to whoever said it.
        decide = doubt if is_public(message) else route
        decision = beside(decide(message.reading, message.verdict, circumstances), message.reading, circumstances)
        if asks_person(message):
            tasks = (*tasks, TaskNeeded(kind="wants_person", why=WANTS_PERSON, due=self._due("triage", message)))
        if message.shunted is not None:
            tasks = (*tasks, TaskNeeded(kind="quarantine", why=message.shunted, due=self._due("quarantine", message)))
        if batch.situation.shares_header(message):
            notes = (*notes, "an earlier message with other content carries the same Message-ID")
        tasks = (*tasks, *batch.situation.loop_tasks(circumstances.manners))
        if stranger:
            batch.situation.stranger_came()
        case = NewCase(
            understood=message,
            decision=replace(decision, tasks=(*decision.tasks, *tasks)),
            related_case_id=related,
            notes=(*notes, *(task.why for task in tasks)),
            manners=circumstances.manners,
            first_words=batch.situation.first_words(message),
        )
        batch.cases.append(case)
        if circumstances.manners.answer:
            batch.situation.will_answer(message)

    def _due(self, rule: str, message: Understood) -> Due:
        return by_rule(rule, message.arrival.received_at, self._surroundings.calendar)
