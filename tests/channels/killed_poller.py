"""A bot's poller that is killed at the commit, life after life, as a power cut would.

Run with one argument, a JSON object: ``settings``, ``store_url``, and ``lives``, a list of ``[moment, passage]``. The program is
loaded once; each life is a process of its own, forked from it, and kills itself at that passage of that moment of the
commit's border. The last line on stdout is how many lives ended by that signal.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count

from handlers.clock import SystemClock
from handlers.reception import Reception
from intake.channels import telegram
from store.door_models import Hold
from store.engine import open_store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LONGEST = 60
"""Seconds after which a life that was not killed is over, and the test fails for its number."""


class Border:
    """Kills the process at one passage of one moment of the commit of messages."""

    def __init__(self, moment, passage):
        self._place = ("T1", moment)
        self._passage = passage
        self._passed = count(1)

    def __call__(self, border, moment):
        if (border, moment) == self._place and next(self._passed) == self._passage:
            os.kill(os.getpid(), signal.SIGKILL)


async def live(settings, reception):
    """Poll until killed."""
    async with asyncio.timeout(LONGEST):
        await telegram.build(telegram.Settings(**settings), reception, SystemClock()).listen()


def free(url):
    """Free what the last life held, for which a new program elsewhere would wait half a minute, whatever its clock says."""
    with open_store(url) as store, store.unit("contact") as unit:
        for hold in unit.find(Hold):
            unit.update(Hold, hold.account, until=LONG_AGO)
        unit.commit()


def life(plan, moment, passage):
    """Live one life in this process."""
    with open_store(plan["store_url"], Border(moment, passage)) as store:
        asyncio.run(live(plan["settings"], Reception(store, SystemClock())))


def main(plan):
    """Live all lives, one after the other."""
    killed = 0
    for moment, passage in plan["lives"]:
        free(plan["store_url"])
        child = os.fork()
        if child == 0:
            try:
                life(plan, moment, passage)
            finally:
                os._exit(3)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    free(plan["store_url"])
    print(killed)  # noqa: T201


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
