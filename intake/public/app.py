"""The public door as one ASGI application: its routes, what stands around them, and what it says when something goes wrong."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from intake.channel import InboxUnavailable
from intake.hearing_out import HearsOut
from intake.public import chat, form, own_page, proof, sent, start, webhooks
from intake.public.door import Door
from intake.public.pages import STATIC
from intake.public.residents import ResidentsUnavailable
from intake.web_safety import HEADERS, POLICY, SameSite, Strict

log = logging.getLogger(__name__)

ROUTERS = tuple(module.router for module in (start, form, sent, webhooks, chat, own_page, proof))
TITLES = {
    404: "Page not found",
    405: "Page not found",
    413: "What you sent is too large",
    422: "Something in the address or the form is wrong",
    429: "Too many messages came from your network",
}
WRONG, AWAY, BROKEN = 422, 503, 500
HOOKS = "/hooks/"
"""Platforms call here, not browsers: their requests are proven by their signatures."""


class KeptFiles(StaticFiles):
    """Static files, which browsers may keep for ever, as their addresses change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be kept where it was asked for by its content's hash."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if scope["query_string"] else "no-cache"
        return response


def application(door: Door) -> FastAPI:
    """Return the application of the public door."""
    app = FastAPI(title="council-intake public door", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.door = door
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    app.add_middleware(SameSite, url=door.url, besides=(HOOKS,))
    app.add_middleware(Strict, https=door.url.startswith("https://"))
    app.add_middleware(HearsOut)
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]  # the library types handlers by their base
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(InboxUnavailable, _unavailable)
    app.add_exception_handler(ResidentsUnavailable, _unavailable)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _broken)
    return app


def _refused(request: Request, error: HTTPException) -> Response:
    response = _problem(request, TITLES.get(error.status_code, "Something went wrong"), error.status_code)
    response.headers.update(error.headers or {})
    return response


def _not_understood(request: Request, error: Exception) -> Response:  # noqa: ARG001  # handlers are given both
    return _problem(request, TITLES[WRONG], WRONG)


def _unavailable(request: Request, error: Exception) -> Response:
    log.error("the public door could not use the house", extra={"kind": type(error).__name__})
    response = _problem(request, "We cannot take your message now" if _sends(request) else "We cannot show this page now", AWAY)
    response.headers["Retry-After"] = "60"
    return response


def _gone(request: Request, error: Exception) -> Response:  # noqa: ARG001  # handlers are given both
    """Answer nobody: whoever asked went away in the middle of what they sent."""
    return Response(status_code=400)


def _broken(request: Request, error: Exception) -> Response:
    """Say that something is wrong with the program itself; this answer passes no middleware, so it is made strict here."""
    log.error("a public page failed", extra={"kind": type(error).__name__})
    response = _problem(request, "Something went wrong", BROKEN)
    nonce = getattr(request.state, "nonce", "")
    response.headers.update(HEADERS | {"Content-Security-Policy": POLICY.format(nonce=nonce)})
    return response


def _problem(request: Request, title: str, status: int) -> Response:
    door: Door = request.app.state.door
    told = {"title": title, "status_code": status, "sends": _sends(request)}
    return door.pages.page(request, "problem.html", status=status, **told)


def _sends(request: Request) -> bool:
    return request.method == "POST"
