"""The book of letters: what it refuses to write, what the landlord may replace, and what it says of itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest

from classifiers.taxonomy import Reason
from handlers.letter_blocks import blocks
from handlers.letter_pages import OUR_FOLDERS
from handlers.letter_words import call, day, link, listed, numbered
from handlers.letters import LetterBook, LetterError
from tests.handlers.landlords import COUNCIL_COMPLAINTS, HOUSING_OMBUDSMAN, northmere
from tests.handlers.letter_cases import COMPLAINT, ELSEWHERE, OWN_PAGE, PLAIN_CASES, RECEIPT, REFERENCE, REPLY, REPORT, REQUEST


@pytest.fixture(scope="module")
def book() -> LetterBook:
    return LetterBook(northmere())


@pytest.mark.parametrize(
    ("kind", "facts", "missing"),
    [
        ("receipt", replace(RECEIPT, look_by=None), "look_by"),
        ("service_request_logged", replace(REQUEST, look_by=None), "look_by"),
        ("asb_report_logged", replace(REPORT, look_by=None), "look_by"),
        ("complaint_acknowledged", replace(COMPLAINT, definition=None), "points"),
        ("complaint_acknowledged", replace(COMPLAINT, acknowledge_by=None), "acknowledge_by"),
        ("complaint_acknowledged", replace(COMPLAINT, respond_by=None), "respond_by"),
        ("complaint_acknowledged", replace(COMPLAINT, respond_by_if_extended=None), "respond_by_if_extended"),
        ("officer_reply", replace(REPLY, officer=None), "officer"),
        ("officer_reply", replace(REPLY, subject=None), "subject"),
        ("officer_reply", replace(REPLY, words=None), "blocks"),
        ("out_of_scope_signposted", ELSEWHERE, "reason"),
        ("out_of_scope_signposted", replace(ELSEWHERE, reason=Reason.PETITION), "respond_by"),
    ],
)
def test_a_letter_whose_fact_is_missing_is_not_written(book, kind, facts, missing):
    with pytest.raises(LetterError, match=missing):
        book.draft(kind, facts)


@pytest.mark.parametrize("blank", ["phone", "website", "post"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_the_ombudsmans_details_no_letter_opens(blank, value):
    with pytest.raises(LetterError, match=rf"Code 3\.7.*{blank}"):
        LetterBook(northmere(housing_ombudsman=replace(HOUSING_OMBUDSMAN, **{blank: value})))


def test_a_letter_that_is_not_there_is_named(book):
    with pytest.raises(LetterError, match="'refusal'"):
        book.draft("refusal", RECEIPT)


def test_the_landlord_replaces_one_file_and_keeps_the_rest(book, tmp_path):
    ours = (OUR_FOLDERS / "receipt" / "body.txt").read_text(encoding="utf-8")
    (tmp_path / "receipt").mkdir()
    (tmp_path / "receipt" / "body.txt").write_text(
        ours.replace("Thank you for writing to us.", "Hello from Northmere."), encoding="utf-8"
    )
    own = LetterBook(northmere(), tmp_path)
    assert "Hello from Northmere." in own.draft("receipt", RECEIPT).text
    assert "Thank you for writing to us." in own.draft("receipt", RECEIPT).html
    assert own.draft("receipt", RECEIPT).subject == book.draft("receipt", RECEIPT).subject


def test_the_landlord_replaces_a_shared_part_and_all_letters_have_it(tmp_path):
    (tmp_path / "_parts").mkdir()
    (tmp_path / "_parts" / "help.txt").write_text("Come to the Town Hall on Mondays.", encoding="utf-8")
    own = LetterBook(northmere(), tmp_path)
    for kind, facts in PLAIN_CASES.items():
        assert "Come to the Town Hall on Mondays.\n\n" in own.draft(kind, facts).text


def test_the_landlord_adds_a_letter_as_a_folder(tmp_path):
    shutil.copytree(OUR_FOLDERS / "receipt", tmp_path / "visit_booked")
    own = LetterBook(northmere(), tmp_path)
    assert "visit_booked" in own.kinds
    assert own.draft("visit_booked", RECEIPT).template.startswith("visit_booked@")


@pytest.mark.parametrize(
    ("path", "words", "complaint"),
    [
        ("receipt/body.txt", "We have it: {{ reference }}.", "Housing Ombudsman's telephone number"),
        ("receipt/body.html", "<h1>{{ reference }}</h1>", "Housing Ombudsman's telephone number"),
        ("receipt/body.short.txt", "0300 111 3000", "reference"),
        ("receipt/subject.txt", "We have it", "reference"),
        ("receipt/body.txt", "{{ refrence }}", "refrence"),
        ("officer_reply/body.txt", "{{ reference }} 0300 111 3000 {{ officer }}", "leaves out words"),
        ("officer_reply/body.html", "{{ reference }} 0300 111 3000 {{ words }}", "leaves out words"),
        ("officer_reply/body.short.txt", "{{ reference }} 0300 111 3000 {{ officer }}", "leaves out words"),
        ("receipt/body.txt", "{% if %}", "cannot be used"),
        ("receipt/body.txt", '{% include "_parts/nothing.txt" %}', "nothing.txt"),
        ("_parts/help.txt", '{% include "_parts/help.txt" %}', "holds itself"),
        ("receipt/body.short.txt", "{{ reference }} 0300 111 3000 " + "x" * 900, "at most 900"),
    ],
)
def test_the_landlords_mistake_is_found_when_the_book_is_opened(tmp_path, path, words, complaint):
    file = tmp_path / path
    file.parent.mkdir()
    file.write_text(words, encoding="utf-8")
    with pytest.raises(LetterError, match=complaint):
        LetterBook(northmere(), tmp_path)


def test_the_version_names_the_letter_and_changes_with_its_words(book, tmp_path):
    (tmp_path / "receipt").mkdir()
    (tmp_path / "receipt" / "subject.txt").write_text("We have your letter ({{ reference }})", encoding="utf-8")
    own = LetterBook(northmere(), tmp_path)
    assert own.draft("receipt", RECEIPT).template != book.draft("receipt", RECEIPT).template
    assert own.draft("service_request_logged", REQUEST).template == book.draft("service_request_logged", REQUEST).template
    assert LetterBook(northmere()).draft("receipt", RECEIPT) == book.draft("receipt", RECEIPT)


def test_a_landlord_without_optional_facts_has_whole_letters(book):
    bare = northmere(asb_phone=None, services={}, signposts={})
    own = LetterBook(bare)
    assert "To talk to us about it" not in own.draft("asb_report_logged", REPORT).text
    for reason in Reason:
        told = replace(ELSEWHERE, reason=reason, respond_by=date(2027, 1, 8))
        assert REFERENCE in own.draft("out_of_scope_signposted", told).text


def test_the_councils_complaints_office_is_named_once(book):
    told = replace(ELSEWHERE, reason=Reason.OTHER_COUNCIL_SERVICE, signpost=COUNCIL_COMPLAINTS)
    made = book.draft("out_of_scope_signposted", told)
    assert made.text.count(COUNCIL_COMPLAINTS.name) == 1
    assert made.html.count(COUNCIL_COMPLAINTS.name.replace("'", "&#39;")) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("one\ntwo\n\n\nthree", [("paragraph", ("one", "two"), 1), ("paragraph", ("three",), 1)]),
        ("first:\n- a\n* b\nafter", [("paragraph", ("first:",), 1), ("bullets", ("a", "b"), 1), ("paragraph", ("after",), 1)]),
        ("1. a\n2) b\n\n3. c", [("steps", ("a", "b"), 1), ("steps", ("c",), 3)]),
        ("  spaced \t out \r\n", [("paragraph", ("spaced out",), 1)]),
        ("hid\u200bden \u202eback", [("paragraph", ("hidden back",), 1)]),
        ("-dash\n12 May\n2026. was long", [("paragraph", ("-dash", "12 May", "2026. was long"), 1)]),
        ("- \n-", [("paragraph", ("-", "-"), 1)]),
    ],
)
def test_plain_words_become_paragraphs_and_lists(words, expected):
    assert [(block.kind, block.lines, block.first) for block in blocks(words)] == expected


def test_an_officers_words_are_the_same_in_text_page_and_chat_and_never_a_page_of_their_own(book):
    said = '<script>alert(1)</script> {{ landlord.phone }} & "quoted"'
    made = book.draft("officer_reply", replace(REPLY, words=said))
    assert said in made.text
    assert said in made.short
    assert "<script" not in made.html
    assert "{{ landlord.phone }} &amp;" in made.html


def test_the_reference_stands_once_in_an_officers_subject(book):
    assert book.draft("officer_reply", REPLY).subject == f"Your kitchen tap ({REFERENCE})"
    assert book.draft("officer_reply", replace(REPLY, subject=f"About {REFERENCE}")).subject == f"About {REFERENCE}"


def test_a_list_of_steps_goes_on_where_the_officer_began_it(book):
    made = book.draft("officer_reply", replace(REPLY, words="3. three\n4. four"))
    assert "3. three\n4. four" in made.text
    assert '<ol start="3">' in made.html


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2027, 1, 8), "Friday 8 January 2027"),
        (date(2026, 12, 31), "Thursday 31 December 2026"),
        (date(2028, 2, 29), "Tuesday 29 February 2028"),
    ],
)
def test_a_day_is_written_as_people_say_it(when, words):
    assert day(when) == words


def test_lists_numbers_and_links_are_written_as_people_say_them():
    assert [listed(things) for things in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [numbered(numbers) for numbers in ([2], [1, 3], [1, 2, 4])] == ["Point 2", "Points 1 and 3", "Points 1, 2 and 4"]
    assert call("+44 (0)1632 960-101") == "tel:+4401632960101"
    assert [link("www.lgo.org.uk"), link("http://a.example")] == ["https://www.lgo.org.uk", "http://a.example"]


def test_letters_that_say_the_same_to_many_lead_each_to_a_page_of_their_own(book):
    pages = [OWN_PAGE, OWN_PAGE.replace("4711", "4712"), None]
    for kind, facts in (("receipt", RECEIPT), ("service_request_logged", REQUEST), ("asb_report_logged", REPORT)):
        for page in pages:
            draft = book.draft(kind, replace(facts, page=page))
            for body in (draft.text, draft.html, draft.short):
                assert {one for one in pages if one and one in body} == ({page} if page else set())
                assert "\ue001" not in body
