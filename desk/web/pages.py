"""Pages from templates: GOV.UK components, our macros, and the facts that every page shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk.web import chat_words, words
from desk.web.mail_words import reason_in_words
from handlers.machine_reasons import plain
from intake.identity import way_of
from intake.web_pages import asset_of

DESK = Path(__file__).resolve().parent.parent
STATIC = DESK / "static"


@cache
def templates() -> Environment:
    """Return the templates, compiled once; chainable, as the packaged ones ask whether things are there (letters are strict)."""
    packaged = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = ChoiceLoader([FileSystemLoader(DESK / "templates"), packaged])
    made = Environment(loader=loader, autoescape=True, undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True)
    for name in ("day", "weekday", "clock", "when", "due", "category", "language"):
        made.filters[name] = getattr(words, name)
    made.filters["plain"] = plain
    made.filters["unread"] = reason_in_words
    made.filters |= {"address": chat_words.address, "way": chat_words.way, "channel": chat_words.channel}
    made.filters |= {"route": chat_words.route, "title": chat_words.title, "way_of": way_of}
    made.filters["said"] = lambda code, names: words.said(getattr(words, names), code)
    made.globals |= {"words": words, "asset": asset_of(STATIC)}
    return made


class Pages:
    """Renders the desk's pages for one landlord."""

    def __init__(self, service_name: str, landlord_name: str) -> None:
        """Name the service in every title and header."""
        self._names = {"service_name": service_name, "landlord_name": landlord_name}

    def page(self, request: Request, template: str, /, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """Return a page made from a template and these facts; ``errors`` (by field) puts "Error:" before its title."""
        return HTMLResponse(self.text(request, template, **facts), status_code=status)

    def text(self, request: Request, template: str, /, **facts: Any) -> str:
        """Return the HTML of a template with these facts and those of every page."""
        shared = {
            "request": request,
            "person": getattr(request.state, "person", None),
            "cspNonce": getattr(request.state, "nonce", ""),
            "done": getattr(request.state, "notice", None),
            "here": request.url.path,
        }
        return templates().get_template(template).render(self._names | shared | facts)
