"""How well dates were kept in a period, from timestamps alone, with the cases behind every number (TSM CH02; policy 4.3.4).

A complaint is counted in the period in which its first date fell due, once, whatever became of it since. The answer in the
first time and the answer in time with a valid extension stand side by side: an extension is valid only if its letter left
before the old date ended (Code 6.4). A receipt acknowledges nothing (obligations B1.4): only an acknowledgement's letter,
once it has gone, meets that date. Complaints that were taken back, refused or found to be none fall out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from handlers.clock import LONDON
from handlers.deadlines import end_of
from store.course_models import Action, Breach, Extension, ProgressUpdate
from store.models import Case, Deadline, OutboxEntry, OutboxState, Stage
from store.time_rows import between
from store.unit import Glance

AT_ONCE = 5_000
Outcome = Literal["in_first_time", "in_extended_time", "late", "running"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """From one London date to another, both in it."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise ValueError("the period ends before it begins")

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), LONDON)

    @property
    def beyond(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), LONDON)


@dataclass(slots=True)
class Tally:
    """A group of numbers: under each name the cases that are counted there, by their numbers, one for each thing counted."""

    cases: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, case_id: int) -> None:
        """Count one more."""
        self.cases.setdefault(name, []).append(case_id)


Figures = Mapping[str, Mapping[str, Sequence[str]]]
"""Groups of numbers: the references of the cases behind each, under its name."""
GROUPS: dict[str, tuple[str, ...]] = {
    "acknowledged_1": ("due", "in_time", "late", "running"),
    "acknowledged_2": ("due", "in_time", "late", "running"),
    "answered_1": ("due", "in_first_time", "in_extended_time", "in_time", "late", "running"),
    "answered_2": ("due", "in_first_time", "in_extended_time", "in_time", "late", "running"),
    "extensions_1": ("made", "told_in_time", "told_late", "beyond_the_limit"),
    "extensions_2": ("made", "told_in_time", "told_late", "beyond_the_limit"),
    "updates": ("due", "sent", "on_time"),
    "actions": ("due", "done", "done_in_time", "dropped", "late"),
    "missed_dates": ("all", "explained"),
}
"""Every group and its numbers, so that a nought is told as one."""


def figures(glance: Glance, period: Period, now: datetime) -> Figures:
    """Return the figures of a period as they stand now."""
    tallies = {name: Tally(cases={number: [] for number in numbers}) for name, numbers in GROUPS.items()}
    for stage in Stage:
        _acknowledged(glance, period, now, stage, tallies[f"acknowledged_{stage}"])
        _answered(glance, period, now, stage, tallies[f"answered_{stage}"])
    _extensions(glance, period, tallies)
    _updates(glance, period, now, tallies["updates"])
    _actions(glance, period, now, tallies["actions"])
    _breaches(glance, period, tallies["missed_dates"])
    names = _references(glance, {id_ for tally in tallies.values() for ids in tally.cases.values() for id_ in ids})
    return {group: {name: [names[id_] for id_ in ids] for name, ids in tally.cases.items()} for group, tally in tallies.items()}


def _due(glance: Glance, period: Period, rule: str) -> list[Deadline]:
    return between(glance, Deadline, "due_on", period.first, period.last + timedelta(days=1), rule=rule)


def _acknowledged(glance: Glance, period: Period, now: datetime, stage: Stage, tally: Tally) -> None:
    for row in _due(glance, period, f"acknowledge_{stage}"):
        if row.superseded_at is None:
            tally.add("due", row.case_id)
            met = row.met_at is not None and row.met_at <= row.due_at
            late = row.due_at < now if row.met_at is None else not met
            tally.add("in_time" if met else "late" if late else "running", row.case_id)


def _answered(glance: Glance, period: Period, now: datetime, stage: Stage, tally: Tally) -> None:
    first, later = f"respond_{stage}", f"extend_{stage}"
    cases = sorted({row.case_id for row in _due(glance, period, first)})
    by_case = _by_case(glance, cases, (first, later))
    firsts = {
        id_: max((row for row in rows if row.rule == first), key=lambda row: row.id or 0) for id_, rows in by_case.items()
    }
    told = _told(glance, stage, firsts)
    for case_id, rows in by_case.items():
        own = firsts[case_id]
        live = next((row for row in reversed(rows) if row.superseded_at is None), None)
        if live is None or not period.first <= own.due_on <= period.last:
            continue
        outcome = outcome_of(own, live, now, told_in_time=told.get(case_id, True))
        tally.add("due", case_id)
        tally.add(outcome, case_id)
        if outcome.startswith("in_"):
            tally.add("in_time", case_id)


