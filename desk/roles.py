"""The parts that run: doors receive, triage and the sweep work, the outbox sends; each a loop that nothing ends but a stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import Awaitable, Callable

import structlog

from desk.duty_wiring import call_duty
from desk.handover_wiring import hand_over
from desk.scanner_wiring import scan_files
from desk.second_reader_wiring import ask_second_reader
from desk.ways_out import ask_undecided
from desk.wiring import House
from handlers.outbox import Outbox
from handlers.refusals import WRITE_EVERY
from intake.channel import Listener
from store.errors import StoreError

log = structlog.get_logger(__name__)

ROLES = ("receive", "work", "send", "desk", "public")
LOOK_ANYWAY = 0.5
"""Seconds after which a loop looks for work though nobody woke it: another machine may have brought some."""
AFTER_A_FAULT = 2.0
"""Seconds to wait when the store or a door failed."""
INDEX_EVERY = 1.0
"""Seconds after which search looks again for what is new."""
PORT_PATIENCE = 10
"""How often a door tries again to open a port which a process that is just ending may still hold."""


class Bell:
    """Tells a loop that there is work; rung from any thread."""

    def __init__(self) -> None:
        """Belong to the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits; a bell rung twice wakes once."""
        self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        """Wait until it is rung, or a short while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_ANYWAY):
                await self._event.wait()
        self._event.clear()


async def receive(house: House) -> None:
    """Keep every door open."""
    async with asyncio.TaskGroup() as group:
        for door in house.doors():
            group.create_task(_keep_open(house, door))


