"""A stand-in for a landlord's own app: it signs what residents wrote, and checks, keeps and shows the letters it is given.

It keeps to docs/adding-a-channel.md: signatures with a time, ids by which a repeated letter is known, errors with a reason.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

SECRET = b"a shared secret of the app, 1f0c"
REPLAY = 300
HANGS = 4.0
"""Seconds for which it says nothing where an answer is to come too late; the channel has given up long before."""


def sign(at: datetime, signed: bytes, secret: bytes = SECRET) -> dict[str, str]:
    """Return the two headers that every request carries."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret, moment.encode() + b"." + signed, hashlib.sha256).hexdigest()
    return {"x-intake-timestamp": moment, "x-intake-signature": f"sha256={digest}"}


@dataclass
class App:
    """The app: its residents' letters by id, its files, and how it answers next."""

    now: Callable[[], datetime]
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    next_answer: str | None = None
    port: int = 0
    _server: ThreadingHTTPServer | None = None
    _reserved: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Listen on a free port, or again on the one it had."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {"app": self}), bind_and_activate=False)
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
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def go_away(self) -> None:
        """Refuse connections until ``come_back``; the port stays its own, for nobody else may answer there meanwhile."""
        self.close()
        self._reserved = socket.socket()
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", self.port))

    def come_back(self) -> None:
        """Listen again if it was away."""
        if self._reserved is not None:
            self.open()

    def is_signed(self, headers: Any, signed: bytes) -> bool:
        """Check a signature as the channel itself does."""
        moment = headers.get("X-Intake-Timestamp", "")
        digest = hmac.new(SECRET, moment.encode() + b"." + signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"sha256={digest}", headers.get("X-Intake-Signature", "")):
            return False
        return abs(self.now().timestamp() - int(moment)) <= REPLAY

    def take(self, body: bytes) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Take a letter and answer; a letter whose id is known is not shown to the resident again."""
        letter = json.loads(body)
        if not {"id", "to", "text", "automatic"} <= letter.keys() or not letter["text"].strip():
            return 400, {"error": "bad_request"}, {}
        with self._lock:
            how, self.next_answer = self.next_answer, None
            if how in _REFUSALS:
                return _REFUSALS[how]
            self.letters.setdefault(letter["id"], letter)
        if how == "timeout_after_accept":
            time.sleep(HANGS)
        return 201, {"id": "app-" + letter["id"]}, {}


_REFUSALS: dict[str | None, tuple[int, dict[str, Any], dict[str, str]]] = {
    "busy": (503, {"error": "busy"}, {}),
    "429": (429, {"error": "slow_down"}, {"Retry-After": "1"}),
    "refused": (422, {"error": "not_allowed"}, {}),
    "blocked": (403, {"error": "blocked"}, {}),
    "window": (403, {"error": "window"}, {}),
}


class _Answer(BaseHTTPRequestHandler):
    app: App

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.app.is_signed(self.headers, body):
            self._json(401, {"error": "signature"}, {})
        elif self.path != "/messages":
            self._json(404, {"error": "no_such_path"}, {})
        else:
            self._json(*self.app.take(body))

    def do_GET(self) -> None:
        content = self.app.files.get(unquote(self.path.removeprefix("/files/")))
        if not self.app.is_signed(self.headers, self.path.encode()):
            self._json(401, {"error": "signature"}, {})
        elif content is None:
            self._json(404, {"error": "no_such_file"}, {})
        else:
            self._send(200, content, {"Content-Type": "application/octet-stream"})

    def _json(self, status: int, told: dict[str, Any], headers: dict[str, str]) -> None:
        self._send(status, json.dumps(told).encode(), headers | {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has gone, which some tests want

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing on the terminal."""
