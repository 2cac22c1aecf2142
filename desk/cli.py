"""The command line: ``intake`` and its commands. Errors are one sentence on stderr; exit 2 means wrong use or settings."""

from __future__ import annotations

import sys

import typer

from desk.commands import (
    acts,
    cases,
    deadlines,
    demo,
    imports,
    judgement,
    people,
    quarantine,
    refusals,
    serve,
    timekeeping,
    upkeep,
    users,
)
from desk.config import Mistake
from store.errors import SchemaOutOfDate, StoreError, WrongStoreUrl

app = typer.Typer(
    name="intake",
    help="Residents' messages to a council landlord: kept, understood, logged and acknowledged.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    serve.serve,
    imports.read,
    judgement.classify,
    judgement.score,
    judgement.train,
    deadlines.deadlines,
    cases.cases,
    cases.case,
    cases.queue,
    cases.decide,
    people.adjustments,
    people.restrictions,
    acts.act,
    upkeep.status,
    upkeep.migrate,
    upkeep.verify,
):
    app.command()(command)
app.command("import")(imports.import_)
app.command("demo-data")(demo.demo_data)
app.command("check-config")(upkeep.check_config)
app.command("refusals")(refusals.refusals_register)
app.command("orders")(refusals.orders_register)
app.command("figures")(timekeeping.show_figures)
app.command("recount")(timekeeping.recount)
app.add_typer(quarantine.quarantine)
app.add_typer(users.users)


def main() -> None:
    """Run the command that the words of the call name."""
    try:
        app()
    except (Mistake, SchemaOutOfDate, WrongStoreUrl) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except StoreError as error:
        typer.echo(f"{error}: is the database running, and is store_url right?", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
