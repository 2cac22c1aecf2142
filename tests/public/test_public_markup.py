"""Every page of the public door is sound HTML, as are those that come back from a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from markup_of import faults_of
from open_door import NoResidents, client_of, door_of, hand_in

from intake.public.door import MEGABYTE, Limits
from intake.public.residents import Posted
from intake.public.sent import path_of

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def became(posted):
    door = door_of(limits=Limits(patience=timedelta(0)), residents=NoResidents({("webform", "web", "abc"): posted}))
    return client_of(door).get(path_of(door, "abc"))


def looked_at():
    """Return every kind of page with its name."""
    client = client_of(door_of())
    photo = ("<b>.jpg", JPEG, "image/jpeg")
    small = client_of(door_of(limits=Limits(bytes_of_files=MEGABYTE, posts=0, refusals=3)))
    long = ("film.jpg", JPEG[:4] + bytes(6 * MEGABYTE), "image/jpeg")
    pages = {path: client.get(path) for path in ("/", "/form", "/accessibility", "/privacy", "/nowhere")}
    return pages | {
        "empty": hand_in(client, words=""),
        "mistakes": hand_in(client, words="", name="x" * 300, home="x" * 600, email="x", phone="1" * 300),
        "with a photo": hand_in(client, words="x", email="x", files=[photo, photo, ("a.exe", b"MZ\x00", "")]),
        "too large": hand_in(small, words="x", files=[long]),
        "wait": hand_in(small, words="x"),
        "waited": hand_in(small, words="x"),
        "flood": hand_in(small, words="x"),
        "reference": became(Posted(reference="HBR-26-4F7K2P-9D", own_page="/case/x")),
        "a person": became(Posted(for_a_person=True)),
        "soon": became(None),
        "without form and chat": client_of(door_of(form_account=None, chat_account=None)).get("/"),
    }


@pytest.fixture(scope="module")
def pages():
    return looked_at()


def test_every_page_is_sound_html_with_one_heading_that_opens_its_title(pages):
    assert {page.status_code for page in pages.values()} == {200, 404, 413, 422, 429}
    wrong = {name: found for name, page in pages.items() if (found := faults_of(page, name))}
    assert not wrong, wrong


def test_no_page_needs_a_script_to_be_used(pages):
    for name, page in pages.items():
        assert "onclick" not in page.text
        assert page.text.count("<form") == page.text.count("</form>"), name
        if "<form" in page.text:
            assert 'type="submit"' in page.text
