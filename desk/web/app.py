"""The desk as one ASGI application: its routes, what stands around them, and what it says when something goes wrong."""

from __future__ import annotations

from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from desk.web import (
    account,
    case_acts,
    case_page,
    contacts,
    file_asking,
    files,
    letters,
    queue,
    replies,
    review,
    review_acts,
    search,
    settings,
    signing,
    single_sign_on,
    static_pages,
    users,
    views,
)
from desk.web.desk import Desk
from desk.web.notices import notice
from desk.web.pages import STATIC
from desk.web.reply_held import held
from desk.web.rights import NotSignedIn
from intake.hearing_out import HearsOut
from intake.web_safety import HEADERS, SameSite, Strict
from store.errors import StoreError

log = structlog.get_logger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy: originals are shown in frames of our own."""
LARGEST = 60 * 1024 * 1024
"""Bytes of one request: a logged contact with its scanned letters."""
ROUTERS = tuple(
    module.router
    for module in (
        static_pages,
        signing,
        single_sign_on,
        account,
        queue,
        views,
        review,
        review_acts,
        files,
        file_asking,
        case_page,
        case_acts,
        replies,
        contacts,
        search,
        letters,
        settings,
        users,
    )
)
TITLES = {
    403: "You cannot open this page",
    404: "Page not found",
    405: "Page not found",
    413: "What you sent is too large",
    422: "Something in the address or the form is wrong",
}
NOT_FOUND = 404


def application(desk: Desk) -> FastAPI:
    """Return the desk's application."""
    app = FastAPI(title="council-intake desk", openapi_url=None, docs_url=None, redoc_url=None, max_body_size=LARGEST)
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_with_person)
    app.add_middleware(SameSite, url=desk.settings.url)
    app.add_middleware(Strict, https=desk.settings.url.startswith("https://"), policy=POLICY)
    app.add_middleware(HearsOut)
    app.add_exception_handler(NotSignedIn, _sign_in)  # type: ignore[arg-type]  # the library types handlers by their base
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(StoreError, _unavailable)
    app.add_exception_handler(Exception, _broken)
    return app


async def _with_person(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Find out who is signed in, once for each page."""
    request.state.person = request.state.notice = None
    if request.url.path.startswith("/static/"):
        response = await answer(request)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if request.url.query else "no-cache"
        return response
    try:
        await run_in_threadpool(_find_out, request)
    except StoreError as error:  # raised out here, where no handler of the application's would see it
        return _unavailable(request, error)
    return await answer(request)


def _find_out(request: Request) -> None:
    """Note on the request who is signed in, and what is to be said to them."""
    desk: Desk = request.app.state.desk
    person = request.state.person = desk.sessions.person(request)
    if "done" in request.query_params or "told" in request.query_params:
        request.state.notice = notice(desk, request, person)


async def _sign_in(request: Request, error: NotSignedIn) -> Response:  # noqa: ARG001  # handlers are given both
    """Send to the sign-in page, and back afterwards where that is a page to look at; what was typed is shown to be kept."""
    if (kept := await held(request)) is not None:
        return kept
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = f"/sign-in?back={quote(back)}" if request.method == "GET" and back != "/" else "/sign-in"
    return RedirectResponse(where, status_code=303)


def _refused(request: Request, error: HTTPException) -> Response:
    title = TITLES.get(error.status_code, "Something went wrong")
    detail = error.detail if error.detail and not error.detail.startswith(("Not Found", "Forbidden")) else None
    return _problem(request, title, detail, error.status_code)


def _not_understood(request: Request, error: Exception) -> Response:
    names = {str(item["loc"][-1]) for item in error.errors()} if isinstance(error, RequestValidationError) else set()
    return _problem(request, TITLES[422], f"Look at: {', '.join(sorted(names))}." if names else None, 422)


def _unavailable(request: Request, error: Exception) -> Response:
    log.error("the desk could not use the store", error=str(error))
    return _problem(request, "The desk cannot reach its records", "Nothing was changed. Try again in a minute.", 503)


def _broken(request: Request, error: Exception) -> Response:
    """Say that something is wrong with the program itself; this answer passes no middleware, so it is made strict here."""
    log.error("a page failed", kind=type(error).__name__)  # the server's own log has where
    request.state.person = getattr(request.state, "person", None)
    nonce = getattr(request.state, "nonce", "")
    response = _problem(
        request, "Something went wrong", "Nothing was changed. It was noted for those who look after the desk.", 500
    )
    response.headers.update(HEADERS | {"Content-Security-Policy": POLICY.format(nonce=nonce)})
    return response


def _problem(request: Request, title: str, detail: str | None, status: int) -> Response:
    desk: Desk = request.app.state.desk
    return desk.pages.page(request, "problem.html", status=status, title=title, detail=detail)
