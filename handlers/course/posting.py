"""A letter that a person decided on goes to the resident by the best way there is, in the transaction of the act itself.

Where no way by mail or chat works, the letter is kept whole for people to print, and a task says so (design section 2, 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from classifiers.taxonomy import Category, Flag
from handlers.addresses import OwnAddresses
from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.correspondence import Correspondence
from handlers.course.speaking import names_no_member
from handlers.deadlines import by_rule
from handlers.definition import Definition, for_letter
from handlers.letter_facts import LetterFacts
from handlers.letters import Draft, LetterError
from handlers.more_facts import More
from handlers.people.known import wishes_by_address, wishes_of_case
from handlers.people.obeying import CARRY, to_carry
from handlers.people.wishes import ADJUSTED, NOTHING_AGREED, Wishes
from handlers.reply_threads import thread_of
from handlers.reply_ways import answerable, ways_of
from handlers.routes_out import BY_HAND, Route
from handlers.rows import MACHINE, SWEEP, Row, definition_of
from handlers.tokens import message_id_for
from intake.identity import way_of
from store.casefile import first_message
from store.models import Case, Deadline, Message, OutboxEntry, OutboxState, Party, Task
from store.staff_rows import staff_by_username

TASK, HELD = CARRY, "by-hand"
BESIDE = frozenset({"copied", "household", "councillor"})
"""Parties to whom no letter about the case goes in the resident's place: only where they wrote the message that it answers."""
ANSWERS = ("extend_1", "respond_1", "extend_2", "respond_2")


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A letter that was written: its number, how it leaves, and the sentence that says so."""

    letter_id: int
    way: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """Writes letters of people's acts into the outbox."""

    correspondence: Correspondence
    own: OwnAddresses
    windows: Mapping[str, timedelta] = field(default_factory=dict)

    def put(
        self, act: Act, kind: str, more: More, *, of: int | None = None, to: str | None = None, asks_only: bool = False
    ) -> Posted:
        """Write the letter and its event; ``of`` tells letters of one kind on one case apart, ``to`` names another party.

        A letter that ``asks_only`` says nothing of the case, and may go to somebody whose authority to speak is not held yet.

        Refuses the act where the letter cannot be written whole, so that nothing is decided that nobody is told.
        """
        message = self._answered(act)
        wishes = _wishes(act, to)
        route = self._route(act, message, to, wishes, asks_only=asks_only)
        draft = self._draft(act, message, kind, more, wishes, route, asks_only=asks_only)
        row = self._row(act, message, route, draft, kind if of is None else f"{kind}-{of}")
        if route is None and wishes.carried:
            row["rule"] = ADJUSTED
        (letter_id,) = act.unit.insert(OutboxEntry, [row])
        details = {"letter": row["kind"], "template": row["template"], "way": row["way"], "header_id": row["header_id"]}
        act.tell("letter_written", kind, **details)
        if route is None:
            self._by_hand(act, message, kind, letter_id, wishes)
            how = f"Letters {wishes.carried} were agreed" if wishes.carried else "No way to send it works"
            return Posted(letter_id=letter_id, way="by_hand", said=f"{how}: a task says that it must be printed.")
        return Posted(letter_id=letter_id, way=route.way, said="The letter is on its way to the resident.")

    def reaches(self, act: Act) -> bool:
        """Say whether a letter to the resident would get there by a sender, or by people in the way that was agreed."""
        wishes = _wishes(act, None)
        return wishes.carried is not None or self._route(act, self._answered(act), None, wishes) is not None

    def preview(self, act: Act, kind: str, more: More) -> Draft:
        """Write the letter to look at, as it would go now; whoever asks commits nothing."""
        message, wishes = self._answered(act), _wishes(act, None)
        return self._draft(act, message, kind, more, wishes, self._route(act, message, None, wishes))

    def _draft(  # noqa: PLR0917
        self, act: Act, message: Message, kind: str, more: More, wishes: Wishes, route: Route | None, *, asks_only: bool = False
    ) -> Draft:
        recipient = (route.to or "") if route is not None else ""
        facts = replace(self._facts(act, message, more, recipient), large_print=wishes.large_print)
        if asks_only:
            # Neither what it is about, nor how many points it has, nor who may look at which, nor a way to its page.
            facts = replace(facts, definition=None, flags=(), also=(), page=None, acknowledge_by=None, respond_by=None)
        try:
            draft = self.correspondence.letters.draft(kind, facts)
        except LetterError as error:
            raise Refused(f"The letter cannot be written, so nothing was done: {error}") from error
        names_no_member(act.unit, act.case_id, draft.text, recipient)
        return draft

    def _facts(self, act: Act, message: Message, more: More, recipient: str) -> LetterFacts:
        landlord, case, case_id = self.correspondence.landlord, act.case, act.case_id
        owed = {row.rule: row.due_on for row in act.unit.find(Deadline, case_id=case_id, superseded_at=None, met_at=None)}
        respond = next((owed[rule] for rule in ANSWERS if rule in owed), None)
        proved = message.trust != "failed"
        staff = staff_by_username(act.unit, act.by)
        facts = LetterFacts(
            reference=case.reference,
            received_on=london_day(case.received_at),
            written_on=london_day(act.now),
            team=landlord.teams.get(case.team) or landlord.team_for("triage"),
            category=Category(case.category) if case.category else None,
            flags=tuple(flag for flag in Flag if flag in case.flags),
            stage=2 if case.stage == "2" else 1,
            definition=_shown(case),
            repeat_words=proved,
            acknowledge_by=owed.get("acknowledge_2") or owed.get("acknowledge_1"),
            respond_by=respond,
            is_automatic=_by_machine(act),
            officer=None if _by_machine(act) else staff.name if staff is not None else act.by,
            page=self.correspondence.page_of(case_id, recipient) if proved and recipient else None,
            more=more,
        )
        if respond is None or respond not in (owed.get("respond_1"), owed.get("respond_2")):
            return facts
        rule = "extend_2" if respond == owed.get("respond_2") else "extend_1"
        return replace(facts, respond_by_if_extended=by_rule(rule, respond, self.correspondence.calendar).due_on)

    def _answered(self, act: Act) -> Message:
        """Return the message that the letter stands in a thread with: the resident's latest, or the latest where none is theirs."""
        found = answerable(act.unit, act.case_id)
        theirs = {party.address for party in act.unit.find(Party, case_id=act.case_id, role="resident")}
        own = [message for message in found if _writer(message) in {*theirs, (act.case.resident_address or "").lower()}]
        message = (own or found)[-1] if found else first_message(act.unit, act.case_id)
        if message is None:
            raise Refused("No message stands on this case, so there is nobody to write to")
        return message

    def _route(self, act: Act, message: Message, to: str | None, wishes: Wishes, *, asks_only: bool = False) -> Route | None:
        """Return the best way that works and that a sender takes; None where people must carry the letter.

        Whoever only stands beside the resident, and whoever may not be told of the case (``handlers.course.speaking``), gets none.
        """
        untold = dict[str, str]() if asks_only else None
        routes = ways_of(act.unit, act.case, message, self.own, act.now, windows=self.windows, untold=untold)
        fit = [route for route in routes if route.works and route.way not in BY_HAND and route.to and wishes.allow(route.way)]
        if to is not None:
            return next((route for route in fit if (route.to or "").lower() == to.lower()), None)
        others = {party.address for party in act.unit.find(Party, case_id=act.case_id) if party.role in BESIDE}
        fit = [route for route in fit if (route.to or "").lower() not in others - {_writer(message)}]
        return fit[0] if fit and routes[0].way not in BY_HAND else None

    def _row(self, act: Act, message: Message, route: Route | None, draft: Draft, kind: str) -> Row:
        recipient = route.to if route is not None else None
        by_chat = route is not None and route.way == "chat"
        ids = act.case_id, message.id or 0
        return {
            "case_id": act.case_id,
            "message_id": message.id,
            "kind": kind,
            "template": draft.template,
            "way": way_of(recipient) if recipient else "post",
            "recipient": recipient,
            "subject": draft.subject,
            "text": draft.text,
            "html": draft.html,
            "short": draft.short if by_chat else None,
            "header_id": message_id_for(self.correspondence.key, kind, *ids, domain=self.correspondence.domain),
            "in_reply_to": message.header_id if recipient and way_of(recipient) == way_of(message.sender_address) else None,
            "references": thread_of(act.unit, message, recipient),
            "automatic": _by_machine(act),
            "state": OutboxState.DUE if route is not None else OutboxState.SUPPRESSED,
            "rule": None if route is not None else HELD,
            "created_at": act.now,
            "next_at": act.now,
        }

    def _by_hand(self, act: Act, message: Message, kind: str, letter_id: int, wishes: Wishes) -> None:
        due = by_rule("undelivered", act.now, self.correspondence.calendar)
        why = f"the letter {kind} cannot go by mail or chat: print it, send it another way, and say on the case when it went"
        if wishes.carried:
            why = to_carry(kind, f"letters {wishes.carried}")
        row = {"kind": TASK, "case_id": act.case_id, "message_id": message.id, "team": act.case.team, "why": why}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at, "assigned_to": act.case.assigned_to}])
        act.tell("letter_by_hand", why, letter_id=letter_id)


def _writer(message: Message) -> str:
    """Return the address that wrote a message, as parties are kept by it."""
    return (message.conversation or message.sender_address or "").lower()


def _wishes(act: Act, to: str | None) -> Wishes:
    """Return what was agreed with whom the letter goes to: the resident, or another party by their address."""
    if to is None or to.lower() == (act.case.resident_address or "").lower():
        return wishes_of_case(act.unit, act.case)
    return wishes_by_address(act.unit, [to]).get(to.lower(), NOTHING_AGREED)


def _by_machine(act: Act) -> bool:
    """Say whether no person wrote the letter: then it says so, and is sent as what it is."""
    return act.by in (MACHINE, SWEEP)


def _shown(case: Case) -> Definition | None:
    """Return the definition without what no letter may repeat: links, addresses, telephone numbers (design section 4)."""
    definition = definition_of(case.definition) if case.category == Category.COMPLAINT else None
    return for_letter(definition) if definition is not None else None
