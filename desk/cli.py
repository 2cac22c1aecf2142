"""The command line: ``intake`` and its commands. Errors are one sentence on stderr; exit 2 means wrong use or settings."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import typer

from desk.config import Mistake
from store.errors import SchemaOutOfDate, StoreError, WrongStoreUrl

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "serve": "serve.serve",
        "read": "imports.read",
        "classify": "judgement.classify",
        "score": "judgement.score",
        "train": "judgement.train",
        "deadlines": "deadlines.deadlines",
        "cases": "cases.cases",
        "case": "cases.case",
        "queue": "cases.queue",
        "decide": "cases.decide",
        "adjustments": "people.adjustments",
        "restrictions": "people.restrictions",
        "act": "acts.act",
        "handover": "handovers.handover",
        "status": "upkeep.status",
        "migrate": "upkeep.migrate",
        "verify": "upkeep.verify",
        "import": "imports.import_",
        "demo-data": "demo.demo_data",
        "check-config": "upkeep.check_config",
        "refusals": "refusals.refusals_register",
        "orders": "refusals.orders_register",
        "figures": "timekeeping.show_figures",
        "surveys": "surveys.surveys",
        "recount": "timekeeping.recount",
        "quarantine": "quarantine.quarantine",
        "users": "users.users",
    }
)
"""Every command, and what it is in ``desk/commands/``: a command imports what it needs itself and nothing that others need."""


def commands(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return a program of these commands; the modules of all others are left alone."""
    app = typer.Typer(
        name="intake",
        help="Residents' messages to a council landlord: kept, understood, logged and acknowledged.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_intake)
    for name in names:
        module, _, within = COMMANDS[name].partition(".")
        made = getattr(import_module(f"desk.commands.{module}"), within)
        if isinstance(made, typer.Typer):
            app.add_typer(made)
        else:
            app.command(name)(made)
    return app


def _intake() -> None:
    """Keep one command alone a command by its name."""


def main() -> None:
    """Run the command that the words of the call name."""
    named = [word for word in sys.argv[1:2] if word in COMMANDS]
    try:
        commands(named or COMMANDS)()
    except (Mistake, SchemaOutOfDate, WrongStoreUrl) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except StoreError as error:
        typer.echo(f"{error}: is the database running, and is store_url right?", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
