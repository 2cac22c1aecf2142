"""The public door in a real browser: for those who see little, have a narrow screen, no mouse, or no scripts."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from serving import served
from tabbing import tab_faults

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "public"))

from open_door import ListInbox, NoResidents, door_of

from intake.public.app import application
from intake.public.door import Limits
from intake.public.residents import Posted
from intake.public.sent import path_of
from intake.reading import read

pytestmark = pytest.mark.real("chromium")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)
REFERENCE = "HBR-26-4F7K2P-9D"


class Ticking:
    """A clock by which everybody took their time over a form."""

    def now(self):
        from datetime import UTC, datetime

        return datetime.fromtimestamp(time.time() * 60, UTC)


class Answering(NoResidents):
    """A house that has a reference for a message at the third time of asking."""

    def posted(self, channel, account, external_id):
        self.asked += 1
        return Posted(reference=REFERENCE, own_page="/") if self.asked > 2 else Posted()


@pytest.fixture
def door():
    limits = Limits(patience=timedelta(0), posts=1_000, refusals=1_000)
    known = {("webform", "web", "done"): Posted(reference=REFERENCE), ("webform", "web", "odd"): Posted(for_a_person=True)}
    return door_of(inbox=ListInbox(), residents=NoResidents(known), limits=limits, clock=Ticking())


@pytest.fixture
def front(door):
    with served(application(door)) as address:
        yield address


def addresses(door):
    sent = [path_of(door, id_) for id_ in ("done", "odd", "soon")]
    return ["/", "/form", "/accessibility", "/privacy", "/nowhere", *sent]


def test_every_public_page_can_be_used_by_everybody(browser, door, front):
    """axe-core finds nothing, nothing scrolls sideways at 320 px, tabbing goes in order and shows where it is."""
    found = []
    with browser.window(front, None) as window:
        window.with_axe()
        for address in addresses(door):
            page = window.open(address)
            loud = [one for one in window.complaints if "404" not in one]
            found += [(address, fault) for fault in (*window.axe(), *window.sideways(), *tab_faults(page), *loud)]
    assert not found, found


def test_a_form_with_mistakes_can_be_mended_by_everybody(browser, front):
    with browser.window(front, None) as window:
        page = window.with_axe().open("/form")
        page.fill("#email", "x")
        page.set_input_files("#files", [{"name": f"{'long' * 30}.png", "mimeType": "image/png", "buffer": PNG}])
        page.click("text=Send")
        page.wait_for_selector(".govuk-error-summary")
        found = [*window.axe(), *window.sideways(), *tab_faults(page)]
        assert not found, found
        page.click(".govuk-error-summary a")
        assert page.evaluate("document.activeElement.id") == "email"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_writes_with_a_photo_and_a_mistake_and_loses_neither(browser, door, front, scripts):
    with browser.window(front, None, scripts=scripts, viewport={"width": 320, "height": 640}) as window:
        page = window.open("/")
        page.click("text=Write to us")
        page.fill("#words", "The lift is broken again.")
        page.fill("#email", "zoe")
        page.set_input_files("#files", [{"name": "lift.png", "mimeType": "image/png", "buffer": PNG}])
        page.click("text=Send")
        assert page.input_value("#words") == "The lift is broken again."
        page.fill("#email", "zoe@resident.example")
        page.click("text=Send")
        page.wait_for_url("**/sent/**")
        assert page.inner_text("h1") == "We have your message"
    (message,) = door.inbox.messages
    reading = read(message.raw, message.media_type)
    assert message.problem is None
    assert reading.new_text == "The lift is broken again."
    assert [(file.name, file.content) for file in reading.attachments] == [("lift.png", PNG)]


def test_a_resident_writes_by_keyboard_alone(browser, door, front):
    with browser.window(front, None) as window:
        page = window.open("/form")
        for _ in range(40):
            page.keyboard.press("Tab")
            where = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
            if where == "words":
                page.keyboard.type("No heating since Sunday.")
            if where == "Send":
                page.keyboard.press("Enter")
                break
        page.wait_for_url("**/sent/**")
    assert read(door.inbox.messages[0].raw, door.inbox.messages[0].media_type).new_text == "No heating since Sunday."


def test_the_reference_comes_into_the_page_by_itself_and_is_said_aloud(browser):
    door = door_of(residents=Answering(), limits=Limits(patience=timedelta(0)))
    with served(application(door)) as front, browser.window(front, None) as window:
        page = window.open(path_of(door, "soon"))
        assert page.get_attribute("#answer", "role") == "status"
        page.wait_for_selector(f"#answer :text('{REFERENCE}')")
        assert page.locator("text=Look again").count() == 0
        assert page.locator("#next a").count() == 1
        assert not window.complaints


def test_without_scripts_the_page_asks_for_the_reference_anew(browser):
    door = door_of(residents=Answering(), limits=Limits(patience=timedelta(0)))
    with served(application(door)) as front, browser.window(front, None, scripts=False) as window:
        page = window.open(path_of(door, "soon"))
        page.click("text=Look again")
        page.wait_for_url("**look=2", timeout=20_000)
        page.wait_for_selector(f"#answer :text('{REFERENCE}')")


def test_the_field_for_machines_is_out_of_everybodys_way(browser, front):
    with browser.window(front, None) as window:
        page = window.open("/form")
        assert not page.locator("#more").is_visible()
        assert "Leave this empty" not in page.locator("main").inner_text()
