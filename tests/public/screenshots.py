"""Takes the pictures of the public door in ``docs/screenshots``: ``python tests/public/screenshots.py``. Needs chromium.

A resident who does not exist writes in the web chat, two messages in a row; the real classifier is unsure, the house asks, the
resident presses a button, and opens the page of the case.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pages"))

from browser import Browser, Window
from inbox import classifier
from screenshots import SIZES, Picture, take
from serving import served

from desk.public_wiring import door_of
from handlers.clock import SystemClock
from houses import Postbag, house_in, settle
from intake.public.app import application
from store.models import Case
from store.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
SAID = (
    "hello i wrote last week about the damp in my sons room and heard nothing yet",
    "what is happening",
)


def at_work(house, stop: threading.Event) -> None:
    """Settle and send as the program does, until it is told to stop."""
    outbox = house.outbox(Postbag())
    while not stop.wait(0.2):
        settle(house)
        asyncio.run(outbox.once())


def talk(window: Window) -> None:
    """Write in the chat as a resident does, and press what is asked."""
    page = window.page
    window.open("/chat")
    for words in SAID:
        page.fill("textarea", words)
        page.get_by_role("button", name="Send").first.click()
    page.get_by_role("button", name="How you handled it").first.click(timeout=60_000)
    page.get_by_text("We logged it as a stage 1 complaint").first.wait_for(timeout=60_000)


def main() -> None:
    """Take them all, at both widths."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/intake.db"
        migrate(url)
        house = house_in(Path(folder), url, classifier=classifier())
        house.clock = SystemClock()
        stop = threading.Event()
        working = threading.Thread(target=at_work, args=(house, stop), daemon=True)
        working.start()
        with served(application(door_of(house))) as origin, Browser.running() as browser:
            for width, height in SIZES:
                with browser.window(origin, None) as window:
                    talk(window)
                    own = window.page.get_attribute("a[href*='/case/']", "href") or ""
                    for name, address in (
                        ("public-start", "/"),
                        ("web-form", "/form"),
                        ("web-chat", "/chat"),
                        ("own-page", own),
                    ):
                        path = take(
                            window, Picture(name=name, address="/" + address.split("/", 3)[-1].lstrip("/")), width, height
                        )
                        sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1000} KB {window.complaints}\n")
        stop.set()
        working.join(20)
        with house.store.glance() as glance:
            sys.stdout.write(f"cases: {[(case.reference, case.category) for case in glance.find(Case)]}\n")
        house.store.close()


if __name__ == "__main__":
    main()
