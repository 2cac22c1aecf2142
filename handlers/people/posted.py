"""A letter that was kept for people to carry has gone: when, how and where to is said, and what follows from it follows (Code 6.2, 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.case_acts import Act, Acts, Refused
from handlers.clock import LONDON, london_day
from handlers.course.people import require_person
from handlers.course.sent import kind_of, went
from handlers.course.stages import acknowledgement_went
from handlers.delivery import ACKNOWLEDGES
from handlers.letter_words import day
from handlers.people.obeying import CARRY
from store.act_rows import UNDONE
from store.chain import append_events
from store.models import OutboxEntry, OutboxState, Task
from store.reply_rows import close_these

WAYS: dict[str, str] = {"post": "Posted", "in_person": "Handed over", "telephone": "Read out by telephone"}
NOT_WAITING = "This letter does not wait for anybody to carry it: it went, is on its way, or was called back"
TASKS = (CARRY, "unsent_letter", "undelivered_letter")
"""Kinds of task about a letter that did not go by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """How a letter went: by which way, on which day, and where to."""

    way: str
    on: date
    to: str = ""


def waits(letter: OutboxEntry) -> bool:
    """Say whether a letter waits for people to carry it: it was held back, or could not be delivered."""
    held = letter.state is OutboxState.SUPPRESSED and letter.rule != UNDONE
    return held or letter.state is OutboxState.FAILED


def posted(acts: Acts, case_id: int, by: str, letter_id: int, how: Carried) -> int:
    """Keep that a letter was carried; it counts from then on as any letter that has gone, and the task for it is closed."""
    require_person(by)
    with acts.on(case_id, by) as act:
        letter = act.unit.get(OutboxEntry, letter_id)
        if letter is None or letter.case_id != case_id or not waits(letter):
            raise Refused(NOT_WAITING)
        at = _moment(act, letter, how)
        answer = f"{WAYS[how.way].lower()} by {by} on {day(how.on)}"
        carried = {"state": OutboxState.SENT, "sent_at": at, "answer": answer, "way": how.way, "recipient": how.to or None}
        act.unit.update(OutboxEntry, letter_id, **carried)
        act.tell("letter_sent", answer, letter=letter.kind, way=how.way, header_id=letter.header_id, on=how.on.isoformat())
        if kind_of(letter.kind) in ACKNOWLEDGES:
            append_events(act.unit, acknowledgement_went(act.unit, [(case_id, at)]))
        append_events(act.unit, went(act.unit, letter.kind, case_id, letter_id, at))
        _close(act, letter, answer)
        return act.done(f"Noted: {answer}.")


def _moment(act: Act, letter: OutboxEntry, how: Carried) -> datetime:
    """Return when the letter went; not before it was written, nor later than now."""
    if how.way not in WAYS:
        raise Refused("Choose how it went", "way")
    if how.way == "post" and not how.to.strip():
        raise Refused("Enter the address you posted it to", "to")
    today, written = london_day(act.now), london_day(letter.created_at)
    if how.on > today:
        raise Refused("The date cannot be in the future", "on")
    if how.on < written:
        raise Refused(f"The date cannot be before the letter was written, {day(written)}", "on")
    if how.on == today:
        return act.now
    return max(datetime.combine(how.on, time(12), LONDON), letter.created_at)


def _close(act: Act, letter: OutboxEntry, outcome: str) -> None:
    """Close the task that asks for this letter: it names it, and was opened with it or when it failed."""
    open_ = act.unit.find(Task, case_id=act.case_id, kind=list(TASKS), closed_at=None)
    about = [task for task in open_ if f" {letter.kind} " in f"{task.why} " or f" {kind_of(letter.kind)} " in f"{task.why} "]
    own = [task for task in about if task.opened_at == letter.created_at] or about[:1]
    # What a colleague logged on the telephone names no letter in its task, but the message that it answers.
    own = own or [task for task in open_ if task.message_id == letter.message_id and task.opened_at == letter.created_at]
    close_these(act.unit, act.case_id, [task.id or 0 for task in own], at=act.now, by=act.by, outcome=outcome)
