"""A stand-in for the Bot API server, as https://core.telegram.org/bots/api and tdlib/telegram-bot-api say.

An update is kept until a question for news carries a higher offset; a second question ends the first with 409, and a webhook
ends all questions; which kinds are queued is what was last asked for. The token is in the path: one of the wrong form is 404,
a wrong one 401. A bot may write only to people who wrote to it and have not blocked it. Files come by a path that getFile
gives, up to 20 MB. Errors have ``ok``, ``error_code``, ``description``, and ``parameters`` where there are any.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from standins.loopback import Asked, Loopback, Said

TOKEN = "7654321:AAF-stand-in_token_of-a-bot_0123456"
BOT = {"id": 7654321, "is_bot": True, "first_name": "Borough Homes", "username": "borough_homes_bot"}
LONGEST, LARGEST = 4096, 20 * 1024 * 1024
PORTS = {None, "443", "80", "88", "8443"}
NOT_BY_ITSELF = {"chat_member", "message_reaction", "message_reaction_count"}
ACCEPTED = {"408_after_accept": 408, "500_after_accept": 500, "502_after_accept": 502, "504_after_accept": 504}
"""What a gateway answers when it gave up waiting for a letter that had gone on."""
_PATH = re.compile(r"/(file/)?bot([^/]+)/(.*)")
_TOKEN_FORM = re.compile(r"[0-9]+:[A-Za-z0-9_-]{20,}")
_HOOK = re.compile(r"https://[^/:]+(?::(\d+))?(?:/.*)?")


class Refused(Exception):
    """A call that is answered with an error."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.said = Said(
            code,
            {"ok": False, "error_code": code, "description": description} | ({"parameters": parameters} if parameters else {}),
        )


@dataclass
class Held:
    """A file; ``said_size`` is what the server says of its size, true or not."""

    content: bytes
    path: str
    said_size: int | None = None


