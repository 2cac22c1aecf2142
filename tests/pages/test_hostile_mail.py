"""A hostile mail in a real browser: no script of it runs, nothing is loaded from elsewhere, and the desk stays where it is."""

import shutil
from urllib.parse import quote

import pytest
from estate import cookie_of, written
from serving import served
from starlette.responses import HTMLResponse

from desk.web.app import application
from desk.web.clean_html import POLICY
from desk.web.desk import Desk
from desks import add_person, client_of
from houses import arrive, house_in, settle

EVIL = "https://evil.example"
HOSTILE = f"""
<html><head><meta http-equiv="refresh" content="1;url={EVIL}/refresh"><base href="{EVIL}/" target="_top">
<link rel="stylesheet" href="{EVIL}/x.css"><style>@import url({EVIL}/y.css); body {{ background: url({EVIL}/z.png) }}</style></head>
<body onload="fetch('/ran-by-onload')"><p id="words">complaint! My boiler is cold</p>
<script>
  fetch('/ran-by-script');
  try {{ parent.document.title = 'hacked' }} catch (e) {{}}
  try {{ top.location = '{EVIL}/top' }} catch (e) {{}}
  parent.postMessage('hacked', '*');
</script>
<script src="{EVIL}/x.js"></script>
<img src="{EVIL}/pixel.gif" onerror="fetch('/ran-by-onerror')"><img src="x" srcset="{EVIL}/set.gif 2x">
<svg onload="fetch('/ran-by-svg')"><image href="{EVIL}/svg.png"/></svg>
<iframe src="{EVIL}/frame"></iframe><iframe srcdoc="<script>fetch('/ran-by-srcdoc')</script>"></iframe>
<object data="{EVIL}/object"></object><embed src="{EVIL}/embed"><video src="{EVIL}/video" poster="{EVIL}/poster" autoplay></video>
<p style="background:url({EVIL}/css.png)">See below</p>
<a id="link" href="{EVIL}/link" target="_top">Your bank</a> <a id="script" href="javascript:fetch('/ran-by-link')">Pay</a>
<form action="{EVIL}/form" target="_top"><button id="send">Confirm your password</button></form>
<details open ontoggle="fetch('/ran-by-toggle')"><summary>More</summary></details>
</body></html>
"""
FENCES = {
    "all of them": ("", POLICY, None),
    "the sandbox of the frame and the page's policy": ("", POLICY, HOSTILE),
    "the page's policy alone": (None, POLICY, HOSTILE),
    "the sandbox of the frame alone": ("", None, HOSTILE),
    "none": (None, None, HOSTILE),
}
"""The frame's sandbox, the page's policy, and what is given out in place of the cleaned page."""


@pytest.fixture(scope="module")
def app(tmp_path_factory, migrated_sqlite):
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    house = house_in(folder, f"sqlite:///{folder}/intake.db")
    add_person(house, "mina", "manager")
    made = application(Desk(house=house))
    made.state.cookie = cookie_of(house, client_of(house, made), "mina")
    made.state.message = arrive(house, written("Mallory", "Cold", "complaint! My boiler is cold", html=HOSTILE))
    settle(house)

    def inner(fence: str):
        _, policy, page = FENCES[fence]
        return HTMLResponse(page, headers={"Content-Security-Policy": policy or "x-nothing 'none'"})

    def outer(fence: str):
        sandbox, _, page = FENCES[fence]
        address = f"/messages/{made.state.message}/html" if page is None else f"/inner?fence={fence}"
        frame = "" if sandbox is None else f' sandbox="{sandbox}"'
        words = f'<title>desk</title><h1>Desk</h1><iframe width=800 height=600 src="{address}"{frame}></iframe>'
        return HTMLResponse(words, headers={"Content-Security-Policy": "default-src 'none'; frame-src 'self'"})

    for path, answer in (("/inner", inner), ("/outer", outer)):
        made.add_api_route(path, answer)
    yield made
    house.store.close()


def pass_on(route, origin, asked):
    asked.append(route.request.url.removeprefix(origin))
    if route.request.url.startswith(origin):
        route.continue_()
    else:
        route.abort()


@pytest.fixture
def visit(app, browser):
    """Open a page, try everything in its frames, and return what was asked for, what popped up, and where the desk is."""

    def opened(address):
        with served(app) as origin, browser.window(origin, app.state.cookie) as window:
            asked, popped = [], []
            page = window.page
            page.on("popup", lambda other: popped.append(other.url))
            page.on("dialog", lambda dialog: popped.append(dialog.message))
            # What the browser itself forbids never comes so far; a request event would be told of it all the same.
            page.route("**", lambda route: pass_on(route, origin, asked))
            page.add_init_script("window.told = []; addEventListener('message', event => told.push(event.data))")
            page.goto(origin + address)
            page.wait_for_timeout(300)
            for frame in page.frames[1:2]:
                for words in ("Your bank", "Pay", "Confirm your password"):
                    found = frame.get_by_text(words, exact=True)
                    if found.count() and page.url == origin + address:
                        found.first.click(timeout=2_000, no_wait_after=True)
            page.wait_for_timeout(1_300)  # longer than the refresh
            here = page.url.removeprefix(origin)
            told = page.evaluate("window.told") if here == address else []
            return asked, popped, here, told, page.title() if here == address else ""

    return opened


@pytest.mark.parametrize("fence", [fence for fence in FENCES if fence != "none"])
def test_each_fence_alone_keeps_a_hostile_mail_from_acting(visit, fence):
    address = f"/outer?fence={quote(fence)}"
    asked, popped, here, told, title = visit(address)
    assert (here, title, popped, told) == (address, "desk", [], [])
    assert [each for each in asked if "/ran-by-" in each] == []
    if fence != "the sandbox of the frame alone":
        assert [each for each in asked if EVIL in each] == []


def test_the_desks_own_page_loads_nothing_but_the_frame_and_its_own(visit, app):
    address = f"/messages/{app.state.message}/original"
    asked, popped, here, told, title = visit(address)
    assert (here, popped, told) == (address, [], [])
    assert title.startswith("As it was sent: Cold")
    own = {"/brand.css", f"/messages/{app.state.message}/html", address}
    assert {each for each in asked if not each.startswith("/static/")} == own


def test_without_fences_the_mail_does_act(visit):
    asked, _, here, _, _ = visit("/outer?fence=none")
    assert here != "/outer?fence=none"
    assert {f"{EVIL}/ran-by-script", f"{EVIL}/top"} <= set(asked)


def test_the_frame_shows_the_words_and_where_links_lead(browser, app):
    with served(app) as origin, browser.window(origin, app.state.cookie) as window:
        page = window.open(f"/messages/{app.state.message}/original")
        words = page.frame_locator("iframe").locator("body").inner_text()
    assert "My boiler is cold" in words
    assert f"Your bank [{EVIL}/link]" in words
    assert "[javascript:fetch('/ran-by-link')]" in words
