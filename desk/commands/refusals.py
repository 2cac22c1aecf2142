"""``intake refusals`` and ``intake orders``: the registers of what was refused and of what ombudsmen told us (Code 2.1, 8.1, 9.7)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption
from desk.commands.output import print_json, print_table
from desk.config import load_settings
from desk.web.refusal_words import STATES, ground_in_words
from desk.wiring import House
from handlers.clock import london_day
from handlers.course.order_kinds import offices
from store.order_rows import Registered, orders, refusals

JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
OF_REFUSAL = (
    *("id", "stage", "ground", "state", "reasons", "evidence", "facts"),
    *("proposed_by", "proposed_at", "checked_by", "checked_at", "checked_why", "letter_id"),
)
OF_ORDER = ("id", "office", "kind", "told_on", "what", "due_on", "by", "at", "done_at", "done_by", "outcome")


def refusals_register(config: ConfigOption = None, json: JsonOption = False) -> None:
    """List every refusal: ground, reasons, who proposed and who agreed, and what became of it."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        found = refusals(glance)
    if json:
        print_json([_plain(one, OF_REFUSAL) for one in found])
        return
    heads = ("reference", "stage", "state", "ground", "proposed_at", "proposed_by", "checked_by", "reasons")
    print_table("Refusals", heads, [_refusal(one) for one in found])


def _refusal(one: Registered) -> list[object]:
    row = one.row
    state = STATES.get(row.state, (row.state, ""))[0]
    ground = ground_in_words(row.ground)
    return [one.reference, row.stage, state, ground, row.proposed_at, row.proposed_by, row.checked_by, row.reasons]


def orders_register(
    config: ConfigOption = None,
    json: JsonOption = False,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is still to be done.")] = False,
) -> None:
    """List what ombudsmen told us: orders with their dates, and what was done."""
    house = House(settings=load_settings(config))
    today = london_day(house.clock.now())
    with house.store as store, store.glance() as glance:
        found = orders(glance, open_only=open_only)
    late = {one.row.id for one in found if one.row.done_at is None and one.row.due_on is not None and one.row.due_on < today}
    if json:
        print_json([_plain(one, OF_ORDER) | {"overdue": one.row.id in late} for one in found])
        return
    names = {key: office.name for key, office in offices(house.landlord).items()}
    heads = ("reference", "office", "kind", "told_on", "due_on", "what", "done_at", "outcome")
    print_table("Orders", heads, [_order(one, names, overdue=one.row.id in late) for one in found])


def _order(one: Registered, names: dict[str, str], *, overdue: bool) -> list[object]:
    row = one.row
    done = "overdue" if overdue else row.done_at
    kind = row.kind.replace("_", " ")
    return [one.reference, names.get(row.office, row.office), kind, row.told_on, row.due_on, row.what, done, row.outcome]


def _plain(one: Registered, names: tuple[str, ...]) -> dict[str, Any]:
    return {"reference": one.reference} | {name: getattr(one.row, name) for name in names}
