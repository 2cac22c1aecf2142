"""Serves pages inside the program's own event loop, until it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from desk.web.app import application
from desk.web.desk import Desk


class Server(uvicorn.Server):
    """A server that leaves signals to the program around it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal: the program's own handlers cancel what runs."""
        yield


async def serve_desk(desk: Desk) -> None:
    """Answer the staff's browsers until cancelled; raises ``OSError`` where the port is taken."""
    await serve(application(desk), desk.settings.host, desk.settings.port)


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Answer browsers until cancelled; raises ``OSError`` where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named outright: asyncio turns Nagle's delay off (40 ms for each small page) only where it sees that this is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
        listening.setblocking(False)
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5)
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise
