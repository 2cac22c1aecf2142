"""``intake deadlines``: by when a complaint must be acknowledged and answered, with the arithmetic."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from desk.config import EXAMPLE, Mistake, find_file, load_settings
from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.deadlines import Due, Stage, acknowledge_by, explain, respond_by, respond_by_if_extended

Moment = datetime | date
DATE_LENGTH = len("2026-12-22")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def read_moment(text: str) -> Moment:
    """Read a date, or a date-time with its zone, in ISO 8601; raise ``ValueError`` with the mend."""
    plain = text.strip()
    try:
        if len(plain) <= DATE_LENGTH:
            return date.fromisoformat(plain)
        moment = datetime.fromisoformat(plain)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: write 2026-12-22, or 2026-12-22T10:00+00:00") from error
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone: add one, such as {plain}+00:00, or Z")
    return moment


def _calendar(config: Path | None) -> WorkingCalendar:
    """Make the calendar with the holidays that the landlord's settings add, where there are settings."""
    path = find_file(config)
    if path == EXAMPLE:
        return WorkingCalendar()
    settings = load_settings(path).calendar
    return WorkingCalendar(extra_holidays=settings.extra_holidays, closed_days=settings.closed_days)


def _sums(received: Moment, acknowledged: Moment | None, stage: Literal[1, 2], calendar: WorkingCalendar) -> dict[str, Due]:
    return {
        "acknowledge_by": acknowledge_by(received, stage, calendar),
        "respond_by": respond_by(received, acknowledged, stage, calendar),
        "respond_by_if_extended": respond_by_if_extended(received, acknowledged, stage, calendar),
    }


def as_object(due: Due) -> dict[str, str | list[str]]:
    """Return a deadline as the contract prints it, with what it was counted from and by."""
    return {
        "date": due.due_on.isoformat(),
        "rule": due.rule,
        "provision": due.provision,
        "counted": [day.isoformat() for day in due.counted],
        "counted_from": due.counted_from.isoformat(),
        "due_at": due.due_at.isoformat(),
        "calendar": due.calendar,
    }


def _show(sums: dict[str, Due], closed: frozenset[date]) -> None:
    for name, due in sums.items():
        typer.echo(f"{name.replace('_', ' '):<24}{due.due_on:%a} {due.due_on.day:>2} {due.due_on:%b %Y}   {due.provision}")
    for due in sums.values():
        typer.echo(f"\n{explain(due)}")
    if within := sorted(day for due in sums.values() for day in closed.intersection(due.counted)):
        days = ", ".join(dict.fromkeys(day.isoformat() for day in within))
        typer.echo(f"\nThe office is closed on {days}: such days count all the same (the Code gives no discount for them).")


def deadlines(
    *,
    received: Annotated[str, typer.Option(help="When it was received: a date, or an ISO date-time with its zone.")],
    acknowledged: Annotated[str | None, typer.Option(help="When it was acknowledged, if it was.")] = None,
    stage: Annotated[str, typer.Option(help="Stage of the complaint, 1 or 2.")] = "1",
    extended: Annotated[bool, typer.Option("--extended", help="Show how far an extension could reach, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, always with all three dates.")] = False,
    config: Annotated[Path | None, typer.Option(help="Settings, for proclaimed extra holidays and closed days.")] = None,
) -> None:
    """Work out by when a complaint must be acknowledged and answered, and show how the days were counted."""
    try:
        numbers: dict[str, Stage] = {"1": 1, "2": 2}
        if stage.strip() not in numbers:
            _stop(f"{stage!r} is no stage of a complaint: give 1 or 2")
        calendar = _calendar(config)
        at = read_moment(acknowledged) if acknowledged is not None else None
        sums = _sums(read_moment(received), at, numbers[stage.strip()], calendar)
    except (ValueError, CalendarGap, Mistake) as error:
        _stop(str(error))
    if as_json:
        typer.echo(json.dumps({name: as_object(due) for name, due in sums.items()}, indent=2))
        return
    shown = {name: due for name, due in sums.items() if extended or name != "respond_by_if_extended"}
    _show(shown, calendar.closed_days)
