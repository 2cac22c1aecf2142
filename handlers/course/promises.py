"""What was promised on a case and stands open: while there is any of it, the case is not closed (Code 6.6, 7.3)."""

from __future__ import annotations

from handlers.letter_words import day
from store.course_models import Action, Remedy
from store.unit import Glance


def promises_left(glance: Glance, case_id: int) -> list[str]:
    """Return what keeps a case open: every action and every remedy that was neither done nor taken back."""
    actions = glance.find(Action, case_id=case_id, done_at=None, dropped_at=None)
    remedies = glance.find(Remedy, case_id=case_id, done_at=None, withdrawn_at=None)
    left = [f"This is still to be done, by {day(action.due_on)}: {action.what}" for action in actions]
    return left + [f"This remedy was not given yet: {remedy.what}" for remedy in remedies]
