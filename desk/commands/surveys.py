"""``intake surveys``: how many complaints ended, who was invited to the survey, and why others were not (policy 10.2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, load_settings
from desk.wiring import House
from handlers.surveys.figures import SurveyFigures, survey_figures
from handlers.surveys.fitness import REASONS


def surveys(
    *,
    first: Annotated[str, typer.Option("--from", help="First day of the period, such as 2026-10-01.")],
    last: Annotated[str, typer.Option("--to", help="Last day of the period.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show how many complaints ended in a period, how many residents were invited to the survey, and why others were not."""
    began, ended = _date(first, "--from"), _date(last, "--to")
    if began > ended:
        raise Mistake(f"--from {began} is after --to {ended}: give the earlier day first")
    house = House(settings=load_settings(config))
    with house.store as store, store.glance() as glance:
        found = survey_figures(glance, began, ended)
    if json:
        by_reason = [{"reason": code, "why": REASONS[code], "number": n} for code, n in sorted(found.not_invited.items())]
        told = {"ended": found.ended, "invited": {stage: found.invited.get(stage, 0) for stage in ("1", "2")}}
        print_json({"from": began, "to": ended} | told | {"not_invited": by_reason, "not_looked_at": found.not_looked_at})
        return
    print_table(f"Surveys, complaints that ended {began} to {ended}", ("what", "number"), _rows(found))


def _rows(found: SurveyFigures) -> list[tuple[str, int]]:
    invited = [(f"invited, stage {stage}", found.invited.get(stage, 0)) for stage in ("1", "2")]
    left = [(f"not invited: {REASONS[code]}", number) for code, number in sorted(found.not_invited.items())]
    return [("ended", found.ended), *invited, *left, ("not looked at", found.not_looked_at)]


def _date(words: str, option: str) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError as error:
        raise Mistake(f"{option} {words!r} is not a date: write 2026-12-22") from error
