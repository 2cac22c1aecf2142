"""A reply is taken back while no sender has it: the letter is held back, its draft and the tasks it closed open again."""

from __future__ import annotations

from datetime import datetime

from handlers.acts import note_act
from handlers.rows import event_row
from store.chain import append_events
from store.desk_models import DraftLetter, StaffAct
from store.models import Case, Deadline, OutboxEntry
from store.reply_rows import hold_back, hold_draft, reopen_these
from store.unit import Unit

REPLY = "reply"
"""What ``StaffAct.before["kind"]`` says of a reply."""
UNDONE = "undone"
"""The rule by which a letter that its writer took back is held back."""


def undo_reply(unit: Unit, act: StaffAct, by: str, now: datetime) -> tuple[str, int] | None:
    """Undo an act of the kind "reply" in an open unit; return the case's reference and the number of the undoing.

    None, with nothing changed, where a sender has taken the letter up.
    """
    letters = act.before["letters"]
    held = hold_back(unit, letters, UNDONE, f"taken back by {by}")
    case = unit.get(Case, act.case_id)
    if case is None or len(held) != len(letters):
        return None
    reopen_these(unit, act.before["tasks_closed"], act.by, act.at)
    for one in held:
        _owed_again(unit, one)
    for draft_id in act.before["drafts"]:
        _reopen(unit, draft_id)
    why = "taken back by its writer before it went"
    append_events(
        unit,
        [event_row(one.case_id, "letter_suppressed", why, now, by, letter=one.kind, rule=UNDONE) for one in held],
    )
    unit.update(StaffAct, act.id, undone_at=now)
    said = "The reply did not go. Your draft is here again."
    return case.reference, note_act(unit, case_id=act.case_id, message_id=act.message_id, by=by, now=now, said=said)


def _owed_again(unit: Unit, letter: OutboxEntry) -> None:
    """Let a petition that a carried letter had answered be owed again."""
    for line in unit.find(Deadline, case_id=letter.case_id, rule="petition", met_at=letter.sent_at) if letter.sent_at else ():
        unit.update(Deadline, line.id, met_at=None)


def _reopen(unit: Unit, draft_id: int) -> None:
    draft = hold_draft(unit, draft_id)
    if draft is not None:
        unit.update(DraftLetter, draft_id, finished_at=None, outcome=None, version=draft.version + 1)
