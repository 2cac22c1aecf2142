"""A stand-in for GOV.UK Notify's API v2: tokens, test, team and live keys, one template, refusals by kind, states, callbacks.

Bodies and errors follow docs.notifications.service.gov.uk: a refusal is ``{"status_code", "errors": [{"error", "message"}]}``.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import jwt

from standins.loopback import Asked, Loopback, Said

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRETS = {
    "live": "3d844edf-8d35-48ac-975b-e847b4f122b0",
    "team": "8b3aa916-ec82-434e-b0c5-d5d9b371d6a3",
    "test": "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9",
}
TEMPLATE, REPLY_TO = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3", "ca4fdde7-2a67-4a6c-8393-62aa7245751f"
TOKEN = "a-token-of-our-own-making-for-callbacks"
ALLOWED_CLOCK = 30
FAILS = {"temp-fail@simulator.notify": "temporary-failure", "perm-fail@simulator.notify": "permanent-failure"}
BODY = "((body))\n\n((resident_words))\n\n((rest))"
_FIELD = re.compile(r"\(\(([^()]+)\)\)")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARK = re.compile(r"([\\`*_#\[\]()])")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def key(kind: str) -> str:
    """Return a key as Notify shows it once, under a name that says its type."""
    return f"complaints_{kind}_key-{SERVICE}-{SECRETS[kind]}"


class NotifyServer(Loopback):
    """One service at Notify; ``how`` is what becomes of the next letter."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[dict[str, Any]] = []
        self.templates = {TEMPLATE: {"type": "email", "version": 3, "subject": "((subject))", "body": BODY}}
        self.reply_tos = {REPLY_TO}
        self.how: str | None = None
        self.asked_for: list[str] = []
        self.team = {"officer@landlord.example"}
        self.clock: Callable[[], float] = time.time
        self.hook: tuple[str, str] | None = None
        self.unknown_for = 0
        """How often a letter is not yet found by its reference."""

    def answer(self, asked: Asked) -> Said:
        if (refused := self._kind_of_key(asked)) and isinstance(refused, Said):
            return refused
        kind = str(refused)
        parts = asked.path.strip("/").split("/")
        if asked.method == "POST" and parts == ["v2", "notifications", "email"]:
            return self._take(asked.json, kind)
        if parts == ["v2", "notifications"]:
            return self._list(asked)
        if parts[:2] == ["v2", "notifications"]:
            found = [one for one in self.letters if one["id"] == parts[2]]
            return Said(200, _shown(found[0])) if found else _refusal(404, "NoResultFound", "No result found")
        if parts[:2] == ["v2", "template"]:
            found = self.templates.get(parts[2])
            return Said(200, _template(parts[2], found)) if found else _refusal(404, "NoResultFound", "No result found")
        return _refusal(404, "NotFound", "The requested URL was not found on the server.")

    def _kind_of_key(self, asked: Asked) -> Said | str:
        shown = asked.headers.get("authorization", "")
        if not shown.startswith("Bearer "):
            return _refusal(401, "AuthError", "Unauthorized: authentication token must be provided")
        for kind, secret in SECRETS.items():
            try:
                claims = jwt.decode(shown.removeprefix("Bearer "), secret, algorithms=["HS256"], options={"verify_iat": False})
            except jwt.InvalidTokenError:
                continue
            if claims.get("iss") != SERVICE:
                return _refusal(403, "AuthError", "Invalid token: service not found")
            if abs(self.clock() - claims["iat"]) > ALLOWED_CLOCK:
                return _refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
            return kind
        return _refusal(403, "AuthError", "Invalid token: API key not found")

    def _take(self, asked: dict[str, Any], kind: str) -> Said:  # noqa: PLR0911 - one a refusal
        how, self.how = self.how, None
        template = self.templates.get(asked.get("template_id", ""))
        recipient, given = asked.get("email_address", ""), asked.get("personalisation", {})
        if how in REFUSALS:
            return _refusal(*REFUSALS[how])
        if how == "gateway":
            return Said(502, b"<html>Bad Gateway</html>")
        if not _ADDRESS.fullmatch(recipient):
            return _refusal(400, "ValidationError", "email_address Not a valid email address")
        if template is None:
            return _refusal(400, "BadRequestError", "Template not found")
        if asked.get("email_reply_to_id", REPLY_TO) not in self.reply_tos:
            return _refusal(400, "BadRequestError", "email_reply_to_id does not exist in database for service")
        missing = [name for name in _FIELD.findall(template["subject"] + template["body"]) if name not in given]
        if missing:
            return _refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        if kind == "team" and recipient not in self.team:
            return _refusal(400, "BadRequestError", "Can't send to this recipient using a team-only API key")
        if how == "lost":
            return Said(201, {}, late=True)
        letter = self._kept(asked, template, kind)
        return Said(201, _made(letter), late=how == "timeout_after_accept")

    def _kept(self, asked: dict[str, Any], template: dict[str, Any], kind: str) -> dict[str, Any]:
        cleaned = set(asked.get("sanitise_content_for") or ())
        values = {name: _sanitised(value) if name in cleaned else value for name, value in asked["personalisation"].items()}
        letter = {
            "id": str(uuid.uuid4()),
            "reference": asked.get("reference"),
            "email_address": asked["email_address"],
            "status": FAILS.get(asked["email_address"], "delivered") if kind == "test" else "sending",
            "subject": _FIELD.sub(lambda name: values[name[1]], template["subject"]),
            "body": _FIELD.sub(lambda name: values[name[1]], template["body"]),
            "template": {"id": asked["template_id"], "version": template["version"]},
            "asked": asked,
        }
        self.letters.append(letter)
        return letter

    def _list(self, asked: Asked) -> Said:
        reference = asked.one("reference")
        self.asked_for.append(reference)
        self.unknown_for -= 1
        known = [] if self.unknown_for >= 0 else self.letters
        found = [_shown(one) for one in reversed(known) if not reference or one["reference"] == reference]
        return Said(200, {"notifications": found, "links": {"current": f"{self.url}/v2/notifications"}})

    def ends(self, letter: dict[str, Any], status: str) -> int:
        """Let a letter come to its end; call back where an address for that is known, and return what was answered."""
        letter["status"] = status
        return 0 if self.hook is None else self.call_back(letter)

    def call_back(self, letter: dict[str, Any], token: str = TOKEN, **other: Any) -> int:
        """Post a letter's state to our hook, as Notify does."""
        assert self.hook is not None
        told = {name: letter[name] for name in ("id", "reference", "status")}
        told |= {"to": letter["email_address"], "notification_type": "email", "completed_at": "2026-11-23T12:01:00.000000Z"}
        told |= {"template_id": TEMPLATE, "template_version": 3} | other
        asked = urllib.request.Request(self.hook[0], json.dumps(told).encode(), {"Content-Type": "application/json"})
        asked.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(asked, timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code


REFUSALS = {
    "429": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    "daily": (429, "TooManyRequestsError", "Exceeded send limits (250,000) for today"),
    "500": (500, "Exception", "Internal server error"),
    "trial": (400, "BadRequestError", "Can't send to this recipient when service is in trial mode"),
    "too_large": (413, "ValidationError", "Emails cannot be larger than 2,000,000 bytes"),
}


def _sanitised(words: str) -> str:
    return _MARK.sub(r"\\\1", _URL.sub("", words))


def _shown(letter: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in letter.items() if name != "asked"} | {"type": "email", "completed_at": None}


def _made(letter: dict[str, Any]) -> dict[str, Any]:
    content = {"subject": letter["subject"], "body": letter["body"], "from_email": "complaints@notifications.service.gov.uk"}
    return {name: letter[name] for name in ("id", "reference", "template")} | {"content": content, "uri": "https://x.example"}


def _template(name: str, template: dict[str, Any]) -> dict[str, Any]:
    fields = _FIELD.findall(template["subject"] + template["body"])
    return {"id": name, "name": "Letter", **template, "personalisation": {field: {"required": True} for field in fields}}


def _refusal(status: int, kind: str, message: str) -> Said:
    return Said(status, {"status_code": status, "errors": [{"error": kind, "message": message}]})
