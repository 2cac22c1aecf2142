"""A stand-in for Meta's Graph API and for whoever signs its webhooks, on the loopback, as Meta's documents say.

Out: ``me/messages`` of Messenger and Instagram, ``<number>/messages`` and media of WhatsApp, ``subscribed_apps``; it checks the
version, the token, ``appsecret_proof``, the shape of requests and their limits, and answers errors as the Graph API does. In:
bodies with every non-ASCII character and every slash escaped, as the real ones are, signed over just these bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from intake.channel import WebhookRequest
from standins.loopback import Asked, Loopback, Said

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TOKEN = "EAAGm0PX4ZCpsBA-page-token"
VERIFY = "a long text of our own making"
VERSION = "v26.0"
TRACE = "AbCdEfGhIjKl"
APP, OTHER_APP = "900800700600", "100"
"""Ours, and one that the council uses for its posts."""
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")

ERRORS = {
    # (status, code, subcode): Messenger and Instagram, then WhatsApp.
    "busy": ((500, 2, None), (500, 131000, None)),
    "429": ((429, 613, None), (429, 130429, None)),
    "refused": ((400, 100, 2018034), (400, 131009, None)),
    "blocked": ((400, 551, 1545041), (400, 131026, None)),
    "window": ((400, 10, 2018278), (400, 131047, None)),
    "restricted": ((400, 10, 1893063), (400, 131031, None)),
    "token": ((401, 190, 463), (401, 190, 463)),
    "gone": ((400, 100, 2018001), (400, 131026, None)),
    "permission": ((403, 200, None), (403, 200, None)),
    "expired": ((401, 190, 463), (401, 0, None)),
    "later": ((400, 1200, None), (400, 131057, None)),
    "limit": ((400, 80002, None), (400, 80008, None)),
    "accepted_and_error": ((400, 1, 1357046), (400, 1, 1357046)),
}
ACCEPTED = {"408_after_accept": 408, "502_after_accept": 502, "504_after_accept": 504, "500_of_a_gateway": 500}
"""What a gateway answers when the letter had gone on and it gave up waiting: a page of its own, no error of the Graph API's."""


