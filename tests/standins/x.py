"""A stand-in for X: legacy direct messages of API v2, logins that run out and are renewed once, signed posts to our webhook.

Bodies and errors follow docs.x.com: a problem has a title, a detail, a type and its status; events are in ``data``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from standins.loopback import Asked, Loopback, Said

OWN = "1111111111111111111"
SECRET = "the-consumer-secret-of-the-app"
CLIENT = "an-app-of-the-landlord"
LONGEST = 10_000
PROBLEMS = "https://api.x.com/2/problems/"


def signed(body: bytes, secret: str = SECRET) -> str:
    """Return the header that X puts on what it posts."""
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class XServer(Loopback):
    """X, with our account and the people who write to it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.listed: list[dict[str, Any]] = []
        self.files: dict[str, tuple[bytes, int | None]] = {}
        self.how: str | None = None
        self.access, self.renewal = "access-token-1", "renewal-token-1"
        self.renewals = 0
        self.after_send: Callable[[dict[str, Any]], None] = lambda event: None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def tokens(self) -> str:
        """Return what stands in our file after we have logged in."""
        return json.dumps({"access_token": self.access, "refresh_token": self.renewal})

    def run_out(self) -> None:
        """Let the login run out."""
        self.access = f"another-{self.access}"

    def answer(self, asked: Asked) -> Said:  # noqa: PLR0911 - one a refusal
        if asked.path == "/2/oauth2/token":
            return self._renew(asked)
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return _problem(401, "Unauthorized", "Unauthorized", "about:blank")
        parts = asked.path.strip("/").split("/")
        if parts[:3] == ["2", "dm_conversations", "media"]:
            content, said = self.files.get(asked.path, (b"", None))
            return Said(200, content, said_size=said) if content else _problem(404, "Not Found Error", "Could not find media.")
        if parts[:3] == ["2", "dm_conversations", "with"] and parts[4:] == ["messages"] and asked.method == "POST":
            return self._take(parts[3], asked)
        if parts[:3] == ["2", "dm_conversations", "with"] and parts[4:] == ["dm_events"]:
            return self._list([event for event in self.sent if parts[3] in event["dm_conversation_id"].split("-")], asked)
        if asked.path == "/2/dm_events":
            return self._list(self.listed, asked)
        return _problem(404, "Not Found Error", "Not Found")

    def _renew(self, asked: Asked) -> Said:
        form = asked.form
        if form.get("grant_type") != "refresh_token" or form.get("client_id") != CLIENT:
            return Said(400, {"error": "invalid_request", "error_description": "Missing required parameter"})
        if form.get("refresh_token") != self.renewal:
            return Said(400, {"error": "invalid_request", "error_description": "Value passed for the token was invalid."})
        self.renewals += 1
        self.access, self.renewal = f"access-token-{self.renewals + 1}", f"renewal-token-{self.renewals + 1}"
        told = {"token_type": "bearer", "expires_in": 7200, "scope": "dm.read dm.write tweet.read users.read offline.access"}
        return Said(200, told | {"access_token": self.access, "refresh_token": self.renewal})

    def _take(self, person: str, asked: Asked) -> Said:
        how, self.how = self.how, None
        text = asked.json.get("text", "")
        if how == "busy":
            return _problem(503, "Service Unavailable", "Service Unavailable")
        if how == "429":
            reset = str(int((datetime.now(UTC) + timedelta(seconds=1)).timestamp()))
            return Said(
                429, {"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429}, {"x-rate-limit-reset": reset}
            )
        if how == "blocked":
            return _problem(403, "Forbidden", "You cannot send messages to this user.")
        if how == "unpaid":
            return _problem(402, "CreditsDepleted", "Your enrolled account does not have any credits to fulfill this request.")
        if how == "refused" or not text or len(text) > LONGEST:
            return _problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        event = {
            "id": str(2_080_000_000_000_000_000 + len(self.sent)),
            "event_type": "MessageCreate",
            "text": text,
            "sender_id": OWN,
            "dm_conversation_id": f"{OWN}-{person}",
            "created_at": self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if how != "lost":
            self.sent.append(event)
        self.after_send(event)
        told = {"data": {"dm_conversation_id": event["dm_conversation_id"], "dm_event_id": event["id"]}}
        return Said(201, told, late=how in ("timeout_after_accept", "lost"))

    def _list(self, events: list[dict[str, Any]], asked: Asked) -> Said:
        fields = set(asked.one("dm_event.fields", "id,event_type,text").split(",")) | {"id", "event_type", "text"}
        newest = [{key: value for key, value in event.items() if key in fields} for event in reversed(events)]
        page = newest[: int(asked.one("max_results", "100"))]
        return Said(200, {"data": page, "meta": {"result_count": len(page)}} if page else {"meta": {"result_count": 0}})


def _problem(status: int, title: str, detail: str, kind: str | None = None) -> Said:
    name = kind or PROBLEMS + title.lower().replace(" ", "-")
    return Said(status, {"title": title, "detail": detail, "type": name, "status": status})
