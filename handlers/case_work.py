"""Acts on the work of a case: notes for colleagues, updates promised, and the team that has it."""

from __future__ import annotations

from datetime import date

from handlers.case_acts import Acts, Refused, Stale, reasoned, team_name
from handlers.clock import london_day
from handlers.deadlines import end_of
from store.case_rows import move_tasks
from store.desk_models import Note
from store.models import Case, Task

LONGEST_NOTE = 10_000
FURTHEST = 366
"""Days ahead of which nobody promises an update."""


def add_note(acts: Acts, case_id: int, by: str, text: str) -> int:
    """Keep a note for colleagues; its words stay out of the event, so that they can be erased one day."""
    if not text.strip():
        raise Refused("Write the note", "text")
    if len(text) > LONGEST_NOTE:
        raise Refused(f"Make the note {LONGEST_NOTE:,} characters or fewer; it has {len(text):,}", "text")
    with acts.on(case_id, by) as act:
        row = {"case_id": case_id, "at": act.now, "by": by, "text": text.strip()}
        (number,) = act.unit.insert(Note, [row])
        act.tell("note_added", "for colleagues", note=number)
        return act.done("Note added.")


def promise_update(acts: Acts, case_id: int, by: str, on: date, what: str) -> int:
    """Promise the resident to be in touch by a date: a task for whoever promised, due at that day's end (Code 5.9)."""
    what = reasoned(what, "what")
    today = london_day(acts.clock.now())
    if on < today:
        raise Refused("The date must be today or later", "on")
    if (on - today).days > FURTHEST:
        raise Refused("The date must be within a year", "on")
    with acts.on(case_id, by) as act:
        said = f"{on.day} {on:%B %Y}"
        row = {
            "kind": "update_due",
            "case_id": case_id,
            "team": act.case.team,
            "why": f"An update was promised by {said}: {what}",
        }
        times = {"opened_at": act.now, "due_at": end_of(on), "assigned_to": by}
        (number,) = act.unit.insert(Task, [row | times])
        act.tell("update_promised", what, on=on.isoformat(), task=number)
        return act.done(f"Update promised by {said}. It is in your queue.")


def change_team(acts: Acts, case_id: int, by: str, team: str, *, was: str, why: str) -> int:
    """Give the case, with what waits on it, to another team; whoever had it has it no more."""
    why = reasoned(why)
    if team not in acts.landlord.teams:
        raise Refused("Choose a team", "team")
    with acts.on(case_id, by) as act:
        old = act.case.team
        if old != was:
            raise Stale(f"{team_name(acts.landlord, old)} has the case by now. Choose again if it should go elsewhere", "team")
        if team == old:
            raise Refused("The team has the case already", "team")
        act.unit.update(Case, case_id, team=team, assigned_to=None)
        moved = move_tasks(act.unit, case_id, old, team)
        act.tell("team_changed", why, old=old, new=team, tasks=moved, officer=act.case.assigned_to)
        return act.done(f"{team_name(acts.landlord, team)} has the case now.")
