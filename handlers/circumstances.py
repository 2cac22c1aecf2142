"""What a decision must know of its surroundings, looked up once for a whole batch inside T3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from handlers.addresses import comparable, mailbox_of
from handlers.calendar import WorkingCalendar
from handlers.chat_letters import is_public, recipient_of
from handlers.decision import Circumstances, TaskNeeded
from handlers.follow_ups import Claim, Parties, by_mailbox, header_claims, reference_claims, weigh
from handlers.going_on import onwards
from handlers.landlord import Landlord
from handlers.loops import KIND as LOOP
from handlers.loops import STOPS, Elsewhere, SaidBefore, stopped, words_of
from handlers.manners import DEAD_FOR, History, Limits, Manners, OwnAddresses, PastLetter, may_answer, weighed
from handlers.new_matters import answers_of_closed
from handlers.past_letters import letters_to_writers, writers
from handlers.people.known import telephone_key, wishes_by_address
from handlers.people.wishes import Wishes
from handlers.same_bytes import content_of
from handlers.talks import talk_claim
from handlers.understanding import Understood
from store.casefile import (
    bounced_lately,
    cases_by_ids,
    cases_of_messages,
    letters_newest,
    tasks_since,
)
from store.chat_models import Conversation
from store.chat_rows import conversations
from store.lookups import cases_by_header_ids, cases_by_references, claim_originals, parties_of, repeats, senders_of_words
from store.models import Case, CaseStatus
from store.unit import Unit

REPEAT_WITHIN = timedelta(hours=24)
A_DAY = timedelta(hours=24)
LARGEST_BATCH = 100
"""So many letters may be written before the store is asked again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """Looks up, for a batch, everything that decisions depend on."""

    landlord: Landlord
    calendar: WorkingCalendar
    own: OwnAddresses
    limits: Limits
    acknowledge_automatically: bool
    said: SaidBefore = field(default_factory=SaidBefore)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def look(self, unit: Unit, messages: Sequence[Understood], now: datetime) -> Situation:
        """Ask the store in a handful of queries, whatever the size of the batch.

        ``claim_originals`` also writes: the database key decides which of two equal mails is the first.
        """
        keys = sorted({(content_of(m), m.arrival.id) for m in messages if content_of(m)})
        originals = claim_originals(unit, keys) if keys else {}
        firsts = {originals[key] for key, id_ in keys if originals[key] != id_}
        headers = {header for m in messages for header in (*header_claims(m), m.reading.message_id or "") if header}
        threads = cases_by_header_ids(unit, sorted(headers)) if headers else {}
        names = {name for m in messages for name in reference_claims(m)}
        references = cases_by_references(unit, sorted(names))
        talks = conversations(unit, sorted({m.reading.chat.conversation for m in messages if m.reading.chat}))
        said = repeats(unit, sorted({m.repeat_key for m in messages if m.repeat_key}), now - REPEAT_WITHIN)
        claimed = {case_id for case_id, _ours in threads.values()} | set(references.values())
        claimed |= {case_id for _first, case_id in said.values()}
        claimed |= {case_id for m in messages for case_id in m.answers}
        claimed |= {talk.case_id for talk in talks.values() if talk.case_id is not None}
        # What answers a case that was joined to another belongs to that, if its writer does.
        gone = onwards(unit, claimed) if claimed else {}
        threads = {header: (gone.get(case_id, case_id), ours) for header, (case_id, ours) in threads.items()}
        references = {name: gone.get(case_id, case_id) for name, case_id in references.items()}
        for talk in talks.values():
            talk.case_id = gone.get(talk.case_id or 0, talk.case_id)
        claimed |= set(gone.values())
        alike = self._alike(unit, messages, now)
        if self.elsewhere.is_old(now):
            self.elsewhere.found(letters_newest(unit, now - A_DAY), now)
        return Situation(
            now=now,
            surroundings=self,
            originals=originals,
            cases_of=cases_of_messages(unit, sorted(firsts)),
            threads=threads,
            references=references,
            parties=by_mailbox(parties_of(unit, sorted(claimed))) if claimed else {},
            cases=(cases := cases_by_ids(unit, claimed) if claimed else {}),
            repeated={key: (first, gone.get(case_id, case_id)) for key, (first, case_id) in said.items()},
            letters=letters_to_writers(unit, messages, now - A_DAY),
            bounced=bounced_lately(unit, writers(messages), now - DEAD_FOR),
            talks=talks,
            answered=answers_of_closed(unit, [cases[t.case_id] for t in talks.values() if t.case_id in cases]),
            wishes=wishes_by_address(unit, {key for m in messages if (key := _known_by(m))}),
            gone=gone,
            strangers_lately=tasks_since(unit, "possible_reply", now - A_DAY) if claimed else 0,
            alike=alike,
            told_of_loop=self._looks_like_loop(claimed, alike) and tasks_since(unit, LOOP, now - A_DAY) > 0,
        )

    def _looks_like_loop(self, claimed: set[int], alike: dict[str, set[str]]) -> bool:
        return bool(claimed or alike) or 0 < self.limits.elsewhere <= self.elsewhere.letters + LARGEST_BATCH

    def _alike(self, unit: Unit, messages: Sequence[Understood], now: datetime) -> dict[str, set[str]]:
        """Return who said, within a day, the words of these messages that come again and again."""
        words = {words_of(m.repeat_key) for m in messages if m.repeat_key and self.said.often(words_of(m.repeat_key))}
        return {one: senders_of_words(unit, one, now - A_DAY) for one in sorted(words)}


