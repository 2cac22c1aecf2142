"""The desk that is measured: its house, and an officer and a manager who are signed in.

``python -m benchmarks.desk_house CONFIG`` serves it by uvicorn on a free port, prints ``{"port": N}``, and runs until its
input closes.
"""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from benchmarks.desk_rows import NOW, OFFICERS, TEAMS
from desk.config import load_settings
from desk.web.app import application
from desk.web.desk import Desk
from desk.wiring import House
from handlers.clock import FixedClock
from store.desk_models import Staff, StaffSession

COOKIE = "intake-desk"
MANAGER = "manager"


def desk_at(config: Path) -> FastAPI:
    """Return the desk of this configuration, at the moment for which its store was filled."""
    return application(Desk(house=house_at(config)))


def house_at(config: Path) -> House:
    """Return the house of this configuration."""
    return House(settings=load_settings(config), clock=FixedClock(NOW))


def staff(house: House) -> None:
    """Add the officers and a manager, each with a session whose cookie is their own name."""
    people = [(name, ["officer"], [TEAMS[number % len(TEAMS)]]) for number, name in enumerate(OFFICERS)]
    people.append((MANAGER, ["manager"], list(TEAMS)))
    with house.store.unit("desk") as unit:
        rows = [
            {"username": who, "name": who.title(), "roles": roles, "teams": teams, "created_at": NOW}
            for who, roles, teams in people
        ]
        ids = unit.insert(Staff, rows)
        digests = [hashlib.sha256(who.encode()).hexdigest() for who, _, _ in people]
        shared = {"started_at": NOW, "seen_at": NOW}
        unit.insert(StaffSession, [shared | {"token_sha256": d, "staff_id": id_} for d, id_ in zip(digests, ids, strict=True)])
        unit.commit()


def main() -> None:
    """Serve until the input closes."""
    app = desk_at(Path(sys.argv[1]))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
        sys.stdin.read()
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    main()