class BotApi(Loopback):
    """The server, with one bot and the people who write to it; tests bend it by its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.news = threading.Condition(self.lock)
        self.waiting: list[tuple[int, Any]] = []
        self.next_update = 418_000_001
        self.allowed: list[str] | None = None
        self.chats: dict[int, dict[str, Any]] = {}
        self.blocked_by: set[int] = set()
        self.deactivated: set[int] = set()
        self.moved: dict[int, int] = {}
        self.letters: list[dict[str, Any]] = []
        self.answers_to: dict[int, int | None] = {}
        self.files: dict[str, Held] = {}
        self.lost: set[str] = set()
        self.answered: list[str] = []
        self.how: str | None = None
        self.retry_after = 1
        self.webhook: dict[str, Any] = {}
        self.failed_at: int | None = None
        self.failing_news = 0
        self._asking = 0

    # What happens among people.

    def tell(self, update: Any) -> int | None:
        """Queue an update under the next number, unless its kind is not asked for; whoever wrote may be written to."""
        with self.lock:
            kind = next(iter(update), "") if isinstance(update, dict) else ""
            if self.allowed and kind not in self.allowed and isinstance(update, dict) and kind in KINDS:
                return None
            number, self.next_update = self.next_update, self.next_update + 1
            self.waiting.append((number, {"update_id": number} | update if isinstance(update, dict) else update))
            self._meet(update)
            self.news.notify_all()
            return number

    def is_confirmed(self, number: int | None) -> bool:
        """Say whether an update was confirmed, or never queued."""
        with self.lock:
            return all(kept != number for kept, _ in self.waiting)

    def _meet(self, update: Any) -> None:
        for body in update.values() if isinstance(update, dict) else ():
            chat = body.get("chat") if isinstance(body, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                self.chats[chat["id"]] = chat

    # The calls.

    def answer(self, asked: Asked) -> Said:
        try:
            result = self._result(asked)
        except Refused as refused:
            return refused.said
        return result if isinstance(result, Said) else _yes(result)

    def _result(self, asked: Asked) -> Any:
        found = _PATH.fullmatch(asked.path)
        if found is None or not _TOKEN_FORM.fullmatch(found[2]):
            raise Refused(404, "Not Found")
        if found[2] != TOKEN:
            raise Refused(401, "Unauthorized")
        if found[1]:
            return self._download(unquote(found[3]))
        method = getattr(self, f"_do_{found[3].lower()}", None)
        if method is None:
            raise Refused(404, "Not Found")
        return method(_fields(asked))

    def _do_getme(self, _fields: dict[str, Any]) -> Any:
        return BOT

    def _do_getupdates(self, fields: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        if self.failing_news:
            self.failing_news -= 1
            raise Refused(502, "Bad Gateway")
        self._allow(fields)
        offset = int(fields.get("offset", 0))
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset > 0:
            self.waiting = [one for one in self.waiting if one[0] >= offset]
        self._asking += 1
        own = self._asking
        self.news.notify_all()
        self.news.wait_for(lambda: self.waiting or self._asking != own, timeout=min(int(fields.get("timeout", 0)), 50))
        if self._asking != own:
            raise Refused(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        limit = min(max(int(fields.get("limit", 100)), 1), 100)
        return [update for _, update in self.waiting[:limit]]

    def _do_setwebhook(self, fields: dict[str, Any]) -> Any:
        hook, secret = _HOOK.fullmatch(str(fields.get("url", ""))), str(fields.get("secret_token", ""))
        if hook is None:
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if hook[1] not in PORTS:
            raise Refused(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self._allow(fields)
        self.webhook, self.failed_at = {"url": fields["url"], "secret_token": secret}, None
        return True

    def _do_deletewebhook(self, fields: dict[str, Any]) -> Any:
        self.webhook = {}
        if str(fields.get("drop_pending_updates", "false")).lower() == "true":
            self.waiting.clear()
        return True

    def _do_getwebhookinfo(self, _fields: dict[str, Any]) -> Any:
        info = {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        failed = {"last_error_date": self.failed_at, "last_error_message": "Wrong response from the webhook: 503"}
        more = {"max_connections": 40} if self.webhook else {}
        return info | (failed if self.failed_at else {}) | more | ({"allowed_updates": self.allowed} if self.allowed else {})

    def _do_sendmessage(self, fields: dict[str, Any]) -> Any:
        how, self.how = self.how, None
        if how == "busy":
            return Said(503, b"<html><head><title>503 Service Temporarily Unavailable</title></head></html>")
        if how == "429":
            raise Refused(429, f"Too Many Requests: retry after {self.retry_after}", retry_after=self.retry_after)
        if how == "refused":
            raise Refused(400, "Bad Request: have no rights to send a message")
        chat = self._chat_to_write_to(int(fields["chat_id"]), how)
        letter = self._letter(chat, fields)
        self.letters.append(letter)
        if how == "nonsense":
            return Said(200, b"it is fine")
        if how in ACCEPTED:
            return Said(ACCEPTED[how], b"<html><head><title>Bad Gateway</title></head></html>")
        return Said(200, _yes(letter).body, late=how == "timeout_after_accept")

    def _chat_to_write_to(self, chat: int, how: str | None) -> int:
        if chat in self.moved:
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.moved[chat])
        if chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        if how == "blocked" or chat in self.blocked_by:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        return chat

    def _letter(self, chat: int, fields: dict[str, Any]) -> dict[str, Any]:
        text = str(fields.get("text", "")).strip()
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        if len(text) > LONGEST:
            raise Refused(400, "Bad Request: message is too long")
        if "parse_mode" in fields:
            raise Refused(400, "Bad Request: unsupported parse_mode")
        markup, answers = json.loads(fields.get("reply_markup", "{}")), json.loads(fields.get("reply_parameters", "{}"))
        for button in (one for row in markup.get("inline_keyboard", []) for one in row):
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        number = 500_000 + len(self.letters)
        told = {"message_id": number, "from": BOT, "chat": self.chats[chat], "date": int(time.time()), "text": text}
        more = {"reply_markup": markup} if markup else {}
        preview = (
            {"link_preview_options": json.loads(fields["link_preview_options"])} if "link_preview_options" in fields else {}
        )
        self.answers_to[number] = answers.get("message_id")
        return told | more | preview

    def _do_answercallbackquery(self, fields: dict[str, Any]) -> Any:
        callback = str(fields.get("callback_query_id", ""))
        if not callback:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(callback)
        return True

    def _do_getfile(self, fields: dict[str, Any]) -> Any:
        held = self.files.get(str(fields.get("file_id")))
        if held is None:
            raise Refused(400, "Bad Request: invalid file_id")
        size = held.said_size or len(held.content)
        if size > LARGEST and not held.path.startswith("/"):
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": fields["file_id"], "file_unique_id": "u", "file_size": size, "file_path": held.path}

    def _download(self, path: str) -> Said:
        held = next((one for one in self.files.values() if one.path == path), None)
        if held is None or path in self.lost:
            raise Refused(404, "Not Found")
        return Said(200, held.content)

    def _allow(self, fields: dict[str, Any]) -> None:
        if "allowed_updates" in fields:
            self.allowed = json.loads(fields["allowed_updates"])

    # The webhook.

    def push(self, post: Callable[[dict[str, str], bytes], tuple[int, str, str]], most_tries: int = 10) -> None:
        """Post what waits, one update after the other, each again until it is answered with 2xx.

        ``post`` gives status, media type and body of the answer, which may be one call in JSON; its own answer nobody gets.
        """
        for _ in range(most_tries):
            with self.lock:
                if not self.waiting or not self.webhook:
                    return
                number, update = self.waiting[0]
                head = {"content-type": "application/json", "x-telegram-bot-api-secret-token": self.webhook["secret_token"]}
            status, kind, body = post(head, json.dumps(update).encode())
            if 200 <= status < 300:
                self._call_in_answer(kind, body)
                with self.lock:
                    self.waiting = [one for one in self.waiting if one[0] != number]
                    most_tries += 1
            else:
                self.failed_at = int(time.time())

    def _call_in_answer(self, kind: str, body: str) -> None:
        if kind.startswith("application/json") and body:
            fields = json.loads(body)
            with self.lock, contextlib.suppress(Refused):
                getattr(self, f"_do_{fields.pop('method').lower()}")(fields)


KINDS = {"message", "edited_message", "callback_query", "my_chat_member", "channel_post", "inline_query", "poll"}


def _fields(asked: Asked) -> dict[str, Any]:
    given = dict(asked.query)
    if asked.headers.get("content-type", "").startswith("application/json"):
        return given | asked.json
    return given | asked.form


def _yes(result: Any) -> Said:
    return Said(200, {"ok": True, "result": result})
