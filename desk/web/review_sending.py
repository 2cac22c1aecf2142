"""A decision is sent from a card: kept first, then the next item; a stale one is refused with nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from desk.web.review import show
from desk.web.review_card import Card, card_of
from desk.web.review_choice import Chosen, chosen, ticked
from desk.web.review_conflict import conflict
from desk.web.review_here import AtWork
from desk.web.review_places import back, onwards
from handlers.case_acts import Refused
from handlers.deciding import NotYetHandled, Stale
from store.desk_models import StaffAct
from store.models import Message, Task, Verdicting

JUST_NOW = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A person's decision about a message, as it came from a card; ``task`` is what asked for it, if anything did."""

    at: AtWork
    message: Message
    task: Task | None

    @property
    def message_id(self) -> int:
        """The message's number."""
        return self.message.id or 0

    @property
    def by(self) -> str:
        """Who decides."""
        return self.at.person.username

    def refused(self, error: Exception, field: str = "as") -> Response:
        """Show the card again, with all that was typed and what is wrong."""
        return show(self.at, self._card(), self.task, errors={field: str(error)}, form=ticked(self.at.typed), status=422)

    def conflict(self, choice: Chosen, seen: Verdicting | None) -> Response:
        """Show what was seen, what stands now, and what was chosen."""
        with self.at.desk.glance() as glance:
            task = glance.get(Task, self.task.id) if self.task else None
        return conflict(self.at, self._card(), task, chosen=choice, seen=seen)

    def onwards(self, act_id: int, reference: str) -> Response:
        """Go on to the next item of the list, or to the case where no list was worked through."""
        if self.task is not None:
            return onwards(self.at.asked, self.task, act_id)
        return back(self.at.typed.line("back"), act_id, f"/cases/{reference}")

    def _card(self) -> Card:
        return card_of(self.at.desk, self.at.person, self.task, self.message)


def decide(sent: Sent) -> Response:
    """Carry out what was chosen, or say why not."""
    desk, typed = sent.at.desk, sent.at.typed
    with desk.glance() as glance:
        number = max(typed.number("seen"), 0)
        seen = glance.get(Verdicting, number) if number else None
    seen = seen if seen is not None and seen.message_id == sent.message_id else None
    try:
        choice = chosen(typed, seen)
    except Refused as error:
        return sent.refused(error, error.field or "as")
    repeated = _repeated(sent, choice)
    if repeated is not None:
        return sent.onwards(repeated.id or 0, repeated.said.partition(":")[0])
    if sent.task is not None and sent.task.closed_at is not None:
        return sent.conflict(choice, seen)
    try:
        done = desk.house.deciding().decide(sent.message_id, by=sent.by, hold=sent.at.hold, **choice.for_deciding())
    except Stale as error:
        return sent.conflict(choice, error.seen)
    except (Refused, NotYetHandled) as error:
        return sent.refused(error)
    desk.letters_due()
    return sent.onwards(done.act_id, done.reference)


def _repeated(sent: Sent, choice: Chosen) -> StaffAct | None:
    """Return the act that was just kept for the very same choice by the same person: a button pressed twice acts once."""
    with sent.at.desk.glance() as glance:
        acts = glance.find(StaffAct, message_id=sent.message_id, by=sent.by, undone_at=None)
        rows = glance.find(Verdicting, message_id=sent.message_id, undone_at=None)
    if not (acts and rows) or rows[-1].id == choice.seen or rows[-1].by != sent.by:
        return None
    fresh = sent.at.desk.now() - rows[-1].at < JUST_NOW and acts[-1].at == rows[-1].at
    return acts[-1] if fresh and choice.same_as(rows[-1]) else None
