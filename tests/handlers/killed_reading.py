"""A house in a process of its own that asks its second reader once, and kills itself around the commit of what it keeps.

Run with one argument, a JSON object: ``folder``, ``store_url``, ``second_reader`` and ``moment`` (before or after the commit).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from desk.second_reader_wiring import second_reading_of
from desk.wiring import House
from handlers.clock import FixedClock
from houses import NOON, settings_in

plan = json.loads(sys.argv[1])


def border(name, moment):
    if (name, moment) == ("T3", plan["moment"]):
        os.kill(os.getpid(), signal.SIGKILL)


settings = settings_in(Path(plan["folder"]), plan["store_url"], second_reader=plan["second_reader"])
house = House(settings=settings, clock=FixedClock(NOON), on_border=border)
asyncio.run(second_reading_of(house).once())
