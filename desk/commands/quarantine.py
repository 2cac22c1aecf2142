"""``intake quarantine list, show, retry, discard``: what could not be read, from where the house runs; the desk does the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.web.mail_words import reason_in_words
from desk.web.marking import plain
from desk.wiring import House
from handlers.case_acts import Refused
from handlers.quarantine import alike, discard, read_again
from store.overview import raw_of
from store.quarantine_rows import Quarantined, quarantined

BEGINNING = 3_000
"""Bytes of a message that are shown of it."""
HEADS = ("message_id", "due_at", "received_at", "channel", "reference", "sender", "subject", "reason")
quarantine = typer.Typer(name="quarantine", help="Messages that could not be read.", no_args_is_help=True)

MessageArgument = Annotated[int, typer.Argument(metavar="MESSAGE", help="The message's number, as the list shows it.")]
ByOption = Annotated[str, typer.Option(help="Who decides; it stands in the case's history.")]


@quarantine.command("list")
def list_(config: ConfigOption = None, json: JsonOption = False) -> None:
    """List what could not be read, the oldest first, with the reason."""
    with _open(config) as (_house, waiting):
        found = [{head: getattr(one, head) for head in HEADS} for one in waiting]
    if json:
        print_json(found)
    else:
        told = [one | {"reason": reason_in_words(str(one["reason"]))} for one in found]
        print_table("Quarantine", HEADS, [list(one.values()) for one in told])


@quarantine.command()
def show(message: MessageArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show one message: why it waits, and the beginning of its bytes. Nothing of it is opened or run."""
    with _open(config) as (house, waiting):
        one = _named(waiting, message)
        with house.store.glance() as glance:
            raw = raw_of(glance, message) or b""
    beginning = plain(raw[:BEGINNING].decode("utf-8", "replace"))
    if json:
        print_json(asdict(one) | {"size": len(raw), "beginning": beginning})
        return
    for head in HEADS:
        typer.echo(f"{head.replace('_', ' ')}: {getattr(one, head) or '-'}")
    typer.echo(f"\n{beginning}{f'... ({len(raw)} bytes)' if len(raw) > BEGINNING else ''}")


@quarantine.command()
def retry(
    message: MessageArgument,
    *,
    by: ByOption,
    all_alike: Annotated[bool, typer.Option("--all-alike", help="Also all that wait for the same reason.")] = False,
    config: ConfigOption = None,
) -> None:
    """Have a message read again, after what was wrong has been mended."""
    who = _said(by, "--by")
    with _open(config) as (house, waiting):
        chosen = alike(waiting, _named(waiting, message).message_id) if all_alike else [_named(waiting, message)]
        done = _each(chosen, lambda one: read_again(house.acts, one.task_id, who))
    typer.echo(f"{done} to be read again: `intake serve` does it")
    if done < len(chosen):
        raise typer.Exit(1)


@quarantine.command("discard")
def discard_(
    message: MessageArgument,
    *,
    by: ByOption,
    why: Annotated[str, typer.Option(help="Why nothing has to be done.")],
    config: ConfigOption = None,
) -> None:
    """Put a message aside for a reason; it is kept."""
    who, reason = _said(by, "--by"), _said(why, "--why")
    with _open(config) as (house, waiting):
        one = _named(waiting, message)
        done = _each([one], lambda each: discard(house.acts, each.task_id, who, reason, hold=timedelta(0)))
    if not done:
        raise typer.Exit(1)
    typer.echo(f"message {message} is put aside, by {who}")


@contextmanager
def _open(config: ConfigOption) -> Iterator[tuple[House, list[Quarantined]]]:
    house = House(settings=load_settings(config))
    with house.store as store:
        with store.glance() as glance:
            waiting = quarantined(glance)
        yield house, waiting


def _each(chosen: Sequence[Quarantined], act: Callable[[Quarantined], object]) -> int:
    """Do it to each by itself; return how many, and say of the others why not."""
    done = 0
    for one in chosen:
        try:
            act(one)
        except Refused as error:
            typer.echo(f"message {one.message_id}: {error}", err=True)
        else:
            done += 1
    return done


def _named(waiting: Sequence[Quarantined], message: int) -> Quarantined:
    found = next((one for one in waiting if one.message_id == message), None)
    if found is None:
        typer.echo(f"message {message} is not in quarantine: `intake quarantine list` shows what is", err=True)
        raise typer.Exit(1)
    return found


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise Mistake(f"{option} must say something: it stands in the case's history")
    return text.strip()
