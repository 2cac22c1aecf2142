"""Hears senders out before they are answered, so that an answer reaches whoever is still sending.

A browser reads nothing before it has sent all. Answered in the middle of a large form it would go on sending, and a server that
closes an idle line would cut it off there, with the answer unread (RFC 9112 section 9.6).
"""

from __future__ import annotations

import asyncio
import contextlib

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 512 * 1024 * 1024
"""Bytes of one request that are read only to be dropped: a long film from a telephone."""
LONGEST = 600.0
"""Seconds that an answer waits for them at the most."""


class HearsOut:
    """Reads and drops what is left of a request, within bounds, before the answer to it begins; nothing of it is held."""

    def __init__(self, app: ASGIApp, *, most: int = MOST, longest: float = LONGEST) -> None:
        """Stand around this application."""
        self._app = app
        self._most, self._longest = most, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back when all of the request is there."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        heard = False

        async def hear() -> Message:
            nonlocal heard
            message = await receive()
            heard = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and not heard:
                await self._drop(hear)
            await send(message)

        await self._app(scope, hear, answer)

    async def _drop(self, hear: Receive) -> None:
        left = self._most
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._longest):
                while left > 0:
                    message = await hear()
                    if message["type"] != "http.request" or not message.get("more_body", False):
                        return
                    left -= len(message.get("body", b""))


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
