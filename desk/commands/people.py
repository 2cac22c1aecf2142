"""``intake adjustments, restrictions``: the registers of what was agreed with residents and of what limits them (Code 5.10, 5.15)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.web.rights import Role
from desk.wiring import House
from handlers.clock import london_day
from handlers.people.restriction_words import KINDS
from handlers.people.wishes import ADJUSTMENTS
from handlers.rows import event_row
from store.chain import append_events
from store.people_due import kept_adjustments, kept_restrictions
from store.people_models import Adjustment, Restriction
from store.staff_rows import staff_by_username
from store.unit import Unit

OpenOption = Annotated[bool, typer.Option("--open", help="Only those that stand.")]


def adjustments(
    config: ConfigOption = None,
    json: JsonOption = False,
    open_only: OpenOption = False,
    with_disabilities: Annotated[
        str | None,
        typer.Option(help="A manager's user name: shows what residents told us of a disability, and notes who read it."),
    ] = None,
) -> None:
    """List the adjustments agreed with residents, when each is looked at again, and how many were in time."""
    house = House(settings=load_settings(config))
    with house.store as store:
        today = london_day(house.clock.now())
        with store.unit("T6") as unit:
            kept = [(row, ref) for row, ref in kept_adjustments(unit) if not open_only or row.ended_at is None]
            if with_disabilities is not None:
                _note_reading(unit, with_disabilities, [row for row, _ in kept], house)
                unit.commit()
    rows = [_adjustment(row, ref, today, disabilities=with_disabilities is not None) for row, ref in kept]
    if json:
        print_json(rows)
        return
    heads = ["reference", "adjustment", "words", "agreed_on", "agreed_with", "review_on", "state"]
    heads += ["disability"] if with_disabilities is not None else []
    print_table("Adjustments", tuple(heads), [[row[head] for head in heads] for row in rows])
    late = sum(row["state"] == "review late" for row in rows)
    typer.echo(f"{sum(row['state'] != 'ended' for row in rows)} stand, {late} of them with a review that is late")


def _note_reading(unit: Unit, username: str, rows: list[Adjustment], house: House) -> None:
    """Let nobody but a manager read disabilities, and write on each case who did."""
    staff = staff_by_username(unit, username)
    if staff is None or Role.MANAGER not in staff.roles or staff.disabled_at is not None:
        raise Mistake(f"--with-disabilities {username}: only a manager's name opens what residents told us of a disability")
    cases = sorted({row.case_id for row in rows if row.disability})
    why = f"{staff.name} read them with intake adjustments"
    append_events(unit, [event_row(id_, "adjustments_read", why, house.clock.now(), username) for id_ in cases])


def _adjustment(row: Adjustment, reference: str, today: date, *, disabilities: bool) -> dict[str, Any]:
    state = "ended" if row.ended_at else "review late" if row.review_on < today else "stands"
    names = (
        "id",
        "kind",
        "words",
        "agreed_on",
        "agreed_with",
        "review_on",
        "reviewed_at",
        "reviewed_by",
        "ended_at",
        "ended_why",
    )
    told = {"disability": row.disability} if disabilities else {}
    kept = {name: getattr(row, name) for name in names}
    return {"reference": reference, "adjustment": ADJUSTMENTS.get(row.kind, row.kind), "state": state} | kept | told


def restrictions(config: ConfigOption = None, json: JsonOption = False, open_only: OpenOption = False) -> None:
    """List the restrictions: incidents, reasons, proportion, the Equality Act, who proposed and approved, dates."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        kept = kept_restrictions(glance)
    rows = [_restriction(row, ref) for row, ref in kept if not open_only or row.state in ("proposed", "active")]
    if json:
        print_json(rows)
        return
    heads = ("reference", "restriction", "state", "starts_on", "review_on", "ends_on", "proposed_by", "approved_by", "reasons")
    print_table("Restrictions", heads, [[row[head] for head in heads] for row in rows])


def _restriction(row: Restriction, reference: str) -> dict[str, Any]:
    kept = row.model_dump(exclude={"case_id", "address", "letter_id", "warned_at"})
    return {"reference": reference, "restriction": KINDS.get(row.kind, row.kind)} | kept
