"""Public pages from templates: GOV.UK components without the government's looks, and the landlord's facts on every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from intake.web_pages import asset_of

PUBLIC = Path(__file__).resolve().parent
STATIC = PUBLIC / "static"
LONDON = ZoneInfo("Europe/London")
_NO_CHARACTERS = "".join(chr(plane * 0x10000 + place) for plane in range(17) for place in (0xFFFE, 0xFFFF))
UNFIT = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\u202d\\u202e{_NO_CHARACTERS}]")
"""What people may have written and no page may hold (HTML, 13.2.3.5), and what turns the direction of all that follows."""


@cache
def templates() -> Environment:
    """Return the templates, compiled once; chainable, as the packaged ones ask whether things are there."""
    packaged = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = ChoiceLoader([FileSystemLoader(PUBLIC / "templates"), packaged])
    made = Environment(loader=loader, autoescape=True, undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"day": day, "clock": clock, "telephone": telephone}
    made.globals["asset"] = asset_of(STATIC)
    return made


class Pages:
    """Renders the public pages of one landlord."""

    def __init__(self, shared: Mapping[str, Any]) -> None:
        """Say these facts to every page."""
        self._shared = dict(shared)

    def page(self, request: Request, template: str, /, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """Return a page made from a template and these facts; ``errors`` (by field) puts "Error:" before its title."""
        return HTMLResponse(self.text(request, template, **facts), status_code=status)

    def text(self, request: Request, template: str, /, **facts: Any) -> str:
        """Return the HTML of a template with these facts and those of every page."""
        told = {"cspNonce": getattr(request.state, "nonce", ""), "here": request.url.path}
        return UNFIT.sub("", templates().get_template(template).render(self._shared | told | facts))


def day(at: datetime) -> str:
    """Return a date as people say it, in London: "4 January 2027"."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def clock(at: datetime) -> str:
    """Return a time of day as people say it, in London: "5:30pm"."""
    local = at.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004  # noon


def telephone(number: str) -> str:
    """Return a telephone number as a ``tel:`` link has it."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")
