"""The panel "Hazards and safety": calls, hazards with what is owed of them, the building, and questions of data."""

from __future__ import annotations

from collections.abc import Iterator

from desk.web.access import may_open
from desk.web.case_panels import Line, Link, Panel, Seen
from desk.web.hazard_words import COLOURS, LEVELS, hazard_line, owed
from desk.web.words import TASKS, weekday, when
from handlers.dangers import ASSESS, HAZARDS
from handlers.data_rights.letters import TITLES
from handlers.hazards.building_words import LIMBS
from handlers.hazards.concerns import NOT_SAID
from store.hazard_models import BuildingConcern, Hazard, Page
from store.models import Case, CaseStatus, Deadline, Task

SHOWN = (*map(str, HAZARDS), "building_safety")
MOST_EARLIER = 5
"""Earlier cases of a building that the panel names."""


def panel(seen: Seen) -> Panel | None:
    """Return the panel: what there is of safety and data, and on an open case what a person may say of them by themselves.

    The machine misses some: so the acts stand on every case, whatever it is.
    """
    case_id = seen.case.id or 0
    asked = seen.glance.find(Task, case_id=case_id, kind=[ASSESS, *TITLES])
    tasks = [task for task in asked if task.closed_at is None]
    # Whoever assesses a hazard leaves its task, so that most cases are asked one question.
    hazards = seen.glance.find(Hazard, case_id=case_id) if any(task.kind == ASSESS for task in asked) else []
    flagged = any(flag in seen.case.flags for flag in SHOWN)
    if not tasks and not hazards and not flagged and (not seen.acts or seen.case.status is CaseStatus.CLOSED):
        return None
    lines = (*_calls(seen), *_to_assess(tasks), *_hazards(seen, hazards), *_building(seen), *_rights(tasks))
    links = [Link(words="Assess a hazard", act="hazard")] if not any(task.kind == ASSESS for task in tasks) else []
    if "building_safety" not in seen.case.flags:
        links.append(Link(words="Take for building safety", act="building-safety"))
    if not any(task.kind in TITLES for task in tasks):
        links.append(Link(words="It asks about data or information", act="data-rights"))
    return Panel(key="hazards", title="Hazards and safety", lines=lines, links=tuple(links))


def _calls(seen: Seen) -> Iterator[Line]:
    """Yield what became of calls to the duty officer; they are looked for only where there was an emergency."""
    pages = seen.glance.find(Page, case_id=seen.case.id) if "emergency" in seen.case.flags else []
    for page in pages:
        if page.taken_at is not None:
            yield Line(
                words=f"Emergency: {seen.called(page.taken_by)} has it since {when(page.taken_at)}",
                quiet=f"Called {page.attempts} times",
            )
            continue
        told = f"Called {page.attempts} times, last answer: {page.answer}" if page.attempts else "Nobody has been called yet"
        have = Link(words="I have it", act="i-have-it")
        yield Line(
            words="Emergency: nobody has said that they have it", quiet=told, tag="Emergency", colour="red", links=(have,)
        )


def _to_assess(tasks: list[Task]) -> Iterator[Line]:
    for task in tasks:
        if task.kind == ASSESS:
            link = Link(words="Assess it", act=f"hazard?of={task.message_id or ''}")
            colour = "red" if task.danger else "orange"
            yield Line(words="A hazard to be assessed", quiet=task.why, tag="Not assessed", colour=colour, links=(link,))


def _hazards(seen: Seen, hazards: list[Hazard]) -> Iterator[Line]:
    ids = [number for hazard in hazards if hazard.ended_at is None for number in hazard.clocks.values()]
    rows = {row.id: row for row in seen.glance.find(Deadline, id=ids)} if ids else {}
    for hazard in hazards:
        if hazard.replaced_by is None:
            clocks = [rows[number] for number in hazard.clocks.values() if number in rows]
            yield _line(hazard, clocks)


