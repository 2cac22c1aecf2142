"""``intake act``: every act that the desk's case page offers, from the terminal, by a named person with an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer
from fastapi import HTTPException
from starlette.datastructures import FormData, UploadFile

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.staff_roles import Role
from desk.web.access import open_case
from desk.web.case_acts import ACTS
from desk.web.case_doing import Doing
from desk.web.case_forms import ActForm, Field, Typed
from desk.web.desk import Desk
from desk.web.rights import Person
from desk.wiring import House
from handlers import references
from handlers.case_acts import Refused
from store.desk_models import StaffAct
from store.models import Case
from store.overview import case_by_reference
from store.staff_rows import staff_by_username

DATE_PARTS = 3
SEVERAL = ("checks",)


def act(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The reference, as read out or typed.")],
    name: Annotated[str | None, typer.Argument(metavar="ACT", help="What to do; without it, all acts are listed.")] = None,
    *,
    by: Annotated[str | None, typer.Option(help="The user name of whoever does it; without it, nothing is done.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="What to fill in; a date as 2027-01-04; `-` is standard input."),
    ] = None,
    of: Annotated[str, typer.Option("--of", help="Which of several things the act is about, where it asks.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Do something to a case, as at the desk: lists the acts, shows what one asks for, or does it."""
    house = House(settings=load_settings(config))
    try:
        person = _person(house, by)
        doing = _doing(house, person, reference, of)
        if name is None:
            _list(doing, json=json)
        elif by is None:
            _show(_form(doing, name), json=json)
        else:
            typer.echo(_done(house, doing, name, set_ or []))
    finally:
        house.store.close()


def _person(house: House, by: str | None) -> Person:
    """Return who acts: somebody with an account who works on cases; whoever only looks is nobody in particular."""
    if by is None:
        everything = frozenset({Role.OFFICER, Role.MANAGER})
        return Person(staff_id=0, session_id=0, username="", name="", roles=everything)
    with house.store.glance() as glance:
        staff = staff_by_username(glance, by)
    if staff is None or staff.disabled_at is not None:
        raise Mistake(f"nobody with an account is called {by}: `intake users list` names them, `intake users add` adds one")
    roles = frozenset(Role(role) for role in staff.roles)
    person = Person(staff_id=staff.id or 0, session_id=0, username=by, name=staff.name, roles=roles, teams=tuple(staff.teams))
    if not person.acts:
        raise Mistake(f"{by} does not work on cases: an act needs an officer, a manager or a liaison")
    return person


def _doing(house: House, person: Person, reference: str, of: str) -> Doing:
    desk = Desk(house=house)
    asked = {"of": of} if of else {}
    try:
        # Whoever only looks has the machine itself: no session is noted, as there is nobody to name.
        case = open_case(desk, person, reference).case if person.staff_id else _case(house, reference)
    except HTTPException as error:
        typer.echo(f"there is no case {reference}" + (f" that {person.username} can open" if person.staff_id else ""), err=True)
        raise typer.Exit(1) from error
    return Doing(desk=desk, person=person, case=case, asked=asked)


def _case(house: House, reference: str) -> Case:
    try:
        name = str(references.parse(reference))
    except references.NotAReference as error:
        raise Mistake(str(error)) from error
    with house.store.glance() as glance:
        found = case_by_reference(glance, name)
    if found is None:
        raise HTTPException(404)
    return found


def _form(doing: Doing, name: str) -> ActForm:
    if name not in ACTS:
        raise Mistake(f"there is no act {name!r}: `intake act {doing.case.reference}` lists them")
    try:
        return ACTS[name].form(doing)
    except HTTPException as error:
        raise Mistake(f"{name} is about one of several things: name which with --of, as the case page's links do") from error
    except Refused as refused:
        return ActForm(title=name, button=name, against=(str(refused),))


def _list(doing: Doing, *, json: bool) -> None:
    listed: list[tuple[str, str, str]] = []
    for name in sorted(ACTS):
        try:
            form = _form(doing, name)
        except Mistake:
            listed.append((name, "one of several", "name which with --of"))
            continue
        listed.append((name, form.title, " ".join(form.against)))
    if json:
        print_json([{"act": name, "title": title, "against": against or None} for name, title, against in listed])
    else:
        print_table("Acts", ("act", "what it does", "why not now"), listed)


def _show(form: ActForm, *, json: bool) -> None:
    if json:
        print_json({"title": form.title, "against": list(form.against), "fields": [_field(field) for field in form.fields]})
        return
    typer.echo(form.title)
    for words in (
        *form.lead,
        *(f"{name}: {address}" for name, address in form.links),
        *(f"This cannot be done now: {reason}" for reason in form.against),
    ):
        typer.echo(f"  {words}")
    heads = ("field", "asks", "kind", "stands in it", "choices")
    for field in form.fields:
        for words in field.beside:
            typer.echo(f"  {field.name}: {words}")
    print_table("Fields", heads, [list(_field(field).values()) for field in form.fields])


def _field(field: Field) -> dict[str, Any]:
    value = "-".join(reversed(field.parts)).strip("-") if field.kind == "date" else field.value
    choices = [value for value, _words in field.choices]
    return {"field": field.name, "asks": field.label, "kind": field.kind, "value": value, "choices": choices}


def _done(house: House, doing: Doing, name: str, given: Sequence[str]) -> str:
    form = _form(doing, name)
    typed = Typed(FormData(list[tuple[str, str | UploadFile]](_filled(form, _pairs(given), doing.asked.get("of", "")))))
    try:
        number = ACTS[name].do(replace(doing, typed=typed))
    except Refused as refused:
        typer.echo(f"{refused.field}: {refused}" if refused.field else str(refused), err=True)
        raise typer.Exit(1) from refused
    with house.store.glance() as glance:
        kept = glance.get(StaffAct, number)
    return kept.said if kept is not None else "Done."


def _pairs(given: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [tuple(one.partition("=")[::2]) for one in given]
    if any("=" not in one for one in given):
        raise Mistake("--set takes FIELD=VALUE, such as --set why='The lift was mended'")
    return [(name, typer.get_text_stream("stdin").read() if value == "-" else value) for name, value in pairs]


def _filled(form: ActForm, given: list[tuple[str, str]], of: str) -> list[tuple[str, str]]:
    """Return what the form would send: what it carries unseen, what stands in it, and what was given instead."""
    known = {field.name: field for field in form.fields}
    unknown = sorted({name for name, _value in given} - known.keys())
    if unknown:
        raise Mistake(f"the act does not ask for {', '.join(unknown)}; it asks for {', '.join(known) or 'nothing'}")
    sent = [*form.hidden] + ([("of", of)] if of and "of" not in dict(form.hidden) else [])
    for field in form.fields:
        values = [value for name, value in given if name == field.name]
        sent += _sent(field, values)
    return sent


def _sent(field: Field, values: list[str]) -> list[tuple[str, str]]:
    if field.kind == "date":
        parts = tuple(reversed(values[0].split("-"))) if values else field.parts
        if len(parts) != DATE_PARTS:
            raise Mistake(f"{field.name} is a date: give it as 2027-01-04")
        return [(f"{field.name}-{part}", value) for part, value in zip(("day", "month", "year"), parts, strict=True)]
    if field.kind in SEVERAL:
        return [(field.name, value) for value in values or field.ticked]
    return [(field.name, values[-1] if values else field.value)]
