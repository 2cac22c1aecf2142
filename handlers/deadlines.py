"""By when something is owed: a table of rules with their provisions, and sums that show their arithmetic.

The strict reading of obligations B1.2: the day of receipt is the London date on which the message arrived and is day 0,
day 1 is the first working day after it, and the due moment is the end of the last day counted. Clocks never pause.
To add a deadline, add a row to ``RULES``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from handlers.calendar import SATURDAY, WorkingCalendar
from handlers.clock import LONDON, london_day

Stage = Literal[1, 2]
END_OF_DAY = time(23, 59, 59)
"""The last whole second of a London day; the Code's periods end with the day, not at closing time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlineRule:
    """One period: ``working_days`` counted, or ``calendar_days`` or ``months`` passed, or ``hours`` elapsed, from ``starts_from``.

    With ``or_next_working_day`` one that ends on another day ends with the next working day.
    """

    code: str
    what: str
    provision: str
    starts_from: str
    working_days: int = 0
    calendar_days: int = 0
    hours: int = 0
    months: int = 0
    or_next_working_day: bool = False

    def __post_init__(self) -> None:
        """Refuse a rule that names no period, or two."""
        periods = (self.working_days, self.calendar_days, self.hours, self.months)
        if min(periods) < 0 or sum(period > 0 for period in periods) != 1:
            raise ValueError(f"rule {self.code} needs exactly one of working_days, calendar_days, months and hours")


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A deadline as it was worked out once: nothing recomputes it but an audited act (design section 2, 7).

    ``due_at`` is the last instant in UTC; ``counted`` are the working days, in order, the last of which is ``due_on``
    (empty where a rule does not count working days); ``calendar`` names the version that they were taken from.
    """

    rule: str
    provision: str
    due_on: date
    due_at: datetime
    counted_from: date
    counted: tuple[date, ...]
    calendar: str


def _row(code: str, what: str, provision: str, starts_from: str, working_days: int = 0, **other: Any) -> DeadlineRule:
    return DeadlineRule(code=code, what=what, provision=provision, starts_from=starts_from, working_days=working_days, **other)


HAZARDS = "Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025"
OWN = "the landlord's own practice"
RIGHTS = "Data Protection Act 2018"
WEEKEND = {"or_next_working_day": True}

RULES: dict[str, DeadlineRule] = {
    rule.code: rule
    for rule in (
        _row("acknowledge_1", "acknowledge, define and log a stage 1 complaint", "Code 6.2", "receipt", 5),
        _row("acknowledge_2", "acknowledge, define and log an escalation to stage 2", "Code 6.11", "receipt", 5),
        _row("respond_1", "answer a stage 1 complaint in full", "Code 6.3", "acknowledgement, or its deadline if missed", 10),
        _row("respond_2", "give the final response at stage 2", "Code 6.14", "acknowledgement, or its deadline if missed", 20),
        _row("extend_1", "answer an extended stage 1 complaint, at the latest", "Code 6.4", "the stage 1 response date", 10),
        _row("extend_2", "answer an extended stage 2 complaint, at the latest", "Code 6.15", "the stage 2 response date", 20),
        _row("petition", "answer a petition as a general enquiry", "policy 6.3", "receipt", 10),
        _row("triage", "have a person look at a message that the machine was unsure of", OWN, "receipt", 1),
        _row("spot_check", "check what the machine was sure is no complaint", OWN, "the day it is drawn", 5),
        _row("quarantine", "have a person look at a message that could not be read or handled", OWN, "receipt", 1),
        _row("undelivered", "reach a resident whose letter did not arrive or was not sent", OWN, "receipt", 3),
        _row("call_resident", "ring the resident about their complaint", "policy 4.3.2", "the acknowledgement", 2),
        _row("breach_cause", "say why a date was missed", OWN, "noticing it", 5),
        _row("confirm_definition", "confirm the complaint as understood", "Code 5.6", "receipt", 5),
        _row("hazard_emergency", "investigate an emergency hazard and make it safe", HAZARDS, "becoming aware", hours=24),
        _row("hazard_investigate", "investigate a significant hazard", HAZARDS, "becoming aware", 10),
        _row("hazard_summary", "send the tenant the written summary", HAZARDS, "the end of the investigation", 3),
        _row("hazard_make_safe", "make a significant hazard safe", HAZARDS, "the end of the investigation", 5),
        _row("hazard_begin", "begin further works", HAZARDS, "the end of the investigation", calendar_days=84),
        _row(
            "data_protection",
            "acknowledge a data protection complaint",
            f"{RIGHTS} s.164A",
            "receipt",
            calendar_days=30,
            **WEEKEND,
        ),
        _row("subject_access", "answer a request for one's own data", "UK GDPR Article 12(3)", "receipt", months=1, **WEEKEND),
        _row("information_request", "answer a request for information", "Freedom of Information Act 2000 s.10", "receipt", 20),
    )
}
"""Every rule by its code. Sources: the Complaint Handling Code, the landlord's policy, SI 2025/1042 (Awaab's Law)."""


def day_of(at: datetime | date) -> date:
    """Return the London date of an aware instant, or the date itself; refuse a naive time."""
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a time without a zone names no day: give its zone")
    return london_day(at)


def end_of(day: date) -> datetime:
    """Return the last second of a London day, in UTC."""
    return datetime.combine(day, END_OF_DAY, LONDON).astimezone(UTC)


def by_rule(code: str, start: datetime | date, calendar: WorkingCalendar) -> Due:
    """Work out one rule's deadline from its start; raise ``CalendarGap`` where the calendar does not reach.

    A rule in hours needs an instant, and adds hours as they pass, whatever the clocks on the wall do.
    """
    rule, day = RULES[code], day_of(start)
    counted = calendar.count(day, rule.working_days) if rule.working_days else ()
    if rule.hours:
        if not isinstance(start, datetime):
            raise ValueError(f"rule {code} counts hours, so it needs a time and not a date")
        due_at = start.astimezone(UTC) + timedelta(hours=rule.hours)
        due_on = london_day(due_at)
    else:
        due_on = counted[-1] if counted else _passed(day, rule, calendar)
        due_at = end_of(due_on)
    return Due(
        rule=code,
        provision=rule.provision,
        due_on=due_on,
        due_at=due_at,
        counted_from=day,
        counted=counted,
        calendar=calendar.version,
    )


def _passed(day: date, rule: DeadlineRule, calendar: WorkingCalendar) -> date:
    """Return the day on which days or months have passed: of a month that is too short its last day."""
    number = day.year * 12 + day.month - 1 + rule.months
    year, month = number // 12, number % 12 + 1
    passed = date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=rule.calendar_days)
    while rule.or_next_working_day and not calendar.is_working_day(passed):
        passed += timedelta(days=1)
    return passed


def named_on(code: str, start: date, on: date, calendar: WorkingCalendar) -> Due:
    """Return the deadline that a person named: the rule's, from its start, on this working day and not on its last (Code 6.4)."""
    rule = RULES[code]
    between = (start + timedelta(days=number) for number in range(1, (on - start).days + 1))
    return Due(
        rule=code,
        provision=rule.provision,
        due_on=on,
        due_at=end_of(on),
        counted_from=start,
        counted=tuple(day for day in between if calendar.is_working_day(day)),
        calendar=calendar.version,
    )


