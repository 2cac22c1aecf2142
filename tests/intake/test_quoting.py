"""What a resident wrote now, told from what they answer, sign with, and never wrote."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.attributions import attribution
from intake.header_lines import block_length, kind_of
from intake.html_hidden import Look
from intake.html_text import html_text
from intake.quoting import MOST_LINES, new_words, split, split_reply

NEW = "Nobody came on Tuesday.\nI lost a day's pay."
OLD = "We will visit you on Tuesday."

ATTRIBUTIONS = {
    "english gmail": "On Mon, 2 Nov 2026 at 09:12, Housing Repairs <housing@council.example> wrote:",
    "english gmail wrapped": "On Mon, Nov 2, 2026 at 9:12 AM Housing Repairs\n<housing@council.example> wrote:",
    "english wrapped within the address": "On Mon, Nov 2, 2026 at 9:12 AM Housing Repairs <\nhousing@council.example> wrote:",
    "english apple": "On 2 Nov 2026, at 09:12, Housing Repairs <housing@council.example> wrote:",
    "english thunderbird": "On 02/11/2026 09:12, Housing Repairs wrote:",
    "english three lines": "On Monday, 2 November 2026, 09:12:55 GMT,\nHousing Repairs of the Council\n<housing@council.example> wrote:",
    "gmail of old": "2026/11/2 Housing Repairs <housing@council.example>",
    "polish": "pon., 2 lis 2026 o 09:12 Housing Repairs <housing@council.example> napisał(a):",
    "polish dnia": "W dniu 02.11.2026 o 09:12, Housing Repairs pisze:",
    "romanian": "În lun., 2 nov. 2026 la 09:12, Housing Repairs <housing@council.example> a scris:",
    "portuguese": "Housing Repairs <housing@council.example> escreveu no dia segunda, 2/11/2026 à(s) 09:12:",
    "spanish": "El lun, 2 nov 2026 a las 9:12, Housing Repairs (<housing@council.example>) escribió:",
    "french": "Le lun. 2 nov. 2026 à 09:12, Housing Repairs <housing@council.example> a écrit :",
    "italian": "Il giorno lun 2 nov 2026 alle ore 09:12 Housing Repairs <housing@council.example> ha scritto:",
    "urdu": "پیر، 2 نومبر، 2026 کو 09:12 پر Housing Repairs <housing@council.example> نے لکھا:",
    "bengali": "সোম, 2 নভে, 2026 তারিখে 09:12 এ Housing Repairs <housing@council.example> লিখেছেন:",
    "somali": "Isniin, 2 Nov 2026 09:12 Housing Repairs <housing@council.example> ayaa qoray:",
    "arabic": "في الاثنين، 2 نوفمبر 2026 في 9:12 ص تمت كتابة ما يلي بواسطة Housing Repairs <housing@council.example>:",
    "lithuanian": "2026-11-02, pr, 09:12 Housing Repairs <housing@council.example> rašė:",
    "turkish": "Housing Repairs <housing@council.example>, 2 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:",
    "german": "Am Mo., 2. Nov. 2026 um 09:12 Uhr schrieb Housing Repairs <housing@council.example>:",
    "dutch": "Op ma 2 nov 2026 om 09:12 schreef Housing Repairs <housing@council.example>:",
    "swedish": "Den mån 2 nov. 2026 kl 09:12 skrev Housing Repairs <housing@council.example>:",
    "russian": "пн, 2 нояб. 2026 г. в 09:12, Housing Repairs <housing@council.example>:",
    "hungarian": "Housing Repairs <housing@council.example> ezt írta (időpont: 2026. nov. 2., H, 9:12):",
    "vietnamese": "Vào 09:12, Th 2, 2 thg 11, 2026 Housing Repairs <housing@council.example> đã viết:",
    "chinese": "Housing Repairs <housing@council.example> 于2026年11月2日周一 09:12写道：",
    "a language not listed": "Dé Luain 2 Samhain 2026 ag 09:12, scríobh Housing Repairs <housing@council.example>:",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_an_attribution_and_its_quotation_are_old(line: str) -> None:
    assert new_words(f"{NEW}\n\n{line}\n\n> {OLD}\n> Yours") == NEW


@pytest.mark.parametrize(
    "line",
    [line for name, line in ATTRIBUTIONS.items() if name != "gmail of old"],
    ids=[name for name in ATTRIBUTIONS if name != "gmail of old"],
)
def test_a_sure_attribution_needs_no_quote_marks(line: str) -> None:
    assert new_words(f"{NEW}\n\n{line}\n\n{OLD}\nYours") == NEW


DELIMITERS = {
    "outlook": "-----Original Message-----\nFrom: Housing <housing@council.example>\nSent: 02 November 2026 09:12\nTo: Ann\nSubject: Your repair",
    "outlook without the line": "From: Housing <housing@council.example>\nSent: 02 November 2026 09:12\nTo: Ann\nSubject: Your repair",
    "outlook with a rule": "_" * 32
    + "\nFrom: Housing <h@council.example>\nSent: Monday, November 2, 2026\nTo: Ann\nSubject: Your repair",
    "stars": "*From:* Housing <housing@council.example>\n*Sent:* 02 November 2026 09:12\n*To:* Ann\n*Subject:* Your repair",
    "wrapped recipients": "From: Housing <h@council.example>\nSent: 02 November 2026 09:12\nTo: Ann; Ben; Cat;\n Dan\nSubject: Your repair",
    "samsung": "-------- Original message --------\nFrom: Housing <h@council.example>\nDate: 02/11/2026 09:12 (GMT+00:00)\nTo: Ann\nSubject: Re",
    "android": "---- Housing wrote ----",
    "german": "Von: Housing <h@council.example>\nGesendet: Montag, 2. November 2026 09:12\nAn: Ann\nBetreff: Reparatur",
    "french": "De : Housing <h@council.example>\nEnvoyé : lundi 2 novembre 2026 09:12\nÀ : Ann\nObjet : Réparation",
    "spanish": "De: Housing <h@council.example>\nEnviado el: lunes, 2 de noviembre de 2026 9:12\nPara: Ann\nAsunto: Reparación",
    "polish": "Od: Housing <h@council.example>\nWysłano: poniedziałek, 2 listopada 2026 09:12\nDo: Ann\nTemat: Naprawa",
    "portuguese": "De: Housing <h@council.example>\nEnviada em: segunda-feira, 2 de novembro de 2026\nPara: Ann\nAssunto: Reparo",
    "turkish": "Kimden: Housing <h@council.example>\nGönderildi: 2 Kasım 2026 Pazartesi 09:12\nKime: Ann\nKonu: Onarım",
    "arabic": "من: Housing <h@council.example>\nتم الإرسال: الاثنين، 2 نوفمبر 2026\nإلى: Ann\nالموضوع: إصلاح",
    "our own mark": "--- Please reply above this line ---",
}


@pytest.mark.parametrize("block", DELIMITERS.values(), ids=DELIMITERS.keys())
def test_below_a_delimiter_all_is_old(block: str) -> None:
    assert new_words(f"{NEW}\n\n{block}\n\n{OLD}\n\nKind regards\nHousing") == NEW


TAGS = [
    *(
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Get Outlook for iOS",
        "Sent from Yahoo Mail on Android",
        "(sent from a phone)",
    ),
    *(
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
    ),
    *(
        "Wysłane z iPhone'a",
        "Trimis de pe iPhone-ul meu",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "تم الإرسال من iPhone",
        "发自我的 iPhone",
    ),
    *("Išsiųsta iš mano iPhone", "Sent via BT Email App", "Sent from Proton Mail for iOS"),
]


@pytest.mark.parametrize("tag", TAGS)
def test_the_tag_of_a_telephone_is_not_new(tag: str) -> None:
    assert new_words(f"{NEW}\n\n{tag}") == NEW
    assert new_words(f"{NEW}\n\n{tag}\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> {OLD}") == NEW


KEPT = {
    "an answer below the quotation": (f"> {OLD}\n\n{NEW}", NEW),
    "answers between quotations": (
        "On 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> Is it fixed?\n\nNo, it still leaks.\n\n> May we close it?\n\nNo.",
        "No, it still leaks.\n\nNo.",
    ),
    "a story that starts with On": (
        "On Monday 2 November your officer rang and this is what he wrote:\nI am not coming.\nThat is not good enough.",
        "On Monday 2 November your officer rang and this is what he wrote:\nI am not coming.\nThat is not good enough.",
    ),
    "a form with fields": (
        "Name: Ann Smith\nFlat: 12\nTo: the housing team\nThe tap drips.",
        "Name: Ann Smith\nFlat: 12\nTo: the housing team\nThe tap drips.",
    ),
    "a rule between paragraphs": ("The first thing is the lift.\n\n--------------\n\nThe second is the door.", None),
    "a long rule between paragraphs": ("The first thing is the lift.\n\n" + "_" * 80 + "\n\nThe second is the door.", None),
    "a list below a rule": ("What is broken:\n-----\nThe lift\nThe door\nThe light", None),
    "two dashes between long parts": (
        "First the lift.\n\n--\n\n" + "\n".join(f"Then matter number {n} of the long list." for n in range(30)),
        None,
    ),
    "a sentence about a telephone": ("It was sent from my work address.\nPlease look at it again.", None),
    "a sentence about confidence": ("Please keep this confidential, I am afraid of my neighbour.", None),
    "a list": ("- no heating\n- no hot water\n- a leak", None),
    "a line from somebody": ("From: the flat upstairs there is a leak.\nPlease come.", None),
    "wrote without a quotation": ("As I wrote:\nthe lift is broken.", None),
    "a quotation mark in the text": ("The meter shows > 50 now and nobody reads it.", None),
    "words above an unmarked disclaimer phrase": (
        "I got your letter. If you are not the intended recipient of my rent, who is?",
        None,
    ),
}


@pytest.mark.parametrize(("text", "new"), KEPT.values(), ids=KEPT.keys())
def test_the_writers_own_words_stay(text: str, new: str | None) -> None:
    assert new_words(text) == (text if new is None else new)


DROPPED = {
    "a signature": f"{NEW}\n\n-- \nAnn Smith\n12 Elm House\n020 7946 0000",
    "a visiting card below a rule": f"{NEW}\n\n—————\nAnn Smith\nTenant of Elm House\n020 7946 0000",
    "a signature above the quotation": f"{NEW}\n-- \nAnn\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n> {OLD}",
    "a gateway's banner": f"CAUTION: This email originated from outside of the organisation. Do not click\nlinks unless you recognise the sender.\n\n{NEW}",
    "an external mark": f"[EXTERNAL]\n\n{NEW}",
    "a safety tip": f"You don't often get email from ann@resident.example. Learn why this is important\n\n{NEW}",
    "a disclaimer": f"{NEW}\n\nThis email and any attachments are confidential and intended solely for the\naddressee. If you are not the intended recipient, delete it.",
    "a council's footer": f"{NEW}\n\nThe original of this email was scanned for viruses by the Government Secure Intranet.\nIt was GCSX checked.",
    "a scanner's line": f"{NEW}\n\nVirus-free.www.avast.com",
    "a list's footer": f"{NEW}\n\n_______________________________________________\nTenants mailing list\nTenants@lists.example",
    "nested quotations": f"{NEW}\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n> Hello\n>\n> On 1 Nov 2026, at 08:00, Ann wrote:\n>> {OLD}\n>>",
    "a quoted line that was broken": f"{NEW}\n\n> We will visit you on Tuesday between eight in the morning and\nnoon at the latest\n> unless you ring us.",
    "signed mail": f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{NEW}\n-----BEGIN PGP SIGNATURE-----",
}


@pytest.mark.parametrize("text", DROPPED.values(), ids=DROPPED.keys())
def test_what_the_writer_did_not_write_is_dropped(text: str) -> None:
    assert new_words(text).startswith(NEW)
    assert new_words(text) in (NEW, NEW + "\n-----BEGIN PGP SIGNATURE-----")


FORWARDS = {
    "gmail": "---------- Forwarded message ---------\nFrom: H <h@c.example>\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Repair\nTo: Ann",
    "apple": "Begin forwarded message:\n\nFrom: H <h@c.example>\nSubject: Repair\nDate: 2 November 2026 at 09:12:00 GMT\nTo: Ann",
    "thunderbird in german": "-------- Weitergeleitete Nachricht --------\nBetreff: Repair\nDatum: Mon, 2 Nov 2026\nVon: H <h@c.example>\nAn: Ann",
}


@pytest.mark.parametrize("mark", FORWARDS.values(), ids=FORWARDS.keys())
def test_what_is_forwarded_is_content(mark: str) -> None:
    assert OLD in new_words(f"Please see what they wrote to me.\n\n{mark}\n\n{OLD}")
    quoted = "\n".join(f"> {line}" for line in f"{mark}\n\n{OLD}".split("\n"))
    assert OLD in new_words(f"Please see what they wrote to me.\n\n{quoted}")


def test_a_forward_told_by_its_subject_is_content() -> None:
    text = f"Please see this.\n\n{DELIMITERS['outlook without the line']}\n\n{OLD}"
    assert OLD not in split(text).new_text
    assert OLD in split(text, forwarded=True).new_text


@pytest.mark.parametrize(
    "text",
    [
        f"> {OLD}",
        f"Yes.\n\n> {OLD}",
        f"Yes please\n\nOn 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n{OLD}",
        "Sent from my iPhone",
    ],
)
def test_where_little_or_nothing_is_left_the_whole_is_new(text: str) -> None:
    found = split_reply(text)
    assert found.whole
    assert found.new_text == text
    assert found.new_ranges == ((0, len(text)),)


@pytest.mark.parametrize(
    "text",
    [
        f"On 2 Nov 2026, at 09:12, H <h@c.example> wrote:\n\n{OLD}",
        f"{DELIMITERS['outlook']}\n\n{OLD}",
        "--\nAnn Smith of Elm House",
    ],
)
def test_without_any_words_above_nothing_is_old(text: str) -> None:
    assert new_words(text).endswith(text.rsplit("\n", maxsplit=1)[-1])


def test_answers_that_only_colour_marks_are_not_lost() -> None:
    text = f"Please find my answers below in red.\n\n{DELIMITERS['outlook']}\n\n{OLD}\nI was in and nobody came."
    assert "I was in and nobody came." in new_words(text)


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


LINES = st.sampled_from(
    [
        *(
            "",
            "> old",
            ">> older",
            "--",
            "new words here",
            "On 2 Nov 2026, at 09:12, H <h@c.example> wrote:",
            "From: H",
            "Sent: today",
        ),
        *(
            "To: A",
            "Subject: x",
            "-----Original Message-----",
            "Sent from my iPhone",
            "Begin forwarded message:",
            "CAUTION: external",
        ),
        *("_" * 40, "This email is confidential", "He wrote:", "\u200b", "a" * 1500),
    ]
)


@given(st.lists(LINES, max_size=40).map("\n".join), st.sampled_from(["Fwd: x", "x"]))
@settings(max_examples=400)
def test_new_and_quoted_are_the_text_itself(text: str, subject: str) -> None:
    found = split(text, forwarded=subject.startswith("Fwd"))
    ends = [0]
    for start, end in found.new_ranges:
        assert ends[-1] <= start <= end <= len(text)
        ends.append(end)
    ranged = " ".join(text[start:end] for start, end in found.new_ranges)
    assert ranged.split() == found.new_text.split()
    assert sorted((found.new_text + " " + found.quoted).split()) == sorted(text.split())


@given(st.text(max_size=500))
@settings(max_examples=200)
def test_any_text_can_be_split(text: str) -> None:
    found = split_reply(text, text)
    assert bool(found.new_text) == bool(text.strip())


def test_old_lines_behind_the_limit_still_go_by_their_quote_marks() -> None:
    text = NEW + "\n> old" * (MOST_LINES + 10) + "\nAnd this below it all."
    assert new_words(text) == f"{NEW}\nAnd this below it all."


ATTACKS = {
    "On and many words": "On " + "word " * 20_000,
    "On and many lines": "On " + "word\n" * 20_000,
    "many lines that start with On": "On Monday I rang and he wrote\n" * 5_000,
    "many lines that look like attributions": "On Monday 12:30 I rang a@b.example and he wrote:\n" * 5_000,
    "blanks": " " * 200_000,
    "lines of blanks": "hi\n" + " \n" * 100_000 + "x",
    "header lines": "From: x\n" * 5_000,
    "header blocks": "From: x\nSent: y\n" * 3_000,
    "quotes and answers": "> a\nb\n" * 20_000,
    "brackets": "<a@" * 60_000,
    "dashes": "-" * 200_000,
    "disclaimers": ("this email " * 90 + "\n") * 3_000,
}


def test_hostile_texts_take_no_more_than_linear_time() -> None:
    program = f"from intake.quoting import split\nfor text in {list(ATTACKS.values())!r}: split(text); split(text + text)"
    # A hang guard only: each of these is done in well under a second, and a quadratic step would take hours.
    done = subprocess.run([sys.executable, "-"], input=program.encode(), timeout=120, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_only_the_first_part_of_a_long_line_is_looked_at() -> None:
    assert attribution(["x" * 5_000 + " wrote:"], 0, above_quotation=True) == (0, False)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("From: Ann", "from"),
        ("*Sent:* today", "date"),
        ("Betreff: x", "other"),
        ("主题：x", "other"),
        ("Objet : x", "other"),
        ("Fromage: x", None),
        ("http://x", None),
        ("plain", None),
    ],
)
def test_header_lines_are_known(line: str, kind: str | None) -> None:
    assert kind_of(line) == kind


def test_a_header_block_names_sender_date_and_more() -> None:
    lines = ["From: a", "Sent: b", "To: c", "", "text"]
    kinds = [kind_of(line) for line in lines]
    assert block_length(lines, 0, kinds) == 3
    assert block_length(lines[:2], 0, kinds[:2]) == 0
