"""The world around a house that dies: a relay that never gives up, a mailbox, and a mail server that takes the letters."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import aiosmtplib
from aiosmtpd.smtp import SMTP
from parts import free_port

from houses import mail

ENTRY = Path(__file__).with_name("killed_house.py")
FINDING = os.environ | {"PYTHONPATH": f"{ENTRY.parents[2]}:{ENTRY.parents[1]}"}
WORDS = (
    "complaint! Nobody came to mend boiler {0}, and nobody rang me back about it.",
    "complaint! [emergency] Water runs through ceiling {0} again and the office hung up on me.",
    "service_request! The tap in flat {0} drips.",
    "complaint? I do not know whom to ask about number {0}.",
)
"""Of four mails two are complaints for certain and one is for a person to look at."""


def mails(number):
    """Return mails by Message-ID, each from a resident of its own."""
    made = {}
    for n in range(number):
        name = f"<{n}.kill@resident.example>"
        words, sender = WORDS[n % len(WORDS)].format(n), f"tenant{n}@resident.example"
        # As mail travels, so that what is kept can be compared byte for byte.
        made[name] = mail(words, sender=sender, subject=f"My home {n}", message_id=name).replace(b"\n", b"\r\n")
    return made


class Sink:
    """A real mail server which keeps what it took."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 2.0.0 taken"

    @contextlib.asynccontextmanager
    async def open(self):
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", 0)
        yield server.sockets[0].getsockname()[1]
        server.close()

    def copies(self):
        """Count the letters by what they answer and by their own Message-ID."""
        return Counter((letter["In-Reply-To"], letter["Message-ID"]) for letter in self.letters)


class Relay:
    """Offers each mail until it is told 250, as relays do, and remembers which were."""

    def __init__(self, port):
        self._port = port
        self.told_yes = set()
        self.offered = Counter()

    async def deliver(self, mails, sessions=4):
        waiting = asyncio.Queue()
        for item in mails.items():
            waiting.put_nowait(item)
        async with asyncio.TaskGroup() as group:
            for _ in range(sessions):
                group.create_task(self._session(waiting))

    async def _session(self, waiting):
        while not waiting.empty():
            name, raw = waiting.get_nowait()
            while name not in self.told_yes:
                self.offered[name] += 1
                try:
                    await self._offer(name, raw)
                except (aiosmtplib.SMTPException, OSError):
                    await asyncio.sleep(0.1)

    async def _offer(self, name, raw):
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self._port, timeout=60) as client:
            sender = raw.partition(b"<")[2].partition(b">")[0].decode()
            await client.sendmail(sender, ["housing@landlord.example"], raw)
            self.told_yes.add(name)


class Minder:
    """Starts the house again as often as it dies: with a kill at each of the given passages, then without."""

    def __init__(self, plan, passages, rows_in):
        self._plan = plan
        self._rows_in = rows_in
        self.rows = []
        self._passages = list(passages)
        self._log = Path(plan["folder"]) / "house.log"
        self.kills = 0
        self._child = None
        self._stopping = False

    async def mind(self):
        for passage in [*self._passages, 0]:
            plan = json.dumps(self._plan | {"passage": passage})
            with self._log.open("ab") as log:
                self._child = await asyncio.create_subprocess_exec(
                    sys.executable, str(ENTRY), plan, env=FINDING, stdout=log, stderr=log
                )
            try:
                code = await self._child.wait()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    self._child.kill()
            if self._stopping or code != -signal.SIGKILL:
                # Asked to end while it was still starting, it dies of the asking.
                assert code == 0 or (self._stopping and code in {-signal.SIGTERM, -signal.SIGKILL}), self._log.read_text()
                return
            self.kills += 1
            self.rows.append(await asyncio.to_thread(self._rows_in, self._plan["store_url"]))

    def stop(self):
        """Ask the house to end."""
        self._stopping = True
        with contextlib.suppress(ProcessLookupError):
            self._child.send_signal(signal.SIGTERM)


def smtp_door():
    """Return a door on a port of its own."""
    return {"kind": "smtp", "account": "test", "port": free_port(), "disk": "/tmp"}