def acknowledge_by(received_at: datetime | date, stage: Stage, calendar: WorkingCalendar) -> Due:
    """Return by when a complaint or an escalation must be acknowledged (Code 6.2, 6.11)."""
    return by_rule(f"acknowledge_{stage}", received_at, calendar)


def respond_by(
    received_at: datetime | date, acknowledged_at: datetime | date | None, stage: Stage, calendar: WorkingCalendar
) -> Due:
    """Return by when the answer is owed (Code 6.3, 6.14).

    It runs from the acknowledgement, or from the acknowledgement's deadline where that was missed or has not been met
    yet: a late acknowledgement must not buy time (obligations B1.2 rule 3).
    """
    start = acknowledge_by(received_at, stage, calendar).due_on
    if acknowledged_at is not None:
        if day_of(acknowledged_at) < day_of(received_at):
            raise ValueError("a complaint cannot be acknowledged before it was received")
        start = min(start, day_of(acknowledged_at))
    return by_rule(f"respond_{stage}", start, calendar)


def respond_by_if_extended(
    received_at: datetime | date, acknowledged_at: datetime | date | None, stage: Stage, calendar: WorkingCalendar
) -> Due:
    """Return the latest date an extension may name (Code 6.4, 6.15); only a person extends, and before the old date."""
    return by_rule(f"extend_{stage}", respond_by(received_at, acknowledged_at, stage, calendar).due_on, calendar)


def proposed_changes(dues: Iterable[Due], calendar: WorkingCalendar) -> tuple[tuple[Due, Due], ...]:
    """Return pairs of old and new for the deadlines which another calendar would move, for a person to approve.

    Nothing is changed here: each approved move becomes an event of its case.
    """
    pairs = ((due, by_rule(due.rule, due.counted_from, calendar)) for due in dues if due.counted)
    return tuple((old, new) for old, new in pairs if old.due_on != new.due_on)


def _said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def explain(due: Due) -> str:
    """Say in plain words how the deadline was counted."""
    rule = RULES[due.rule]
    start = f"To {rule.what} ({due.provision}): counted from {_said(due.counted_from)} ({rule.starts_from})"
    if not due.counted:
        period = f"{rule.hours} hours as they pass" if rule.hours else _period(rule)
        return f"{start}, {period}. Due {_said(due.due_on)} at {due.due_at.astimezone(LONDON):%H:%M}, London time."
    days = ", ".join(f"{number} {_said(day)}" for number, day in enumerate(due.counted, 1))
    skipped = [day for day in _between(due.counted_from, due.due_on) if day.weekday() < SATURDAY and day not in due.counted]
    left_out = f" Bank holidays left out: {', '.join(map(_said, skipped))}." if skipped else ""
    return f"{start}, which is day 0. Working days: {days}.{left_out} Due by the end of {_said(due.due_on)}. Calendar: {due.calendar}."


def _period(rule: DeadlineRule) -> str:
    period = f"{rule.calendar_days} days" if rule.calendar_days else f"{rule.months} month{'s' if rule.months > 1 else ''}"
    return f"{period}, or the next working day" if rule.or_next_working_day else period


def _between(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=number) for number in range(1, (end - start).days))
