"""``intake serve --demo``: a house apart, with a store, a key and letters of its own, that no real mail comes into.

What differs is told by ``INTAKE_*`` variables, so that the processes which serve see it like any other setting.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from desk.config import Mistake, Settings
from desk.sign_on_settings import LOOPBACK
from desk.staff_roles import Role
from desk.web.sign_accounts import Accounts
from desk.web.sign_passwords import Passwords, generated
from handlers.clock import SystemClock
from store.engine import open_store
from store.staff_rows import staff_by_username

STORE, KEY, SENT = "sqlite:///var/demo.db", "var/demo.key", "var/demo-sent"
PEOPLE = (
    ("olive", "Olive Officer", Role.OFFICER),
    ("max", "Max Manager", Role.MANAGER),
    ("ada", "Ada Administrator", Role.ADMINISTRATOR),
    ("al", "Al Auditor", Role.AUDITOR),
)
"""Who may sign in for trying out: one for each role."""
BY = "demo"


def apart(settings: Settings) -> dict[str, str]:
    """Return the variables that set a demo apart: its own store, key and letters, and no door but this machine's own.

    Raise ``Mistake`` where letters would leave the machine.
    """
    if settings.outgoing.kind != "maildir":
        raise Mistake('--demo needs [outgoing] kind = "maildir": invented people must never be written to')
    doors = [channel.model_dump(mode="json") for channel in settings.channels if _of_this_machine(channel.own())]
    told = {"STORE_URL": STORE, "KEY_FILE": KEY, "OUTGOING__PATH": SENT, "CHANNELS": json.dumps(doors)}
    return {f"INTAKE_{name}": value for name, value in told.items()}


def fill_once(config: Path) -> None:
    """Fill the demo's store if it is new, in a process of its own, as reading and judging take memory that only it needs."""
    if Path(STORE.removeprefix("sqlite:///")).exists():
        return
    command = [sys.executable, "-m", "desk.cli", "demo-data", "--config", str(config)]
    done = subprocess.run(command, check=False)  # noqa: S603  # our own program
    if done.returncode:
        raise Mistake("the demo's store could not be filled: what stands above says why")


def accounts(settings: Settings) -> list[str]:
    """Give each demo person a new password, and return the lines that say how to sign in.

    Only where local accounts are on and nobody but this machine can reach the desk.
    """
    if not settings.desk.local_accounts or settings.desk.host not in LOOPBACK:
        return ["No demo accounts: they need local_accounts = true, and host on the loopback, under [desk]."]
    passwords, lines = Passwords(), ["Sign in as one of these (new passwords at each start):", ""]
    with open_store(settings.store_url) as store:
        people = Accounts(store=store, clock=SystemClock())
        for username, name, role in PEOPLE:
            password = generated()
            with store.glance() as glance:
                staff = staff_by_username(glance, username)
            if staff is None:
                hashed, teams = passwords.hashed(password), [settings.routing.complaint]
                people.add(username=username, name=name, roles=[role], teams=teams, password_hash=hashed, by=BY)
            else:
                people.set_password(staff.id or 0, passwords.hashed(password), BY)
            lines.append(f"  {username:<6} {role:<14} {password}")
    return lines


def _of_this_machine(own: object) -> bool:
    """Return whether only this machine can reach the door: a mailbox elsewhere must not be read for a demo."""
    return getattr(own, "kind", "") == "smtp" and getattr(own, "host", "") in LOOPBACK
