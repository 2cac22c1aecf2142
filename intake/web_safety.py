"""What stands around every page, the desk's too: refusal of requests forged by other sites, and headers that keep browsers strict."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of pages that hold no frame."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Other sites learn nothing. "no-referrer" would say as little, but makes old browsers name no origin with a form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
PRIVATE = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Headers of a page that only its own address protects."""
FORGED = "This request came from another site, so it was not carried out. Open the page again at our own address.\n"


class Strict:
    """Sets the headers; a page that needs other ones sets them itself, and those stand."""

    def __init__(self, app: ASGIApp, *, https: bool, policy: str = POLICY) -> None:
        """Stand around this application, under a content security policy."""
        self._app = app
        self._policy = policy
        self._own = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", self._policy.format(nonce=nonce))
                for name, value in self._own.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class SameSite:
    """Refuses what another site's page asked for: by ``Sec-Fetch-Site``, or else by ``Origin`` (Fetch Metadata)."""

    def __init__(self, app: ASGIApp, *, url: str, besides: tuple[str, ...] = ()) -> None:
        """Stand around this application, which browsers reach at this address; ``besides`` are paths that none asks for."""
        self._app = app
        self._own = origin_of(url)
        self._besides = besides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless another site forged it."""
        asks_change = scope["type"] == "http" and scope["method"] not in SAFE and not scope["path"].startswith(self._besides)
        if asks_change and forged(Headers(scope=scope), self._own):
            await PlainTextResponse(FORGED, status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


Origin = tuple[str, str, int]
"""Scheme, host and port (RFC 6454 section 4)."""


def forged(headers: Headers, own: Origin | None) -> bool:
    """Return whether a browser says that another site's page asked; what is no browser sends neither header.

    Browsers send ``Sec-Fetch-Site`` wherever the address is https or this machine's own; only old ones leave it out. Theirs
    is the ``Origin``, which must be the site's own address, whatever a proxy made of ``Host``. A site by http, which only
    this machine reaches, may be called by any of its names: there the origin's host must be the one asked for.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    told = headers.get("origin")
    if told is None:
        return False
    origin = origin_of(told)
    if origin is None:
        return True  # "null": a sandboxed frame, or a page that hides where it is
    return origin != own and (own is None or own[0] == "https" or origin != origin_of(f"http://{headers.get('host')}"))


def origin_of(address: str) -> Origin | None:
    """Return an address's origin, with the port that its scheme stands for; None where it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)
