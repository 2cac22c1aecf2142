"""Somebody whose logged complaint goes on in another learns so in a letter: under which reference, by when, and who else helps.

A complaint ends with its answer and in no other way (Code 6.3), so its clock may go over into an earlier one only where its
sender is told, belongs there, and can say that it is not the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifiers.taxonomy import Category
from handlers.casework import Pages, letter_event
from handlers.circumstances import Surroundings
from handlers.correspondence import Addressee, Correspondence
from handlers.deadlines import Due
from handlers.decision import Decision, LetterKind
from handlers.relogging import put_letter
from handlers.remembering import remembered
from handlers.rows import due_of, task_row
from handlers.task_acts import HeldTask
from store.casefile import latest_verdicting
from store.models import Case, Deadline, Message, Stage

KIND: LetterKind = "joined_with_earlier"
ANSWERS: dict[Stage, tuple[str, ...]] = {Stage.ONE: ("extend_1", "respond_1"), Stage.TWO: ("extend_2", "respond_2")}
"""Rules whose date is that of our answer, by the stage: a date that was extended stands before the first one."""


def is_owed(own: Case) -> bool:
    """Say whether the sender of a case must be told where it goes on, for it was acknowledged as a complaint or will be."""
    return own.category == Category.COMPLAINT and own.logged_at is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedLetter:
    """Writes such letters, as our manners allow; where no letter may go, a person has a task to tell them."""

    surroundings: Surroundings
    correspondence: Correspondence

    def put(self, held: HeldTask, message: Message, own: Case, other: Case) -> None:
        """Put the letter to the sender of the message into the outbox of the case in which theirs goes on."""
        unit, now, case_id = held.unit, held.now, other.id or 0
        understood = remembered(message, latest_verdicting(unit, message.id or 0))
        situation = self.surroundings.look(unit, [understood], now)
        manners = situation.circumstances_of(understood, person=held.by).manners
        addressee = Addressee(
            case_id=case_id, reference=other.reference, message=understood, manners=manners, former=own.reference
        )
        deadlines = unit.find(Deadline, case_id=case_id, superseded_at=None, met_at=None)
        written = self.correspondence.letter(addressee, _decision(other, deadlines), now)
        if written is None:
            raise ValueError("a letter of this kind is always written")
        pages = Pages(now=now, by=held.by)
        put_letter(unit, written.row, pages)
        pages.events.append(letter_event(case_id, written.row, now, held.by))
        pages.tasks += [task_row(task, other.team, now, case_id, message.id) for task in written.tasks]
        pages.write(unit)


def _decision(other: Case, deadlines: Sequence[Deadline]) -> Decision:
    stage = other.stage or Stage.ONE
    owed = {line.rule: due_of(line) for line in deadlines}
    answer: Due | None = next((owed[rule] for rule in ANSWERS[stage] if rule in owed), None)
    return Decision(
        status="open",
        category=Category.COMPLAINT,
        team=other.team,
        letter=KIND,
        stage=2 if stage is Stage.TWO else 1,
        # Letters know the date of the answer by the rule of the first.
        deadlines=(replace(answer, rule="respond_1"),) if answer is not None else (),
    )