class Meta(Loopback):
    """One app with one page, one Instagram account and one number; tests bend it by its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, tuple[bytes, str]] = {}
        self.said_sizes: dict[str, int] = {}
        self.subscribed = True
        self.fields = ["messages", "feed"]
        self.templates: dict[str, int] = {}
        self.next: list[str] = []
        self.letters: list[dict[str, Any]] = []
        self.longest = 2000
        self.count = lambda text: len(text.encode("utf-16-le")) // 2

    # In: webhooks.

    @staticmethod
    def body(batch: Any) -> bytes:
        """Return a webhook's body as Meta writes it."""
        return json.dumps(batch, separators=(",", ":")).replace("/", "\\/").encode()

    @staticmethod
    def request(body: bytes, secret: str = SECRET, **headers: str) -> WebhookRequest:
        """Return a signed request."""
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        signed = {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"} | headers
        return WebhookRequest(method="POST", query=(), headers=tuple(signed.items()), body=body)

    # Out: the Graph API.

    def answer(self, asked: Asked) -> Said:
        if asked.path.startswith("/media/"):
            return self._content(asked)
        version, _, path = asked.path.lstrip("/").partition("/")
        if version != VERSION:
            return error(400, 2635, None, "You are calling a deprecated version of the Ads API")
        refused = self._refused(asked)
        if refused is not None:
            return refused
        if asked.method == "POST" and path.endswith("/messages"):
            return self._message(asked, path.removesuffix("/messages"))
        return self._told(path)

    def _told(self, path: str) -> Said:
        if path.endswith("/subscribed_apps"):
            apps = [OTHER_APP, *([APP] if self.subscribed else [])]
            of_number = [
                {"whatsapp_business_api_data": {"id": app, "name": "An app", "link": "https://a.example"}} for app in apps
            ]
            of_page = [{"id": app, "name": "An app", "subscribed_fields": self.fields} for app in apps]
            return Said(200, {"data": of_number if path.startswith("WABA") else of_page})
        if path == "app":
            return Said(200, {"id": APP})
        if path in self.media:
            return self._media(path)
        return error(400, 100, 33, "Unsupported get request. Object with ID does not exist")

    def _refused(self, asked: Asked) -> Said | None:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(401, 190, None, "Invalid OAuth access token - Cannot parse access token")
        if asked.one("appsecret_proof") != hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest():
            return error(400, 100, None, "Invalid appsecret_proof provided in the API argument", "GraphMethodException")
        return None

    def _message(self, asked: Asked, sender: str) -> Said:
        message, phone = asked.json, sender != "me"
        how = self.next.pop(0) if self.next else None
        if how in ERRORS and not (how == "window" and message.get("type") == "template"):
            status, code, subcode = ERRORS[how][phone]
            wait = {"Retry-After": "1"} if how == "429" else {}
            said = error(status, code, subcode, f"({code}) The person who wrote 'my flat is damp' cannot be reached")
            return Said(said.status, said.body, headers=wait)
        if how == "503":
            return Said(503, b"<html><h1>Service Unavailable</h1></html>")
        wrong = self._wrong_phone(message) if phone else self._wrong_page(message)
        if wrong:
            return error(400, 131009 if phone else 100, None, wrong)
        name = f"{'wamid.' if phone else 'm_'}out{len(self.letters) + 1}"
        self.letters.append({"id": name, **message})
        if how in ACCEPTED:
            return Said(ACCEPTED[how], b"<html><h1>Gateway Timeout</h1></html>")
        told: dict[str, Any] = {"recipient_id": message.get("recipient", {}).get("id"), "message_id": name} if not phone else {
            "messaging_product": "whatsapp",
            "contacts": [{"input": message.get("to") or message.get("recipient")}],
            "messages": [{"id": name}],
        }  # fmt: skip
        return Said(200, told, late=how == "timeout_after_accept")

    def _wrong_page(self, letter: dict[str, Any]) -> str | None:
        message = letter.get("message", {})
        named = letter.get("recipient", {})
        if len(named) != 1 or not isinstance(next(iter(named.values())), str) or set(named) - {"id", "comment_id", "post_id"}:
            return "(#100) The parameter recipient is required"
        if letter.get("messaging_type") not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            return "(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"
        if (letter["messaging_type"] == "MESSAGE_TAG") != (letter.get("tag") == "HUMAN_AGENT"):
            return "(#100) Param tag must be one of {HUMAN_AGENT}"
        if not 0 < self.count(message.get("text", "")) <= self.longest:
            return f"(#100) Length of param message[text] must be less than or equal to {self.longest}"
        replies = message.get("quick_replies", [])
        if len(replies) > 13 or any(len(each["title"]) > 20 or each["content_type"] != "text" for each in replies):
            return "(#100) Param message[quick_replies] is wrong"
        return None

    def _wrong_phone(self, letter: dict[str, Any]) -> str | None:
        if letter.get("messaging_product") != "whatsapp" or not (letter.get("to") or letter.get("recipient")):
            return "(#131009) Parameter value is not valid"
        if letter.get("recipient") and not BSUID.fullmatch(letter["recipient"]):
            return "(#131009) recipient is not a business-scoped user id"
        kind = letter.get("type")
        if kind == "text":
            return None if 0 < self.count(letter["text"]["body"]) <= 4096 else "(#131009) Param text['body'] is too long"
        if kind == "template":
            return self._wrong_template(letter["template"])
        return _wrong_interactive(letter.get("interactive", {})) if kind == "interactive" else "(#131051) Unsupported type"

    def _wrong_template(self, template: dict[str, Any]) -> str | None:
        wanted = self.templates.get(template["name"])
        given = sum(len(component["parameters"]) for component in template.get("components", []))
        if wanted is None:
            return "(#132001) Template name does not exist in the translation"
        return None if given == wanted else "(#132000) Number of parameters does not match"

    def _media(self, name: str) -> Said:
        content, kind = self.media[name]
        size = self.said_sizes.get(name, len(content))
        digest = hashlib.sha256(content).hexdigest()
        told = {"messaging_product": "whatsapp", "id": name, "mime_type": kind, "sha256": digest, "file_size": size}
        return Said(200, {"url": f"{self.url}/media/{name}?token=1", **told})

    def _content(self, asked: Asked) -> Said:
        name = asked.path.removeprefix("/media/")
        if name not in self.media:
            return Said(404, b"URL signature expired")
        # WhatsApp's own store wants the token; the open ones must never see it.
        if asked.one("token") and asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(401, b"")
        return Said(200, self.media[name][0], headers={"Content-Type": self.media[name][1]})

    def delivered(self) -> list[tuple[str, str]]:
        """Return who got which words: what was addressed wrongly was taken, and reaches nobody."""
        found = [(_addressee(letter), _words(letter)) for letter in self.letters]
        return [(who, words) for who, words in found if who is not None]


def error(status: int, code: int, subcode: int | None, message: str, kind: str = "OAuthException") -> Said:
    """Return an error as the Graph API tells it."""
    told = {"message": message, "type": kind, "code": code, "fbtrace_id": TRACE}
    return Said(status, {"error": told | ({"error_subcode": subcode} if subcode else {})})


def _wrong_interactive(told: dict[str, Any]) -> str | None:
    if not 0 < len(told.get("body", {}).get("text", "")) <= 1024:
        return "(#131009) Interactive message body is too long"
    if told["type"] == "button":
        buttons = [button["reply"] for button in told["action"]["buttons"]]
        right = 0 < len(buttons) <= 3 and all(len(each["title"]) <= 20 and len(each["id"]) <= 256 for each in buttons)
    else:
        rows = [row for section in told["action"]["sections"] for row in section["rows"]]
        right = len(told["action"]["button"]) <= 20 and 0 < len(rows) <= 10 and all(len(row["title"]) <= 24 for row in rows)
    return None if right else "(#131009) Interactive action is not valid"


def _addressee(letter: dict[str, Any]) -> str | None:
    recipient = letter.get("recipient")
    if isinstance(recipient, dict):
        [(key, name)] = recipient.items()
        return str(name) if key == "id" else f"{key.removesuffix('_id')}.{name}"
    # A business-scoped id as `to` loses its country and is taken for a number that nobody has.
    return str(recipient) if recipient else letter["to"] if letter["to"].isdigit() else None


def _words(letter: dict[str, Any]) -> str:
    kind = letter.get("type")
    if kind == "interactive":
        return str(letter["interactive"]["body"]["text"])
    if kind == "template":
        return f"template {letter['template']['name']}"
    return str(letter["text"]["body"] if kind == "text" else letter["message"]["text"])
