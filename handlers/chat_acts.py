"""Acts by chat that are no message of their own: edits, withdrawals, presses, receipts, echoes, and closed doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from handlers.address_confirmation import AddressConfirmation
from handlers.answering import Answering
from handlers.casework import Pages, settled, settled_together
from handlers.choices import typed
from handlers.circumstances import Situation
from handlers.decision import TaskNeeded
from handlers.edits import edited, says_nothing_new
from handlers.follow_ups import Claim
from handlers.letter_receipts import comes_too_soon, part_of, take_receipt
from handlers.presses import Press, case_of_talk, press_of
from handlers.rows import event_row, task_row
from handlers.taking_details import take_details
from handlers.understanding import Understood
from intake.chat import ChatFacts
from intake.identity import identity_of
from intake.storable import one_line
from store.chat_rows import (
    close_conversation,
    conversations,
    earlier_message,
    letters_to,
    open_conversation,
    open_question,
)
from store.models import CaseStatus, Disposition, Message, MessageState
from store.unit import Unit

LONGEST_TOLD = 200
ECHOES_WITHIN = timedelta(minutes=30)
AGAIN_WITHIN = timedelta(seconds=10)
"""An edit looks again so soon whether the message that it changes was read."""


class ChatActs:
    """Carries out what a platform or a resident did to something earlier."""

    def __init__(self, answering: Answering, confirmation: AddressConfirmation) -> None:
        """Take answers to our questions with ``answering``; ask about an address that somebody gives by ``confirmation``."""
        self._answering = answering
        self._confirmation = confirmation

    def settle(
        self, unit: Unit, message: Understood, chat: ChatFacts, situation: Situation, pages: Pages
    ) -> Claim | Literal["a message"] | None:
        """Settle an act; return the case that an edit or a press claims, whose words are then weighed like any reply.

        An edit of something we never had is a message like any other, and so is a press before there is a case: then
        nothing is settled yet.
        """
        if chat.act == "edit":
            earlier = _earlier(unit, message, chat)
            if earlier is None:
                return "a message"
            if _comes_first(unit, message, earlier, pages):
                return None
            held = says_nothing_new(unit, message, chat, earlier)
            if held is None:
                return edited(unit, message, chat, earlier, pages) or "a message"
            case_id = held.case_id
        elif chat.act == "press":
            press = press_of(unit, chat)
            if not isinstance(press, Press):
                return press or "a message"
            case_id = self._answering.pressed(unit, press, message, situation=situation, pages=pages)
        elif chat.act in ("receipt", "echo") and comes_too_soon(unit, message, chat, pages):
            return None
        else:
            case_id = self._done(unit, message, chat, pages)
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

    def _done(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        """Carry out an act that claims nothing; return the case that it concerns."""
        acts = {
            "withdrawal": self._withdrawn,
            "receipt": take_receipt,
            "echo": self._echo,
            "blocked": self._blocked,
            "back": self._back,
        }
        return acts[chat.act](unit, message, chat, pages) if chat.act in acts else None

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

    def _echo(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        """Note what colleagues wrote from our account elsewhere; what we sent ourselves is known already."""
        about = chat.about or message.reading.message_id  # its own id is that of our letter, where it is one of ours
        if chat.machine or part_of(unit, message, about) is not None or _is_ours(unit, message, chat):
            return None
        case = case_of_talk(unit, chat)
        if case is None or case.id is None:
            return None
        why = "somebody wrote to the resident from our account, outside this system"
        pages.events.append(event_row(case.id, "written_elsewhere", why, pages.now, message=message.arrival.id))
        return case.id

    def _blocked(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        at, identity = message.arrival.received_at, identity_of(chat.conversation)
        talk = conversations(unit, [chat.conversation]).get(chat.conversation)
        if talk is not None and talk.heard_at > at:
            return None  # after an outage: they have written again since
        why = _why_closed(message, chat, identity.channel if identity else "chat")
        close_conversation(unit, chat.conversation, at, why)
        case = case_of_talk(unit, chat)
        if case is None or case.id is None or case.status is CaseStatus.CLOSED:
            return None
        why = f"{why}: reach them by the next-best way"
        pages.events.append(event_row(case.id, "route_closed", why, pages.now, message=message.arrival.id))
        task = TaskNeeded(kind="route_closed", why=why, due=None)
        pages.tasks.append(task_row(task, case.team, pages.now, case.id, message.arrival.id))
        return case.id

    def _back(self, unit: Unit, message: Understood, chat: ChatFacts, pages: Pages) -> int | None:
        """Open a conversation again that was closed before, so that we may write there although they said nothing yet."""
        talk = conversations(unit, [chat.conversation]).get(chat.conversation)
        if talk is None or talk.closed_at is None or talk.closed_at > message.arrival.received_at:
            return None
        open_conversation(unit, chat.conversation)
        if talk.case_id is not None:
            why = "they take our messages again"
            pages.events.append(event_row(talk.case_id, "route_open", why, pages.now, message=message.arrival.id))
        return talk.case_id


def _why_closed(message: Understood, chat: ChatFacts, channel: str) -> str:
    """Say why nothing may go there any more: who has moved has not turned us away, and their new number or id stands in the words."""
    if chat.code != "gone":
        return f"they do not take our messages on {channel} any more"
    told = one_line(message.reading.new_text, LONGEST_TOLD)
    return f"what we send to this {channel} address reaches nobody any more{f' {told}' if told else ''}"


def _is_ours(unit: Unit, message: Understood, chat: ChatFacts) -> bool:
    """Say whether an echo holds words of a letter that we have just sent there: platforms echo each part by its own id."""
    words = " ".join(message.reading.new_text.split())
    lately = letters_to(unit, chat.conversation, message.arrival.received_at - ECHOES_WITHIN)
    return bool(words) and any(words in " ".join((letter.short or letter.text).split()) for letter in lately)


def _comes_first(unit: Unit, message: Understood, earlier: Message, pages: Pages) -> bool:
    """Put an edit back whose message is still to be read, so that it does not open the case in its place; say whether it was."""
    if earlier.state is not MessageState.WAITING:
        return False
    again_at = min(earlier.due_at, pages.now + AGAIN_WITHIN) + timedelta(seconds=1)
    # It was no attempt of its own.
    unit.update(Message, message.arrival.id, due_at=again_at, attempts=message.arrival.attempts - 1, lease=None)
    return True


def _earlier(unit: Unit, message: Understood, chat: ChatFacts) -> Message | None:
    arrival = message.arrival
    return earlier_message(unit, arrival.channel, arrival.account, chat.about) if chat.about else None
