"""One guard for what is done again and again beside the main loops: a fault of one round is told, and the next round is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from store.errors import StoreError

log = structlog.get_logger(__name__)


async def rounds(once: Callable[[], Awaitable[object]], every: float, what: str) -> None:
    """Do it every so many seconds until cancelled; ``what`` names it in the log."""
    while True:
        try:
            await once()
        except StoreError as error:
            log.warning("waits for the store", what=what, error=str(error))
        except Exception:
            # The edge of the loop: whatever went wrong, the next round is tried, after the pause.
            log.exception("a round failed", what=what)
        await asyncio.sleep(every)
