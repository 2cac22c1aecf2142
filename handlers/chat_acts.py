"""Acts by chat that are no message of their own: edits, withdrawals, presses, receipts, echoes, and closed doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from handlers.address_confirmation import AddressConfirmation
from handlers.answering import Answering
from handlers.casework import Pages, settled, settled_together
from handlers.chat_letters import asks_person
from handlers.choices import pressed, typed
from handlers.circumstances import Situation
from handlers.decision import TaskNeeded
from handlers.follow_ups import Claim
from handlers.rerouting import reroute, undeliverable
from handlers.rows import event_row, task_row
from handlers.taking_details import take_details
from handlers.understanding import Understood
from intake.chat import PROGRESS, ChatFacts
from intake.identity import identity_of
from store.casefile import cases_by_ids
from store.chat_rows import close_conversation, conversations, earlier_message, letter_by_provider_id, letters_to, open_question
from store.models import Case, CaseStatus, Disposition, Message, OutboxEntry, OutboxState, Party
from store.unit import Unit

ECHOES_WITHIN = timedelta(minutes=30)


class ChatActs:
    """Carries out what a platform or a resident did to something earlier."""

    def __init__(self, answering: Answering, confirmation: AddressConfirmation) -> None:
        """Take answers to our questions with ``answering``; ask about an address that somebody gives by ``confirmation``."""
        self._answering = answering
        self._confirmation = confirmation

    def settle(
        self, unit: Unit, message: Understood, chat: ChatFacts, situation: Situation, pages: Pages
    ) -> Claim | Literal["a message"] | None:
        """Settle an act; return the case that an edit belongs to, whose words are then weighed like any reply.

        An edit of something we never had is a message like any other, and so is asking for a person before there is a
        case: then nothing is settled yet.
        """
        if chat.act == "edit":
            return self._edited(unit, message, chat, pages) or "a message"
        if asks_person(message) and _case_of(unit, chat, _named(chat)) is None:
            return "a message"
        case_id: int | None = None
        if chat.act == "withdrawal":
            case_id = self._withdrawn(unit, message, chat, pages)
        elif chat.act == "press":
            case_id = self._pressed(unit, message, chat, situation, pages)
        elif chat.act == "receipt":
            case_id = self._receipt(unit, message, chat, pages)
        elif chat.act == "echo":
            case_id = self._echo(unit, message, chat, pages)
        elif chat.act == "blocked":
            case_id = self._blocked(unit, message, chat, pages)
        pages.messages.append(settled(message, Disposition.ACT, pages.now, f"by chat: {chat.act}", case_id=case_id))
        return None

    def answered(self, unit: Unit, message: Understood, case_id: int, *, situation: Situation, pages: Pages) -> bool:
        """Take a typed answer to a question of ours; say whether the message was that and nothing else.

        Details that somebody gave are put on the case, and the message goes on to it, for a person to read.
        """
        chat, case = message.reading.chat, situation.cases.get(case_id)
        if chat is None or case is None:
            return False
        asked = open_question(unit, chat.conversation, "category")
        choice = typed(message.reading.new_text, asked=asked is not None and asked.case_id == case_id)
        if choice is None:
            take_details(unit, case, message, chat.conversation, pages=pages, confirmation=self._confirmation)
            return False
        self._answering.answer(unit, case, message, choice, situation=situation, pages=pages)
        pages.messages += settled_together(message, Disposition.FOLLOW_UP, pages.now, "an answer to our question", case_id)
        pages.talks[chat.conversation] = case_id
        return True

    def _edited(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> Claim | None:
        earlier = _earlier(unit, message, chat)
        if earlier is None or earlier.case_id is None:
            return None
        address = (message.reading.sender.address or "").lower()
        if not unit.find(Party, case_id=earlier.case_id, address=address):
            return None  # like any other message of somebody whom colleagues took out of the case
        why = "other words for an earlier message, which stands as it came"
        pages.events.append(
            event_row(earlier.case_id, "message_edited", why, pages.now, message=message.arrival.id, first=earlier.id)
        )
        return Claim(case_id=earlier.case_id, joins="joins", why=why)

    def _withdrawn(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        """Mark the message; what was received stays on the record (channels, rule 5)."""
        earlier = _earlier(unit, message, chat)
        if earlier is None or earlier.id is None:
            return None
        if earlier.withdrawn_at is None:
            unit.update(Message, earlier.id, withdrawn_at=message.arrival.received_at)
        if earlier.case_id is not None:
            why = "the resident took a message back; it stays on the record as it came"
            pages.events.append(event_row(earlier.case_id, "message_withdrawn", why, pages.now, message=earlier.id))
        return earlier.case_id

    def _pressed(self, unit: Unit, message: Understood, chat: ChatFacts, situation: Situation, pages: Pages) -> int | None:
        found = pressed(chat.pressed or "")
        case = _case_of(unit, chat, _named(chat))
        if found is None or case is None:
            return None
        self._answering.answer(unit, case, message, found.choice, situation=situation, pages=pages)
        return case.id

    def _receipt(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        letter = _letter(unit, message, chat)
        if letter is None or letter.id is None or chat.progress is None:
            return None
        if letter.progress is not None and PROGRESS.index(chat.progress) <= PROGRESS.index(letter.progress):
            return letter.case_id
        at = chat.happened_at or message.arrival.received_at
        # A word of failure counts only where nobody has read it, for receipts come in any order.
        if chat.progress == "failed" and letter.progress in ("delivered", "read"):
            return letter.case_id
        unit.update(OutboxEntry, letter.id, progress=chat.progress, progress_at=at)
        told: dict[str, Any] = {"letter": letter.kind, "header_id": letter.header_id, "happened_at": at}
        why = f"the platform says: {chat.progress}{f' ({chat.code})' if chat.code else ''}"
        pages.events.append(event_row(letter.case_id, f"letter_{chat.progress}", why, pages.now, **told))
        if chat.progress == "failed":
            self._failed(unit, letter, chat, pages)
        return letter.case_id

    def _failed(self, unit: Unit, letter: OutboxEntry, chat: ChatFacts, pages: Pages) -> None:
        why = f"the platform could not deliver it ({chat.code or 'no reason given'})"
        events = reroute(unit, letter, why, chat.code, pages.now)
        pages.events += events
        case = unit.get(Case, letter.case_id)
        if not events and case is not None and letter.id is not None:
            unit.update(OutboxEntry, letter.id, state=OutboxState.FAILED, answer=why)
            pages.tasks.append(undeliverable(case, letter, why, pages.now))

    def _echo(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        """Note what colleagues wrote from our account elsewhere; what we sent ourselves is known already."""
        if chat.machine or _letter(unit, message, replace_about(chat, message)) is not None or _is_ours(unit, message, chat):
            return None
        case = _case_of(unit, chat, None)
        if case is None or case.id is None:
            return None
        why = "somebody wrote to the resident from our account, outside this system"
        pages.events.append(event_row(case.id, "written_elsewhere", why, pages.now, message=message.arrival.id))
        return case.id

    def _blocked(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        at, identity = message.arrival.received_at, identity_of(chat.conversation)
        name = identity.channel if identity else "chat"
        close_conversation(unit, chat.conversation, at, f"they do not take our messages on {name} any more")
        case = _case_of(unit, chat, None)
        if case is None or case.id is None or case.status is CaseStatus.CLOSED:
            return None
        why = f"they do not take our messages on {name} any more: reach them by the next-best way"
        pages.events.append(event_row(case.id, "route_closed", why, pages.now, message=message.arrival.id))
        task = TaskNeeded(kind="route_closed", why=why, due=None)
        pages.tasks.append(task_row(task, case.team, pages.now, case.id, message.arrival.id))
        return case.id


def _named(chat: ChatFacts) -> str | None:
    found = pressed(chat.pressed or "")
    return found.reference if found is not None else None


def _is_ours(unit: Unit, message: Understood, chat: ChatFacts) -> bool:
    """Say whether an echo holds words of a letter that we have just sent there: platforms echo each part by its own id."""
    words = " ".join(message.reading.new_text.split())
    lately = letters_to(unit, chat.conversation, message.arrival.received_at - ECHOES_WITHIN)
    return bool(words) and any(words in " ".join((letter.short or letter.text).split()) for letter in lately)


def replace_about(chat: ChatFacts, message: Understood) -> ChatFacts:
    """Return an echo as if it were about itself: its own id is that of our letter, where it is one of ours."""
    about = chat.about or message.reading.message_id
    return ChatFacts(act=chat.act, conversation=chat.conversation, about=about)


def _earlier(unit: Unit, message: Understood, chat: ChatFacts) -> Message | None:
    arrival = message.arrival
    return earlier_message(unit, arrival.channel, arrival.account, chat.about) if chat.about else None


def _letter(unit: Unit, message: Understood, chat: ChatFacts) -> OutboxEntry | None:
    way = f"{message.arrival.channel}:{message.arrival.account}"
    return letter_by_provider_id(unit, way, chat.about) if chat.about else None


def _case_of(unit: Unit, chat: ChatFacts, reference: str | None) -> Case | None:
    """Return the case that a button names, if it is this conversation's own, else the one the conversation is about."""
    talk = conversations(unit, [chat.conversation]).get(chat.conversation)
    if reference is not None:
        named = unit.find(Case, reference=reference)
        # A button is a claim like any other: only the conversation that the case came by may use it (promise 8).
        return named[0] if named and (named[0].resident_address == chat.conversation or _is_about(named[0], talk)) else None
    return cases_by_ids(unit, [talk.case_id]).get(talk.case_id) if talk is not None and talk.case_id is not None else None


def _is_about(case: Case, talk: Any) -> bool:
    return talk is not None and talk.case_id == case.id
