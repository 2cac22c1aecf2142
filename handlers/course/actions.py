"""What was promised to a resident: who does it and by when, followed until it is done (Code 6.6, 7.3).

An action can be set from the first day on, and lives on after the answer; a case with an open one cannot be closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.people import require_open_complaint, require_person
from handlers.course.promise_letters import changed
from handlers.course.promised import tell_change, tell_new, what_of
from handlers.course.slipped import relieved
from handlers.course.stages import stage_of
from handlers.letter_words import day
from handlers.rows import Row
from store.course_models import Action
from store.unit import Glance

LONGEST_WHAT = 600
LONGEST_OWNER = 120
LONGEST_AGREED = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Whether an action was agreed with the resident: when and how, or why it was not (Code 7.3)."""

    agreed: bool
    how: str

    def __post_init__(self) -> None:
        """Refuse one without its words."""
        ask = "Say when and how it was agreed" if self.agreed else "Say why it was not agreed with the resident (Code 7.3)"
        words_within(self.how, LONGEST_AGREED, "agreed_how", ask)


def is_open(action: Action) -> bool:
    """Return whether an action was neither done nor dropped."""
    return action.done_at is None and action.dropped_at is None


def open_actions(glance: Glance, case_id: int) -> list[Action]:
    """Return what is still to be done on a case, in the order of its days."""
    found = glance.find(Action, case_id=case_id, done_at=None, dropped_at=None)
    return sorted(found, key=lambda action: (action.due_on, action.id or 0))


def words_within(words: str, most: int, field: str, ask: str) -> str:
    """Return words that an act must have and that are short enough for a letter, or refuse."""
    if not words.strip():
        raise Refused(ask, field)
    if len(words) > most:
        raise Refused(f"Make it {most:,} characters or fewer; it has {len(words):,}", field)
    return words.strip()


def add_action(  # each is a field of its own
    course: Course, case_id: int, by: str, what: str, *, owner: str, due_on: date, agreement: Agreement
) -> int:
    """Promise something: ``owner`` is a team's key or plain words; refused for a day that has passed."""
    require_person(by)
    what = words_within(what, LONGEST_WHAT, "what", "Say what is to be done")
    owner = words_within(owner, LONGEST_OWNER, "owner", "Say who does it")
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        require_to_come(act, due_on)
        row = {"case_id": case_id, "stage": stage_of(act.case), "what": what, "owner": owner, "due_on": due_on}
        kept: Row = {"agreed": agreement.agreed, "agreed_how": agreement.how.strip()}
        (number,) = act.unit.insert(Action, [row | kept | {"set_at": act.now, "set_by": by}])
        act.tell("action_added", what, action=number, owner=owner, due_on=due_on.isoformat(), **kept)
        said = "" if agreement.agreed else tell_new(act, f"{what.rstrip('.')}, by {day(due_on)}")
        return act.done(f"Action added, due {day(due_on)}.{said}")


def do_action(course: Course, case_id: int, by: str, action_id: int, outcome: str) -> int:
    """Say that an action is done, and what came of it."""
    require_person(by)
    outcome = reasoned(outcome, "outcome")
    with course.acts.on(case_id, by) as act:
        action = _held(act, action_id)
        act.unit.update(Action, action_id, done_at=act.now, done_by=by, outcome=outcome)
        relieved(act, f"done: {outcome}")
        act.tell("action_done", outcome, action=action_id, what=action.what, late=_late_words(act, action))
        return act.done("Action done.")


def drop_action(course: Course, case_id: int, by: str, action_id: int, why: str) -> int:
    """Drop an action with a reason, which the resident reads in a letter where they were told of the action."""
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        action = _held(act, action_id)
        act.unit.update(Action, action_id, dropped_at=act.now, dropped_by=by, dropped_why=why)
        relieved(act, f"dropped: {why}")
        act.tell("action_dropped", why, action=action_id, what=action.what)
        otherwise = f"Tell the resident that this will not be done, and why: {action.what} ({why})"
        said = tell_change(course.posting, act, action, changed(what_of(action), why, action.due_on), otherwise)
        return act.done(f"Action dropped. {said}")


def move_action(course: Course, case_id: int, by: str, action_id: int, *, due_on: date, why: str) -> int:
    """Give an action another day, with a reason which the resident reads in a letter where they were told of the action.

    The old day stays in the history.
    """
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        action = _held(act, action_id)
        require_to_come(act, due_on)
        if due_on == action.due_on:
            raise Refused(f"It is due on {day(due_on)} already", "due")
        told = changed(what_of(action), why, action.due_on, due_on)
        act.unit.update(Action, action_id, due_on=due_on, warned_at=None, raised_at=None)
        relieved(act, f"moved to {day(due_on)}")
        act.tell("action_moved", why, action=action_id, was=action.due_on.isoformat(), due_on=due_on.isoformat())
        later = f"Tell the resident that this is now due on {day(due_on)}, and why: {action.what} ({why})"
        said = tell_change(course.posting, act, action, told, later if due_on > action.due_on else "")
        return act.done(f"Action is due {day(due_on)} now. {said}")


def require_to_come(act: Act, due_on: date, field: str = "due") -> None:
    """Refuse to promise something for a day that is over."""
    if due_on < london_day(act.now):
        raise Refused("Give a day that has not passed", field)


def _held(act: Act, action_id: int) -> Action:
    action = act.unit.get(Action, action_id)
    if action is None or action.case_id != act.case_id:
        raise Refused("There is no such action on this case.")
    if not is_open(action):
        raise Stale("This action is finished already.")
    return action


def _late_words(act: Act, action: Action) -> str:
    return "yes" if london_day(act.now) > action.due_on else "no"


def late_ones(actions: Sequence[Action], today: date) -> list[Action]:
    """Return which of these open actions are past their day."""
    return [action for action in actions if action.due_on < today]
