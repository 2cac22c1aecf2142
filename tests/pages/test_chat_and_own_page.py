"""The web chat and the resident's own page in a real browser, before a real house: with scripts and without, by every means."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from serving import served
from tabbing import tab_faults

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "public"))

from resident_house import COMPLAINT, Case, Message, OutboxEntry, Task, case_by_mail, link_of, rows, take_away_from, work

from desk.public_wiring import door_of
from handlers.identity_proof import Claim, proof_token
from houses import house_of
from intake.public.app import application
from store.chat_models import IdentityLink

__all__ = ["house_of"]
pytestmark = pytest.mark.real("chromium")
PHOTO = {"name": f"{'lift' * 40}.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(300)}
LONG = f"complaint! {'Donaudampfschifffahrtsgesellschaft' * 8} https://example.org/{'x' * 300}"


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def front(house):
    with served(application(door_of(house))) as address:
        yield address


def apart(act, *given):
    """Do something in a thread of its own, for the browser's has an event loop already."""
    done = []
    thread = threading.Thread(target=lambda: done.append(act(*given)))
    thread.start()
    thread.join()
    return done[0]


def faults_in(window, page):
    """Return what would keep anybody from using the page as it stands."""
    return [*window.axe(), *window.sideways(), *tab_faults(page), *window.complaints]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_chats_gets_a_reference_presses_a_button_and_sees_their_case(browser, house, front, scripts):
    with browser.window(front, None, scripts=scripts, viewport={"width": 320, "height": 640}) as window:
        page = window.open("/")
        page.click("text=chat with us")
        page.fill("#words", "service_request! The tap drips.")
        page.set_input_files("#files", [PHOTO])
        page.click("#say >> text=Send")
        page.wait_for_selector("text=The tap drips.")
        apart(work, house)
        if not scripts:
            page.click("text=Show new messages")
        page.wait_for_selector(".chat-line--ours", timeout=30_000)
        (case,) = rows(house, Case)
        assert case.reference in page.inner_text(".chat-line--ours")
        page.click(".chat-choices >> text=This is a complaint")
        page.wait_for_selector(".chat-line:has-text('This is a complaint')")
        apart(work, house)
        if not scripts:
            page.click("text=Show new messages")
        page.wait_for_selector(".chat-line--ours >> nth=1", timeout=30_000)
        assert "stage 1 complaint" in page.locator(".chat-line--ours").nth(1).inner_text()
        page.click(f".chat-cases >> text={case.reference}")
        assert page.inner_text("h1") == f"Your case {case.reference}"
        assert "Send you our full answer" in page.inner_text("main")
    assert rows(house, Case)[0].category == "complaint"


def test_new_lines_are_said_aloud_and_disturb_nothing_that_is_being_typed(browser, house, front):
    with browser.window(front, None) as window:
        page = window.open("/chat")
        page.fill("#words", COMPLAINT)
        page.click("#say >> text=Send")
        page.wait_for_selector(".chat-line")
        assert page.get_attribute(".chat-talk", "role") == "log", "a live region, which is polite by itself"
        page.evaluate("document.querySelector('.chat-line').dataset.old = 'yes'")
        page.fill("#words", "I am still typ")
        apart(work, house)
        page.wait_for_selector(".chat-line--ours", timeout=30_000)
        assert page.get_attribute(".chat-line >> nth=0", "data-old") == "yes", "what stood there already is not said again"
        assert page.input_value("#words") == "I am still typ"
        assert page.evaluate("document.activeElement.id") == "words"
        assert page.locator(".chat-cases a").count() == 1
        assert page.locator(".chat-status").count() == 0
        assert not window.complaints
    assert rows(house, OutboxEntry)[0].progress == "delivered"


def test_every_page_of_the_chat_can_be_used_by_everybody(browser, house, front):
    found = {}
    with browser.window(front, None) as window:
        page = window.with_axe().open("/chat")
        found["empty"] = faults_in(window, page)
        page.fill("#words", LONG)
        page.set_input_files("#files", [PHOTO])
        page.click("#say >> text=Send")
        apart(work, house)
        page = window.open("/chat")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found["answered"] = faults_in(window, page)
        back = page.get_attribute(".chat-link a", "href")
        page.fill("#words", " ")
        page.click("#say >> text=Send")
        page.wait_for_selector(".govuk-error-summary")
        found["mistake"] = [*window.axe(), *window.sideways(), *tab_faults(page)]
        found["back"] = faults_in(window, window.open(back[back.index("/chat/") :]))
    assert not any(found.values()), found


