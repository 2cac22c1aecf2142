"""A house in a process of its own, which kills itself at the nth passage of a border, as a power cut would.

Run with one argument, a JSON object: ``folder``, ``store_url``, ``channels``, ``outgoing``, ``border``, ``moment`` and
``passage`` (0: it lives). Nothing is replaced but the classifier, whose verdicts stand in the mails themselves.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from desk import logs
from desk.roles import Bell, receive, send, work
from desk.serving import _warm
from desk.wiring import House
from houses import Judge, settings_in

ROLES = ("receive", "work", "send")
SHORT = {"triage_lease": timedelta(seconds=5), "outbox_lease": timedelta(seconds=5)}
"""On PostgreSQL other houses may be alive, so a killed one's claims are free only when their time is over."""


class Border:
    """Kills the process at one passage of one border."""

    def __init__(self, border, moment, passage):
        self._place = (border, moment)
        self._passage = passage
        self._passed = count(1)

    def __call__(self, border, moment):
        if (border, moment) == self._place and next(self._passed) == self._passage:
            os.kill(os.getpid(), signal.SIGKILL)


async def run(plan):
    working, sending = Bell(), Bell()
    settings = settings_in(Path(plan["folder"]), plan["store_url"], channels=plan["channels"], outgoing=plan["outgoing"])
    leases = SHORT if plan["store_url"].startswith("postgresql") else {}
    border = Border(plan["border"], plan["moment"], plan["passage"])
    house = House(settings=settings, woken=working.ring, on_border=border, **leases)
    house.__dict__["classifier"] = Judge()
    # As the program itself starts: on an embedded store the claims of a killed process are freed at once.
    alone = await asyncio.to_thread(_warm, house, ROLES)
    roles = (receive(house), work(house, working, sending.ring), send(house, sending))
    tasks = [asyncio.create_task(role) for role in roles]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: [task.cancel() for task in tasks])
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    await loop.shutdown_default_executor()
    house.store.close()
    assert bool(alone) == house.store.embedded
    for task in done:
        if not task.cancelled():
            task.result()


if __name__ == "__main__":
    logs.set_up()
    asyncio.run(run(json.loads(sys.argv[1])))