def outcome_of(first: Deadline, live: Deadline, now: datetime, *, told_in_time: bool) -> Outcome:
    """Return how an answer stands against its first date, and its later one if every extension was told in time."""
    last = live.due_at if told_in_time else min(first.due_at, live.due_at)
    if live.met_at is None:
        return "running" if now <= last else "late"
    if live.met_at <= first.due_at:
        return "in_first_time"
    return "in_extended_time" if live.met_at <= last else "late"


def _by_case(glance: Glance, cases: Sequence[int], rules: Collection[str]) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = {}
    for portion in _portions(cases):
        for row in glance.find(Deadline, case_id=portion, rule=list(rules)):
            found.setdefault(row.case_id, []).append(row)
    return found


def _told(glance: Glance, stage: Stage, firsts: Mapping[int, Deadline]) -> dict[int, bool]:
    """Return of each case with extensions whether all of them were told in time; a letter that was lost told nobody.

    Extensions of a first date that another took the place of, as the complaint was taken on again, count no more.
    """
    asked = _portions(sorted(firsts))
    rows = [row for part in asked for row in glance.find(Extension, case_id=part, stage=stage, state="stands")]
    rows = [row for row in rows if row.old_due_on >= firsts[row.case_id].due_on]
    lost = _lost(glance, rows)
    found: dict[int, bool] = {}
    for row in rows:
        found[row.case_id] = found.get(row.case_id, True) and _in_time(row, lost)
    return found


def _in_time(row: Extension, lost: Collection[int]) -> bool:
    return row.told_at is not None and row.told_at <= end_of(row.old_due_on) and row.letter_id not in lost


def _lost(glance: Glance, rows: Sequence[Extension]) -> set[int]:
    ids = [row.letter_id for row in rows if row.letter_id is not None]
    gone = [letter for part in _portions(ids) for letter in glance.find(OutboxEntry, id=part, state=OutboxState.FAILED)]
    return {letter.id for letter in gone if letter.id is not None}


def _extensions(glance: Glance, period: Period, tallies: Mapping[str, Tally]) -> None:
    rows: list[Extension] = between(glance, Extension, "at", period.begins, period.beyond, state="stands")
    lost = _lost(glance, rows)
    for row in rows:
        tally = tallies[f"extensions_{row.stage}"]
        tally.add("made", row.case_id)
        tally.add("told_in_time" if _in_time(row, lost) else "told_late", row.case_id)
        if row.second_reason is not None:
            tally.add("beyond_the_limit", row.case_id)


def _updates(glance: Glance, period: Period, now: datetime, tally: Tally) -> None:
    rows: list[ProgressUpdate] = between(glance, ProgressUpdate, "due_on", period.first, period.last + timedelta(days=1))
    for row in rows:
        by = end_of(row.due_on)
        if (row.ended_at is not None and row.ended_at <= by) or (row.sent_at is None and now <= by):
            continue  # the answer, or a new date, came first; or there is still time
        tally.add("due", row.case_id)
        if row.sent_at is not None:
            tally.add("sent", row.case_id)
            if row.sent_at <= by:
                tally.add("on_time", row.case_id)


def _actions(glance: Glance, period: Period, now: datetime, tally: Tally) -> None:
    rows: list[Action] = between(glance, Action, "due_on", period.first, period.last + timedelta(days=1))
    for row in rows:
        by = end_of(row.due_on)
        tally.add("due", row.case_id)
        if row.dropped_at is not None:
            tally.add("dropped", row.case_id)
            continue
        if row.done_at is not None:
            tally.add("done", row.case_id)
        in_time = row.done_at is not None and row.done_at <= by
        if in_time or row.done_at is not None or now > by:
            tally.add("done_in_time" if in_time else "late", row.case_id)


def _breaches(glance: Glance, period: Period, tally: Tally) -> None:
    rows: list[Breach] = between(glance, Breach, "due_on", period.first, period.last + timedelta(days=1))
    for row in rows:
        for name in ("all", row.rule, *(("explained", f"cause_{row.cause_kind}") if row.cause is not None else ())):
            tally.add(name, row.case_id)


def _references(glance: Glance, ids: Iterable[int]) -> dict[int, str]:
    found = [case for portion in _portions(sorted(ids)) for case in glance.find(Case, id=portion)]
    return {case.id: case.reference for case in found if case.id is not None}


def _portions(values: Sequence[int]) -> list[list[int]]:
    return [list(values[start : start + AT_ONCE]) for start in range(0, len(values), AT_ONCE)]
