"""The letters in view: every kind with sample facts, the landlord's own files beside ours, and mistakes shown, not suffered."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, sign_in, signed_in
from handlers.letter_pages import OUR_FOLDERS
from handlers.letter_samples import samples
from handlers.letters import LetterBook

KINDS = sorted(folder.name for folder in OUR_FOLDERS.iterdir() if not folder.name.startswith("_"))


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def words_of(page):
    return " ".join(page.text().split())


@pytest.fixture
def own(tmp_path):
    """The landlord's own folder of letters, with one file in it."""
    folder = tmp_path / "own"
    (folder / "receipt").mkdir(parents=True)
    ours = (OUR_FOLDERS / "receipt" / "body.txt").read_text(encoding="utf-8")
    changed = ours.replace("Thank you for writing to us.", "Hello from the landlord.")
    (folder / "receipt" / "body.txt").write_text(changed, encoding="utf-8")
    return folder


def test_every_kind_of_letter_is_listed_with_the_version_in_use(house_of):
    house = house_of()
    page = page_of(signed_in(house), "/letters")
    links = {link.attributes["href"] for link in page.css(".desk-letters a")}
    assert links == {f"/letters/{kind}" for kind in KINDS}
    for kind in KINDS:
        assert house.correspondence.letters.version(kind).split("@")[1] in words_of(page)


@pytest.mark.parametrize("role", ["officer", "manager", "administrator", "auditor"])
def test_the_letters_are_open_to_everyone_who_is_signed_in(house_of, role):
    client = signed_in(house_of(), "olive", role)
    assert client.get("/letters").status_code == client.get("/letters/receipt").status_code == 200


def test_nobody_else_sees_them(house_of):
    client = client_of(house_of())
    for address in ("/letters", "/letters/receipt", "/letters/receipt/page"):
        assert client.get(address).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("kind", KINDS)
def test_each_sample_is_shown_as_text_page_and_short_form_as_the_book_writes_it(house_of, kind):
    house = house_of()
    client = signed_in(house)
    for name, facts in samples(house.landlord, kind).items():
        made = house.correspondence.letters.draft(kind, facts)
        page = page_of(client, f"/letters/{kind}?sample={name}")
        text, short = (node.text() for node in page.css("pre.desk-letter__text"))
        assert text.strip() == made.text.strip()
        assert short.strip() == made.short.strip()
        assert made.subject in words_of(page)
        frame = page.css_first("iframe")
        assert frame.attributes["sandbox"] == ""
        assert client.get(frame.attributes["src"]).text == made.html


def test_the_frame_may_do_nothing(house_of):
    answer = signed_in(house_of()).get("/letters/receipt/page")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
    assert policy.endswith("; sandbox")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "address",
    [
        "/letters/refusal",
        "/letters/_parts",
        "/letters/receipt?sample=nothing",
        "/letters/receipt/page?sample=nothing",
        "/letters/..%2f..%2fetc",
    ],
)
def test_what_is_no_letter_is_not_found(house_of, address):
    assert signed_in(house_of()).get(address).status_code == 404


def test_the_landlords_file_stands_beside_ours_line_by_line(house_of, own):
    page = page_of(signed_in(house_of(letters_dir=own)), "/letters/receipt")
    (section,) = page.css(".desk-diff")
    assert section.css_first("h3").text() == "receipt/body.txt"
    was, now = [node.text() for node in section.css("del")], [node.text() for node in section.css("ins")]
    assert [line.split(".")[0] for line in was] == ["Thank you for writing to us"]
    assert [line.split(".")[0] for line in now] == ["Hello from the landlord"]
    assert "Hello from the landlord." in page.css_first("pre.desk-letter__text").text()


def test_what_is_not_replaced_is_not_compared(house_of, own):
    client = signed_in(house_of(letters_dir=own))
    assert page_of(client, "/letters/asb_report_logged").css(".desk-diff") == []
    assert page_of(signed_in(house_of(), "max"), "/letters/receipt").css(".desk-diff") == []


