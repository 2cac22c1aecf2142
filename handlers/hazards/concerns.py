"""A case is, or is not, about the safety of a building: the machine notes it, a person sets it or takes it off (policy 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from classifiers.taxonomy import Category, Flag
from handlers.case_acts import Act, Refused, reasoned
from handlers.casework import NewCase
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.deadlines import by_rule
from handlers.hazards.building_words import LIMBS, limbs_of
from handlers.hazards.buildings import Buildings
from handlers.hazards.letters import GENERAL, GeneralPolicy
from handlers.letter_blocks import blocks
from handlers.remembering import decided, remembered, verdict_of
from handlers.retention_class import BUILDING_SAFETY
from handlers.rows import MACHINE, Row, verdicting_row
from store.casefile import latest_verdicting
from store.hazard_models import BuildingConcern
from store.marks import close_tasks
from store.models import Case, Message, OutboxEntry, Task, Verdicting
from store.unit import Unit

TASK = "building_safety"
KEY = ("case_id", "building", "limb")
NOT_SAID = ""
"""The limb of what the classifier flagged without words of ours: a person says which it is."""
RISKS = {
    "high": "Somebody could be hurt now, or soon",
    "medium": "It gets worse if nothing is done",
    "low": "Nobody is at risk, it has to be answered",
}
"""How dangerous a matter of building safety is: by this, and not by its age, the queue has it (policy 8.3.2)."""


def note_concerns(unit: Unit, opened: Sequence[tuple[int, NewCase]], buildings: Buildings, now: datetime) -> int:
    """Note of which building, and in which way, new cases with the flag are; return how many notes that made."""
    rows: list[Row] = []
    for case_id, case in opened:
        verdict, reading = case.understood.verdict, case.understood.reading
        if verdict is None or Flag.BUILDING_SAFETY not in verdict.flags:
            continue
        words = f"{reading.subject}\n{reading.new_text}"
        home = reading.contact.home if reading.contact is not None else None
        names = [building.name for building in buildings.named(words, home)] or [""]
        limbs = limbs_of(words) or (NOT_SAID,)
        rows += [_row(case_id, name, limb, MACHINE, now) for name in names for limb in limbs]
    unit.add_new(BuildingConcern, rows, KEY)
    return len(rows)


def take_for_building_safety(
    course: Course, case_id: int, by: str, buildings: Buildings, *, building: str, limb: str, risk: str, why: str
) -> int:
    """Set or confirm the flag, with the building, the limb and the risk; anybody may have raised it, whoever they are."""
    require_person(by)
    why = reasoned(why)
    if limb not in LIMBS:
        raise Refused("Choose what it is about", "limb")
    if risk not in RISKS:
        raise Refused("Choose how dangerous it is", "risk")
    if building and buildings.by_name(building) is None:
        raise Refused("Choose a building of the register, or none", "building")
    with course.acts.on(case_id, by) as act:
        # Who wrote, and whether they live there, is not asked: any person may raise it (policy 8.3.1).
        flags = [str(flag) for flag in Flag if flag in {*act.case.flags, Flag.BUILDING_SAFETY}]
        before = {"flags": act.case.flags, "risk": act.case.risk, "retention": act.case.retention}
        act.unit.update(Case, case_id, flags=flags, risk=risk, retention=BUILDING_SAFETY)
        _flag_of_messages(act, why, on=True)
        for row in act.unit.find(BuildingConcern, case_id=case_id, limb=NOT_SAID, ended_at=None):
            act.unit.update(BuildingConcern, row.id, ended_at=act.now)
        act.unit.add_new(BuildingConcern, [_row(case_id, building, limb, by, act.now)], KEY)
        for row in act.unit.find(BuildingConcern, case_id=case_id, building=building, limb=limb):
            act.unit.update(BuildingConcern, row.id, ended_at=None)
        after = {"flags": flags, "risk": risk, "retention": BUILDING_SAFETY}
        act.tell("building_safety_set", why, before=before, after=after, building=building, limb=limb)
        _by_risk(act, course, risk)
        return act.done("Taken for building safety. It is kept for seven years, and its place in the queue goes by its risk.")


def take_off(course: Course, case_id: int, by: str, *, building_words: str, why: str) -> int:
    """Take the flag off and tell the resident that it is handled under the general policy, and why (policy 8.1.4)."""
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        if Flag.BUILDING_SAFETY not in act.case.flags:
            raise Refused("This case is not taken for building safety")
        flags = [flag for flag in act.case.flags if flag != Flag.BUILDING_SAFETY]
        act.case.flags = flags
        more = GeneralPolicy(building_words=building_words.strip() or "your building", reasons=blocks(why))
        posted = course.posting.put(act, GENERAL, more, of=_times(act))
        act.unit.update(Case, case_id, flags=flags, retention=None)
        _flag_of_messages(act, why, on=False)
        for row in act.unit.find(BuildingConcern, case_id=case_id, ended_at=None):
            act.unit.update(BuildingConcern, row.id, ended_at=act.now)
        close_tasks(act.unit, case_id, (TASK,), at=act.now, by=by, outcome="handled under the general policy")
        act.tell("building_safety_off", why, letter=GENERAL)
        return act.done(f"Handled under the general policy now. {posted.said}")


def _by_risk(act: Act, course: Course, risk: str) -> None:
    """Give the open task its place by the risk; where there is none, open one, for somebody has to see to it."""
    due = (
        act.now
        if risk == "high"
        else by_rule("triage" if risk == "medium" else "spot_check", act.now, course.acts.calendar).due_at
    )
    tasks = act.unit.find(Task, case_id=act.case_id, kind=TASK, closed_at=None)
    for task in tasks:
        act.unit.update(Task, task.id, danger=risk == "high", due_at=due)
    if not tasks:
        why = "a matter of a building's safety: see to the risk first, and then answer (policy 8.3.2)"
        row = {"kind": TASK, "case_id": act.case_id, "team": act.case.team, "why": why, "danger": risk == "high"}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due, "assigned_to": act.case.assigned_to}])


def _flag_of_messages(act: Act, why: str, *, on: bool) -> None:
    """Write the flag into the judgements of the case's messages, so that nothing that is decided later brings back the old."""
    rows: list[Row] = []
    for message in act.unit.find(Message, case_id=act.case_id):
        latest = latest_verdicting(act.unit, message.id or 0)
        if latest is None or (Flag.BUILDING_SAFETY in latest.flags) is on:
            continue
        verdict = verdict_of(latest)
        flags = {*verdict.flags, Flag.BUILDING_SAFETY} if on else set(verdict.flags) - {Flag.BUILDING_SAFETY}
        said = decided(verdict, Category(latest.category), why, verdict.reason, by=act.by, flags=flags)
        rows.append(verdicting_row(act.case_id, remembered(message, latest), said, act.now, act.by))
        if on:  # one message that says so is enough
            break
    act.unit.add(Verdicting, rows)


def _times(act: Act) -> int:
    """Return the how-manieth such letter this is: a case may be flagged and taken off more than once."""
    return sum(letter.kind.startswith(GENERAL) for letter in act.unit.find(OutboxEntry, case_id=act.case_id)) + 1


def _row(case_id: int, building: str, limb: str, by: str, now: datetime) -> Row:
    return {"case_id": case_id, "building": building, "limb": limb, "by": by, "at": now}