async def _keep_open(house: House, door: Listener) -> None:
    """Open the door again whenever it falls shut; only a port that stays taken is a reason to give up."""
    taken = 0
    while True:
        try:
            await door.listen()
        except OSError as error:
            taken = taken + 1 if error.errno == errno.EADDRINUSE else 0
            if taken > PORT_PATIENCE or error.errno in (errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            log.warning("door shut", account=door.account, error=error.strerror)
            await _note(house, door, error)
        except Exception as error:
            # The edge of the loop: a door that fell shut is opened again, and status shows why.
            log.exception("door shut", account=door.account)
            await _note(house, door, error)
        await asyncio.sleep(AFTER_A_FAULT / 2)


async def _note(house: House, door: Listener, error: Exception) -> None:
    with contextlib.suppress(StoreError):
        await asyncio.to_thread(house.reception.heard, "door", door.account, type(error).__name__)


async def work(house: House, bell: Bell, settled: Callable[[], None]) -> None:
    """Settle what waits, at once when the bell rings; sweep every minute; index for search behind that; ask a second reader and a scanner, if any."""
    indexing = house.indexing()
    async with asyncio.TaskGroup() as group:
        group.create_task(_settle(house, bell, settled))
        group.create_task(_sweep(house, settled))
        group.create_task(_index(indexing.words_once))
        group.create_task(_index(indexing.files_once))
        group.create_task(ask_second_reader(house))
        group.create_task(scan_files(house))


async def _settle(house: House, bell: Bell, settled: Callable[[], None]) -> None:
    triage = house.triage()
    while True:
        try:
            taken = await asyncio.to_thread(triage.once)
        except StoreError as error:
            log.warning("triage waits for the store", error=str(error))
            await asyncio.sleep(AFTER_A_FAULT)
            continue
        except Exception:
            # The edge of the loop: whatever went wrong, the next messages are tried, after a pause.
            log.exception("triage failed")
            await asyncio.sleep(AFTER_A_FAULT)
            continue
        if taken:
            settled()
        else:
            await bell.wait()


async def _sweep(house: House, settled: Callable[[], None]) -> None:
    sweep = house.sweep()
    while True:
        try:
            if await asyncio.to_thread(sweep.once):
                settled()
        except StoreError as error:
            log.warning("sweep waits for the store", error=str(error))
        except Exception:
            # The edge of the loop: tomorrow's sweep must run although today's met a case it could not handle.
            log.exception("sweep failed")
        await asyncio.sleep(house.settings.sweep.every_seconds)


async def _index(once: Callable[[], bool]) -> None:
    """Index as long as there is something, resting as long as it worked: the residents' messages come first."""
    loop = asyncio.get_running_loop()
    while True:
        began, more = loop.time(), False
        try:
            more = await asyncio.to_thread(once)
        except StoreError as error:
            log.warning("search waits for the store", error=str(error))
            await asyncio.sleep(AFTER_A_FAULT)
        except Exception:
            # The edge of the loop: what could not be indexed now is looked for again by comparing.
            log.exception("indexing failed")
            await asyncio.sleep(AFTER_A_FAULT)
        await asyncio.sleep(loop.time() - began if more else INDEX_EVERY)


async def desk(house: House, letters_due: Callable[[], None]) -> None:
    """Serve the staff desk."""
    # Imported here, for the processes without a desk need not spend its memory.
    from desk.web.desk import Desk  # noqa: PLC0415
    from desk.web.serving import serve_desk  # noqa: PLC0415

    await _served(lambda: serve_desk(Desk(house=house, letters_due=letters_due)))


async def _served(once: Callable[[], Awaitable[None]]) -> None:
    """Serve pages; a port that a process which is just ending may still hold is tried again."""
    taken = 0
    while True:
        try:
            await once()
        except OSError as error:
            taken += 1
            if error.errno != errno.EADDRINUSE or taken > PORT_PATIENCE:
                raise
            await asyncio.sleep(AFTER_A_FAULT / 2)


async def public(house: House) -> None:
    """Serve the public door: webhooks, web form, web chat, and residents' own pages."""
    # Imported here, for the processes without a public door need not spend its memory.
    from desk.public_wiring import door_of  # noqa: PLC0415
    from desk.web.serving import serve  # noqa: PLC0415
    from intake.public.app import application  # noqa: PLC0415

    place = house.settings.public
    counting = asyncio.create_task(_count_refused(house))
    try:
        await _served(lambda: serve(application(door_of(house)), place.host, place.port))
    finally:
        counting.cancel()
        await asyncio.to_thread(house.reception.refusals.write)


async def _count_refused(house: House) -> None:
    while True:
        await asyncio.sleep(WRITE_EVERY)
        try:
            await asyncio.to_thread(house.reception.refusals.write)
        except Exception:
            # The edge of the loop: a count that could not be written must not end the door.
            log.exception("refused requests could not be counted")


async def send(house: House, bell: Bell) -> None:
    """Send what is due, at once when the bell rings."""
    outgoing = house.outgoing()
    outbox = house.outbox(outgoing)
    async with asyncio.TaskGroup() as group:
        if house.talking:
            group.create_task(_fetch(house))
        group.create_task(ask_undecided(house, outgoing))
        group.create_task(call_duty(house, outgoing))
        group.create_task(hand_over(house, outgoing))
        try:
            while True:
                if not await _send_once(outbox):
                    await bell.wait()
        finally:
            await outbox.stop()
            for way in (outgoing, *house.talking.values()):
                await way.close()


async def _fetch(house: House) -> None:
    """Fetch what platforms hold for us, soon after it was told of."""
    fetching = house.fetching()
    while True:
        try:
            if await fetching.once():
                continue
        except StoreError as error:
            log.warning("fetching waits for the store", error=str(error))
            await asyncio.sleep(AFTER_A_FAULT)
        except Exception:
            # The edge of the loop: whatever went wrong, the next files are tried, after a pause.
            log.exception("fetching failed")
            await asyncio.sleep(AFTER_A_FAULT)
        await asyncio.sleep(LOOK_ANYWAY)


async def _send_once(outbox: Outbox) -> int:
    try:
        return await outbox.round()
    except StoreError as error:
        log.warning("outbox waits for the store", error=str(error))
    except Exception:
        # The edge of the loop: whatever went wrong, the next letters are tried, after a pause.
        log.exception("outbox failed")
    await asyncio.sleep(AFTER_A_FAULT)
    return 0
