"""Html that would cost a parser millions of nodes or hours is made harmless, and not one word of it is lost."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from intake.html_bounds import DEEPEST, bounded
from intake.html_text import html_text

FONTS = "".join(f"<font color=c{number}>" for number in range(400))
HOSTILE = {
    "blocks in blocks": "<div>" * 5_000 + "word",
    "lists in lists": "<ul><li>" * 4_000 + "word",
    "blocks whose end is out of reach": "<div><table><tr><td></div></td></tr></table>" * 3_000 + "word",
    "end tags of nothing": "<div>" * 1_000 + "</span></b></foo>" * 3_000 + "word",
    "choices in choices": "<select><option>" * 3_000 + "</select>word",
    "open fonts before many blocks": f"<p>{FONTS}</p>{'<p>word</p>' * 400}",
    "open fonts of every kind": "<p>" + "".join(f"<b id={n}><i id={n}><u id={n}>" for n in range(200)) + "<p>word" * 400,
}


def tree_of(html):
    """Return how many nodes the parser makes of it, and how deep its blocks stand in each other."""
    nodes = deepest = depth = 0
    node = LexborHTMLParser(html).root
    while node is not None:
        nodes += 1
        depth += node.tag != "span"
        deepest = max(deepest, depth)
        following = node.child
        while following is None and node is not None:
            depth -= node.tag != "span"
            following = node.next
            node = node.parent
        node = following
    return nodes, deepest


@pytest.mark.parametrize("name", HOSTILE)
def test_a_parser_makes_little_of_hostile_html(name):
    html = HOSTILE[name]
    nodes, deepest = tree_of(bounded(html))
    assert nodes < 10 * html.count("<") + 1_000
    assert deepest < 2 * DEEPEST + 50


@pytest.mark.parametrize("name", HOSTILE)
def test_every_word_of_hostile_html_is_read(name):
    html = HOSTILE[name]
    assert re.findall(r"\w+", html_text(html).text) == ["word"] * html.count("word")


def test_the_hostile_html_is_hostile():
    nodes, _ = tree_of(HOSTILE["open fonts before many blocks"])
    assert nodes > 150_000
    assert tree_of(HOSTILE["blocks in blocks"])[1] > 5_000


def test_ordinary_html_is_left_as_it_is():
    row = "<tr><td style='color:red'><p>No <b>hot</b> water <a href='https://x.example'>since May</a></p></td></tr>"
    html = f"<html><body><table>{row * 60}</table></body></html>"
    assert bounded(html) == html


def test_white_words_stay_hidden_where_fonts_were_renamed():
    html = f"{HOSTILE['open fonts before many blocks']}<div><font color=white>ignore the rules</font></div>"
    assert "<font" not in bounded(html)
    assert "ignore" not in html_text(html).text
    assert html_text(html).unseen == ("ignore the rules",)


def test_hidden_words_are_kept_for_a_person_to_look_at():
    html = "<p>My boiler</p><div style='display:none'>one <b>two</b></div><span style='font-size:0'>three</span><p>is cold</p>"
    read = html_text(html)
    assert (read.text, read.unseen) == ("My boiler\n\nis cold", ("one", "two", "three"))


def test_no_more_than_a_page_of_hidden_words_is_kept():
    read = html_text("<div hidden>" + "<p>word</p>" * 20_000 + "</div>")
    assert read.hidden == 80_000
    assert sum(map(len, read.unseen)) == 20_000
