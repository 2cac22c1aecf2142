"""What is done about a hazard after its assessment: looked at, made safe, works begun, or somewhere else to stay (SI 2025/1042)."""

from __future__ import annotations

from datetime import date, datetime, time

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import LONDON
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.hazards.assessing import hazard_of
from handlers.hazards.clocks import AFTER, SAFE, end_clocks, met, moment, running, set_clocks
from handlers.hazards.sent import ended
from handlers.rows import Row
from store.chain import append_events
from store.hazard_models import Hazard
from store.models import Case, Deadline, Task
from store.unit import Unit

FOUND = {"danger": "There is a hazard, and it has to be made safe", "nothing": "There is no hazard, or nothing has to be done"}
WORKS = {"yes": "Yes: further works follow", "no": "No: nothing more has to be done"}
STAY_TASK = "hazard_stay"
STAYS = {"offered": "It was offered, and they are there", "arranging": "It is still to be found: keep a task for it"}


def investigated(course: Course, case_id: int, by: str, hazard_id: int, *, on: date, outcome: str, found: str) -> int:
    """Keep when the investigation ended and what it found; the clocks of summary, safety and works run from that day."""
    require_person(by)
    found = reasoned(found, "found", "Write what was found")
    if outcome not in FOUND:
        raise Refused("Choose what came of it", "outcome")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        if hazard.investigated_on is not None:
            raise Refused("That it was looked at is kept already")
        at = moment(act, on, hazard)
        act.unit.update(Hazard, hazard.id, investigated_on=on, found=found)
        act.tell("hazard_investigated", found, hazard=hazard.id, on=on.isoformat(), found=outcome)
        met(act, hazard, ("hazard_investigate",), at, "the hazard was looked into")
        rules = AFTER[hazard.level] if outcome == "danger" else ("hazard_summary",)
        dates = set_clocks(act, hazard, rules, on, course.acts.calendar)
        if outcome == "nothing":
            end_clocks(act, hazard, SAFE, "the investigation found nothing to make safe")
        summary = dates["hazard_summary"]
        return act.done(f"Kept. The tenant is owed the written summary by {summary.day} {summary:%B %Y}.")


def made_safe(course: Course, case_id: int, by: str, hazard_id: int, *, at: datetime, how: str, works: str) -> int:
    """Keep when and how the hazard was made safe, and whether further works follow."""
    require_person(by)
    how = reasoned(how, "how", "Write how it was made safe")
    if works not in WORKS:
        raise Refused("Say whether further works follow", "works")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        _require_looked_at(hazard, emergency_too=False)
        if hazard.safe_at is not None:
            raise Refused("That it was made safe is kept already")
        _require_between(act, hazard, at)
        act.unit.update(Hazard, hazard.id, safe_at=at)
        act.tell("hazard_made_safe", how, hazard=hazard.id, at=at, works=works)
        late = met(act, hazard, SAFE, at, "the hazard was made safe")
        if works == "no":
            end_clocks(act, hazard, ("hazard_begin",), f"no further works are needed: {how}")
        _end(act, hazard)
        return act.done("Kept as made safe, after its time had passed." if late else "Kept as made safe.")


def works_begun(course: Course, case_id: int, by: str, hazard_id: int, *, on: date, what: str) -> int:
    """Keep on which day the further works began in the home itself."""
    require_person(by)
    what = reasoned(what, "what", "Write which works have begun")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        _require_looked_at(hazard)
        if hazard.begun_on is not None:
            raise Refused("That works began is kept already")
        at = moment(act, on, hazard)
        act.unit.update(Hazard, hazard.id, begun_on=on)
        act.tell("hazard_works_begun", what, hazard=hazard.id, on=on.isoformat())
        met(act, hazard, ("hazard_begin",), at, "works began")
        _end(act, hazard)
        return act.done("Kept: works have begun.")


