"""T6: a named person decides what a message is; the case follows, and the resident hears of it."""

from __future__ import annotations

from dataclasses import replace

from classifiers.taxonomy import Category, Reason
from handlers.casework import Casework, NewCase, Pages
from handlers.circumstances import Surroundings
from handlers.clock import Clock
from handlers.relogging import Relogging
from handlers.remembering import decided, remembered
from handlers.routes import route
from handlers.rows import verdicting_row
from store.casefile import latest_verdicting
from store.engine import Store
from store.lookups import hold_case
from store.models import Case, Message, MessageState
from store.unit import Unit


class NoSuchMessage(LookupError):
    """There is no message of this number."""


class NotYetHandled(LookupError):
    """The message still waits to be understood: there is nothing to put right yet."""


class Deciding:
    """Carries out what a person decided about one message."""

    def __init__(
        self, store: Store, surroundings: Surroundings, casework: Casework, relogging: Relogging, clock: Clock
    ) -> None:
        """Open a case with ``casework`` where there was none, and change one with ``relogging`` where there was."""
        self._store = store
        self._surroundings = surroundings
        self._casework = casework
        self._relogging = relogging
        self._clock = clock

    def decide(self, message_id: int, category: Category, by: str, why: str, reason: Reason | None = None) -> str:
        """Decide that the message is of this category; return its case's reference.

        A complaint is never made less by this alone: the resident is told in the letter how to say that it is one.
        """
        now = self._clock.now()
        with self._store.unit("T6") as unit:
            row = unit.get(Message, message_id)
            if row is None or row.id is None:
                raise NoSuchMessage(f"there is no message {message_id}; `intake queue` shows those that wait")
            if row.state is MessageState.WAITING:
                raise NotYetHandled(f"message {message_id} has not been read yet: try again in a moment")
            earlier = remembered(row, latest_verdicting(unit, row.id))
            message = replace(earlier, verdict=decided(earlier.verdict, category, why, reason, by=by), shunted=None)
            situation = self._surroundings.look(unit, [message], now)
            circumstances = situation.circumstances_of(message, person=by)
            case = hold_case(unit, row.case_id) if row.case_id is not None else None
            received = case.received_at if case else row.received_at
            circumstances = replace(circumstances, received_at=received)
            decision = route(message.reading, message.verdict, circumstances)
            pages = Pages(now=now, by=by)
            new = NewCase(understood=message, decision=decision, manners=circumstances.manners, notes=(why,))
            if case is None:
                case_id = self._casework.open_cases(unit, [new], pages)[0]
            else:
                case_id = case.id or 0
                if message.verdict is not None:
                    pages.verdictings.append(verdicting_row(case_id, message, message.verdict, now, by))
                self._relogging.apply(unit, case, new, pages, why=why)
            pages.write(unit)
            reference = self._settled(unit, message_id, case_id)
            unit.commit()
        return reference

    @staticmethod
    def _settled(unit: Unit, message_id: int, case_id: int) -> str:
        unit.update(Message, message_id, state=MessageState.HANDLED)
        case = unit.get(Case, case_id)
        return case.reference if case else ""
