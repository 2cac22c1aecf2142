"""A stand-in for a server of language models: it follows the chat-completions format, checks what it is asked, and can fail.

A model of rules answers: the category is the first one that the resident's words name (``complaint!``), else service_request.
It does as the words between the marks say where they give it an order (``ordered``), as a weak model would.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from standins.loopback import Asked, Loopback, Said

KEY = "sk-of-the-stand-in-77"
MODEL = "reader-7b"
_MARKED = re.compile(r"(==[0-9a-f]{16}==)\n(.*)\n\1\n", re.DOTALL)
_ORDERED = re.compile(r"umbrella: (.*)", re.DOTALL)
_NAMED = re.compile(r"complaint|asb_report|out_of_scope|service_request")


class Reader(Loopback):
    """The server: what it was asked, and what its model says next (``says`` for any content of a well-formed answer)."""

    def __init__(self, key: str | None = KEY) -> None:
        super().__init__()
        self.key = key
        self.says: list[str] = []

    @property
    def heard(self) -> list[str]:
        """Return what stood between the marks of each question that was well put."""
        return [found[2] for asked in self.asked if (found := _MARKED.search(asked.json["messages"][-1]["content"]))]

    def answer(self, asked: Asked) -> Said:
        """Answer as the format has it: 404 elsewhere, 401 without the key, 400 for a question that is not well-formed."""
        if (asked.method, asked.path) != ("POST", "/v1/chat/completions"):
            return _error(404, "not_found_error", "no such address")
        if self.key is not None and asked.headers.get("authorization") != f"Bearer {self.key}":
            return _error(401, "invalid_request_error", "Incorrect API key provided")
        if (fault := _fault(asked)) is not None:
            return _error(400, "invalid_request_error", fault)
        if asked.json["model"] != MODEL:
            return _error(404, "invalid_request_error", f"The model {asked.json['model']!r} does not exist")
        words = _MARKED.search(asked.json["messages"][-1]["content"])
        return completion(self.says.pop(0) if self.says else _read(words[2] if words else ""))


def completion(content: str | None, finish: str = "stop", **message: Any) -> Said:
    """Return an answer in the format."""
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": finish}
    usage = {"prompt_tokens": 700, "completion_tokens": 40, "total_tokens": 740}
    told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1795435200, "model": f"{MODEL}-q4"}
    return Said(200, told | {"choices": [choice], "usage": usage})


def vote(category: str, why: str = "says so", **more: Any) -> str:
    """Return the content of a well-formed vote."""
    reason = "other_council_service" if category == "out_of_scope" else None
    return json.dumps({"category": category, "reason": reason, "why": why} | more)


def ordered(content: str) -> str:
    """Return words that make the model answer so: an order in a form that no pattern of ours knows."""
    return f"umbrella: {codecs.encode(content, 'rot13')}"


def refused(status: int, **headers: str) -> Said:
    """Return a refusal with a status."""
    said = _error(status, "server_error", "something is wrong here")
    return Said(status, said.body, {name.replace("_", "-"): value for name, value in headers.items()})


def _read(words: str) -> str:
    if order := _ORDERED.search(words):
        return codecs.decode(order[1].strip(), "rot13")
    named = _NAMED.search(words)
    return vote(named[0] if named else "service_request", "the words name it")


def _fault(asked: Asked) -> str | None:
    """Return what is wrong with a question, by the format's own rules."""
    try:
        told = asked.json
    except ValueError:
        return "We could not parse the JSON body of your request."
    messages = told.get("messages")
    if not asked.headers.get("content-type", "").startswith("application/json") or not isinstance(messages, list):
        return "messages is required"
    if not all(m.get("role") in ("system", "user", "assistant") and isinstance(m.get("content"), str) for m in messages):
        return "messages: each has a role and a content"
    if told.get("response_format", {"type": "text"})["type"] == "json_object" and "JSON" not in str(messages):
        return "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    return None if 0 <= told.get("temperature", 1) <= 2 and told.get("max_tokens", 1) > 0 else "out of range"


def _error(status: int, kind: str, message: str) -> Said:
    return Said(status, {"error": {"message": message, "type": kind, "param": None, "code": None}})
