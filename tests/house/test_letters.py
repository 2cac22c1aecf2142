"""Promises about every letter: whole, strict, accessible, plain, kind, and never without the Ombudsman (design.md section 4)."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

import handlers.letters
from handlers.letter_kinds import KINDS
from handlers.letter_pages import OUR_FOLDERS
from handlers.letters import FILES, LONGEST_SHORT, Draft, LetterBook
from handlers.readability import grade
from tests.handlers.landlords import northmere
from tests.handlers.letter_cases import COURSE, OWN_PAGE, PLAIN_CASES, PROOF_PAGE, REFERENCE, cases

CASES = list(cases())
DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+ 20\d\d\b")
NEVER_SAID = (
    *(
        "alleged",
        "allege",
        "claims that",
        "claim that",
        "made up",
        "making up",
        "unfortunately",
        "as previously advised",
        "as stated",
    ),
    *("you failed", "your failure", "you should have", "your lifestyle", "your fault", "opening windows", "tumble dryer"),
    *("inconvenience", "regrettably", "pursuant", "aforementioned", "hereby", "herewith", "in respect of", "with regard to"),
    *("do not hesitate", "at this point in time", "informal", "stage 0", "escalate", "vexatious", "frivolous"),
    *("we refuse", "rejected", "not upheld", "upheld", "case closed", "we have decided", "our decision"),
    *("compensation", "we will pay", "refund", "reimburse", "goodwill", "£"),
    "info@housing-ombudsman.org.uk",
)
VOID = {"meta", "br"}
POLICY = northmere().policy_url
SURVEY = "https://surveys.example.gov.uk/complaints?stage=1"


@pytest.fixture(scope="module")
def book() -> LetterBook:
    return LetterBook(northmere())


@pytest.fixture(scope="module")
def drafts(book: LetterBook) -> dict[str, Draft]:
    return {name: book.draft(kind, facts) for name, kind, facts in CASES}


def words_of(text: str) -> list[str]:
    """Return the words of a text without the marks of its lists."""
    return re.findall(r"[^\s]+", re.sub(r"(?m)^(?:\d+\.|-) ", "", text))


def shown(html: str) -> str:
    """Return what a browser would show of the page's body, blocks and lines apart."""
    body = LexborHTMLParser(re.sub(r"(?=<(?:h\d|p|li|ul|ol|div|br)\b)", "\n", html)).css_first("main")
    return body.text() if body else ""