def test_every_state_of_the_own_page_can_be_used_by_everybody(browser, house, front):
    case = apart(case_by_mail, house, LONG)
    path, found = link_of(house, case), {}
    with browser.window(front, None) as window:
        page = window.with_axe().open(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found["whole"] = faults_in(window, page)
        page.fill("#words", " ")
        page.locator("form[action$='/words'] button").click()
        page.wait_for_selector(".govuk-error-summary")
        found["mistake"] = [*window.axe(), *window.sideways(), *tab_faults(page)]
        found["done"] = faults_in(window, window.open(f"{path}?done=stage2"))
    assert not any(found.values()), found


def tab_to(page, what):
    """Tab until something is in focus whose id or text is this."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()") == what:
            return
    raise AssertionError(what)


def test_a_conversation_needs_only_a_keyboard(browser, house, front):
    with browser.window(front, None) as window:
        page = window.open("/chat")
        tab_to(page, "words")
        page.keyboard.type("service_request! The tap drips.")
        tab_to(page, "Send")
        page.keyboard.press("Enter")
        page.wait_for_selector(".chat-line")
        apart(work, house)
        page.wait_for_selector(".chat-choices", timeout=30_000)
        tab_to(page, "Talk to a person")
        page.keyboard.press("Enter")
        page.wait_for_selector(".chat-line:has-text('Talk to a person') >> nth=1")
        apart(work, house)
    assert rows(house, Task, kind="wants_person", closed_at=None)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_definition_is_corrected_with_a_keyboard_alone_with_scripts_or_without(browser, house, front, scripts):
    case = apart(case_by_mail, house)
    with browser.window(front, None, scripts=scripts, viewport={"width": 320, "height": 640}) as window:
        page = window.open(link_of(house, case))
        tab_to(page, "Did we get something wrong?")
        page.keyboard.press("Enter")
        tab_to(page, "point-1")
        page.keyboard.type("It is two lifts.")
        tab_to(page, "Send what is wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector(".govuk-notification-banner")
        apart(work, house)
    (message,) = [row for row in rows(house, Message) if row.channel == "ownpage"]
    assert "Point 1: It is two lifts." in message.new_text
    assert rows(house, Task, kind="definition_correction", closed_at=None)


def test_a_resident_shows_that_two_addresses_are_theirs_by_keyboard_alone(browser, house, front):
    claim = Claim(one="webchat:chat:ada", other="ada@resident.example", asked_at=house.clock.now())
    with browser.window(front, None) as window:
        window.with_axe()
        page = window.open(f"/proof/{proof_token(house.key, claim)}")
        assert "ada@resident.example" in page.inner_text("main") and not faults_in(window, page)
        page.focus("text=Yes, both are me")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Thank you")
        assert not faults_in(window, page)
    assert [link.how for link in rows(house, IdentityLink)] == ["proof"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_that_keeps_no_cookies_has_a_conversation_all_the_same(browser, house, front, scripts):
    with browser.window(front, None, scripts=scripts, viewport={"width": 320, "height": 640}) as window:
        page = window.open("/chat")
        page.fill("#words", "service_request! The tap drips.")
        page.context.clear_cookies()
        page.click("#say >> text=Send")
        page.wait_for_selector(".chat-line")
        apart(work, house)
        page.context.clear_cookies()
        page.click("text=Show new messages")
        page.wait_for_selector(".chat-line--ours")
        page.context.clear_cookies()
        page.click(".chat-choices >> text=This is a complaint")
        page.wait_for_selector(".chat-line:has-text('This is a complaint') >> nth=1")
        assert "This browser does not remember our conversation." in page.inner_text("main")
        assert not list(window.sideways())
        apart(work, house)
    (case,) = rows(house, Case)
    assert case.category == "complaint"


def test_what_is_typed_while_the_house_is_away_can_be_sent_again_by_everybody(browser, house):
    app, case = application(door_of(house)), apart(case_by_mail, house)
    door, found = app.state.door, {}
    there = {"inbox": door.inbox, "residents": door.residents}
    with served(app) as address, browser.window(address, None, viewport={"width": 320, "height": 640}) as window:
        page = window.with_axe().open(link_of(house, case))
        page.fill("#words", LONG)
        page.set_input_files("#files", [PHOTO])
        take_away_from(door)
        page.locator("form[action$='/words'] button").click()
        page.wait_for_selector("text=Send it again")
        found["again"] = [*window.axe(), *window.sideways(), *tab_faults(page)]
        door.__dict__.update(there)
        page.click("text=Send it again")
        page.wait_for_selector(".govuk-notification-banner")
        page = window.open("/chat")
        page.fill("#words", "The tap drips.")
        take_away_from(door)
        page.locator("#say button").click()
        page.wait_for_selector(".govuk-error-summary")
        found["chat"] = [*window.axe(), *window.sideways(), *tab_faults(page)]
        assert page.input_value("#words") == "The tap drips."
        door.__dict__.update(there)
        page.locator("#say button").click()
        page.wait_for_selector(".chat-line")
    assert not any(found.values()), found
    assert len(rows(house, Message)) == 3


LOOKED_AT = {
    "/",
    "/form",
    "/accessibility",
    "/privacy",
    "/sent/{token}",
    "/chat",
    "/chat/back/{link}",
    "/case/{link}",
    "/proof/{token}",
}
"""Routes whose pages the browser opens here and in ``test_public_door.py``."""
NO_PAGES = {"/chat/lines", "/health", "/brand.css", "/hooks/{account}"}


def test_no_page_of_the_public_door_is_forgotten(house):
    described = application(door_of(house)).openapi()["paths"]
    assert {path for path, methods in described.items() if "get" in methods} == LOOKED_AT | NO_PAGES