def _line(hazard: Hazard, clocks: list[Deadline]) -> Line:
    if hazard.ended_at is not None:
        return Line(
            words=hazard_line(hazard), quiet=hazard.reasons, tag="Ended" if hazard.level in COLOURS else LEVELS[hazard.level]
        )
    colour = COLOURS.get(hazard.level, "grey")
    quiet = owed(clocks) or "Nothing is owed of it now"
    return Line(words=hazard_line(hazard), quiet=quiet, tag=LEVELS[hazard.level], colour=colour, links=tuple(_next(hazard)))


def _next(hazard: Hazard) -> Iterator[Link]:
    """Yield what can be done about a hazard now."""
    of = f"?of={hazard.id}"
    if hazard.investigated_on is None:
        yield Link(words="Looked into", act=f"hazard-looked{of}")
    elif hazard.summary_sent_at is None:
        yield Link(words="Send the summary", act=f"hazard-summary{of}")
        yield Link(words="Summary given another way", act=f"hazard-summary-given{of}")
    if hazard.safe_at is None:
        yield Link(words="Made safe", act=f"hazard-safe{of}")
        yield Link(words="Cannot be made safe in time", act=f"hazard-stay{of}")
    if hazard.begun_on is None and "hazard_begin" in hazard.clocks:
        yield Link(words="Works began", act=f"hazard-works{of}")
    yield Link(words="Something changed", act=f"hazard-changed{of}")


def _building(seen: Seen) -> Iterator[Line]:
    if "building_safety" not in seen.case.flags:
        return
    concerns = seen.glance.find(BuildingConcern, case_id=seen.case.id, ended_at=None)
    names = sorted({concern.building for concern in concerns if concern.building})
    limbs = "; ".join(LIMBS[limb] for limb in LIMBS if limb in {concern.limb for concern in concerns})
    links = (
        Link(words="Say which building and how dangerous", act="building-safety"),
        *([Link(words="Share what was found", act="share-findings")] if seen.case.category == "complaint" else []),
        Link(words="Not building safety", act="not-building-safety"),
    )
    yield Line(
        words=f"Building safety: {', '.join(names) or 'no building of the register'}",
        quiet=limbs or "A person says what it is about",
        tag="Kept 7 years",
        colour="red",
        links=links,
    )
    if names:
        yield from _earlier(seen, names, {concern.limb for concern in concerns} - {NOT_SAID})


def _earlier(seen: Seen, names: list[str], limbs: set[str]) -> Iterator[Line]:
    """Yield earlier cases of the same building, those of the same issue named so: what comes again has to be seen (s.93)."""
    others = seen.glance.find(BuildingConcern, building=names, ended_at=None)
    same = {
        row.case_id: row.limb in limbs
        for row in sorted(others, key=lambda row: row.limb in limbs)
        if row.case_id != seen.case.id
    }
    cases = seen.glance.find(Case, id=sorted(same, reverse=True)[:MOST_EARLIER]) if same else []
    for case in sorted(cases, key=lambda case: case.received_at, reverse=True):
        if may_open(seen.glance, case, seen.person):
            tag, link = (
                ("Same issue" if same[case.id or 0] else "Same building"),
                Link(words=case.reference, href=f"/cases/{case.reference}"),
            )
            yield Line(
                words=f"Came before: {case.subject}", quiet=f"Received {weekday(case.received_at)}", tag=tag, links=(link,)
            )


def _rights(tasks: list[Task]) -> Iterator[Line]:
    for task in tasks:
        if task.kind in TITLES:
            links = (
                Link(words="Tell the resident", act=f"data-rights?of={task.kind}"),
                Link(words="Answered", act=f"data-rights-answered?of={task.kind}"),
                Link(words="It is none", act=f"data-rights-none?of={task.kind}"),
            )
            yield Line(
                words=TASKS[task.kind], quiet=f"{task.why}. Due {weekday(task.due_at)}", tag="To do", colour="blue", links=links
            )
