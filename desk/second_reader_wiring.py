"""Builds the second reader from the settings, where they name one, and asks it again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk.rounds import rounds
from handlers.second_reading import SecondReading, Sparing

if TYPE_CHECKING:
    from desk.wiring import House

MARGIN = timedelta(seconds=30)
"""For which a worker holds its place longer than a question may take, so that no other asks the same meanwhile."""


def second_reading_of(house: House) -> SecondReading | None:
    """Return what asks the second reader; nothing where the settings name none."""
    chosen = house.settings.second_reader
    if chosen is None:
        return None
    # Imported here, for where nobody is asked no web client is needed.
    from classifiers.second_reader_http import ChatCompletions  # noqa: PLC0415

    sparing = Sparing(
        daily_limit=chosen.daily_limit,
        batch=chosen.batch,
        hold_for=timedelta(seconds=chosen.answer_seconds) + MARGIN,
        other_languages=chosen.other_languages,
    )
    return SecondReading(house.store, ChatCompletions(chosen.endpoint()), house.clock, sparing)


async def ask_second_reader(house: House) -> None:
    """Ask for votes as long as the house stands; return at once where nobody is to be asked."""
    reading = second_reading_of(house)
    chosen = house.settings.second_reader
    if reading is None or chosen is None:
        return
    try:
        await rounds(reading.once, chosen.every_seconds, "the second reader")
    finally:
        await reading.close()
