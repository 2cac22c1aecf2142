"""What html knows of quotations and of text that nobody sees."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.html_hidden import Look
from intake.html_text import html_text
from intake.quoting import split, split_reply

NEW = "Nobody came on Tuesday.\nI lost a day's pay."
OLD = "We will visit you on Tuesday."

HTML = {
    "gmail": f'<div>{NEW}</div><div class="gmail_quote"><div class="gmail_attr">On Mon H wrote:</div><blockquote>{OLD}</blockquote></div>',
    "outlook on the web": f'<div>{NEW}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> H</div><div>{OLD}</div>',
    "outlook in another's quotation": f'<div>{NEW}</div><div id="x_divRplyFwdMsg">From: H</div><div>{OLD}</div>',
    "outlook": f'<p>{NEW}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt"><p><b>From:</b> H</p></div><p>{OLD}</p>',
    "outlook mobile": f'<div>{NEW}</div><div id="mail-editor-reference-message-container">From: H<br>{OLD}</div>',
    "apple": f'<div>{NEW}</div><blockquote type="cite"><div>On Mon H wrote:</div>{OLD}</blockquote>',
    "thunderbird": f'<p>{NEW}</p><div class="moz-cite-prefix">On Mon H wrote:<br></div><blockquote type="cite">{OLD}</blockquote>',
    "yahoo": f'<div>{NEW}</div><div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted">On Mon H wrote: {OLD}</div>',
    "proton": f'<div>{NEW}</div><div class="protonmail_quote">On Mon H wrote: {OLD}</div>',
    "spark": f'<div name="messageBodySection">{NEW}</div><div name="messageReplySection">On Mon H wrote: {OLD}</div>',
    "outlook for mac": f'<div>{NEW}</div><span id="OLK_SRC_BODY_SECTION"><div>From: H</div>{OLD}</span>',
    "a signature": f'<div>{NEW}</div><div class="gmail_signature">{OLD}</div>',
}


@pytest.mark.parametrize("html", HTML.values(), ids=HTML.keys())
def test_html_marks_what_is_quoted(html: str) -> None:
    seen = html_text(html)
    found = split(seen.text, seen.quoted)
    assert found.new_text.split() == NEW.split()
    assert OLD in found.quoted
    assert split_reply(f"{NEW}\n\nOn Mon H wrote: {OLD}\n{OLD}", html).new_text.split()[:9] == NEW.split()


GMAIL_FORWARD = (
    f"---------- Forwarded message ---------<br>From: H &lt;h@c.example&gt;<br>Date: Mon, 2 Nov 2026<br>To: Ann<br><br>{OLD}"
)


def test_a_forward_is_content_though_html_marks_it_like_a_quotation() -> None:
    html = f'<div>{NEW}</div><div class="gmail_signature">Ann</div><div class="gmail_quote">{GMAIL_FORWARD}</div>'
    seen = html_text(html)
    assert OLD in split(seen.text, seen.quoted).new_text


def test_a_reply_to_a_forward_is_a_reply() -> None:
    attribution = '<div class="gmail_attr">On Mon, 2 Nov 2026 at 09:12, H &lt;h@c.example&gt; wrote:</div>'
    html = f'<div>{NEW}</div><div class="gmail_quote">{attribution}<blockquote>{GMAIL_FORWARD}</blockquote></div>'
    seen = html_text(html)
    assert split(seen.text, seen.quoted).new_text.split() == NEW.split()


ATTRIBUTION = "On Mon, 2 Nov 2026 at 09:12, H &lt;h@c.example&gt; wrote:<br>"
QUOTED = "<blockquote>Is it wet in there?</blockquote>"
FELL = "<div>Yes, and my ceiling fell on the baby.</div>"
BETWEEN = {
    "gmail": f'<div class="gmail_quote"><div class="gmail_attr">{ATTRIBUTION}</div>{QUOTED}{FELL}{QUOTED}</div>',
    "gmail above the first": f'<div class="gmail_quote"><div class="gmail_attr">{ATTRIBUTION}</div>{FELL}{QUOTED}</div>',
    "gmail of before": f'<div class="gmail_extra"><br><div class="gmail_quote">{ATTRIBUTION}{QUOTED}{FELL}</div></div>',
    "gmail in a language of its own": f'<div class="gmail_quote">Seachtain ó shin a dúirt H:{QUOTED}{FELL}</div>',
    "yahoo": f'<div class="ydp1yahoo_quoted"><div>{ATTRIBUTION}</div>{QUOTED}{FELL}{QUOTED}</div>',
    "proton": f'<div class="protonmail_quote">{ATTRIBUTION}{QUOTED}{FELL}</div>',
    "in another's quotation": f'<div class="x_gmail_quote">{ATTRIBUTION}{QUOTED}{FELL}</div>',
    "thunderbird": f'<div class="moz-cite-prefix">{ATTRIBUTION}</div>{QUOTED}{FELL}{QUOTED}',
    "thunderbird in its line": f'<div class="moz-cite-prefix">{FELL[5:-6]}<br><br>{ATTRIBUTION}</div>{QUOTED}',
}


@pytest.mark.parametrize("html", BETWEEN.values(), ids=BETWEEN.keys())
def test_answers_between_quotations_are_the_writers_own(html: str) -> None:
    seen = html_text(f"<div>Thanks for your mail.</div>{html}")
    assert split(seen.text, seen.quoted).new_text.split() == f"Thanks for your mail. {FELL[5:-6]}".split()
    plain = re.sub(r"(?m)^(Is it wet.*)", r"> \1", seen.text)
    assert split_reply(plain, f"<div>Thanks for your mail.</div>{html}").new_text.split()[:4] == [
        "Thanks",
        "for",
        "your",
        "mail.",
    ]
    assert FELL[5:-6] in split_reply(plain, f"<div>Thanks for your mail.</div>{html}").new_text


WHOLE = {
    "gmail of before": f'<div class="gmail_quote">{ATTRIBUTION}{OLD}{QUOTED}Yes, it is.</div>',
    "yahoo": f'<div class="yahoo_quoted"><div>{ATTRIBUTION}</div><div>{OLD}{QUOTED}</div><div>Yes, it is.</div></div>',
    "one without its blockquote": f'<div class="gmail_quote"><div class="gmail_attr">{ATTRIBUTION}</div>{OLD} Yes, it is.</div>',
}


@pytest.mark.parametrize("html", WHOLE.values(), ids=WHOLE.keys())
def test_an_element_that_is_the_quotation_itself_goes_whole(html: str) -> None:
    seen = html_text(f"<div>{NEW}</div>{html}")
    assert split(seen.text, seen.quoted).new_text.split() == NEW.split()


def test_a_quotation_that_nobody_is_shown_swallows_nothing() -> None:
    seen = html_text(f'<div class="gmail_quote">He wrote:<object><blockquote>x</blockquote></object></div><p>{NEW}</p>')
    assert NEW.split() == split(seen.text, seen.quoted).new_text.split()[-len(NEW.split()) :]
    assert all(end <= seen.text.index("Nobody") for _, end in seen.quoted)


UNSEEN_STYLES = (
    *(
        "opacity:0.01",
        "opacity: .04",
        "opacity:4%",
        "transform:scale(0)",
        "transform: rotate(9deg) scale(0, 0)",
        "mso-hide: all",
    ),
    *("position:absolute; clip: rect(0, 0, 0, 0)", "position:fixed;clip:rect(1px 1px 1px 1px)", "clip-path: inset(50%)"),
    *("color:hsl(0, 0%, 100%)", "color:hsla(200,10%,99%,1)", "color:#ffffffff", "color:#fff8", "color:#00000000"),
    *("color:rgba(0, 0, 0, 0)", "color:rgba(1,1,1,.01)", "color:transparent", "font-size:0.1em", "background:#0000;color:#fff"),
    *("font-size:0;line-height:0", "line-height:0;max-height:1px;overflow:hidden"),
)
SEEN_STYLES = (
    *("opacity:0.5", "opacity:.05", "opacity:1", "opacity:100%", "transform:scale(0.9)", "clip:rect(0,0,0,0)"),
    *("position:absolute;clip:rect(0,200px,50px,0)", "color:hsl(0,100%,30%)", "color:#222222ff", "color:#000f"),
    *("color:rgba(0,0,0,0.8)", "background:rgba(0,0,0,0)", "background:#0000", "line-height:0", "font-size:0.8em"),
    *("font-size:90%", "color:transparent;background-clip:text", "color:rgba(,,,.)", "opacity:x", "color:#ggggggff"),
)


@pytest.mark.parametrize("style", UNSEEN_STYLES)
def test_what_no_eye_sees_is_hidden(style: str) -> None:
    assert html_text(f'<p style="{style}">Secret</p>Words').text == "Words"


@pytest.mark.parametrize("style", SEEN_STYLES)
def test_what_an_eye_sees_is_shown(style: str) -> None:
    assert html_text(f'<p style="{style}">Plain</p>').text == "Plain"


def test_indented_text_is_no_quotation() -> None:
    html = f'<div>Hello</div><blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;"><div>{NEW}</div></blockquote>'
    assert html_text(html).quoted == ()


def test_the_knowledge_of_html_is_carried_to_the_plain_words() -> None:
    plain = f"{NEW}\n\nHousing said on Monday\n\n{OLD}\n\nAnn"
    html = f"<p>{NEW}</p><blockquote type=cite><p>Housing said on Monday</p><p>{OLD}</p></blockquote><p>Ann</p>"
    found = split_reply(plain, html)
    assert found.new_text == f"{NEW}\n\nAnn"
    assert [plain[start:end] for start, end in found.new_ranges] == [NEW, "Ann"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<b>b</b>c</p>", "abc"),
        ("four<div>five</div>", "four\nfive"),
        ("<td>a</td><td>b</td>", "ab"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a&nbsp;&nbsp;b &amp; c", "a b & c"),
        ("<script>x</script><style>y</style>z", "z"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
        ("<", "<"),
        ("<p>a<?e?>b</p><?xml version='1.0'?>c", "ab\n\nc"),
        ("<style>q + p{display:none}</style><q>a</q><?e?><p>x</p>b", "a\n\nb"),
        ("<div>" * 3000 + "deep", "deep"),
        ('<p style="color:white;background:white">x</p>y', "y"),
        ('<div style="background:#000"><p style="color:#fff">x</p></div>', "x"),
        ('<font color="#FFFFFF">x</font>y', "y"),
        ('<table bgcolor="black"><tr><td style="color:white">x</td></tr></table>', "x"),
        ('<p style="color:#fefefe">x</p>y', "y"),
        ('<p style="color:#f0eef2">x</p>y', "y"),
        ('<div style="background:rgb(240,240,255)"><p style="color:#fff">x</p>y</div>', "y"),
        ('<p style="color:#e7e7e7">x</p>y', "x\n\ny"),
        ('<p style="color:#ffe0ff">x</p>y', "x\n\ny"),
        ('<table bgcolor="#010101"><tr><td>x</td></tr></table>', "x"),
        ('<p style="font-size:1px">x</p>y', "y"),
        ('<p style="font-size: 0.5pt">x</p>y', "y"),
        ('<p style="font-size:1em">x</p>y', "x\n\ny"),
        ('<p style="font-size:1">x</p>y', "x\n\ny"),
        ('<p style="font-size:2px">x</p>y', "x\n\ny"),
        ('<div style="font-size:1px"><p style="font-size:14px">x</p></div>y', "x\n\ny"),
        ('<div style="max-height:0;overflow:hidden">x</div>y', "y"),
        ('<div style="border-width:0;line-height:0;overflow:hidden">x</div>', "x"),
        ("<style>@media (max-width:9px){.m{display:none}}.n{display:none}</style><p class=m>x</p><p class=n>y</p>", "x"),
        ('<style>.b{background:#123}</style><p class=b><span style="color:#fff">x</span></p>', "x"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert html_text(html).text == text


def test_hidden_characters_are_counted() -> None:
    assert html_text('<p style="display:none">abcde</p>z\u200b').hidden == 6
    assert not Look().hides


@given(st.text(max_size=400))
@settings(max_examples=200)
def test_no_html_stops_the_walk(html: str) -> None:
    seen = html_text(html)
    for start, end in seen.quoted:
        assert 0 <= start < end <= len(seen.text)
