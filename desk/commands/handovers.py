"""``intake handover``: what is out with whoever does the work, since when, and what they said last (docs/handover.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.wiring import House
from handlers.handover.news import STATUSES
from handlers.handover.partners import Partner
from handlers.sheets import csv_of
from store.handover_rows import OutThere, out_there

HEADS = (
    "reference",
    "partner",
    "kind",
    "state",
    "given_by",
    "since",
    "told_at",
    "their_number",
    "heard_at",
    "last_news",
    "trouble",
)


def handover(
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the list here, as CSV.", dir_okay=False)
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List what was handed over and is not over: with whom, since when, and what they said last; the longest out first."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        listed = [_listed(one, house.course.partners) for one in out_there(glance)]
    if csv_file is not None:
        _write(csv_file, listed)
    if json:
        print_json(listed)
    elif csv_file is None:
        print_table("Handed over", HEADS, [[one[head] for head in HEADS] for one in listed])


def _listed(one: OutThere, partners: Mapping[str, Partner]) -> dict[str, Any]:
    row, news = one.handover, one.news
    told = STATUSES.get(news.status, news.status) if news is not None else None
    values = (
        one.reference,
        partners[row.partner].name if row.partner in partners else row.partner,
        row.summary["kind"],
        row.state,
        row.by,
        row.made_at,
        row.sent_at,
        row.external_id,
        row.heard_at,
        f"{told}: {news.words}" if news is not None and news.words else told,
        row.error,
    )
    return dict(zip(HEADS, values, strict=True))


def _write(path: Path, listed: Sequence[Mapping[str, Any]]) -> None:
    try:
        path.write_text(csv_of(HEADS, [[_plain(one[head]) for head in HEADS] for one in listed]), encoding="utf-8", newline="")
    except OSError as error:
        raise Mistake(f"{path} cannot be written: {error.strerror}") from error
    typer.echo(f"{len(listed)} in {path}; they are about people, so keep it safe", err=True)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else value
