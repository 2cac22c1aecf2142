"""``intake cases, case, queue, decide``: working from the terminal until the desk is there, and for scripts after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from classifiers.taxonomy import Category, Reason
from desk.case_file import CaseFile, case_file
from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table, said
from desk.config import Mistake, load_settings
from desk.web.mail_words import reason_in_words
from desk.wiring import House
from handlers import references
from handlers.deciding import NoSuchMessage, NotYetHandled
from handlers.machine_reasons import plain
from handlers.rows import candidates_kept, spans_kept
from store.models import Verdicting
from store.overview import ListedCase, OpenTask, WholeCase, case_by_reference, case_whole, list_cases, open_tasks


def cases(
    config: ConfigOption = None,
    open_only: Annotated[bool, typer.Option("--open", help="Leave out the closed and the signposted.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Only those with something due by now.")] = False,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 1000,
) -> None:
    """List cases, the nearest deadline first."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        listed = list_cases(glance, open_only=open_only, due_only=due, now=house.clock.now(), limit=limit)
    if json:
        print_json([_listed(item) for item in listed])
        return
    heads = ("reference", "category", "status", "stage", "team", "received", "next due", "subject")
    print_table("Cases", heads, [[_listed(item)[_key(head)] for head in heads] for item in listed])


def _key(head: str) -> str:
    return {"received": "received_at", "next due": "next_due_at"}.get(head, head)


def _listed(item: ListedCase) -> dict[str, Any]:
    case = item.case
    names = ("reference", "category", "reason", "status", "stage", "team", "subject", "flags", "received_at")
    return {name: getattr(case, name) for name in names} | {
        "logged_at": case.logged_at,
        "acknowledged_at": case.acknowledged_at,
        "next_due_at": item.next_due_at,
    }


def case(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The reference, as read out or typed.")],
    config: ConfigOption = None,
    json: JsonOption = False,
    file: Annotated[
        Path | None, typer.Option("--file", help="Write the whole file of the case here, as a zip.", dir_okay=False)
    ] = None,
) -> None:
    """Show one case whole: messages, verdicts, deadlines, events, letters; or write all of it, originals too, into one file."""
    house = House(settings=load_settings(config))
    try:
        name = str(references.parse(reference))
    except references.NotAReference as error:
        raise Mistake(str(error)) from error
    with house.store as store, store.glance() as glance:
        found = case_by_reference(glance, name)
        whole = case_whole(glance, found.id) if found is not None and found.id is not None else None
        whole_file = case_file(glance, whole.case.id or 0, house) if whole is not None and file is not None else None
    if whole is None:
        typer.echo(f"there is no case {name}", err=True)
        raise typer.Exit(1)
    if whole_file is not None and file is not None:
        _write(file, whole_file)
    elif json:
        print_json(whole_object(whole))
    else:
        _print_whole(whole)


def _write(file: Path, made: CaseFile) -> None:
    try:
        file.write_bytes(made.zipped())
    except OSError as error:
        raise Mistake(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"{made.reference}: {len(made.parts)} files in {file}; it is about a person, so keep it safe")


def whole_object(whole: WholeCase) -> dict[str, Any]:
    """Return a case with everything that hangs on it, as plain values."""
    parts: dict[str, Sequence[Any]] = {
        "parties": whole.parties,
        "messages": whole.messages,
        "deadlines": whole.deadlines,
        "events": whole.events,
        "letters": whole.letters,
        "tasks": whole.tasks,
    }
    verdicts = {"verdicts": [_verdict(row) for row in whole.verdictings]}
    return whole.case.model_dump() | verdicts | {name: [row.model_dump() for row in rows] for name, rows in parts.items()}


def _verdict(row: Verdicting) -> dict[str, Any]:
    kept = row.model_dump()
    return kept | {"evidence": spans_kept(row.evidence), "candidates": list(candidates_kept(row.evidence))}


