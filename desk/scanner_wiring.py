"""Builds the scanner from the settings, where they name one, and has files scanned again and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from handlers.scanning import Scanning
from intake.clamd import Clamd, ClamdError, address_of
from store.errors import StoreError

if TYPE_CHECKING:
    from desk.config import Settings
    from desk.wiring import House

log = structlog.get_logger(__name__)


def scanner_of(settings: Settings) -> Clamd | None:
    """Return the scanner; nothing where the settings name none."""
    chosen = settings.scanning
    if chosen is None:
        return None
    within = {"connect_within": chosen.connect_seconds, "answer_within": chosen.answer_seconds}
    return Clamd(address_of(chosen.clamd), largest=chosen.largest, **within)


def scanning_of(house: House) -> Scanning | None:
    """Return what has files scanned; nothing where nobody is to scan them."""
    scanner = scanner_of(house.settings)
    if scanner is None:
        return None
    return Scanning(house.store, scanner, house.clock, house.reader, house.landlord.routing["triage"])


def what_it_says(settings: Settings) -> tuple[bool, str] | None:
    """Ask the scanner who it is; return whether it answered, and a sentence. Nothing where there is none."""
    scanner = scanner_of(settings)
    if scanner is None:
        return None
    try:
        return True, f"the scanner at {scanner.address} answers: {scanner.version()}"
    except ClamdError as error:
        return False, f"scanning.clamd: {error}: files stay unscanned until it does"


async def scan_files(house: House) -> None:
    """Scan as long as the house stands; return at once where nobody is to scan."""
    scanning, chosen = scanning_of(house), house.settings.scanning
    if scanning is None or chosen is None:
        return
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        more = await asyncio.to_thread(_once, scanning)
        # As long as it worked it rests: the residents' messages come first.
        await asyncio.sleep(loop.time() - began if more else chosen.every_seconds)


def _once(scanning: Scanning) -> bool:
    try:
        return scanning.once()
    except StoreError as error:
        log.warning("scanning waits for the store", error=str(error))
    except Exception:
        # The edge of the loop: whatever went wrong, the next files are looked at, after a pause.
        log.exception("scanning failed")
    return False
