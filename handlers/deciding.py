"""T6: a named person decides what a message is; the case follows, and the resident hears of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from classifiers.taxonomy import TAXONOMY, Category, Flag, Reason
from classifiers.verdict import Verdict
from handlers.allocation import BARRED
from handlers.case_acts import Refused
from handlers.casework import Casework, Pages
from handlers.circumstances import Surroundings
from handlers.clock import Clock
from handlers.course.stages import require_other_person
from handlers.opening import opened_in_doubt
from handlers.redeciding import Choice, Redeciding
from handlers.relogging import Relogging
from handlers.remembering import decided, remembered, verdict_of
from handlers.standing import note_undoable, standing_of
from store.act_rows import close_tasks_by_ids, hold_message, open_tasks_of, people_of_case
from store.casefile import latest_verdicting
from store.engine import Store
from store.lookups import hold_case
from store.models import Case, Message, MessageState, Stage, Verdicting
from store.unit import Unit

ANSWERED = ("triage", "quarantine", "spot_check")
"""Tasks whose question is answered by deciding what the message is."""
AT_ONCE = timedelta(0)


class NoSuchMessage(LookupError):
    """There is no message of this number."""


class NotYetHandled(LookupError):
    """The message still waits to be understood: there is nothing to put right yet."""


class Stale(Exception):
    """Somebody else was first: what the person saw of the message is not what stands now (None: no judgement)."""

    def __init__(self, seen: Verdicting | None, latest: Verdicting | None) -> None:
        """Hold both judgements, to be shown side by side."""
        super().__init__(f"{latest.by if latest else 'somebody'} has judged this message since you saw it")
        self.seen = seen
        self.latest = latest


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What came of a decision: the case's reference, and the number of the act, by which it can be undone."""

    reference: str
    act_id: int


class Deciding:
    """Carries out what a person decided about one message."""

    def __init__(
        self, store: Store, surroundings: Surroundings, casework: Casework, relogging: Relogging, clock: Clock
    ) -> None:
        """Open a case with ``casework`` where there was none, and change it with ``relogging``."""
        self._store = store
        self._surroundings = surroundings
        self._casework = casework
        self._redeciding = Redeciding(surroundings, relogging)
        self._clock = clock

    def decide(
        self,
        message_id: int,
        category: Category,
        by: str,
        why: str,
        reason: Reason | None = None,
        *,
        flags: Collection[Flag] | None = None,
        also: Collection[Category] | None = None,
        seen: int | None = None,
        hold: timedelta = AT_ONCE,
        batch: str | None = None,
    ) -> Decided:
        """Decide that the message is of this category; flags and further categories stay as judged unless given.

        A complaint is never made less by this alone: the resident is told in the letter how to say that it is one.
        ``seen`` is the judgement that the person looked at (0: there was none); raise ``Stale`` where another one stands.
        Letters wait for ``hold``, and so long the act can be undone; acts of one ``batch`` are undone together.
        """
        now = self._clock.now()
        with self._store.unit("T6") as unit:
            latest = _unchanged(unit, message_id, seen)
            case, row = self._held(unit, message_id, by, now)
            if case.stage is Stage.TWO and category is not Category.COMPLAINT:
                require_other_person(unit, case.id or 0, Stage.TWO, by)
            old = standing_of(unit, case.id or 0, message_id)
            before = verdict_of(latest) if latest is not None else None
            verdict = decided(before, category, why, reason, by=by, flags=flags, also=also)
            message = replace(remembered(row, latest), verdict=verdict)
            choice = Choice(message=message, verdict=verdict, earlier=before, why=why)
            self._redeciding.carry_out(unit, case, choice, Pages(now=now, by=by))
            unit.update(Message, message_id, state=MessageState.HANDLED)
            tasks = open_tasks_of(unit, case.id, message_id, ANSWERED)
            close_tasks_by_ids(unit, [task.id or 0 for task in tasks], at=now, by=by, outcome=why)
            told: dict[str, Any] = {"case_id": case.id or 0, "message_id": message_id, "by": by, "now": now}
            said = f"{case.reference}: {_said(verdict)}."
            act_id = note_undoable(unit, old, **told, said=said, hold=hold, batch=batch)
            unit.commit()
        return Decided(reference=case.reference, act_id=act_id)

    def _held(self, unit: Unit, message_id: int, by: str, now: datetime) -> tuple[Case, Message]:
        """Hold the message's case; open one for a message that came to none, as if nobody knew yet what it is."""
        row = unit.get(Message, message_id)
        if row is not None and row.case_id is None:
            opened_in_doubt(unit, self._casework, self._surroundings, row, now)
            row = unit.get(Message, message_id)
        case = hold_case(unit, row.case_id) if row is not None and row.case_id is not None else None
        if row is None or case is None:
            raise NoSuchMessage(f"message {message_id} has no case")
        if by in people_of_case(unit, case.id or 0, "barred"):
            raise Refused(BARRED)
        return case, row


def _unchanged(unit: Unit, message_id: int, seen: int | None) -> Verdicting | None:
    """Hold a settled message; return its latest judgement, which must be the one that was seen, if any was said."""
    row = hold_message(unit, message_id)
    if row is None:
        raise NoSuchMessage(f"there is no message {message_id}; `intake queue` shows those that wait")
    if row.state is MessageState.WAITING:
        raise NotYetHandled(f"message {message_id} has not been read yet: try again in a moment")
    latest = latest_verdicting(unit, message_id)
    if seen is not None and seen != (latest.id if latest is not None else 0):
        raise Stale(unit.get(Verdicting, seen), latest)
    return latest


def _said(verdict: Verdict) -> str:
    """Say in a few words what was decided."""
    names = {entry.category: entry.name for entry in TAXONOMY}
    also = f", and also a {' and a '.join(names[other] for other in verdict.also)}" if verdict.also else ""
    return f"{names[verdict.category]}{also}"
