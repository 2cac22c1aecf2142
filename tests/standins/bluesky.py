"""A stand-in for a server of the AT Protocol with Bluesky's chat behind it, after the lexicons of com.atproto and chat.bsky.

Logins are counted and run out, a call to the chat needs the header that names its service, and errors are a name and a
sentence. The log gives what comes after the cursor, revisions are TIDs, and a new conversation is a request until accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from intake.bluesky_chat.tids import tid_of
from standins.loopback import Asked, Loopback, Said

HANDLE, PASSWORD = "homes.borough.example", "abcd-efgh-ijkl-mnop"
DID = "did:plc:landlord"
SERVICE = "did:web:api.bsky.chat#bsky_chat"
LONGEST = 1000
PAGE = 50
DEFS = "chat.bsky.convo.defs#"
_BEGIN = 1_900_000_000_000_000_000


class BlueskyServer(Loopback):
    """One server, with our account and the people who write to it."""

    def __init__(self) -> None:
        super().__init__()
        self.convos: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.log: list[dict[str, Any]] = []
        self.profiles: dict[str, dict[str, Any]] = {}
        self.blocking: set[str] = set()
        self.how: str | None = None
        self.allow: str | None = "all"
        self.log_reaches_back = 10_000
        self.logins = self.renewals = 0
        self.may_chat = True
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._revision = 0
        self._tokens: dict[str, str] = {}

    # What people do.

    def receive(self, person: str, message: dict[str, Any] | Any, *, convo: str | None = None) -> None:
        """Put a message into the conversation with somebody, as that somebody."""
        with self.lock:
            id_ = convo or self._convo_with(person)["id"]
            message = message | {"rev": self._next()} if isinstance(message, dict) else message
            self.messages[id_].append(message)
            self.convos[id_]["rev"] = message["rev"] if isinstance(message, dict) else self._next()
            self._tell("logCreateMessage", id_, message=message)

    def delete(self, person: str, message_id: str) -> None:
        """Take a message away."""
        with self.lock:
            id_ = self._convo_with(person)["id"]
            for message in self.messages[id_]:
                if isinstance(message, dict) and message["id"] == message_id:
                    kept = {key: message[key] for key in ("id", "sender", "sentAt")}
                    gone = kept | {"$type": f"{DEFS}deletedMessageView", "rev": self._next()}
                    self.messages[id_][self.messages[id_].index(message)] = gone
                    self._tell("logDeleteMessage", id_, message=gone)
                    return

    def run_out(self) -> None:
        """Let every access token run out."""
        with self.lock:
            self._tokens = {token: kind for token, kind in self._tokens.items() if kind == "renewal"}

    def _convo_with(self, person: str, status: str = "request") -> dict[str, Any]:
        id_ = f"convo-{person.rpartition(':')[2]}"
        if id_ not in self.convos:
            members = [self.profiles[person], {"did": DID, "handle": HANDLE}]
            told = {"id": id_, "members": members, "muted": False, "unreadCount": 0, "status": status}
            self.convos[id_] = told | {"rev": self._next(), "kind": {"$type": f"{DEFS}directConvo"}}
            self.messages[id_] = []
            self._tell("logBeginConvo", id_)
        return self.convos[id_]

    def _tell(self, kind: str, convo: str, **more: Any) -> None:
        rev = more["message"]["rev"] if isinstance(more.get("message"), dict) else self._next()
        self.log.append({"$type": f"{DEFS}{kind}", "rev": rev, "convoId": convo} | more)

    def _next(self) -> str:
        self._revision += 1
        return tid_of(_BEGIN + self._revision)

    # What we ask.

    def answer(self, asked: Asked) -> Said:  # noqa: PLR0911 - one a refusal
        method = asked.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self._log_in(asked)
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if method == "com.atproto.server.refreshSession":
            if self._tokens.pop(token, None) != "renewal":
                return _no("ExpiredToken", "Token has been revoked")
            self.renewals += 1
            return Said(200, self._keys())
        if self._tokens.get(token) != "access":
            return _no("ExpiredToken", "Token has expired") if token else _no("AuthMissing", "Authentication Required", 401)
        if method == "com.atproto.repo.getRecord":
            return self._declaration(asked)
        if asked.headers.get("atproto-proxy") != SERVICE:
            return _no("MethodNotImplemented", "Method Not Implemented", 501)
        if not self.may_chat:
            return _no("InvalidToken", "Bad token scope", 400)
        return self._chat(method.removeprefix("chat.bsky.convo."), asked)

    def _log_in(self, asked: Asked) -> Said:
        if asked.json != {"identifier": HANDLE, "password": PASSWORD}:
            return _no("AuthenticationRequired", "Invalid identifier or password", 401)
        self.logins += 1
        home = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        return Said(200, self._keys() | {"didDoc": {"id": DID, "service": [home]}})

    def _keys(self) -> dict[str, Any]:
        number = self.logins + self.renewals
        access, renewal = f"access-token-{number}", f"renewal-token-{number}"
        self._tokens |= {access: "access", renewal: "renewal"}
        return {"did": DID, "handle": HANDLE, "accessJwt": access, "refreshJwt": renewal, "active": True}

    def _declaration(self, asked: Asked) -> Said:
        if self.allow is None:
            return _no("RecordNotFound", "Could not locate record")
        uri = f"at://{DID}/{asked.one('collection')}/self"
        return Said(200, {"uri": uri, "value": {"$type": asked.one("collection"), "allowIncoming": self.allow}})

    def _chat(self, method: str, asked: Asked) -> Said:
        known: dict[str, Callable[[Asked], Said]] = {
            "listConvos": self._list,
            "getConvo": lambda asked: self._one_convo(asked.one("convoId")),
            "getConvoForMembers": self._for_members,
            "getMessages": self._get_messages,
            "getLog": self._get_log,
            "acceptConvo": self._accept,
            "sendMessage": self._send_message,
        }
        wanted = "POST" if method in ("acceptConvo", "sendMessage") else "GET"
        if method not in known or asked.method != wanted:
            return _no("MethodNotImplemented", "Method Not Implemented", 501)
        return known[method](asked)

    def _list(self, asked: Asked) -> Said:
        newest = sorted(self.convos.values(), key=lambda convo: convo["rev"], reverse=True)
        start, limit = int(asked.one("cursor", "0")), int(asked.one("limit", "50"))
        page = [self._view(convo) for convo in newest[start : start + limit]]
        more = {"cursor": str(start + limit)} if start + limit < len(newest) else {}
        return Said(200, {"convos": page} | more)

    def _view(self, convo: dict[str, Any]) -> dict[str, Any]:
        messages = self.messages[convo["id"]]
        return convo | ({"lastMessage": messages[-1]} if messages else {})

    def _one_convo(self, id_: str) -> Said:
        convo = self.convos.get(id_)
        return Said(200, {"convo": self._view(convo)}) if convo else _no("InvalidConvo", "Convo not found")

    def _for_members(self, asked: Asked) -> Said:
        person = asked.one("members")
        if person not in self.profiles:
            return _no("InvalidRequest", "recipient does not exist")
        if person in self.blocking or self.how == "blocked":
            self.how = None
            return _no("InvalidRequest", "block between recipient and sender")
        return Said(200, {"convo": self._view(self._convo_with(person, "accepted"))})

    def _get_messages(self, asked: Asked) -> Said:
        if asked.one("convoId") not in self.convos:
            return _no("InvalidConvo", "Convo not found")
        newest = self.messages[asked.one("convoId")][::-1]
        start, limit = int(asked.one("cursor", "0")), int(asked.one("limit", "50"))
        more = {"cursor": str(start + limit)} if start + limit < len(newest) else {}
        return Said(200, {"messages": newest[start : start + limit]} | more)

    def _get_log(self, asked: Asked) -> Said:
        cursor = asked.one("cursor")
        after = (
            [event for event in self.log[-self.log_reaches_back :] if event["rev"] > cursor][:PAGE]
            if self.log_reaches_back
            else []
        )
        return Said(200, {"logs": after, "cursor": max([cursor, *(event["rev"] for event in after)])})

    def _accept(self, asked: Asked) -> Said:
        convo = self.convos.get(asked.json["convoId"])
        if convo is None:
            return _no("InvalidConvo", "Convo not found")
        convo["status"] = "accepted"
        return Said(200, {"rev": convo["rev"]})

    def _send_message(self, asked: Asked) -> Said:
        how, self.how = self.how, None
        if how == "busy":
            return Said(502, {"error": "UpstreamFailure", "message": "Upstream Failure"})
        if how == "429":
            soon = {
                "RateLimit-Limit": "10",
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(int(datetime.now(UTC).timestamp()) + 1),
            }
            return Said(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, soon)
        text, id_ = asked.json["message"]["text"], asked.json["convoId"]
        if how == "refused" or len(text) > LONGEST or len(text.encode()) > 10 * LONGEST:
            return _no("InvalidRequest", "Input/message/text must not be longer than 1000 graphemes")
        return Said(200, self.send(id_, text), late=how == "timeout_after_accept")

    def send(self, convo: str, text: str, id_: str | None = None) -> dict[str, Any]:
        """Put a message of our own account into a conversation."""
        with self.lock:
            number = sum(map(len, self.messages.values()))
            told = {"$type": f"{DEFS}messageView", "id": id_ or f"ours{number}", "rev": self._next(), "text": text}
            message = told | {"sender": {"did": DID}, "sentAt": time_of(self.now())}
            self.messages[convo].append(message)
            self.convos[convo]["rev"] = message["rev"]
            self._tell("logCreateMessage", convo, message=message)
            return message

    def sent(self) -> list[tuple[str, str]]:
        """Return what people were shown from our account: DID and words, in order."""
        ours = [
            (message["rev"], convo["members"][0]["did"], message["text"])
            for id_, convo in self.convos.items()
            for message in self.messages[id_]
            if isinstance(message, dict) and message["sender"]["did"] == DID and re.match(r"ours\d", message["id"])
        ]
        return [(person, text) for _, person, text in sorted(ours)]


def time_of(when: datetime) -> str:
    """Write a time as the network does."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _no(name: str, sentence: str, status: int = 400) -> Said:
    return Said(status, {"error": name, "message": sentence})