def cannot_be_safe(course: Course, case_id: int, by: str, hazard_id: int, *, why: str, stay: str, on: date | None) -> int:
    """Keep that the home cannot be made safe in time: somewhere else to stay is owed, at the landlord's cost, until it is."""
    require_person(by)
    why = reasoned(why)
    if stay not in STAYS:
        raise Refused("Say whether somewhere to stay was offered", "stay")
    with course.acts.on(case_id, by) as act:
        hazard = hazard_of(act, hazard_id)
        if hazard.safe_at is not None:
            raise Refused("It was made safe already")
        details: Row = {"hazard": hazard.id, "stay": stay}
        if stay == "arranging":
            act.tell("hazard_cannot_be_safe", why, **details)
            _find_somewhere(act.unit, act.case, hazard, why, act.now)
            return act.done("Kept. A task for finding somewhere to stay is in the queue, among the dangers.")
        if on is None:
            raise Refused("Give the day on which they moved", "on")
        at = moment(act, on, hazard)
        act.unit.update(Hazard, hazard.id, moved_out_on=on)
        act.tell("hazard_moved_out", why, **details, on=on.isoformat())
        met(act, hazard, SAFE, at, "suitable alternative accommodation was provided until the home is safe")
        _found_somewhere(act)
        return act.done("Kept: they have somewhere to stay. The home still has to be made safe.")


def instant(on: date, clock: str) -> datetime:
    """Return a London date and a time such as 21:15 as an instant; refuse what is no time."""
    hours, colon, minutes = clock.strip().replace(".", ":").partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise Refused("Enter a time such as 21:15", "clock")
    try:
        return datetime.combine(on, time(int(hours), int(minutes)), LONDON)
    except ValueError as error:
        raise Refused("Enter a time such as 21:15", "clock") from error


def _require_looked_at(hazard: Hazard, *, emergency_too: bool = True) -> None:
    if hazard.investigated_on is None and (emergency_too or hazard.level != "emergency"):
        raise Refused("Keep first that it was looked at, and what was found")


def _require_between(act: Act, hazard: Hazard, at: datetime) -> None:
    if at > act.now:
        raise Refused("Give a time that is not in the future", "on")
    if at < hazard.aware_at:
        raise Refused("Give a time that is not before we knew of the hazard", "on")


def _end(act: Act, hazard: Hazard) -> None:
    """End the hazard where nothing is owed of it any more."""
    append_events(act.unit, ended(act.unit, hazard.id or 0, act.now, act.by))


def not_safe_in_time(unit: Unit, case: Case, missed: Deadline, now: datetime) -> None:
    """Ask for somewhere to stay where a home was not made safe by its date: that is owed then, as the tenant's summary says."""
    hazards = (
        unit.find(Hazard, case_id=case.id, safe_at=None, moved_out_on=None, replaced_by=None) if missed.rule in SAFE else []
    )
    for hazard in hazards:
        if missed.id in hazard.clocks.values():
            _find_somewhere(unit, case, hazard, "its date has passed", now)


def _find_somewhere(unit: Unit, case: Case, hazard: Hazard, why: str, now: datetime) -> None:
    if unit.find(Task, case_id=case.id, kind=STAY_TASK, message_id=hazard.message_id, closed_at=None):
        return
    due = min((row.due_at for row in running(unit, hazard, SAFE)), default=now)
    row = {"kind": STAY_TASK, "case_id": case.id, "message_id": hazard.message_id, "team": case.team, "danger": True}
    told = f"the home cannot be made safe in time: find suitable alternative accommodation, at our cost ({why})"
    unit.add(Task, [row | {"why": told, "opened_at": now, "due_at": due, "assigned_to": case.assigned_to}])


def _found_somewhere(act: Act) -> None:
    for task in act.unit.find(Task, case_id=act.case_id, kind=STAY_TASK, closed_at=None):
        act.unit.update(Task, task.id, closed_at=act.now, closed_by=act.by, outcome="they have somewhere to stay")