def _print_whole(whole: WholeCase) -> None:
    case = whole.case
    typer.echo(f"{case.reference}  {said(case.category or 'waits for triage')}  {case.status}  stage {said(case.stage)}")
    for name in ("subject", "received_at", "logged_at", "acknowledged_at", "team", "flags"):
        typer.echo(f"  {name.replace('_', ' ')}: {said(getattr(case, name))}")
    for number, point in enumerate((case.definition or {}).get("points", ()), start=1):
        typer.echo(f"  point {number} ({point['responsibility'].replace('_', ' ')}): {point['words']}")
    for outcome in (case.definition or {}).get("outcomes", ()):
        typer.echo(f"  wants: {outcome}")
    for message in whole.messages:
        typer.echo(f"\nMessage {message.id}, {message.channel}, {said(message.received_at)}: {said(message.disposition_why)}")
        typer.echo("  " + (message.new_text or "(no words)").replace("\n", "\n  "))
    print_table("\nVerdicts", ("at", "by", "category", "confidence", "route", "why", "model"), _rows(whole.verdictings))
    print_table("\nDeadlines", ("due_on", "rule", "provision", "counted_from", "counted", "met_at"), _rows(whole.deadlines))
    print_table("\nLetters", ("kind", "state", "rule", "sent_at", "answer", "subject"), _rows(whole.letters))
    print_table("\nTasks", ("due_at", "kind", "team", "why", "closed_at"), _rows(whole.tasks))
    print_table("\nEvents", ("number", "at", "by", "kind", "why"), _rows(whole.events))


COLUMNS = {
    "Verdicting": ("at", "by", "category", "confidence", "route", "why", "model"),
    "Deadline": ("due_on", "rule", "provision", "counted_from", "counted", "met_at"),
    "OutboxEntry": ("kind", "state", "rule", "sent_at", "answer", "subject"),
    "Task": ("due_at", "kind", "team", "why", "closed_at"),
    "CaseEvent": ("number", "at", "by", "kind", "why"),
}


def _rows(models: list[Any]) -> list[list[object]]:
    names: tuple[str, ...] = COLUMNS[type(models[0]).__name__] if models else ()
    return [[_shown(name, getattr(model, name)) for name in names] for model in models]


def _shown(name: str, value: object) -> object:
    """Return a value as people read it: the machine's reasons without their codes, which JSON keeps."""
    return reason_in_words(plain(str(value))) if name == "why" and value is not None else value


def queue(
    config: ConfigOption = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 500,
) -> None:
    """Show what waits for a person, most urgent first, with the reason."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        waiting = open_tasks(glance, limit)
    if json:
        print_json([_task(item) for item in waiting])
        return
    _print_queue(waiting)


def _print_queue(waiting: Sequence[OpenTask]) -> None:
    heads = ("due_at", "danger", "kind", "reference", "message_id", "team", "why", "subject")
    print_table("Queue", heads, [[_shown(head, _task(item)[head]) for head in heads] for item in waiting])


def _task(item: OpenTask) -> dict[str, Any]:
    task = item.task
    names = ("id", "kind", "why", "danger", "team", "message_id", "opened_at", "due_at")
    return {name: getattr(task, name) for name in names} | {"reference": item.reference, "subject": item.subject}


def decide(
    *,
    message: Annotated[int, typer.Argument(metavar="MESSAGE", help="The message's number, as `intake queue` shows it.")],
    category: Annotated[Category, typer.Option("--as", help="What it is.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="Why.")],
    reason: Annotated[Reason | None, typer.Option(help="With --as out_of_scope: which office it is for.")] = None,
    config: ConfigOption = None,
) -> None:
    """Decide what a message is; the case follows, and the resident hears of it."""
    if (category is Category.OUT_OF_SCOPE) != (reason is not None):
        raise Mistake("--reason goes with --as out_of_scope, and is needed there: it chooses the letter")
    if not by.strip() or not why.strip():
        raise Mistake("--by and --why must say something: they stand in the case's history")
    house = House(settings=load_settings(config))
    try:
        reference = house.deciding().decide(message, category, by.strip(), why.strip(), reason).reference
    except (NoSuchMessage, NotYetHandled) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    finally:
        house.store.close()
    typer.echo(f"{reference}: message {message} is {category}, by {by}")
