"""What the sweep does for complaints, people, hazards and hand-overs: each chore is asked once a minute.

A chore looks for what is due, does each thing in a transaction of its own, and returns how many it did.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.course.acting import Course
from handlers.people.calls import ask_to_ring
from handlers.people.reviews import ask_for_reviews, mind_restrictions
from handlers.course.actions import warn_of_late_actions

CHORES: dict[str, Callable[[Course], int]] = {}
"""By the name that the log has for it."""
CHORES |= {"late actions": warn_of_late_actions}
CHORES |= {"adjustments": ask_for_reviews, "restrictions": mind_restrictions, "calls": ask_to_ring}
