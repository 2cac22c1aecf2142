"""``intake figures, recount``: how well dates were kept, and what another calendar would move."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.wiring import House
from handlers.case_acts import Refused
from handlers.closing import what_of
from handlers.course.figures import Figures, Period, figures
from handlers.course.recounting import Move, approve_move, moves


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Mistake(f"{option} {text!r} is not a date: write 2026-12-22") from error


def show_figures(
    *,
    first: Annotated[str, typer.Option("--from", help="First day of the period, such as 2026-10-01.")],
    last: Annotated[str, typer.Option("--to", help="Last day of the period.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show how well dates were kept in a period; with --json the cases behind every number are named."""
    try:
        period = Period(first=_date(first, "--from"), last=_date(last, "--to"))
    except ValueError as error:
        raise Mistake(str(error)) from error
    house = House(settings=load_settings(config))
    now = house.clock.now()
    with house.store as store, store.glance() as glance:
        found = figures(glance, period, now)
    if json:
        print_json({"from": period.first, "to": period.last, "as_of": now} | as_objects(found))
        return
    rows = [
        [group, name, part["number"], part.get("percent")]
        for group, parts in as_objects(found).items()
        for name, part in parts.items()
    ]
    print_table(f"Dates kept, {period.first} to {period.last}", ("group", "what", "number", "percent"), rows)


def as_objects(found: Figures) -> dict[str, dict[str, Any]]:
    """Return the figures with each number, its share of what was due, and its cases."""
    return {
        group: {name: _object(cases, len(parts.get("due") or parts.get("made") or ())) for name, cases in parts.items()}
        for group, parts in found.items()
    }


def _object(cases: Any, of: int) -> dict[str, Any]:
    share = {"percent": round(100 * len(cases) / of, 1)} if of else {}
    return {"number": len(cases), **share, "cases": list(cases)}


def recount(
    *,
    approve: Annotated[list[int] | None, typer.Option(help="Number of a date to move, as shown; may be given often.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Approve every date shown that does not come sooner.")] = False,
    sooner: Annotated[
        bool, typer.Option("--sooner", help="Approve dates that come sooner, too: those named by --approve.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who approves: a user name.")] = "",
    why: Annotated[str, typer.Option(help="Why, for the history of each case.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show which open dates the calendar in use would move; nothing is moved but what a named person approves."""
    house = House(settings=load_settings(config))
    with house.store:
        with house.store.glance() as glance:
            found = moves(house.acts, glance)
        wanted = [move for move in found if move.deadline_id in (approve or ()) or (every and not move.sooner)]
        if missing := set(approve or ()) - {move.deadline_id for move in wanted}:
            raise Mistake(f"no date of these numbers would move: {', '.join(map(str, sorted(missing)))}")
        if wanted and not (by.strip() and why.strip()):
            raise Mistake("--by and --why must say something: they stand in each case's history")
        if not wanted:
            _show(found, as_json=json)
            return
        _approve(house, wanted, by.strip().lower(), why, sooner=sooner)


def _approve(house: House, wanted: list[Move], by: str, why: str, *, sooner: bool) -> None:
    refused = 0
    for move in wanted:
        try:
            approve_move(house.acts, move.case_id, by, move.deadline_id, why=why, sooner=sooner)
        except Refused as refusal:
            refused += 1
            typer.echo(f"{move.reference}: {refusal}", err=True)
        else:
            typer.echo(f"{move.reference}: {move.old.due_on} is {move.new.due_on} now ({what_of(move.rule)})")
    if refused:
        raise typer.Exit(1)


def _show(found: list[Move], *, as_json: bool) -> None:
    told = [
        {
            "number": move.deadline_id,
            "reference": move.reference,
            "rule": move.rule,
            "was": move.old.due_on,
            "would be": move.new.due_on,
            "sooner": move.sooner,
            "resident was told": move.told,
            "calendar": move.new.calendar,
        }
        for move in found
    ]
    if as_json:
        print_json(told)
        return
    heads = ("number", "reference", "rule", "was", "would be", "sooner", "resident was told")
    print_table("Dates that would move", heads, [[_plain(each[head]) for head in heads] for each in told])


def _plain(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value
