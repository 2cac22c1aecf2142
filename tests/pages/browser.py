"""Debian's chromium, driven by Playwright: what a page is like to somebody who sees, zooms, tabs or has no scripts."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

AXE = Path(__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
WIDEST = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/\\b([A-Z]{2,5}-\\d\\d)-[0-9A-Z]{6}-[0-9A-Z]{2}\\b/g, '$1-WWWWWW-WW');
  }
}"""
"""Gives every reference its widest letters: which ones a case got must not decide whether its page fits."""
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > room + 1);
  return wide.slice(0, 4).map((e) => e.tagName + '.' + e.className).concat([document.documentElement.scrollWidth + ' px']);
}"""


class Browser:
    """One running browser; everybody has a window of their own in it."""

    def __init__(self, driver: Any) -> None:
        self._browser = driver
        self.version: str = driver.version

    @classmethod
    @contextlib.contextmanager
    def running(cls) -> Iterator[Browser]:
        """Start it, and end it with the block."""
        with sync_playwright() as playwright:
            driver = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            try:
                yield cls(driver)
            finally:
                driver.close()

    @contextlib.contextmanager
    def window(self, origin: str, cookie: str | None, *, scripts: bool = True, **more: Any) -> Iterator[Window]:
        """Yield somebody's window, signed in by their cookie."""
        context = self._browser.new_context(**{"viewport": WIDE, "java_script_enabled": scripts} | more)
        if cookie:
            context.add_cookies([{"name": "intake-desk", "value": cookie, "url": origin}])
        try:
            yield Window(context, origin)
        finally:
            context.close()


class Window:
    """A page in the browser, with what it complained about."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin, self._context = origin, context
        self.complaints: list[str] = []

    @cached_property
    def page(self) -> Page:
        page = self._context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self._not_loaded(request.url, request.failure))
        return page

    def _not_loaded(self, address: str, failure: str | None) -> None:
        # Who presses the next key before all is loaded leaves the page: the browser itself gives up what it no longer needs.
        if failure != "net::ERR_ABORTED":
            self.complaints.append(f"not loaded: {address} {failure}")

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"console: {text}")

    def with_axe(self) -> Window:
        """Put axe-core into every page; the page's own policy would not let it in."""
        self._context.add_init_script(path=AXE)
        return self

    def open(self, address: str) -> Page:
        """Go to an address of the desk; what it complains about is counted anew."""
        # A page that asks again by itself may do so just while it is left.
        with contextlib.suppress(Error):
            self.page.goto("about:blank")
        self.complaints.clear()
        self.page.goto(f"{self.origin}{address}")
        return self.page

    def show(self, text: str) -> Page:
        """Show a page that was an answer to a form, with its own styles and scripts."""
        address = f"{self.origin}/an-answer"
        self.page.route(address, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
        self.page.goto(address)
        self.page.unroute(address)
        return self.page

    def axe(self) -> Iterator[str]:
        """Yield a sentence for each rule of WCAG 2.2 A and AA that the page breaks."""
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, iframes: false, resultTypes: ['violations']})",
            RULES,
        )
        for broken in found["violations"]:
            nodes = "; ".join(str(node["target"][0]) for node in broken["nodes"][:3])
            why = " ".join(broken["nodes"][0]["failureSummary"].split())[:200]
            yield f"axe {broken['id']} ({len(broken['nodes'])}): {nodes}: {why}"

    def sideways(self) -> Iterator[str]:
        """Yield what makes the page wider than a narrow window."""
        self.page.set_viewport_size(NARROW)
        self.page.evaluate(WIDEST)
        if wide := self.page.evaluate(SIDEWAYS):
            yield f"scrolls sideways at 320 px: {', '.join(wide)}"
        self.page.set_viewport_size(WIDE)
