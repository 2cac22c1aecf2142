"""Every page of the desk, reached by a crawl so that a new one cannot be forgotten: sound markup, sound in a browser."""

from __future__ import annotations

import pytest
from crawl import Answer, asked, routes_of
from markup import faults
from tabbing import tab_faults

pytestmark = pytest.mark.slow  # each process crawls the whole desk by five people before the first of them

EVERYBODY = ("nobody", "mina", "olive", "audrey", "adam")
NOT_HERE = {
    "/sign-in/council": "this house has no single sign-on: tested with a provider of its own",
    "/sign-in/council/done": "this house has no single sign-on: tested with a provider of its own",
}
"""Routes that show nothing in this house, each with its reason."""


def none(found: dict[str, str]) -> None:
    """Fail with every fault, each with one address that shows it."""
    if found:
        pytest.fail("\n".join(f"{fault}\n    {address}" for fault, address in sorted(found.items())), pytrace=False)


def shown(crawl):
    """Return the pages that a person is shown; what was asked for without a link may be refused to their role."""
    return [answer for answer in crawl.pages if answer.status < 400 or (answer.linked_from and answer.kind)]


def test_the_crawl_knows_every_route(app):
    assert set(app.openapi()["paths"]) <= {route.path for route in routes_of(app)}


def test_every_route_that_shows_something_is_reached(app, crawls):
    reached = set().union(*(crawl.reached for crawl in crawls.values()))
    none(dict.fromkeys(asked(app) - reached - set(NOT_HERE), "was not reached"))


@pytest.mark.parametrize("username", EVERYBODY)
def test_no_link_leads_nowhere_or_to_what_its_reader_may_not_open(crawls, username):
    answers = [answer for answer in crawls[username].answers if answer.status >= 400]
    lost = [answer for answer in answers if answer.linked_from or answer.status >= 500]
    none({f"{answer.status} {answer.route}": f"{answer.address} from {answer.linked_from} ({answer.kind})" for answer in lost})


@pytest.mark.parametrize("username", EVERYBODY)
def test_the_first_address_leads_to_a_page_that_its_reader_may_open(crawls, username):
    first = next(answer for answer in crawls[username].answers if answer.route == "/")
    assert first.status == 303


def test_a_form_sent_in_empty_comes_back_as_a_sound_page_or_is_carried_out(spoilt):
    assert not {answer.route: answer.status for answer in spoilt if answer.status >= 500}
    none({f"{answer.route}: {fault}": answer.address for answer in spoilt if answer.is_page for fault in faults(answer)})


@pytest.mark.parametrize("username", EVERYBODY)
def test_every_page_is_sound_html_with_one_heading_that_opens_its_title(crawls, username):
    none({f"{answer.route}: {fault}": answer.address for answer in shown(crawls[username]) for fault in faults(answer)})


def new_markup(pages, seen):
    """Yield the pages that hold a kind of element which no page of the same route held before."""
    for answer in pages:
        if answer.framed:
            continue
        kinds = {(answer.route, node.tag, node.attributes.get("class")) for node in answer.tree.css("*")}
        if not kinds <= seen:
            seen |= kinds
            yield answer


@pytest.fixture(scope="session")
def looked_at(crawls) -> dict[str, list[Answer]]:
    """The pages to be opened in the browser, by who opens them: none that only repeats what another showed."""
    seen: set[tuple[str, str | None, str | None]] = set()
    return {name: list(new_markup(shown(crawls[name]), seen)) for name in ("mina", "adam", "audrey", "olive", "nobody")}


@pytest.mark.real("chromium")
@pytest.mark.parametrize("username", EVERYBODY)
def test_every_page_can_be_used_by_everybody(window_of, looked_at, username):
    """axe-core finds nothing, nothing scrolls sideways at 320 px, tabbing goes in order and shows where it is."""
    found: dict[str, str] = {}
    with window_of(username) as window:
        window.with_axe()
        for answer in looked_at[username]:
            page = window.open(answer.address)
            wrong = [*window.axe(), *window.sideways(), *tab_faults(page), *window.complaints]
            found |= {f"{answer.route}: {fault}": answer.address for fault in wrong}
    none(found)


@pytest.mark.real("chromium")
@pytest.mark.parametrize("username", EVERYBODY)
def test_every_page_shows_its_heading_and_forms_without_scripts(window_of, looked_at, username):
    found: dict[str, str] = {}
    with window_of(username, scripts=False) as window:
        for answer in looked_at[username]:
            page = window.open(answer.address)
            forms = len(answer.tree.css("form"))
            if page.locator("h1").count() != 1 or not page.locator("h1").is_visible():
                found[answer.address] = "no heading"
            elif page.locator("form").count() != forms:
                found[answer.address] = f"not its {forms} forms"
    none(found)


@pytest.mark.real("chromium")
def test_a_form_sent_in_empty_comes_back_as_a_page_that_everybody_can_use(window_of, spoilt):
    found: dict[str, str] = {}
    pages = list(new_markup([answer for answer in spoilt if answer.is_page], set()))
    with window_of("nobody") as window:
        window.with_axe()
        for answer in pages:
            page = window.show(answer.text)
            found |= {
                f"{answer.route}: {fault}": answer.address for fault in (*window.axe(), *window.sideways(), *tab_faults(page))
            }
    none(found)
