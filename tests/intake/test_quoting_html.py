"""What html knows of quotations and of text that nobody sees."""

from __future__ import annotations

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
        ("<div>" * 3000 + "deep", "deep"),
        ('<p style="color:white;background:white">x</p>y', "y"),
        ('<div style="background:#000"><p style="color:#fff">x</p></div>', "x"),
        ('<font color="#FFFFFF">x</font>y', "y"),
        ('<table bgcolor="black"><tr><td style="color:white">x</td></tr></table>', "x"),
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
