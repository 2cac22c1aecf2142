"""``intake status, migrate, verify, check-config``: for those who keep it running."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table, said
from desk.config import find_file, load_settings
from desk.health import Health, look
from desk.mail_settings import notices_about
from desk.scanner_wiring import what_it_says
from desk.secret_files import wrong_files
from desk.watch_table import HEADS
from desk.ways_out import mistakes_in
from desk.wiring import House
from store.chain import verify_chain
from store.holes import holes, spoilt
from store.schema import current_revision
from store.schema import migrate as migrate_store
from store.seal_check import broken_seals

SUMS = ("channel", "account", "kept", "again", "answered_for", "erased", "there")


def status(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show health: channels, what waits and how long, the reconciliation equation, calendar and model; exit 1 when a person is needed."""
    house = House(settings=load_settings(config))
    health = look(house)
    house.store.close()
    if json:
        print_json(health.as_object())
    else:
        _print(health)
    raise typer.Exit(1 if health.troubles else 0)


def _print(health: Health) -> None:
    channels = [[c["channel"], c["account"], c["good_at"], c["error"]] for c in health.channels]
    print_table("Channels", ("channel", "account", "last good contact", "last error"), channels)
    for name, value in health.figures.items():
        if name == "reconciliation":
            continue
        typer.echo(f"{name.replace('_', ' ')}: {said(value) if not isinstance(value, dict) else _pairs(value)}")
    print_table("The machine at work", HEADS, health.shares)
    for sentence in health.watched.says:
        typer.echo(f"- {sentence}")
    typer.echo(f"equation: {health.equation}")
    sums = [[*(one[name] for name in SUMS), _pairs(one["refused"])] for one in health.figures["reconciliation"]]
    print_table("Every door's sum", (*SUMS, "refused"), sums)
    for note in health.notes:
        typer.echo(f"- {note}")
    for trouble in health.troubles:
        typer.echo(f"! {trouble}")


def _pairs(value: dict[str, Any]) -> str:
    return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"


def migrate(config: ConfigOption = None) -> None:
    """Bring the store's tables to this program's version."""
    settings = load_settings(config)
    before = current_revision(settings.store_url)
    migrate_store(settings.store_url)
    after = current_revision(settings.store_url)
    typer.echo(f"the store is at {after}" + ("" if before == after else f", from {before or 'nothing'}"))


def verify(
    config: ConfigOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the bytes of every message.")] = False,
) -> None:
    """Check the chain of every case's events, the equation of arrivals and every message's bytes; exit 1 where something does not hold."""
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        faults = [*verify_chain(glance), *broken_seals(glance), *holes(glance), *(() if quick else spoilt(glance))]
    house = House(settings=load_settings(config))
    health = look(house)
    house.store.close()
    if not health.balanced:
        faults.append(f"arrivals do not add up: {health.equation}")
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"all events are as they were written; {health.equation}")


def check_config(
    config: ConfigOption = None, json: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False
) -> None:
    """Say what was understood of the configuration, secrets masked; exit 2 on a mistake."""
    settings = load_settings(config)
    tree = settings.model_dump(mode="json")
    for channel, own in zip(tree["channels"], settings.channels, strict=True):
        channel.update(own.own().model_dump(mode="json"))
    tree["outgoing"].update(settings.outgoing.own().model_dump(mode="json"))
    left_out = notices_about(settings.mail, [channel.kind for channel in settings.channels])
    for sentence in (*wrong_files(tree), *mistakes_in(settings.outgoing), *left_out):
        typer.echo(f"warning: {sentence}", err=True)
    if (scanner := what_it_says(settings)) is not None:
        answers, sentence = scanner
        typer.echo(sentence if answers else f"warning: {sentence}", err=True)
    if json:
        print_json(_masked(tree))
        return
    typer.echo(f"{find_file(config)}: understood")
    for line in _lines(_masked(tree)):
        typer.echo(line)


def _masked(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _masked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key) for inner in value]
    if isinstance(value, str) and (key in ("password", "secret") or ("://" in value and "@" in value)):
        return "***"
    return value


def _lines(value: Any, prefix: str = "") -> list[str]:
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _lines(inner, f"{prefix}.{name}" if prefix else name)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [line for number, inner in enumerate(value, 1) for line in _lines(inner, f"{prefix}[{number}]")]
    return [f"  {prefix} = {value}"]
