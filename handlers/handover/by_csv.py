"""A hand-over by file: one small CSV in the partner's folder for each, whole under its name or not there at all.

The file's name is our key, so that what is written a second time is the same file and no second request.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from handlers.handover.partners import Partner
from handlers.handover.sending import NotTaken, Told
from handlers.sheets import csv_of
from store.handover_models import Handover

COLUMNS = ("key", "reference", "kind", "reported", "what", "where", "access", "contact", "danger", "files")


@dataclass(frozen=True, kw_only=True, slots=True)
class ByCsv:
    """Hands over by files in a folder that the partner's system reads."""

    async def step(self, row: Handover, partner: Partner) -> Told:
        """Write the file; a folder that is not there is never made, for nobody would read it."""
        if partner.folder is None:
            raise NotTaken("the settings name no folder", again=False)
        try:
            await asyncio.to_thread(_write, partner.folder, row)
        except OSError as error:
            raise NotTaken(f"the folder cannot be written to ({error.strerror})") from error
        return Told(state="with_partner")


def csv_text(row: Handover) -> str:
    """Return the file: a line of names and one of values."""
    told = {**row.summary, "key": row.key}
    return csv_of(COLUMNS, [[told.get(name, "") for name in COLUMNS]])


def _write(folder: Path, row: Handover) -> None:
    unready = folder / f".{row.key}.{secrets.token_hex(4)}"
    try:
        with unready.open("x", encoding="utf-8", newline="") as file:
            file.write(csv_text(row))
            file.flush()
            os.fsync(file.fileno())
        unready.replace(folder / f"{row.key}.csv")
    finally:
        unready.unlink(missing_ok=True)
