"""Asks a second reader over the web, by the chat-completions format that most servers of language models speak.

What a failure means: whatever says that the server is not as it should be (no connection, no answer in time, any status of
5xx, 401, 403, 404 or 429, a redirect, a body of another format) is ``ReaderUnavailable`` and tried again later. Whatever it
says of this one message (400 once it has voted, 413, 422, a refusal, an answer that was cut off or too long, other words than asked for) is
``NoVote``. Nothing of the message, of the answer or of the key is ever in an error's words.
"""

from __future__ import annotations

import asyncio
import ssl
from http import HTTPStatus
from typing import Any, Final

import httpx2
from pydantic import BaseModel, ValidationError

from classifiers.second_reader import Endpoint, NoVote, ReaderUnavailable, Vote
from classifiers.second_reader_masking import MaskedText
from classifiers.second_reader_prompt import one_line, question, vote_of

LONGEST_ANSWER: Final = 65_536
"""Bytes of the whole answer; the vote in it is a few hundred."""
MOST_TOKENS: Final = 300
LONGEST_PAUSE: Final = 3_600.0
_OF_THIS_MESSAGE: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
_MEANT: Final[dict[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "it does not take our key",
    HTTPStatus.FORBIDDEN: "it does not take our key",
    HTTPStatus.NOT_FOUND: "it knows neither this address nor this model",
    HTTPStatus.TOO_MANY_REQUESTS: "it is asked too often",
}


class _Said(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Completion(BaseModel):
    """The part of a chat completion that is read; other fields may be there."""

    choices: list[_Choice]
    model: str | None = None


class _TooLong(Exception):
    """The answer has more bytes than anybody reads."""


class ChatCompletions:
    """A second reader behind ``POST <base_url>/chat/completions``."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open nothing yet."""
        self._endpoint = endpoint
        self._address = f"{endpoint.base_url.rstrip('/')}/chat/completions"
        self._client: httpx2.AsyncClient | None = None
        self._has_voted = False

    async def vote(self, text: MaskedText) -> Vote | NoVote:
        """Ask for a vote; the whole takes no longer than ``answer_within``, however slowly the answer drips."""
        try:
            async with asyncio.timeout(self._endpoint.answer_within):
                status, headers, body = await self._ask(question(text))
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise ReaderUnavailable("it did not answer in time") from error
        except _TooLong:
            return NoVote(why="its answer is too long", model=self._endpoint.model)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ReaderUnavailable(f"it cannot be reached ({type(error).__name__})") from error
        answer = self._read(body) if status == HTTPStatus.OK else self._refused(status, headers)
        self._has_voted = self._has_voted or isinstance(answer, Vote)
        return answer

    async def close(self) -> None:
        """Close the client, if one was opened."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(self, messages: list[dict[str, str]]) -> tuple[int, httpx2.Headers, bytes]:
        asked: dict[str, Any] = {"model": self._endpoint.model, "messages": messages, "temperature": 0}
        asked |= {"max_tokens": MOST_TOKENS, "stream": False}
        if self._endpoint.json_mode:
            asked["response_format"] = {"type": "json_object"}
        async with self._opened().stream("POST", self._address, json=asked, headers=self._headers()) as answer:
            body = bytearray()
            # Whatever else a failed server sends is nobody's answer, however long it is.
            if answer.status_code != HTTPStatus.OK:
                return answer.status_code, answer.headers, b""
            # As it comes, for a small packed answer could become one that fills the memory.
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise _TooLong
            return answer.status_code, answer.headers, bytes(body)

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            own = self._endpoint
            timeout = httpx2.Timeout(own.answer_within, connect=own.connect_within)
            # No proxy of the environment, and no redirect: what a resident wrote goes to the address in the settings alone.
            self._client = httpx2.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False, verify=self._trust())
        return self._client

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._endpoint.ca_file)
        except OSError as error:  # an SSLError is one
            raise ReaderUnavailable(f"ca_file cannot be used ({error.strerror or type(error).__name__})") from error

    def _headers(self) -> dict[str, str]:
        plain = {"Accept-Encoding": "identity"}
        if self._endpoint.key_file is None:
            return plain
        try:
            key = self._endpoint.key_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise ReaderUnavailable(f"key_file cannot be read ({type(error).__name__})") from error
        if not key or not key.isprintable():
            raise ReaderUnavailable("key_file does not hold one line with a key")
        return plain | {"Authorization": f"Bearer {key}"}

    def _refused(self, status: int, headers: httpx2.Headers) -> NoVote:
        if status == HTTPStatus.BAD_REQUEST and not self._has_voted:
            # A server that takes no question of ours, such as one that knows no json_mode, says so of each.
            raise ReaderUnavailable("it refuses the question, and has never yet voted: see json_mode and model (status 400)")
        if status in _OF_THIS_MESSAGE:
            return NoVote(why=f"it could not read this message (status {status})", model=self._endpoint.model)
        raise ReaderUnavailable(f"{_MEANT.get(status, 'it failed')} (status {status})", _pause(headers.get("retry-after", "")))

    def _read(self, body: bytes) -> Vote | NoVote:
        try:
            completion = _Completion.model_validate_json(body)
        except ValidationError as error:
            raise ReaderUnavailable("it does not answer in the chat-completions format") from error
        if not completion.choices:
            raise ReaderUnavailable("it does not answer in the chat-completions format")
        model = one_line(completion.model or "")[:100] or self._endpoint.model
        choice = completion.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return NoVote(why="it refused to answer", model=model)
        if choice.finish_reason == "length":
            return NoVote(why="its answer was too long and was cut off", model=model)
        return vote_of(choice.message.content or "", model)


def _pause(said: str) -> float | None:
    """Return the seconds of a ``Retry-After``; a date in it, which such servers do not send, is passed over."""
    return min(float(said), LONGEST_PAUSE) if said.isascii() and said.isdigit() else None
