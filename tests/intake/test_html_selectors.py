"""A style sheet hides what it says it hides, and no selector takes longer than the page is long."""

from __future__ import annotations

import subprocess
import sys

import pytest

from intake.html_text import html_text

PAGE = "<section><div><q>q</q> <i>i</i> <p class='x y' id=n>words</p></div></section>"


@pytest.mark.parametrize(
    "selector",
    [
        *("p.x", ".x", "#n", "p#n.y", "[class]", "[id=n]", "[class~='x']", "b, p.x", "p.x:hover, .x"),
        *("div p", "section p", "section div p", "div > p", "section > div > p", "div>p", "section *.x"),
        *("i + p", "q ~ p", "q + i + p", "q ~ i ~ p", "section q ~ p", "div > q ~ p.x", "div\n>\tp"),
    ],
)
def test_a_rule_hides_what_its_selector_names(selector):
    assert html_text(f"<style>{selector}{{display:none}}</style>{PAGE}").text == "q i"


@pytest.mark.parametrize(
    "selector",
    [
        *(
            "p.z",
            "#m",
            "[id=m]",
            "",
            ">",
            "~ p",
            "p >",
            "body",
            "*",
            "html, body",
            "p:hover",
            "p::before",
            "{",
            "p..x",
            "p >> i",
        ),
        *("p p", "p > q", "section > p", "q + p", "p ~ i", "i p", "p + q ~ p", "section + div p", "i > p.x"),
    ],
)
def test_a_rule_hides_nothing_that_its_selector_does_not_name(selector):
    assert html_text(f"<style>{selector}{{display:none}}</style>{PAGE}").text == "q i\n\nwords"


def test_comments_and_words_between_two_elements_do_not_part_them():
    html = "<style>i + p {display:none}</style><i>a</i> b <!-- c --> d <p>gone</p><p>e</p>"
    assert html_text(html).text.split() == ["a", "b", "d", "e"]


ATTACKS = {
    "siblings in a row": "<style>q ~ p ~ p ~ p ~ p{display:none}</style>" + "<p>x" * 4_000,
    "siblings without end": "<style>q ~ " + " ~ ".join(["p"] * 600) + "{display:none}</style>" + "<p>x" * 20_000,
    "siblings that are there": "<style>" + " ~ ".join(["p"] * 600) + "{display:none}</style>" + "<p>x" * 20_000,
    "elements inside each other": "<style>q div div div div{display:none}</style>" + "<div>" * 20_000,
    "all ways to step": "<style>" + ("div p ~ p + p > q" + " ~ p" * 400 + "{display:none}") * 60 + "</style>" + "<p>x" * 9_000,
    "long lists": ("<style>" + ",".join(["p"] * 900) + "{display:none}</style>") * 70 + "<p>x" * 9_000,
    "long classes": "<style>" + ",".join([".a"] * 600) + "{display:none}</style>" + "<p class='" + "a " * 90_000 + "'>x",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_selector_holds_the_house_up(name):
    program = f"from intake.html_text import html_text\nhtml_text({ATTACKS[name]!r})"
    # A hang guard only: each is done in about a second, and one that tries every path would take hours.
    done = subprocess.run([sys.executable, "-"], input=program.encode(), timeout=30, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
