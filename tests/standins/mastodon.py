"""A stand-in for a Mastodon server (documentation of 4.3): notifications, statuses, media, limits, and its own way to say no.

It gives notifications as a server does: newest first, ``min_id`` the ones that come right after, ``max_id`` older ones, and
no more than asked for. It reads mentions out of statuses and shows a direct one to those alone, it knows an Idempotency-Key
for an hour, it takes the mention of somebody who blocked us without a word, and it counts links as 23 characters.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from standins.loopback import Asked, Loopback, Said

TOKEN = "a-token-of-the-landlord"
OWN = {"id": "109000000000000001", "username": "homes", "acct": "homes", "display_name": "Borough Homes", "bot": True}
LONGEST = 500
_MENTION = re.compile(r"(?<![\w/=])@([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)(?:@([\w.-]+))?", re.IGNORECASE)
_MISSING = Said(404, {"error": "Record not found"})


@dataclass
class Held:
    """A file that the server holds."""

    content: bytes
    said_size: int | None = None


class MastodonServer(Loopback):
    """One server, with our account and the people who write to it."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, dict[str, Any]] = {}
        self.blocked_by: set[str] = set()
        self.statuses: dict[str, dict[str, Any]] = {}
        self.posted: list[dict[str, Any]] = []
        self.notifications: list[tuple[int, dict[str, Any]]] = []
        self.files: dict[str, Held] = {}
        self.policy: dict[str, str] | None = {"for_not_following": "accept", "for_private_mentions": "accept"}
        self.how: str | None = None
        self.keys: dict[str, dict[str, Any]] = {}
        self.now = lambda: datetime.now(UTC)

    def notify(self, notification: Any) -> None:
        """Add a notification, under a number of its own."""
        with self.lock:
            number = len(self.notifications) + 1_000
            told = notification | {"id": str(number)} if isinstance(notification, dict) else notification
            self.notifications.append((number, told))
            status = told.get("status") if isinstance(told, dict) else None
            if isinstance(status, dict):
                self.statuses[status["id"]] = status

    def edit(self, status_id: str, content: str, edited_at: str) -> None:
        """Change the words of a status; no notification tells of it."""
        with self.lock:
            self.statuses[status_id] |= {"content": content, "edited_at": edited_at}

    def delete(self, status_id: str) -> None:
        """Take a status away, and the notification of it."""
        with self.lock:
            self.statuses.pop(status_id, None)
            self.notifications = [(number, told) for number, told in self.notifications if _status(told).get("id") != status_id]

    def answer(self, asked: Asked) -> Said:
        if asked.path.startswith("/media/"):
            return self._media(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(401, {"error": "The access token is invalid"})
        if asked.method == "POST":
            return self._post(asked) if asked.path == "/api/v1/statuses" else _MISSING
        return self._get(asked)

    def _get(self, asked: Asked) -> Said:
        own = f"/api/v1/accounts/{OWN['id']}/statuses"
        fixed = {
            "/api/v1/accounts/verify_credentials": lambda: Said(200, OWN | {"source": {"privacy": "public"}}),
            "/api/v2/instance": lambda: Said(200, _instance()),
            "/api/v2/notifications/policy": lambda: Said(200, self.policy) if self.policy is not None else _MISSING,
            "/api/v1/notifications": lambda: Said(200, self._page(asked)),
            "/api/v1/accounts/relationships": lambda: Said(200, self._relationships(asked)),
            own: lambda: Said(200, self._posted(asked)),
        }
        if asked.path in fixed:
            return fixed[asked.path]()
        kind, _, id_ = asked.path.removeprefix("/api/v1/").partition("/")
        found = {"accounts": self.people, "statuses": self.statuses}.get(kind, {}).get(id_)
        return Said(200, found) if found else _MISSING

    def _page(self, asked: Asked) -> list[Any]:
        limit = min(int(asked.one("limit", "40")), 80)
        types = [value for name, value in asked.query if name == "types[]"]
        listed = [
            (number, told)
            for number, told in self.notifications
            if not isinstance(told, dict) or told.get("type") in types or not types
        ]
        if asked.one("include_filtered") != "true":
            listed = [(number, told) for number, told in listed if not told.get("filtered")]
        if after := asked.one("min_id"):
            return [told for number, told in listed if number > int(after)][:limit][::-1]
        before = int(asked.one("max_id", str(10**18)))
        return [told for number, told in listed if number < before][-limit:][::-1]

    def _posted(self, asked: Asked) -> list[Any]:
        before = int(asked.one("max_id", str(10**18)))
        newest = [status for status in reversed(self.posted) if int(status["id"]) < before]
        return newest[: min(int(asked.one("limit", "20")), 40)]

    def _relationships(self, asked: Asked) -> list[Any]:
        blocked = self.how == "blocked"
        self.how = None if blocked else self.how
        people = [id_ for name, id_ in asked.query if name == "id[]"]
        return [{"id": id_, "blocking": False, "blocked_by": blocked or id_ in self.blocked_by} for id_ in people]

    def _post(self, asked: Asked) -> Said:
        how, self.how = self.how, None
        if how == "busy":
            return Said(503, b"<html>Service Unavailable</html>")
        if how == "429":
            reset = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")
            headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
            return Said(429, {"error": "Too many requests"}, headers)
        form = asked.form
        if how == "refused" or not form.get("status", "").strip():
            return Said(422, {"error": "Validation failed: Text can't be blank"})
        if _length(form["status"]) > LONGEST:
            return Said(422, {"error": f"Validation failed: Text character limit of {LONGEST} exceeded"})
        if form.get("in_reply_to_id") and form["in_reply_to_id"] not in self.statuses:
            return Said(404, {"error": "The post you are trying to reply to does not appear to exist."})
        return Said(200, self._keep(form, asked.headers.get("idempotency-key", "")), late=how == "timeout_after_accept")

    def _keep(self, form: dict[str, str], key: str) -> dict[str, Any]:
        if key in self.keys:
            return self.keys[key]
        named = [person for name in _MENTION.findall(form["status"]) if (person := self._named(*name))]
        seen = [person for person in named if person["id"] not in self.blocked_by]
        status = {
            "id": str(110_000_000_000_000_000 + len(self.posted)),
            "created_at": self.now().isoformat().replace("+00:00", "Z"),
            "visibility": form.get("visibility", "public"),
            "in_reply_to_id": form.get("in_reply_to_id"),
            "content": _as_html(form["status"]),
            "account": OWN,
            "mentions": [{"id": one["id"], "acct": one["acct"], "username": one["username"]} for one in seen],
            "text_as_sent": form["status"],
        }
        self.posted.append(status)
        self.statuses[status["id"]] = status
        if key:
            self.keys[key] = status
        return status

    def _named(self, name: str, server: str) -> dict[str, Any] | None:
        address = f"{name}@{server}" if server else name
        return next((person for person in self.people.values() if person["acct"].lower() == address.lower()), None)

    def _media(self, asked: Asked) -> Said:
        held = self.files.get(asked.path)
        if held is None:
            return Said(404, b"")
        return Said(200, held.content, {"Content-Type": "image/jpeg"}, said_size=held.said_size)


def _status(notification: Any) -> dict[str, Any]:
    status = notification.get("status")
    return status if isinstance(status, dict) else {}


def _instance() -> dict[str, Any]:
    statuses = {"max_characters": LONGEST, "max_media_attachments": 4, "characters_reserved_per_url": 23}
    return {"domain": "social.example", "version": "4.3.0", "configuration": {"statuses": statuses}}


def _length(text: str) -> int:
    short = _MENTION.sub(lambda found: f"@{found[1]}", text)
    return len(re.sub(r"https?://\S+", "x" * 23, short))


def _as_html(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", html.escape(text))
    named = [_MENTION.sub(lambda found: f'<span class="h-card">@<span>{found[1]}</span></span>', each) for each in paragraphs]
    return "".join(f"<p>{each.replace(chr(10), '<br />')}</p>" for each in named)
