"""The checks of pages notice what they are there for: each planted fault is found, and a sound page has none."""

import pytest
from crawl import Answer
from markup import faults
from tabbing import tab_faults

SOUND = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Cases - desk</title></head><body><main><h1>Cases</h1>'
    '<form action="/x" method="post"><label for="a">A</label><input id="a" name="a"><button type="submit">Go</button></form>'
    "HERE</main></body></html>"
)


def page(here="", **changes):
    text = SOUND.replace("HERE", here)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text


def answer(text):
    return Answer(address="/x", route="/x", status=200, kind="text/html", text=text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (page("<p>open"), None),
        (page("<b><i>crossed</b></i>"), "HTML: "),
        (page("<h1>Another</h1>"), "2 h1"),
        (page(a=("<title>Cases", "<title>Desk")), "does not begin with the h1"),
        (page('<div class="govuk-error-summary"></div>'), "error summary is titled"),
        (page('<p id="a">x</p>'), "have the id 'a'"),
        (page('<label for="b">B</label>'), "a label is for 'b'"),
        (page('<p aria-describedby="nothing">x</p>'), "aria-describedby names"),
        (page('<a href="#nowhere">x</a>'), "a link leads to '#nowhere'"),
        (page('<p style="color: red">x</p>'), "<p> has style"),
        (page('<p onclick="act()">x</p>'), "<p> has onclick"),
        (page("<script>act()</script>"), "without its nonce"),
        (page("<h2>A</h2><h4>B</h4>"), "h2 is followed by h4"),
    ],
)
def test_a_fault_of_the_markup_is_found(text, fault):
    found = list(faults(answer(text)))
    assert found == [] if fault is None else any(fault in each for each in found), found


@pytest.mark.real("chromium")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (page(), None),
        (page('<img src="/static/icon.svg">'), "axe image-alt"),
        (page('<p style="color: #aaa; background: #fff">faint</p>'), "axe color-contrast"),
        (page(a=('<label for="a">A</label>', "")), "axe label"),
        (page(f"<p>{'w' * 300}</p>"), "scrolls sideways"),
        (page('<a href="/a" tabindex="2">first</a>'), "tabindex 2"),
        (page('<style>a:focus { outline: none }</style><a href="/a">dim</a>'), "shows no focus"),
        (page('<a href="/a" onfocus="this.blur()">shy</a>'), "tabbing never reached"),
    ],
)
def test_a_fault_in_the_browser_is_found(window_of, text, fault):
    with window_of("nobody") as window:
        window.with_axe()
        shown = window.show(text)
        found = [*window.axe(), *window.sideways(), *tab_faults(shown)]
    assert found == [] if fault is None else any(fault in each for each in found), found
