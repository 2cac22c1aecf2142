"""``intake import`` and ``intake read``: mail from files, through the same path as live mail, or only looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import as_json, print_json
from desk.config import load_settings
from desk.facts import own_addresses
from desk.logs import set_up
from desk.wiring import House
from handlers.manners import automatic
from handlers.triage import Triage
from intake.channels.folder import count, messages
from intake.contained import ContainedReader
from intake.message import MAIL, InboundMessage
from intake.reading import as_json as reading_as_json
from store.casefile import came_to
from store.models import Disposition

WRONG_USE = 2
AT_ONCE = 200
"""Messages to a commit, and to a round of triage, while importing."""
AT_ONCE_BYTES = 32 * 2**20


def import_(
    paths: Annotated[list[Path], typer.Argument(exists=True, help=".eml, mbox, Maildir or .jsonl.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take messages from files through the same path as live mail, with the true time of receipt."""
    set_up()
    house = House(settings=load_settings(config))
    total: Counter[str] = Counter()
    faults: list[str] = []
    triage = house.triage()
    with house.store, _progress() as progress:
        bar = progress.add_task("importing", total=count(paths))
        for portion in _portions(messages(paths, house.clock, faults.append)):
            total += _take(house, triage, portion)
            progress.advance(bar, len(portion))
    for fault in faults:
        typer.echo(fault, err=True)
    _say(total, json=json)
    if faults:
        raise typer.Exit(1)


def _take(house: House, triage: Triage, portion: list[InboundMessage]) -> Counter[str]:
    """Keep a portion, then understand whatever waits, unless a running ``intake serve`` was quicker."""
    receipts = house.reception.put(portion)
    fresh = [receipt.message_id for receipt in receipts if receipt.fresh]
    while triage.once(AT_ONCE):
        pass
    with house.store.glance() as glance:
        found = came_to(glance, fresh)
    duplicates = len(receipts) - len(fresh) + found.get(Disposition.DUPLICATE, 0)
    return Counter(received=len(receipts), duplicates=duplicates, quarantined=found.get(Disposition.QUARANTINED, 0))


def _portions(stream: Iterable[InboundMessage]) -> Iterator[list[InboundMessage]]:
    """Cut the stream into commits, by number and by bytes, so that memory stays flat whatever the files hold."""
    portion: list[InboundMessage] = []
    size = 0
    for message in stream:
        portion.append(message)
        size += len(message.raw)
        if len(portion) >= AT_ONCE or size >= AT_ONCE_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _say(total: Counter[str], *, json: bool) -> None:
    counts = {name: total[name] for name in ("received", "duplicates", "quarantined")}
    if json:
        print_json(counts)
    else:
        typer.echo(", ".join(f"{number} {name}" for name, number in counts.items()))


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.eml...", help="Raw mails.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show what is read from raw mail; writes nothing."""
    # Only a running house has a loop mark; making its key here would be writing.
    own, reader = own_addresses(load_settings(config), "none"), ContainedReader()
    faults = 0
    for file in files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            # The others are still read: one that is gone says nothing of them.
            typer.echo(f"{file} cannot be read: {error.strerror}", err=True)
            faults += 1
            continue
        # When it came is not known: its own date is all there is.
        reading = reader.read(raw, MAIL)
        found = reading_as_json(str(file), reading, automatic(reading, None, own))
        if json:
            typer.echo(as_json(found))
        else:
            _print(found)
    if faults:
        raise typer.Exit(WRONG_USE)


def _print(found: dict[str, object]) -> None:
    for name in ("file", "from", "from_name", "to", "subject", "date", "message_id", "automatic", "bounce", "problems"):
        typer.echo(f"{name}: {found[name]}")
    typer.echo(f"attachments: {found['attachments']}\n\n{found['new_text']}\n")
