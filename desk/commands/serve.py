"""``intake serve``: run everything, or some roles."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from desk.commands.options import ConfigOption
from desk.config import MAIL_DOORS, Settings, find_file, load_settings
from desk.demo_house import STORE, accounts, apart, fill_once
from desk.first_minute import called, first_complaint
from desk.logs import set_up
from desk.minding import Minder
from desk.serving import roles_of, run_roles
from store.engine import open_store
from store.schema import current_revision, migrate
from store.staff_rows import all_staff


def serve(
    config: ConfigOption = None,
    only: Annotated[str | None, typer.Option(help="Only these roles: receive, work, send, desk, public (with commas).")] = None,
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Apart from all else, with invented messages and accounts to try.")
    ] = False,
) -> None:
    """Run everything, or roles; the same program spread over processes or machines when the store is PostgreSQL."""
    set_up()
    settings = load_settings(config)
    if only is not None:
        run_roles(settings, roles_of(only))
        return
    if demo:
        os.environ.update(apart(settings))
        settings = load_settings(config)
        fill_once(find_file(config))
    # An empty store gets its tables; an old one is left for `intake migrate`, by a person who made a backup.
    if current_revision(settings.store_url) is None:
        migrate(settings.store_url)
    people = accounts(settings) if demo else _how_to_sign_in(settings)
    raise typer.Exit(Minder(find_file(config), typer.echo).run(welcome(settings, people)))


def _how_to_sign_in(settings: Settings) -> list[str]:
    """Open the store, so that a fault of it shows first; say how to make an account where nobody has one."""
    with open_store(settings.store_url) as store, store.glance() as glance:
        if all_staff(glance) or not settings.desk.local_accounts:
            return []
    return ["Nobody can sign in at the desk yet. Make yourself an account:", "", f"{called()} users add NAME --role officer"]


def welcome(settings: Settings, people: Sequence[str] = ()) -> str:
    """Return what is said when all is ready: where mail goes in and out, who may sign in, and a line that sends a first complaint."""
    doors = [channel.own() for channel in settings.channels]
    lines = ["", f"council-intake serves {settings.landlord.service_name}.", f"  store        {_masked(settings.store_url)}"]
    for channel, own in zip(settings.channels, doors, strict=True):
        by_mail = channel.kind in MAIL_DOORS
        lines.append(
            f"  mail in      {_where(channel.kind, own)}" if by_mail else f"  chat         {channel.kind}  {own.account}"
        )
    outgoing = settings.outgoing.own()
    lines.append(f"  mail out     {_where(settings.outgoing.kind, outgoing)}")
    lines.append(f"  staff desk   {settings.desk.url}")
    lines.append(f"  public door  {settings.public.url}")
    lines += ["  Ctrl-C ends it; a second start finds all that it had.", ""]
    line = first_complaint(settings)
    if line is not None:
        lines += ["Paste this into another terminal to send a first complaint:", "", line, ""]
    if line is not None and settings.store_url != STORE:  # those commands look at the configured store, not at a demo's
        lines += [f"Then: {called()} cases, {called()} queue, {called()} status.", ""]
    return "\n".join([*lines, *people, ""] if people else lines)


def _where(kind: str, own: Any) -> str:
    place = getattr(own, "path", None) or getattr(own, "base_url", None)
    place = place or f"{getattr(own, 'host', '')}:{getattr(own, 'port', '')}"
    return f"{kind}  {place}"


def _masked(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and head.count(":") > 1 else url
