"""The definition of a complaint is put right by people, version by version, and none is ever lost (Code 5.6, 5.7)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.case_acts import LONGEST_WHY, Act, Acts, Refused, Stale
from handlers.course.stages import worked
from handlers.definition import Definition, Point
from handlers.rows import MACHINE, Row, definition_json, definition_of
from store.models import Case, CaseEvent, Stage
from store.unit import Glance

CHANGED = "definition_changed"
LONGEST_POINT = 600
"""Characters of a point, as a letter repeats it."""
LONGEST_OUTCOME = 300
MOST = 20
"""Points, and outcomes."""
PUT_RIGHT = "put right by a person"


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """The definition as it stood from some time on; version 0 is the machine's draft."""

    number: int
    definition: Definition
    by: str
    at: datetime
    why: str


def checked(points: Sequence[Point], outcomes: Sequence[str], question: str) -> Definition:
    """Return what a person wrote as a definition, or refuse it with what to mend (``points-2-words`` names a field)."""
    if not points:
        raise Refused("Write at least one point", "points-1-words")
    if max(len(points), len(outcomes)) > MOST:
        raise Refused(f"Write {MOST} points and {MOST} outcomes at most", "points-1-words")
    for number, point in enumerate(points, 1):
        _check(number, point)
    if any(len(outcome) > LONGEST_OUTCOME for outcome in outcomes):
        raise Refused(f"Make each outcome {LONGEST_OUTCOME} characters or fewer", "outcomes")
    if len(question) > LONGEST_POINT:
        raise Refused(f"Make the question {LONGEST_POINT} characters or fewer", "question")
    if not outcomes and not question:
        raise Refused("Say what the resident wants, or what to ask them (Code 5.6)", "outcomes")
    return Definition(points=tuple(points), outcomes=tuple(outcomes), question=question or None)


def _check(number: int, point: Point) -> None:
    if len(point.words) > LONGEST_POINT:
        long = f"Point {number} has {len(point.words)} characters: make it {LONGEST_POINT} or fewer, or two points"
        raise Refused(long, f"points-{number}-words")
    if point.responsibility == "not_ours" and not point.who:
        raise Refused(f"Say who answers for point {number} (Code 5.7)", f"points-{number}-who")


def save(acts: Acts, case_id: int, by: str, version: int, definition: Definition, *, why: str = "") -> int:
    """Keep a new version; refused where the definition is not the one of this version any more, and where nothing changed."""
    if len(why) > LONGEST_WHY:
        raise Refused(f"Make the reason {LONGEST_WHY:,} characters or fewer", "why")
    with acts.on(case_id, by) as act:
        require(act, version)
        if definition_of(act.case.definition) == definition:
            raise Refused("Nothing was changed")
        write(act, definition, why)
        return act.done("Definition saved.")


def require(act: Act, version: int) -> None:
    """Refuse where the case has no definition, or another version than the person saw."""
    if act.case.definition is None or act.case.category != "complaint":
        raise Refused("Only a complaint has a definition, and this case is not one now")
    if act.case.definition_version != version:
        raise Stale("Somebody else changed the definition since you opened the page. Nothing that you wrote is lost")


def write(act: Act, definition: Definition, why: str) -> int:
    """Put the next version on the case; its event holds the whole of it, and the first one the draft before it too."""
    number = act.case.definition_version + 1
    kept = definition_json(definition)
    act.unit.update(Case, act.case_id, definition=kept, definition_version=number, looked_at=act.now, looked_by=act.by)
    before: dict[str, Any] = {} if act.case.definition_version else {"before": act.case.definition}
    worked(act, act.case.stage or Stage.ONE, "put the definition right")
    act.tell(CHANGED, why.strip() or PUT_RIGHT, version=number, definition=kept, **before)
    return number


def versions(glance: Glance, case: Case) -> list[Version]:
    """Return every version of a case's definition, the present one first."""
    events = glance.find(CaseEvent, case_id=case.id, kind=CHANGED)
    drafted = _draft(case, events)
    made = [(event, json.loads(event.details)) for event in events]
    kept = [
        Version(number=told["version"], definition=_required(told["definition"]), by=event.by, at=event.at, why=event.why)
        for event, told in made
    ]
    return [*reversed(kept), *drafted]


def _draft(case: Case, events: Sequence[CaseEvent]) -> list[Version]:
    told = json.loads(events[0].details).get("before") if events else case.definition
    if told is None:
        return []
    at = case.logged_at or case.opened_at
    return [Version(number=0, definition=_required(told), by=MACHINE, at=at, why="drafted from the resident's words")]


def _required(told: Row) -> Definition:
    definition = definition_of(told)
    if definition is None:
        raise ValueError("an event without the definition that it tells of")
    return definition
