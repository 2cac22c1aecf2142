"""How commands print: JSON for machines with aware ISO times, tables for people in London time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from handlers.clock import LONDON

WHOLE = frozenset({"reference", "due_at", "received", "next due", "due_on", "at", "kind", "number", "message_id"})
"""Columns whose values are never cut in two: one reads them out or copies them."""
WIDE = 200


def as_json(value: Any) -> str:
    """Return one line of JSON; times as aware ISO, enums as their values, letters as they are."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(as_json(value))


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, or say that there is nothing."""
    if not rows:
        typer.echo(f"{title}: none")
        return
    table = RichTable(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for head in heads:
        table.add_column(head.replace("_", " "), overflow="fold", no_wrap=head in WHOLE)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console = Console()
    # A pipe has no width of its own: give a reader's tool whole lines, not a terminal's.
    console.width = console.width if console.is_terminal else WIDE
    console.print(table)


def _cell(value: object) -> str:

    return escape(said(value))


def said(value: object) -> str:
    """Return a value as people read it: London time, dates in words, nothing as a dash."""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON)
        return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%a} {value.day} {value:%b %Y}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(said, value)) or "-"
    return "-" if value is None or value == "" else str(value)
