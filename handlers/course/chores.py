"""What the sweep does for complaints, people, hazards and hand-overs: each chore is asked once a minute.

A chore looks for what is due, does each thing in a transaction of its own, and returns how many it did.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.course.acting import Course
from handlers.course.breaches import notice
from handlers.course.offices import check_offices
from handlers.course.orders_due import show_overdue_orders
from handlers.course.slipped import warn_of_slipped
from handlers.course.stage2_chores import acknowledge_what_waits, begin_what_was_asked
from handlers.course.updates import watch_updates
from handlers.course.warnings import warn
from handlers.handover.by_itself import hand_over_what_is_plain
from handlers.handover.news import ask_after
from handlers.people.calls import ask_to_ring
from handlers.people.reviews import ask_for_reviews, mind_restrictions
from handlers.surveys.inviting import invite

CHORES: dict[str, Callable[[Course], int]] = {}
"""By the name that the log has for it."""
CHORES |= {"warnings": warn, "breaches": notice, "updates": watch_updates, "offices": check_offices}
CHORES |= {"adjustments": ask_for_reviews, "restrictions": mind_restrictions, "calls": ask_to_ring}
CHORES |= {"late promises": warn_of_slipped, "ombudsman orders": show_overdue_orders}
CHORES |= {"hand-overs": ask_after, "plain hand-overs": hand_over_what_is_plain, "surveys": invite}
CHORES |= {"stage 2": begin_what_was_asked, "stage 2 letters": acknowledge_what_waits}
