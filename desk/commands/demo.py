"""``intake demo-data``: a living queue for a newcomer, of invented people's messages, by the road of all mail."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json
from desk.config import Mistake, Settings, load_settings
from desk.demo_people import ACCOUNT
from desk.logs import set_up
from desk.wiring import House
from store.figures import holds_others
from store.schema import current_revision, migrate

MOST = 2_000


def demo_data(
    count: Annotated[int, typer.Option(min=1, max=MOST, help="How many messages.")] = 60,
    *,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even into a store that holds other messages.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Fill the store with clearly invented messages, so that a newcomer sees a living queue; run twice, it adds none twice."""
    # Imported here, for only this command draws pictures and reads the corpus.
    from desk.demo_filling import fill  # noqa: PLC0415

    set_up()
    settings = load_settings(config)
    must_be_harmless(settings)
    if current_revision(settings.store_url) is None:
        migrate(settings.store_url)
    house = House(settings=settings)
    with house.store as store:
        with store.glance() as glance:
            if holds_others(glance, ACCOUNT) and not anyway:
                raise Mistake(
                    f"{settings.store_url} holds other messages than demo ones: name another store_url, or say --anyway"
                )
        found = fill(house, count)
    if json:
        print_json(found)
    else:
        typer.echo(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in found.items()))
        typer.echo(f"All of it is invented. Letters to the invented people go to {settings.outgoing.own().path} only.")


def must_be_harmless(settings: Settings) -> None:
    """Raise ``Mistake`` unless every letter stays on this machine: invented people must never be written to."""
    if settings.outgoing.kind != "maildir":
        raise Mistake(
            f'letters go out by {settings.outgoing.kind}: set [outgoing] kind = "maildir" for trying out, or use another configuration'
        )
