"""A stand-in for a landlord's own app: it signs what residents wrote, and checks, keeps and shows the letters it is given.

It keeps to docs/adding-a-channel.md: signatures with a time, ids by which a repeated letter is known, errors with a reason.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from standins.loopback import Asked, Loopback, Said

SECRET = b"a shared secret of the app, 1f0c"
REPLAY = 300
REFUSALS = {
    "busy": Said(503, {"error": "busy"}),
    "429": Said(429, {"error": "slow_down"}, {"Retry-After": "1"}),
    "refused": Said(422, {"error": "not_allowed"}),
    "blocked": Said(403, {"error": "blocked"}),
    "window": Said(403, {"error": "window"}),
}


def sign(at: datetime, signed: bytes, secret: bytes = SECRET) -> dict[str, str]:
    """Return the two headers that every request carries."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret, moment.encode() + b"." + signed, hashlib.sha256).hexdigest()
    return {"x-intake-timestamp": moment, "x-intake-signature": f"sha256={digest}"}


class App(Loopback):
    """The app: its residents' letters by id, its files, and how it answers next."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.letters: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.next_answer: str | None = None
        self._now = now

    def answer(self, asked: Asked) -> Said:
        """Answer one request, once its signature is right."""
        if not self._is_signed(asked):
            return Said(401, {"error": "signature"})
        if (asked.method, asked.path) == ("POST", "/messages"):
            return self._take(asked)
        content = self.files.get(unquote(asked.path.removeprefix("/files/")))
        return Said(404, {"error": "not_found"}) if content is None else Said(200, content)

    def _is_signed(self, asked: Asked) -> bool:
        """Check a signature as the channel itself does."""
        moment = asked.headers.get("x-intake-timestamp", "0")
        signed = asked.body if asked.method == "POST" else asked.path.encode()
        right = sign(datetime.fromtimestamp(int(moment), self._now().tzinfo), signed)["x-intake-signature"]
        is_ours = hmac.compare_digest(right, asked.headers.get("x-intake-signature", ""))
        return is_ours and abs(self._now().timestamp() - int(moment)) <= REPLAY

    def _take(self, asked: Asked) -> Said:
        """Take a letter; one whose id is known is not shown to the resident again."""
        letter = asked.json
        if not {"id", "to", "text", "automatic"} <= letter.keys() or not letter["text"].strip():
            return Said(400, {"error": "bad_request"})
        how, self.next_answer = self.next_answer, None
        if how in REFUSALS:
            return REFUSALS[how]
        self.letters.setdefault(letter["id"], letter)
        return Said(201, {"id": f"app-{letter['id']}"}, late=how == "timeout_after_accept")