class Balanced(HTMLParser):
    """Fails on a tag that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def test_every_folder_is_a_letter_with_its_four_files(book):
    folders = {folder.name for folder in OUR_FOLDERS.iterdir() if folder.is_dir() and not folder.name.startswith("_")}
    assert folders == set(book.kinds) == {*PLAIN_CASES, *COURSE}
    for folder in folders:
        for name in FILES:
            assert (OUR_FOLDERS / folder / name).read_text(encoding="utf-8").strip(), f"{folder}/{name}"


def test_the_module_wins_over_the_folder_of_the_same_name():
    assert handlers.letters.__file__ is not None
    assert Path(handlers.letters.__file__).name == "letters.py"
    assert not (OUR_FOLDERS / "__init__.py").exists()


@pytest.mark.parametrize("name", [name for name, _, _ in CASES])
class TestEveryLetter:
    def test_gives_the_reference_everywhere(self, drafts, name):
        made = drafts[name]
        assert all(REFERENCE in words for words in (made.subject, made.text, made.html, made.short))

    def test_tells_of_the_housing_ombudsman_with_phone_website_and_post(self, drafts, name):
        made = drafts[name]
        for words in (made.text, shown(made.html)):
            assert "Housing Ombudsman Service" in words
            assert "0300 111 3000" in words
            assert "https://www.housing-ombudsman.org.uk" in words
            assert "PO Box 1484, Unit D, Preston PR2 0ET" in words
            assert "at any time" in words
        assert "0300 111 3000" in made.short

    def test_says_how_to_complain_or_what_comes_after_the_complaint(self, drafts, name):
        text = drafts[name].text
        if "complaint (stage" in text:
            assert "you can ask us to look again" in text or "take your complaint to the Ombudsman" in text
        elif name.startswith("address_confirmation"):
            assert "this is a complaint" not in text, "it may have gone to somebody who has nothing to do with the case"
        else:
            assert "reply with the words “this is a complaint”" in text

    def test_leads_to_the_policy_once_in_text_and_page(self, drafts, name):
        made = drafts[name]
        if name.startswith("address_confirmation"):
            assert POLICY not in made.text + made.html, "it may have gone to somebody who has nothing to do with the case"
            return
        assert made.text.count(f"You can read how we deal with complaints here: {POLICY}") == 1
        assert [link.text() for link in LexborHTMLParser(made.html).css("a")].count(POLICY) == 1

    def test_gives_the_numbers_to_call_in_danger(self, drafts, name):
        made = drafts[name]
        assert "call 999" in made.text
        assert "01632 960999" in made.text
        assert "Call 999" in made.short

    def test_writes_its_dates_as_dates(self, drafts, name):
        made = drafts[name]
        assert len(DAY.findall(made.text)) >= 2
        assert DAY.search(made.short)
        assert not re.search(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{2,4}|\bworking days?\b", made.text + made.short)

    def test_has_plain_text_and_page_that_say_the_same(self, drafts, name):
        made = drafts[name]
        assert words_of(shown(made.html)) == words_of(made.text)

    def test_is_an_accessible_page_that_loads_nothing(self, drafts, name):
        page = Balanced()
        page.feed(drafts[name].html)
        page.close()
        assert page.open == []
        tags = [tag for tag, _ in page.seen]
        assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
        assert ("html", {"lang": "en"}) in page.seen
        assert not {"img", "script", "link", "iframe", "object", "form", "video", "table"} & set(tags)
        assert not any({"src", "onclick", "background", "srcset"} & set(attributes) for _, attributes in page.seen)
        assert "url(" not in drafts[name].html
        assert not {"h3", "h4"} & set(tags)

    def test_leads_only_where_it_says(self, drafts, name):
        for link in LexborHTMLParser(drafts[name].html).css("a"):
            target, label = str(link.attributes["href"]), link.text()
            if target.startswith("tel:"):
                assert target.removeprefix("tel:") == label.replace(" ", "")
            elif target.startswith("mailto:"):
                assert target.removeprefix("mailto:") == label
            else:
                assert target in {label, f"https://{label}"}

    def test_has_nothing_cold_blaming_or_promising_in_it(self, drafts, name):
        made, kind = drafts[name], re.split(r"[ :]", name)[0]
        may_say = KINDS[kind].may_say if kind in KINDS else frozenset()
        for words in (made.subject, made.text, made.short):
            found = [phrase for phrase in NEVER_SAID if phrase in words.lower() and phrase not in may_say]
            assert not found

    def test_is_short_enough_for_a_chat(self, drafts, name):
        short = drafts[name].short
        assert len(short) <= LONGEST_SHORT
        for ours in (PROOF_PAGE, OWN_PAGE, *([SURVEY] if name.startswith("survey_invitation") else [])):
            short = short.replace(ours, "")
        assert "http" not in short, "its only link is a page of our own, or the survey's in its invitation"
        assert "www." not in short

    def test_prints_no_python_and_no_gaps(self, drafts, name):
        made = drafts[name]
        for words in (made.subject, made.text, made.short):
            assert not re.search(r"\bNone\b|\bUndefined\b|\{\{|\}\}|\{%|<\w+>|&amp;|&#|  ", words)
        assert "\n\n\n" not in made.text
        assert made.subject == made.subject.strip()
        assert "\n" not in made.subject

    def test_says_that_it_was_automatic_just_when_it_was(self, drafts, name):
        made = drafts[name]
        by_a_person = "sent by a person" in name or name.startswith("officer_reply")
        assert ("A computer sorted your message" in made.text) is not by_a_person
        assert ("sent automatically" in made.short) is not by_a_person

    def test_opens_the_privacy_notice_and_the_way_to_complain_about_data(self, drafts, name):
        text = drafts[name].text
        assert "https://northmere.example/privacy" in text
        assert "data.protection@northmere.example" in text
        assert "Information Commissioner" in text

    def test_asks_for_adjustments_and_offers_somebody_to_speak(self, drafts, name):
        text = drafts[name].text
        assert "large print" in text
        assert "interpreter" in text
        assert "Somebody else can speak for you" in text


def test_the_grade_tells_plain_words_from_officialese():
    assert grade("We will come on Monday. Please stay in. We will fix the tap.") < 3
    assert (
        grade("Subsequent to the aforementioned correspondence, determination of responsibilities necessitates consideration.")
        > 15
    )


def test_every_letter_can_be_read_at_the_age_of_eleven(drafts):
    grades = {name: grade(made.text) for name, made in drafts.items()}
    assert {name: found for name, found in grades.items() if found > 6} == {}
    assert sum(grades.values()) / len(grades) <= 5


def test_no_sentence_is_long_and_paragraphs_are_apart(drafts):
    for name, made in drafts.items():
        lines = [line for line in made.text.splitlines() if line.endswith((".", "?", "!"))]
        longest = max(re.split(r"(?<=[.?!]) ", " ".join(lines)), key=lambda sentence: len(sentence.split()))
        assert len(longest.split()) <= 30, (name, longest)
        for heading in ("Are you unhappy with us?", "Your privacy", "Free help from the Ombudsman", "Have we got this wrong?"):
            assert heading not in made.text or f"\n\n{heading}\n\n" in made.text, (name, heading)