def test_a_replaced_shared_part_is_shown_with_every_letter_that_holds_it(house_of, own):
    (own / "_parts").mkdir()
    (own / "_parts" / "help.txt").write_text("Come to the Town Hall.\n", encoding="utf-8")
    client = signed_in(house_of(letters_dir=own))
    for kind in KINDS:
        names = [node.text() for node in page_of(client, f"/letters/{kind}").css(".desk-diff h3")]
        assert "_parts/help.txt" in names


def test_a_letter_of_the_landlords_own_is_shown_too(house_of, own):
    (own / "visit_booked").mkdir()
    for name in ("subject.txt", "body.txt", "body.html", "body.short.txt"):
        text = (OUR_FOLDERS / "receipt" / name).read_text(encoding="utf-8")
        (own / "visit_booked" / name).write_text(text, encoding="utf-8")
    client = signed_in(house_of(letters_dir=own))
    assert "Visit booked" in words_of(page_of(client, "/letters"))
    page = page_of(client, "/letters/visit_booked")
    assert "there is none of ours in its place" in words_of(page)
    assert page.css_first("pre.desk-letter__text") is not None


def test_a_file_changed_since_the_start_is_said_and_the_program_goes_on_with_what_it_began_with(house_of, own):
    house = house_of(letters_dir=own)
    before = house.correspondence.letters.version("receipt")
    (own / "receipt" / "subject.txt").write_text("Another subject ({{ reference }})\n", encoding="utf-8")
    client = signed_in(house)
    page = page_of(client, "/letters/receipt")
    after = LetterBook(house.landlord, own, only="receipt").version("receipt")
    assert before != after
    assert "The files have changed since this program started" in words_of(page)
    assert before.split("@")[1] in words_of(page)
    assert after.split("@")[1] in words_of(page)
    assert "Another subject (" not in page.css_first("dl").text()
    assert "changed since the start" in words_of(page_of(client, "/letters"))


BROKEN = [
    ("receipt/body.txt", b"{% if %}"),
    ("receipt/body.txt", b"{{ refrence }}"),
    ("receipt/body.txt", b"{{ 1 / 0 }}"),
    ("receipt/body.txt", b"\xff\xfe not text"),
    ("receipt/subject.txt", b"no reference"),
    ("receipt/body.txt", b'{% include "_parts/nothing.txt" %}'),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "words"), BROKEN)
@pytest.mark.parametrize("started", [True, False])
def test_a_file_that_cannot_be_used_is_shown_with_its_error_and_breaks_no_page(house_of, own, name, words, started):
    house = house_of(letters_dir=own)
    if started:
        assert house.correspondence.letters.kinds
    (own / name).write_bytes(words)
    client = signed_in(house)
    listing = page_of(client, "/letters")
    assert "cannot be written" in words_of(listing)
    assert ("No letter can be written before this is mended" in words_of(listing)) is not started
    page = page_of(client, "/letters/receipt")
    assert "The files of this letter cannot be used" in words_of(page)
    assert name in [node.text() for node in page.css(".desk-diff h3")]
    # With a book from before the mistake the letter is still shown as it is written now.
    assert (page.css_first("pre.desk-letter__text") is not None) is started
    assert page_of(client, "/letters/asb_report_logged").css_first("pre.desk-letter__text") is not None
    assert client.get("/letters/receipt/page").status_code == (200 if started else 404)


def test_the_landlords_words_are_shown_as_words_and_not_as_a_page(house_of, own):
    (own / "receipt" / "body.txt").write_text("<script>alert(1)</script>\n{% if %}\n", encoding="utf-8")
    answer = signed_in(house_of(letters_dir=own)).get("/letters/receipt")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_a_sample_says_nothing_of_a_resident(house_of):
    house = house_of()
    add_person(house, "olive", "officer")
    client = sign_in(house, client_of(house), "olive")
    for kind in KINDS:
        assert "LBL-26-7H2K4M-" in client.get(f"/letters/{kind}").text
