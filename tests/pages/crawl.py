"""Walks through the desk as somebody signed in: every link, every form that only asks, every route with real ids."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from fastapi.routing import APIRoute
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from desks import ORIGIN

MOST = 25
"""Addresses of one route that are asked for; more of the same teach nothing."""
WORDS = ("boiler", "nobody came", "الرطوبة", "")
"""What is put into a search field."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the desk answered to one address."""

    address: str
    route: str
    status: int
    kind: str
    text: str
    linked_from: str | None = None
    framed: bool = False
    """Whether it is somebody's letter or mail, for a frame in which nothing can act."""

    @property
    def is_page(self) -> bool:
        return self.kind.startswith("text/html")

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form on a page, with what it would send untouched."""

    page: str
    route: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass
class Crawl:
    """Everything that one person reached."""

    answers: list[Answer] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def pages(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_page]

    @property
    def reached(self) -> set[str]:
        """The routes that answered with what was asked for."""
        return {answer.route for answer in self.answers if answer.status < 400}


def routes_of(app) -> list[APIRoute]:
    """Return the application's own routes."""
    found, ahead = [], deque(app.routes)
    while ahead:
        route = ahead.popleft()
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            ahead.extend(getattr(getattr(route, "original_router", route), "routes", None) or [])
    return found


def asked(app) -> set[str]:
    """Return the paths of the routes that only show."""
    return {route.path for route in routes_of(app) if "GET" in route.methods}


def crawl(client: TestClient, start: tuple[str, ...] = ("/",)) -> Crawl:
    """Follow everything that only asks, from the start to the end."""
    walk = _Walk(client)
    for address in (*start, *sorted(path for path in asked(client.app) if "{" not in path)):
        walk.ahead.append(address)
    walk.go()
    walk.fill_routes()
    return walk.crawl


class _Walk:
    def __init__(self, client: TestClient) -> None:
        self.client, self.crawl = client, Crawl()
        self.ahead: deque[str] = deque()
        self.linked: dict[str, str] = {}
        self.seen: set[str] = set()
        self.count: dict[str, int] = defaultdict(int)
        self.routes = [route for route in routes_of(client.app) if "GET" in route.methods]
        self.posts = [route for route in routes_of(client.app) if "POST" in route.methods]

    def go(self) -> None:
        while self.ahead:
            address = self.ahead.popleft()
            if address not in self.seen:
                self.seen.add(address)
                self.visit(address)

    def visit(self, address: str) -> None:
        route = self.route_of(address, self.routes)
        self.count[route] += 1
        if self.count[route] > MOST:
            return
        try:
            response = self.client.get(address)
        except Exception as error:  # noqa: BLE001  # whatever a page raises is shown with its address
            self.crawl.answers.append(
                Answer(address=address, route=route, status=500, kind=repr(error), text="", linked_from="an error")
            )
            return
        kind = response.headers.get("content-type", "")
        answer = Answer(
            address=address, route=route, status=response.status_code, kind=kind,
            text=response.text if kind.startswith("text/html") else "", linked_from=self.linked.get(address),
            framed="sandbox" in response.headers.get("content-security-policy", ""),
        )  # fmt: skip
        self.crawl.answers.append(answer)
        if "location" in response.headers:
            self.follow(address, response.headers["location"])
        if answer.is_page:
            self.read(answer)

    def read(self, answer: Answer) -> None:
        for name in ("a[href]", "iframe[src]", "img[src]", "link[href]", "[hx-get]", "frame[src]"):
            for node in answer.tree.css(name):
                self.follow(answer.address, node.attributes.get(name.split("[")[1].rstrip("]")) or "")
        for node in answer.tree.css("form"):
            form = self.form(answer, node)
            self.crawl.forms.append(form)
            if form.method == "get":
                self.submit(form)

    def form(self, answer: Answer, node: LexborNode) -> Form:
        action = urljoin(answer.address, node.attributes.get("action") or answer.address)
        method = (node.attributes.get("method") or "get").lower()
        route = self.route_of(action, self.routes if method == "get" else self.posts)
        fields = list(fields_of(answer.tree, node))
        return Form(
            page=answer.address, route=route, action=action, method=method,
            fields=tuple((name, value) for name, value, _ in fields),
            hidden=tuple((name, value) for name, value, kind in fields if kind == "hidden"),
        )  # fmt: skip

    def submit(self, form: Form) -> None:
        """Send a form that only asks: as it stands, with words in its text fields, and with each of its choices."""
        base = urlsplit(form.action).path
        self.follow(form.page, f"{base}?{urlencode(form.fields)}")
        for words in WORDS:
            self.follow(form.page, f"{base}?{urlencode([(name, value or words) for name, value in form.fields])}")

    def follow(self, page: str, address: str) -> None:
        parts = urlsplit(urljoin(f"{ORIGIN}{page}", address))
        if address.startswith("#") or f"{parts.scheme}://{parts.netloc}" != ORIGIN:
            return
        query = urlencode(sorted(set(parse_qsl(parts.query, keep_blank_values=True))))
        found = parts.path + (f"?{query}" if query else "")
        self.linked.setdefault(found, page)
        self.ahead.append(found)

    def route_of(self, address: str, routes: list[APIRoute]) -> str:
        path = urlsplit(address).path
        for route in routes:
            if found := route.path_regex.match(path):
                for name, value in found.groupdict().items():
                    if value not in self.crawl.ids[name]:
                        self.crawl.ids[name].append(value)
                return route.path
        return "/static" if path.startswith("/static/") else "(no route)"

    def fill_routes(self) -> None:
        """Ask for the routes that no link led to, with the ids met on the way."""
        for route in self.routes:
            if route.path in self.crawl.reached:
                continue
            known = [self.crawl.ids[name][:6] for name in route.param_convertors]
            for values in itertools.islice(itertools.product(*known), MOST):
                given = dict(zip(route.param_convertors, values, strict=True))
                self.ahead.append(route.path_format.format(**given))
            self.go()


def sent_in(client: TestClient, form: Form) -> Answer:
    """Send a form in with its hidden fields alone, and return what came back."""
    response = client.post(urlsplit(form.action).path, data=dict(form.hidden))
    kind = response.headers.get("content-type", "")
    return Answer(
        address=form.page, route=form.route, status=response.status_code, kind=kind,
        text=response.text if kind.startswith("text/html") else "",
    )  # fmt: skip


def fields_of(tree: LexborHTMLParser, form: LexborNode):
    """Yield what a browser would send of an untouched form: name, value and kind of each field."""
    inside = form.css("input[name], select[name], textarea[name]")
    if name := form.attributes.get("id"):
        inside += tree.css(f'[form="{name}"][name]')
    for node in inside:
        kind, value = node.attributes.get("type", "text"), node.attributes.get("value")
        if "disabled" in node.attributes or kind in ("submit", "file", "button"):
            continue
        if kind in ("checkbox", "radio"):
            if "checked" in node.attributes:
                yield node.attributes["name"], value or "on", kind
        elif node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            yield node.attributes["name"], (chosen.attributes.get("value") or "") if chosen else "", "select"
        else:
            yield node.attributes["name"], (node.text() if node.tag == "textarea" else value) or "", kind
