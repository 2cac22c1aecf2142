"""Serves the desk inside the program's own event loop, until it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from desk.web.app import application
from desk.web.desk import Desk


class Server(uvicorn.Server):
    """A server that leaves signals to the program around it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal: the program's own handlers cancel what runs."""
        yield


async def serve_desk(desk: Desk) -> None:
    """Answer browsers until cancelled; raises ``OSError`` where the port is taken."""
    settings = desk.settings
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named outright: asyncio turns Nagle's delay off (40 ms for each small page) only where it sees that this is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(128)
        listening.setblocking(False)
        config = uvicorn.Config(
            application(desk), log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5
        )
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise
