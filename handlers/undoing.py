"""A person takes back what they just did: everything is put back as it was, and both acts stay in the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.acts import note_act
from handlers.clock import Clock
from handlers.course.stages import HAD
from handlers.reply_undoing import REPLY, undo_reply
from handlers.rows import event_row
from handlers.standing import values_of
from store.act_rows import (
    UNDONE,
    acts_of_batch,
    call_back,
    close_tasks_by_ids,
    hold_act,
    hold_acts_letters,
    kinds_of_events_after,
)
from store.case_rows import take_out
from store.chain import append_events
from store.course_models import StageWork
from store.desk_models import StaffAct
from store.engine import Store
from store.lookups import hold_case
from store.models import Case, Deadline, Message, Task, Verdicting
from store.unit import Unit

TOGETHER = "together"
"""What ``StaffAct.before`` says of a sentence that stands for several acts."""
NOT_AN_ACT = {"letter_sent", "letter_delayed", "letter_failed", "letter_uncertain", "restricted_read", "second_reader"}
"""What may have happened to the case since: earlier letters on their way, colleagues who read it, a second reader's late vote."""


class CannotUndo(Exception):
    """The act stands; the sentence says why, and what to do instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """What was put back: the case's reference, the message it was about, and the number of the undoing itself."""

    reference: str
    message_id: int | None
    act_id: int


class Undoing:
    """Puts back what people did, for a few seconds after."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Work on this store."""
        self._store = store
        self._clock = clock

    def undo(self, act_id: int, by: str) -> Undone:
        """Put everything back as it was before the act, or raise ``CannotUndo`` and change nothing."""
        now = self._clock.now()
        with self._store.unit("T6") as unit:
            act = hold_act(unit, act_id)
            if act is None or act.by != by:
                raise CannotUndo("There is no such act of yours.")
            _must_be_fresh(act, now)
            if act.before.get("kind") == REPLY:
                return _reply_taken_back(unit, act, by, now)
            # Letters before the case, as the sender writes down what came of them: so the two never wait for each other.
            kinds = _letters_called_back(unit, act)
            case = hold_case(unit, act.case_id)
            if case is None or kinds_of_events_after(unit, act.case_id, act.before["events"]) - NOT_AN_ACT:
                raise CannotUndo("Something else has happened to the case since. Open it, and put it right there.")
            _put_back(unit, act, now, by)
            unit.update(StaffAct, act_id, undone_at=now)
            append_events(unit, [event_row(act.case_id, "undone", act.said, now, by, act=act_id, letters=kinds)])
            said = f"Undone. {case.reference} is as it was before."
            number = note_act(unit, case_id=act.case_id, message_id=act.message_id, by=by, now=now, said=said)
            unit.commit()
        return Undone(reference=case.reference, message_id=act.message_id, act_id=number)

    def note_together(self, acts: Sequence[int], by: str, said: str) -> int:
        """Keep one sentence for acts that were done together, so long as all of them can be undone by it."""
        now = self._clock.now()
        with self._store.unit("T6") as unit:
            rows = unit.find(StaffAct, id=list(acts))
            first, until = rows[0], min(row.undo_until for row in rows)
            before = {TOGETHER: True, "batch": first.before["batch"]} if first.before else {}
            number = note_act(unit, case_id=first.case_id, by=by, now=now, said=said, before=before, undo_until=until)
            unit.commit()
        return number

    def undo_all(self, act_id: int, by: str) -> int:
        """Undo the acts that were done together, each by itself, all that can be; return the number of the undoing."""
        now = self._clock.now()
        with self._store.glance() as glance:
            act = glance.get(StaffAct, act_id)
            if act is None or act.by != by or not act.before.get(TOGETHER):
                raise CannotUndo("There is no such act of yours.")
            _must_be_fresh(act, now)
            acts = [row for row in acts_of_batch(glance, act, act.before["batch"]) if not row.before.get(TOGETHER)]
        standing = [reason for row in acts if (reason := self._stands(row.id or 0, by))]
        with self._store.unit("T6") as unit:
            unit.update(StaffAct, act_id, undone_at=now)
            number = note_act(unit, case_id=act.case_id, by=by, now=now, said=_said_of_all(len(acts), standing))
            unit.commit()
        return number

    def _stands(self, act_id: int, by: str) -> str | None:
        """Undo one act of several; return why it stands, where it does."""
        try:
            self.undo(act_id, by)
        except CannotUndo as error:
            return str(error)
        return None


def _reply_taken_back(unit: Unit, act: StaffAct, by: str, now: datetime) -> Undone:
    """Keep a reply from going; it touches nothing but its draft and its tasks, whatever else has happened to the case."""
    done = undo_reply(unit, act, by, now)
    if done is None:
        raise CannotUndo("The reply is already on its way, so this cannot be undone. Write another one.")
    unit.commit()
    reference, number = done
    return Undone(reference=reference, message_id=act.message_id, act_id=number)


def _said_of_all(number: int, standing: Sequence[str]) -> str:
    undone = number - len(standing)
    if not standing:
        return f"Undone. All {number} are as they were before." if number > 1 else "Undone. It is as it was before."
    return f"{undone} of {number} undone. The others stand: {' '.join(dict.fromkeys(standing))}"


def _must_be_fresh(act: StaffAct, now: datetime) -> None:
    if not act.before:
        raise CannotUndo("This cannot be undone. Open the case, and put it right there.")
    if act.undone_at is not None:
        raise CannotUndo("This was undone already.")
    if now >= act.undo_until:
        raise CannotUndo("It is too late to undo this: a letter may be on its way. Open the case, and correct it there.")


def _letters_called_back(unit: Unit, act: StaffAct) -> list[str]:
    """Keep the act's letters from going; refuse where the sender has taken one up."""
    letters = hold_acts_letters(unit, act.before["letters"])
    if call_back(unit, [letter.id or 0 for letter in letters]) < len(letters):
        raise CannotUndo("The letter is already on its way, so this cannot be undone. Correct the case instead.")
    return [letter.kind for letter in letters]


def _never_had(unit: Unit, act: StaffAct) -> None:
    """Forget that the act made somebody one who had the complaint: what is undone in seconds keeps nobody from stage 2 (Code 6.13)."""
    for row in unit.find(StageWork, case_id=act.case_id, what=HAD, at=act.at):
        take_out(unit, StageWork, row.id or 0)


def _put_back(unit: Unit, act: StaffAct, now: datetime, by: str) -> None:
    before = act.before
    _never_had(unit, act)
    if before["case"]:
        unit.update(Case, act.case_id, **values_of(before["case"]))
    if before["message"] and act.message_id is not None:
        unit.update(Message, act.message_id, **values_of(before["message"]))
    for id_, values in before["tasks"].items():
        unit.update(Task, int(id_), **values_of(values))
    close_tasks_by_ids(unit, before["opened"], at=now, by=by, outcome=UNDONE)
    for id_, values in before["deadlines"].items():
        unit.update(Deadline, int(id_), **values_of(values))
    for id_ in before["added"]:
        unit.update(Deadline, id_, superseded_at=now)
    for id_ in before["judgements"]:
        unit.update(Verdicting, id_, undone_at=now)
