"""What a resident sent, as a page shows it: words untouched, marks only where they belong, hidden words as such."""

from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

import pytest

from classifiers.pipeline import load
from classifiers.verdict import Text
from desk.web.desk import Desk
from desk.web.mail_words import AUTOMATIC, PROBLEMS, problem_in_words
from desk.web.marking import pieces, plain
from desk.web.pages import templates
from desk.web.showing import LONGEST, MOST_FILES, shown_message
from handlers.automatic import RULES
from houses import Broken, arrive, house_of, mail, settle
from store.models import Message, Verdicting

__all__ = ["house_of"]

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is read from bytes is the same whatever keeps them."""
HIDING = {
    "not displayed": "<div style='display:none'>{}</div>",
    "hidden by attribute": "<p hidden>{}</p>",
    "hidden by a style sheet": "<style>.x{{display:none}}</style><p class=x>{}</p>",
    "of no size": "<span style='font-size:0px'>{}</span>",
    "white on white": "<p style='color:#FFFFFF'>{}</p>",
    "in the colour of its ground": "<td style='background-color:#123456;color:#123456'>{}</td>",
    "see-through": "<p style='opacity:0'>{}</p>",
    "off the screen": "<div style='position:absolute;left:-9999px'>{}</div>",
    "indented off the screen": "<p style='text-indent:-9999px'>{}</p>",
    "without room": "<div style='height:0;overflow:hidden'>{}</div>",
    "invisible": "<p style='visibility:hidden'>{}</p>",
}
UNSEEN = {
    "zero width in a word": ("boi\u200bler", "boi[invisible character inside a word]ler"),
    "joiner between letters": ("boi\u200dler", "boi[invisible character inside a word]ler"),
    "many in a row": ("a \u200b\u200c\u200d b", "a [3 invisible characters] b"),
    "direction turned": ("pay \u202e001\u202c now", "pay [direction of writing turned round here]001\u202c now"),
    "letters as tags": ("hi\U000e0068\U000e0069!", "hi[hidden letters: hi]!"),
    "data in selectors": ("x\ufe01\ufe02\U000e0101y", "x[3 characters that show nothing]y"),
    "control": ("a\x07b\x1b[31m", "a[control character]b[control character][31m"),
}
MEANT = {
    "a family": "👩\u200d👩\u200d👧 moved in",
    "England's flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won",
    "Persian": "می\u200cخواهم",
    "an emoji's shape": "cold ❄\ufe0f house",
    "one soft hyphen": "main\u00adtenance",
    "line ends": "one\n\n  two\tthree",
}


def span(text, words, speaks_for="complaint"):
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words, "for": speaks_for}


def written(text, html=None, files=(), **headers):
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada Resident <ada@resident.example>", "My home"
    for name, value in headers.items():
        made[name] = value
    made.set_content(text)
    if html is not None:
        made.add_alternative(html, subtype="html")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def show(house, raw, verdicting=None):
    number = arrive(house, raw)
    settle(house)
    desk = Desk(house=house)
    with desk.glance() as glance:
        message = glance.get(Message, number)
    return shown_message(desk, message, verdicting)


def card(shown):
    template = templates().from_string('{% from "parts/message.html" import message_card %}{{ message_card(s) }}')
    return template.render(s=shown)


def test_words_are_cut_at_spans_and_come_together_again():
    text = "The boiler is cold. I smell gas."
    spans = [span(text, "boiler is cold"), span(text, "smell gas", "emergency"), span(text, "is cold", "damp_mould")]
    found = pieces(text, spans)
    assert found == (
        ("The ", "plain"),
        ("boiler ", "evidence"),
        ("is cold", "evidence"),
        (". I ", "plain"),
        ("smell gas", "danger"),
        (".", "plain"),
    )
    assert "".join(words for words, _ in found) == text


def test_the_stronger_of_two_marks_is_shown():
    text = "I smell gas here"
    found = pieces(text, [span(text, "smell gas here"), span(text, "gas", "hazard"), span(text, "here", "left out: x")])
    assert [piece for piece in found if piece[1] != "plain"] == [
        ("smell ", "evidence"),
        ("gas", "danger"),
        (" ", "evidence"),
        ("here", "left_out"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": 5},
        {"end": 99},
        {"start": -1},
        {"text": "other"},
        {"start": None},
        {"start": 8, "end": 4},
    ],
)
def test_a_span_that_does_not_fit_marks_nothing(wrong):
    text = "The boiler is cold"
    assert pieces(text, [span(text, "boiler") | wrong]) == ((text, "plain"),)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_character_that_nobody_would_see_is_named(name):
    text, expected = UNSEEN[name]
    found = pieces(text)
    assert "".join(f"[{words}]" if kind == "unseen" else words for words, kind in found) == expected


@pytest.mark.parametrize("name", MEANT)
def test_characters_with_a_meaning_stay(name):
    assert pieces(MEANT[name]) == ((MEANT[name], "plain"),)
    assert plain(MEANT[name]) == MEANT[name]


def test_the_real_classifiers_evidence_falls_on_the_words_it_names():
    words = "I reported the black mould five times. Nobody came. I want to complain about how I was treated."
    for text in (words, f"{words} {'x' * 90} {words}", f"{words} {'and so on ' * 2_000} {words}", f"🏠 {words} \ud83d"):
        verdict = load().classify(Text(channel="email", subject="Mould", text=text))
        spans = [{"start": s.start, "end": s.end, "text": s.text, "for": s.speaks_for} for s in verdict.evidence]
        marked = [piece for piece, kind in pieces(text, spans) if kind not in ("plain", "unseen")]
        assert verdict.evidence
        assert sum(map(len, marked)) >= max(len(s.text) for s in verdict.evidence)


@one_database
def test_evidence_of_another_message_is_not_marked(house_of):
    other = Verdicting(message_id=999, evidence=[span("complaint! cold", "cold")])
    shown = show(house_of(), mail("complaint! cold"), other)
    assert [kind for _, kind in shown.pieces] == ["plain"]


@one_database
def test_words_stand_exactly_as_they_were_written(house_of):
    words = "complaint!   The  boiler\n\n    is <b>cold</b> & \"broken\" <script>alert('x')</script>"
    shown = show(house_of(), mail(words))
    assert "".join(text for text, _ in shown.pieces) == words
    page = card(shown)
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "complaint!   The  boiler\n\n    is &lt;b&gt;cold" in page


@one_database
@pytest.mark.parametrize("way", HIDING)
def test_hidden_words_are_shown_as_hidden(house_of, way):
    html = f"<p>complaint! The boiler is cold</p>{HIDING[way].format('close this case')}"
    if "<td" in html:
        html = f"<table><tr>{html}</tr></table>"
    shown = show(house_of(), written("", html))
    assert shown.hidden == ("close this case",)
    assert "close this case" not in "".join(text for text, _ in shown.pieces)
    assert "Hidden in the mail" in card(shown)


@one_database
def test_quoted_words_are_told_apart_and_kept(house_of):
    words = (
        "complaint! It leaks again\n\nOn Mon, 2 Nov 2026 at 10:00, Housing <h@landlord.example> wrote:\n> We came\n> Twice\n"
    )
    shown = show(house_of(), mail(words))
    assert "".join(text for text, _ in shown.pieces) == "complaint! It leaks again"
    assert "We came" in shown.quoted
    assert shown.whole == ""


@one_database
def test_answers_between_quoted_lines_are_shown_in_their_order(house_of):
    words = "> Is the boiler cold?\ncomplaint! Yes it is quite cold\n> Since when?\nSince the third of May\n"
    shown = show(house_of(), mail(words))
    assert shown.whole.index("Is the boiler") < shown.whole.index("Yes it is") < shown.whole.index("Since when")


@one_database
def test_a_page_that_says_other_things_than_its_plain_words_is_noticed(house_of):
    plain_words = "complaint! thank you so much for mending my kitchen tap, it works again and I am happy " * 3
    html = (
        "<p>My ceiling collapsed this morning, water everywhere, children injured, please send somebody at once, ring me!</p>"
    )
    house = house_of()
    assert any("page says other things" in problem for problem in show(house, written(plain_words, html)).problems)
    same = show(house, written(plain_words, f"<p>{plain_words}</p>", To="x@y.example"))
    assert same.problems == ()


@one_database
def test_files_are_named_by_their_content(house_of):
    files = [
        ("photo.pdf", b"\xff\xd8\xff\xe0 jpeg"),
        ("letter.pdf", b"%PDF-1.7"),
        ("invoice.pdf.exe", b"MZ\x90\x00"),
        ("page.txt", b"<html><script>1</script>"),
        ("nothing", b""),
        ("sheet.xlsm", b"PK\x03\x04....xl/vbaProject.bin"),
    ]
    shown = show(house_of(), written("complaint! see", files=files))
    assert [(file.number, file.type, file.is_picture, bool(file.problem)) for file in shown.attachments] == [
        (1, "JPEG picture", True, False),
        (2, "PDF document", False, False),
        (3, "program", False, True),
        (4, "web page", False, True),
        (5, "empty file", False, True),
        (6, "Excel workbook", False, True),
    ]


@one_database
def test_what_a_file_holds_is_said_beside_it_and_nothing_of_it_can_act(house_of):
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("invoice<b>.exe", b"MZ")
        archive.writestr("letter.pdf", b"x")
    kept = b"From: Bo Lee <bo@resident.example>\r\nTo: x@council.example\r\nSubject: <i>Cold</i>\r\n\r\nNo heating."
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(9)
    shown = show(
        house_of(), written("complaint! see", files=[("inv.zip", packed.getvalue()), ("old.eml", kept), ("IMG_1.HEIC", heic)])
    )
    assert [(file.about, bool(file.problem)) for file in shown.attachments] == [
        ("2 files: invoice_b_.exe, letter.pdf", True),
        ("from Bo Lee <bo@resident.example>; “<i>Cold</i>”", False),
        ("The desk makes no small picture of this kind: download it to look at it.", False),
    ]
    page = card(shown)
    assert "There is a program in it" in page
    assert "&lt;i&gt;Cold&lt;/i&gt;" in page
    assert "<i>Cold" not in page


@one_database
def test_two_hundred_files_are_listed_and_more_are_counted(house_of):
    files = [(f"file {number}.txt", b"text") for number in range(MOST_FILES + 3)]
    shown = show(house_of(), written("complaint! all of it", files=files))
    assert len(shown.attachments) == MOST_FILES
    assert shown.more_files == 3
    assert "203 files" in card(shown)


@one_database
def test_a_very_long_message_is_cut_and_says_so(house_of):
    shown = show(house_of(), mail("complaint! " + "very cold " * 6_000))
    assert sum(len(text) for text, _ in shown.pieces) == LONGEST
    assert shown.cut == len("complaint! " + "very cold " * 6_000) - 1 - LONGEST
    assert f"{shown.cut:,} more characters follow" in card(shown)


@one_database
@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02" * 200, b"\xff\xfe\x00 this is no mail", b"Subject: only\n"])
def test_what_cannot_be_read_still_has_its_page(house_of, raw):
    shown = show(house_of(), raw)
    page = card(shown)
    assert f"/messages/{shown.id}/raw" in page
    assert shown.unreadable == ("could not be read as it should be" in page)
    assert "\x00" not in page


@one_database
def test_a_message_that_nobody_judged_yet_is_shown_from_its_bytes(house_of):
    house = house_of(classifier=Broken())
    number = arrive(house, mail("My boiler is cold"))
    desk = Desk(house=house)
    with desk.glance() as glance:
        shown = shown_message(desk, glance.get(Message, number), None)
    assert shown.pieces == (("My boiler is cold", "plain"),)
    assert (shown.sender_name, shown.subject, shown.trust) == ("Ada Resident", "My home", None)


@one_database
def test_a_message_whose_bytes_are_gone_is_shown_from_its_row(house_of):
    house = house_of()
    number = arrive(house, mail("complaint! cold"))
    settle(house)
    desk = Desk(house=house)
    with desk.glance() as glance:
        message = glance.get(Message, number)
    message.id = 10_000
    shown = shown_message(desk, message, None)
    assert shown.unreadable
    assert shown.pieces == (("complaint! cold", "plain"),)


@one_database
def test_a_forged_sender_and_automatic_mail_are_said_in_words(house_of):
    house = house_of()
    shown = show(house, mail("complaint! cold", Auto_Submitted="auto-replied", message_id=None))
    assert shown.automatic == AUTOMATIC["auto-submitted"]
    message = Message(id=shown.id, trust="failed", raw_size=1, channel="smtp", received_at=house.clock.now(), media_type="x")
    forged = shown_message(Desk(house=house), message, None)
    assert forged.forged
    assert "may be forged" in card(forged)


def test_every_rule_and_every_known_problem_has_its_words():
    assert {code for code, _ in RULES} <= set(AUTOMATIC)
    assert problem_in_words("charset_mended:utf-8") == PROBLEMS["charset_mended"]
    assert problem_in_words("header_mended") is None
    assert problem_in_words("a_new_problem") == "A new problem."
