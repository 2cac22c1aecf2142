"""What a decision must know of its surroundings, looked up once for a whole batch inside T3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from handlers.calendar import WorkingCalendar
from handlers.chat_letters import is_public
from handlers.decision import Circumstances
from handlers.follow_ups import Claim, header_claims, reference_claims, weigh
from handlers.going_on import onwards
from handlers.landlord import Landlord
from handlers.manners import History, Limits, Manners, OwnAddresses, PastLetter, may_answer, weighed
from handlers.talks import talk_claim
from handlers.understanding import Understood
from store.casefile import cases_by_ids, cases_of_messages, letters_lately, tasks_since
from store.chat_models import Conversation
from store.chat_rows import conversations
from store.lookups import cases_by_header_ids, cases_by_references, claim_originals, parties_of, repeats
from store.models import Case
from store.unit import Unit

REPEAT_WITHIN = timedelta(hours=24)
A_DAY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """Looks up, for a batch, everything that decisions depend on."""

    landlord: Landlord
    calendar: WorkingCalendar
    own: OwnAddresses
    limits: Limits
    acknowledge_automatically: bool

    def look(self, unit: Unit, messages: Sequence[Understood], now: datetime) -> Situation:
        """Ask the store in a handful of queries, whatever the size of the batch.

        ``claim_originals`` also writes: the database key decides which of two equal mails is the first.
        """
        keys = sorted({(m.reading.content_key, m.arrival.id) for m in messages if m.reading.content_key})
        originals = claim_originals(unit, keys) if keys else {}
        firsts = {originals[key] for key, id_ in keys if originals[key] != id_}
        headers = {header for m in messages for header in (*header_claims(m), m.reading.message_id or "") if header}
        threads = cases_by_header_ids(unit, sorted(headers)) if headers else {}
        names = {name for m in messages for name in reference_claims(m)}
        references = cases_by_references(unit, sorted(names))
        talks = conversations(unit, sorted({m.reading.chat.conversation for m in messages if m.reading.chat}))
        repeated = repeats(unit, sorted({m.repeat_key for m in messages if m.repeat_key}), now - REPEAT_WITHIN)
        claimed = {case_id for case_id, _ours in threads.values()} | set(references.values())
        claimed |= {case_id for _first, case_id in repeated.values()}
        claimed |= {talk.case_id for talk in talks.values() if talk.case_id is not None}
        # What answers a case that was joined to another belongs to that, if its writer does.
        gone = onwards(unit, claimed) if claimed else {}
        threads = {header: (gone.get(case_id, case_id), ours) for header, (case_id, ours) in threads.items()}
        references = {name: gone.get(case_id, case_id) for name, case_id in references.items()}
        for talk in talks.values():
            talk.case_id = gone.get(talk.case_id or 0, talk.case_id)
        claimed |= set(gone.values())
        recipients = sorted({m.reading.sender.address.lower() for m in messages if m.reading.sender.address})
        written = letters_lately(unit, recipients, now - A_DAY)
        return Situation(
            now=now,
            surroundings=self,
            originals=originals,
            cases_of=cases_of_messages(unit, sorted(firsts)),
            threads=threads,
            references=references,
            parties=parties_of(unit, sorted(claimed)) if claimed else {},
            cases=cases_by_ids(unit, claimed) if claimed else {},
            repeated=repeated,
            letters={to: [PastLetter(at=at, subject=s) for at, s in past] for to, past in written.items()},
            talks=talks,
            strangers_lately=tasks_since(unit, "possible_reply", now - A_DAY) if threads else 0,
        )


@dataclass(kw_only=True, slots=True)
class Situation:
    """The surroundings of one batch; it also remembers what the batch itself has done so far."""

    now: datetime
    surroundings: Surroundings
    originals: dict[str, int]
    cases_of: dict[int, int | None]
    threads: dict[str, tuple[int, bool]]
    references: dict[str, int]
    parties: dict[int, set[str]]
    cases: dict[int, Case]
    repeated: dict[str, tuple[int, int]]
    letters: dict[str, list[PastLetter]]
    strangers_lately: int
    talks: dict[str, Conversation] = field(default_factory=dict)
    _ids: set[int] = field(default_factory=set)
    _headers: set[str] = field(default_factory=set)
    _repeat_keys: set[str] = field(default_factory=set)
    _talks: set[str] = field(default_factory=set)

    def must_wait(self, message: Understood) -> bool:
        """Say whether the message depends on one of this very batch, whose case has no number yet."""
        owner = self.originals.get(message.reading.content_key)
        return (
            owner in self._ids
            or message.repeat_key in self._repeat_keys
            or (message.reading.chat is not None and message.reading.chat.conversation in self._talks)
            or not self._headers.isdisjoint(header_claims(message))
        )

    def first_of(self, message: Understood) -> tuple[int, int | None] | None:
        """Return the message that came first with this content, and its case, where this is a second route."""
        owner = self.originals.get(message.reading.content_key)
        if owner is None or owner == message.arrival.id or message.shunted is not None:
            return None
        return owner, self.cases_of.get(owner)

    def repeat_of(self, message: Understood) -> tuple[int, int] | None:
        """Return the message, and its case, in which the same sender said the same within a day (mail rule D5)."""
        found = self.repeated.get(message.repeat_key or "")
        if found is None or found[0] == message.arrival.id:
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
        found = weigh(message, self.threads, self.references, self.parties) if self.threads or self.references else None
        chat = message.reading.chat
        if chat is None or (found is not None and found.joins == "joins"):
            return found
        talk = self.talks.get(chat.conversation)
        case = self.cases.get(talk.case_id) if talk is not None and talk.case_id is not None else None
        claim = talk_claim(message, talk, case)
        if claim is not None and not self._belongs(message, claim.case_id):
            # Somebody whom colleagues took out of the case goes on in the same conversation: a person looks (promise 8).
            return replace(
                claim, joins="possible_reply", why="goes on in a conversation whose writer does not belong to the case"
            )
        return claim or found

    def _belongs(self, message: Understood, case_id: int) -> bool:
        address = (message.reading.sender.address or "").lower()
        return is_public(message) or address in self.parties.get(case_id, set())

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

    def first_words(self, message: Understood) -> bool:
        """Say whether a conversation has come to no case before: who and where somebody is, is asked there, once."""
        chat = message.reading.chat
        talk = self.talks.get(chat.conversation) if chat is not None else None
        return chat is not None and (talk is None or talk.case_id is None)

    def will_answer(self, message: Understood) -> None:
        """Count a letter that this batch is about to write, so that the caps hold within it too."""
        address = (message.reading.sender.address or "").lower()
        self.letters.setdefault(address, []).append(PastLetter(at=self.now, subject=message.reading.subject))

    def _history(self, message: Understood, *, stranger: bool) -> History:
        address = (message.reading.sender.address or "").lower()
        # The brake is for machines which answer our letters from ever new addresses: it counts only such answers, so
        # that a morning with many residents' mails never holds back a letter.
        lately = self.strangers_lately if stranger else 0
        return History(now=self.now, letters=tuple(self.letters.get(address, ())), all_lately=lately)
