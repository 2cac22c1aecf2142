"""``intake serve``: run everything, or some roles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.config import Settings, find_file, load_settings
from desk.logs import set_up
from desk.minding import Minder
from desk.serving import roles_of, run_roles
from store.engine import open_store
from store.schema import current_revision, migrate

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file (TOML).")]


def serve(
    config: ConfigOption = None,
    only: Annotated[str | None, typer.Option(help="Only these roles: receive, work, send, desk (with commas).")] = None,
) -> None:
    """Run everything, or roles; the same program spread over processes or machines when the store is PostgreSQL."""
    set_up()
    settings = load_settings(config)
    if only is not None:
        run_roles(settings, roles_of(only))
        return
    # An empty store gets its tables; an old one is left for `intake migrate`, by a person who made a backup.
    if current_revision(settings.store_url) is None:
        migrate(settings.store_url)
    open_store(settings.store_url).close()
    raise typer.Exit(Minder(find_file(config), typer.echo).run(welcome(settings)))


def welcome(settings: Settings) -> str:
    """Return what is said when all is ready: where mail goes in and out, and a line that sends a first complaint."""
    doors = [channel.own() for channel in settings.channels]
    lines = ["", f"council-intake serves {settings.landlord.service_name}.", f"  store        {_masked(settings.store_url)}"]
    lines += [f"  mail in      {_where(channel.kind, own)}" for channel, own in zip(settings.channels, doors, strict=True)]
    outgoing = settings.outgoing.own()
    lines.append(f"  mail out     {_where(settings.outgoing.kind, outgoing)}")
    lines.append(f"  staff desk   {settings.desk.url}")
    lines += ["  Ctrl-C ends it; a second start finds all that it had.", ""]
    smtp = next((own for channel, own in zip(settings.channels, doors, strict=True) if channel.kind == "smtp"), None)
    if smtp is not None:
        lines += ["Paste this into another terminal to send a first complaint:", "", _first_complaint(smtp), ""]
        lines += ["Then: intake cases, intake queue, intake status.", ""]
    return "\n".join(lines)


def _where(kind: str, own: Any) -> str:
    place = getattr(own, "path", None) or f"{getattr(own, 'host', '')}:{getattr(own, 'port', '')}"
    return f"{kind}  {place}"


def _masked(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and head.count(":") > 1 else url


def _first_complaint(smtp: Any) -> str:
    words = (
        "From: Ada Resident <ada@resident.example>\\r\\nTo: housing@landlord.example\\r\\nSubject: Still no heating\\r\\n\\r\\n"
        "I reported the broken boiler on 2 November and was promised a visit on the 9th. Nobody came, nobody rang, and my "
        "calls are not returned. I am unhappy with how this has been handled. Please send an engineer this week.\\r\\n"
    )
    return (
        f'python3 -c \'import smtplib; smtplib.SMTP("{smtp.host}", {smtp.port}).sendmail('
        f'"ada@resident.example", ["housing@landlord.example"], "{words}")\''
    )
