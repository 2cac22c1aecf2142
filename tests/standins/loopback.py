"""A small server on the loopback for stand-ins of platforms: it can be busy, hang, cut a line, and go away for a while."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HANGS = 4.0
"""Seconds for which nothing is said where an answer is to come too late; whoever asked gives up long before."""


@dataclass(frozen=True)
class Asked:
    """A request as it came; names of headers in small letters."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str, usual: str = "") -> str:
        """Return the last value of a parameter of the query."""
        return dict(self.query).get(name, usual)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Said:
    """What is answered: JSON, or bytes as they are; ``late`` answers only when nobody waits any more."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    late: bool = False
    said_size: int | None = None


class Loopback:
    """Serves ``answer`` on a port of its own, once each of ``faults`` was said to whoever asked."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.faults: list[Said] = []
        self.lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None
        self._reserved: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError

    def open(self) -> None:
        handler = type("Handler", (_Handler,), {"standin": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=False)
        server.daemon_threads = True
        # A hundred letters may come at once, and on a busy machine a short queue would cut some of them off.
        server.request_queue_size = 256
        if self._reserved is not None:
            server.socket.close()
            server.socket, self._reserved = self._reserved, None
        else:
            server.server_bind()
        server.server_activate()
        self._server, self.port = server, server.socket.getsockname()[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def go_away(self) -> None:
        """Refuse connections until ``come_back``; nobody else gets the port meanwhile."""
        self.close()
        self._reserved = socket.socket()
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", self.port))

    def come_back(self) -> None:
        if self._reserved is not None:
            self.open()


class _Handler(BaseHTTPRequestHandler):
    standin: Loopback

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=parts.path,
            query=parse_qsl(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        with self.standin.lock:
            self.standin.asked.append(asked)
            said = self.standin.faults.pop(0) if self.standin.faults else self.standin.answer(asked)
        if said.late:
            time.sleep(HANGS)
        self._send(said)

    def _send(self, said: Said) -> None:
        raw = isinstance(said.body, bytes)
        body = said.body if raw else b"" if said.body is None else json.dumps(said.body).encode()
        kind = {"Content-Type": "application/octet-stream" if raw else "application/json; charset=utf-8"}
        size = {"Content-Length": str(said.said_size or len(body)), "Connection": "close"}
        try:
            self.send_response_only(said.status)
            for name, value in (kind | {"Date": formatdate(usegmt=True)} | said.headers | size).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has gone, which some tests want
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing on the terminal."""