@dataclass(kw_only=True, slots=True)
class Situation:
    """The surroundings of one batch; it also remembers what the batch itself has done so far."""

    now: datetime
    surroundings: Surroundings
    originals: dict[str, int]
    cases_of: dict[int, int | None]
    threads: dict[str, tuple[int, bool]]
    references: dict[str, int]
    parties: Parties
    cases: dict[int, Case]
    repeated: dict[str, tuple[int, int]]
    letters: dict[str, list[PastLetter]]
    strangers_lately: int
    bounced: dict[str, datetime] = field(default_factory=dict)
    """When mail to an address came back for good."""
    gone: dict[int, int] = field(default_factory=dict)
    """Of the cases that were claimed, those that go on in another, and in which."""
    talks: dict[str, Conversation] = field(default_factory=dict)
    answered: dict[int, datetime] = field(default_factory=dict)
    """When the stage 1 answers went of closed complaints that conversations are about."""
    wishes: dict[str, Wishes] = field(default_factory=dict)
    """What was agreed with the writers, by the address at which each is answered."""
    alike: dict[str, set[str]] = field(default_factory=dict)
    """Who said the words that come again and again, by their key."""
    told_of_loop: bool = False
    _ids: set[int] = field(default_factory=set)
    _headers: set[str] = field(default_factory=set)
    _repeat_keys: set[str] = field(default_factory=set)
    _talks: set[str] = field(default_factory=set)

    def must_wait(self, message: Understood) -> bool:
        """Say whether the message depends on one of this very batch, whose case has no number yet."""
        owner = self.originals.get(content_of(message))
        return (
            owner in self._ids
            or message.repeat_key in self._repeat_keys
            or (message.reading.chat is not None and message.reading.chat.conversation in self._talks)
            or not self._headers.isdisjoint(header_claims(message))
        )

    def first_of(self, message: Understood) -> tuple[int, int | None] | None:
        """Return the message that came first with this content, and its case, where this is a second route."""
        owner = self.originals.get(content_of(message))
        if owner is None or owner == message.arrival.id:
            return None
        return owner, self.cases_of.get(owner)

    def repeat_of(self, message: Understood) -> tuple[int, int] | None:
        """Return the message, and its case, in which the same sender said the same within a day (mail rule D5).

        What would be said to a case that is closed, or in the name of somebody who may be another, is looked at on its own.
        """
        found = self.repeated.get(message.repeat_key or "")
        if found is None or found[0] == message.arrival.id or message.trust == "failed":
            return None
        if (
            (said := self.cases.get(found[1])) is None
            or said.status is CaseStatus.CLOSED
            or not self._belongs(message, found[1])
        ):
            return None
        claim = self.claim_of(message)
        if claim is None or claim.joins != "joins":
            return found
        # "This is a complaint", said of one case, is not said of another: what joins a case is a repeat only there, or where
        # the same words opened a case beside it.
        case = self.cases.get(found[1])
        return found if claim.case_id in (found[1], case.related_case_id if case is not None else None) else None

    def claim_of(self, message: Understood) -> Claim | None:
        """Return the case that the message says it belongs to."""
        answers = [self.gone.get(case_id, case_id) for case_id in message.answers if case_id in self.cases]
        asked = self.threads or self.references or answers
        found = weigh(message, self.threads, self.references, self.parties, answers) if asked else None
        chat = message.reading.chat
        if chat is None or (found is not None and found.joins == "joins"):
            return found
        talk = self.talks.get(chat.conversation)
        case = self.cases.get(talk.case_id) if talk is not None and talk.case_id is not None else None
        claim = talk_claim(message, talk, case, answered_at=self.answered.get(case.id or 0) if case is not None else None)
        if claim is not None and not self._belongs(message, claim.case_id):
            # Somebody whom colleagues took out of the case goes on in the same conversation: a person looks (promise 8).
            return replace(
                claim, joins="possible_reply", why="goes on in a conversation whose writer does not belong to the case"
            )
        return claim or found

    def _belongs(self, message: Understood, case_id: int) -> bool:
        return is_public(message) or comparable(message.reading.sender.address) in self.parties.get(case_id, {})

    def shares_header(self, message: Understood) -> bool:
        """Say whether an earlier message with other content carries the same Message-ID (mail rule D2)."""
        return (message.reading.message_id or "") in self.threads

    def circumstances_of(self, message: Understood, person: str | None = None, *, stranger: bool = False) -> Circumstances:
        """Return all that the decision about this message may depend on; a ``stranger`` answers somebody else's case."""
        around, arrival, reading, trust = self.surroundings, message.arrival, message.reading, message.trust
        history = self._history(message, stranger=stranger)
        if arrival.body:  # just read: its headers have been weighed already
            manners = weighed(message.automatic, reading, history, trust, limits=around.limits)
        else:
            manners = may_answer(reading, arrival.envelope, around.own, history, trust, limits=around.limits)
        if manners.answer and message.automatic:
            # A message remembered from the store has no headers any more, but what they said of it stands.
            why = "not answered by machine: it was automatic mail when it came"
            manners = Manners(answer=False, rule=message.automatic, why=why)
        if (wishes := self.wishes.get(_known_by(message))) is not None:
            manners = replace(manners, wishes=wishes)
        return Circumstances(
            landlord=around.landlord,
            calendar=around.calendar,
            received_at=arrival.received_at,
            decided_at=self.now,
            manners=manners,
            sender_trust=trust,
            acknowledge_automatically=around.acknowledge_automatically,
            decided_by_person=person,
        )

    def seen(self, message: Understood) -> None:
        """Remember a message that this batch has dealt with."""
        self._ids.add(message.arrival.id)
        if message.reading.message_id:
            self._headers.add(message.reading.message_id)
        if message.repeat_key:
            self._repeat_keys.add(message.repeat_key)
        if message.reading.chat is not None:
            self._talks.add(message.reading.chat.conversation)
        if (senders := self.alike.get(words_of(message.repeat_key))) is not None:
            senders.add((message.reading.sender.address or "").lower())

    def stranger_came(self) -> None:
        """Count somebody who answers a letter that went to another, so that the brake holds within the batch too."""
        self.strangers_lately += 1

    def loop_tasks(self, manners: Manners) -> tuple[TaskNeeded, ...]:
        """Return the task that a stopped loop brings: one a day, whatever the number of letters held back."""
        if manners.rule not in STOPS or self.told_of_loop:
            return ()
        self.told_of_loop = True
        return (stopped(manners.rule, self.surroundings.landlord.routing["triage"]),)

    def first_words(self, message: Understood) -> bool:
        """Say whether a conversation has come to no case before: who and where somebody is, is asked there, once."""
        chat = message.reading.chat
        talk = self.talks.get(chat.conversation) if chat is not None else None
        return chat is not None and (talk is None or talk.case_id is None)

    def will_answer(self, message: Understood) -> None:
        """Count a letter that this batch is about to write, so that the caps hold within it too."""
        address = mailbox_of(message.reading.sender.address or "")
        self.letters.setdefault(address, []).append(PastLetter(at=self.now, subject=message.reading.subject))
        self.surroundings.elsewhere.written(message.reading.sender.address)

    def _history(self, message: Understood, *, stranger: bool) -> History:
        address = (message.reading.sender.address or "").lower()
        # The brake is for machines which answer our letters from ever new addresses: it counts only such answers, so
        # that a morning with many residents' mails never holds back a letter.
        lately = self.strangers_lately if stranger else 0
        alike = len(self.alike.get(words_of(message.repeat_key), set()) - {address})
        letters = tuple(self.letters.get(mailbox_of(address), ()))
        received, bounced = message.arrival.received_at, self.bounced.get(address)
        return History(
            now=self.now,
            letters=letters,
            all_lately=lately,
            alike=alike,
            elsewhere=self.surroundings.elsewhere.for_(address),
            received_at=received,
            bounced_at=bounced,
        )


def _known_by(message: Understood) -> str:
    """Return what a writer is known by to what was agreed with them: where we answer, else the telephone number they gave."""
    contact = message.reading.contact
    return (recipient_of(message) or "").lower() or telephone_key(contact.phone if contact is not None else None)
