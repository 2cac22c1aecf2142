"""Takes the pictures of ``docs/screenshots``: ``python tests/pages/screenshots.py [NAME...]``.

The estate is invented: messages of the labelled corpus from people who do not exist, judged by the real classifier, at a
moment that is always the same. Needs chromium.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import Browser, Window
from estate import case_of, letter_on, picture
from estate import come as send
from inbox import classifier, come, messages
from PIL import Image
from serving import served

from desk.web.app import application
from desk.web.desk import Desk
from desks import add_person, client_of, sign_in
from houses import NOON, house_in, settle
from store.desk_models import Note, Staff
from store.models import Case, Task
from store.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
SIZES = ((1280, 900), (320, 640))
TALLEST = 2_600
"""Pixels: what is further down looks like what is above it."""
COLOURS = 96
SEEN = """() => Promise.race([
  Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode().catch(() => null); })),
  new Promise((done) => setTimeout(done, 3000)),
])"""
"""Waits for the pictures of a page, which are loaded only when they come into sight."""
PEOPLE = (
    ("olive.bennett", "Olive Bennett", "complaints", "officer"),
    ("samir.rao", "Samir Rao", "repairs", "officer"),
    ("kit.lowe", "Kit Lowe", "asb", "officer"),
    ("rosa.hart", "Rosa Hart", "complaints", "manager", "administrator"),
)
BOILER = """Hello,

I am writing again about the boiler at 14 Kestrel Court. It was reported on 2 November and nobody has come. I rang three
times and was told each time that it was booked, but it never was. My daughter is two and has had a cough for a week.

I want somebody to come this week, and I want to know why I was told it was booked when it was not.

Maureen Achebe
020 7946 0018"""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A page to be taken, and who looks at it."""

    name: str
    address: str
    who: str | None = "olive.bennett"


def estate(house) -> None:
    """Fill a house with a week's mail."""
    for username, name, team, *roles in PEOPLE:
        add_person(house, username, *roles, teams=(team,))
        with house.store.unit("desk") as unit:
            unit.update(Staff, unit.find(Staff, username=username)[0].id, name=name)
            unit.commit()
    house.clock.at = NOON - timedelta(days=5, hours=3)
    for number, told in enumerate(messages(seed=4, files="inbox-days.jsonl")):
        come(house, told, after=timedelta(minutes=97))
        if number == 70:
            break
    house.clock.at = NOON - timedelta(hours=20)
    files = (("bedroom wall.png", "image/png", picture()),)
    send(house, "Maureen Achebe", "Boiler again - 14 Kestrel Court", BOILER, files=files)
    settle(house)
    house.clock.at = NOON
    _the_case(house)


def _the_case(house) -> None:
    case, now = case_of(house, "Maureen Achebe"), house.clock.now()
    answers = letter_on(house, case)
    send(
        house,
        "Maureen Achebe",
        f"Re: {case.reference}",
        "The man did not come this morning either. Nobody rang.",
        answers=answers,
    )
    settle(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, assigned_to="olive.bennett", home="14 Kestrel Court", resident_phone="020 7946 0018")
        unit.insert(
            Note,
            [{"case_id": case.id, "at": now, "by": "olive.bennett", "text": "Rang the contractor: the job was never raised."}],
        )
        for task in unit.find(Task, closed_at=None)[::3]:
            unit.update(Task, task.id, assigned_to="olive.bennett")
        unit.commit()
    indexing = house.indexing()
    while indexing.words_once() or indexing.files_once():
        pass


def wanted(house, client) -> Iterator[Picture]:
    """Yield the pages to be taken; the card is one with similar earlier messages, if there is any."""
    case = case_of(house, "Maureen Achebe")
    with house.store.glance() as glance:
        cards = [f"/tasks/{task.id}?view=all" for task in glance.find(Task, kind="triage", closed_at=None)]
    card = next((address for address in cards if "desk-review__similar" in client.get(address).text), cards[0])
    yield Picture(name="queue", address="/queue?view=all")
    yield Picture(name="review-card", address=card)
    yield Picture(name="case", address=f"/cases/{case.reference}")
    yield Picture(name="search", address="/search?q=heating")
    yield Picture(name="log-a-contact", address="/contacts/new")
    yield Picture(name="sign-in", address="/sign-in", who=None)
    yield Picture(name="letters", address="/letters")
    yield Picture(name="settings", address="/settings", who="rosa.hart")


def take(window: Window, found: Picture, width: int, height: int) -> Path:
    """Take one page at one width; return the file."""
    page = window.page
    page.set_viewport_size({"width": width, "height": height})
    window.open(found.address)
    tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(height, tall)})
    page.wait_for_load_state("networkidle")
    page.evaluate(SEEN)
    taken = Image.open(io.BytesIO(page.screenshot()))
    path = PICTURES / f"{found.name}-{width}.png"
    taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/intake.db"
        migrate(url)
        house = house_in(Path(folder), url, classifier=classifier())
        estate(house)
        app = application(Desk(house=house))
        with served(app) as origin, Browser.running() as browser:
            officer = sign_in(house, client_of(house, app), "olive.bennett")
            for found in wanted(house, officer):
                if names and found.name not in names:
                    continue
                cookie = sign_in(house, client_of(house, app), found.who).cookies["intake-desk"] if found.who else None
                for width, height in SIZES:
                    with browser.window(origin, cookie) as window:
                        path = take(window, found, width, height)
                        said = [str(path.relative_to(ROOT)), f"{path.stat().st_size // 1000} KB", *window.complaints]
                        sys.stdout.write(" ".join(said) + "\n")
        house.store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
