"""Forty unsure messages answered with the keyboard alone, and what that took: ``python tests/pages/keyboard_run.py``.

The messages are the corpus's, judged by the real classifier. Thirty are as it guessed; ten it guessed wrongly, and they
are put right as their labels say, flags and reasons included. No pointer is used; each key is one keystroke.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import Browser, Window
from inbox import Told, classifier, come, messages
from serving import served

from classifiers.taxonomy import Category, Flag
from desk.web import words
from desk.web.app import application
from desk.web.desk import Desk
from desk.web.review import LETTERS
from desks import add_person, client_of, sign_in
from houses import house_in
from store.models import Task, Verdicting
from store.schema import migrate

LIST = "/queue?view=all&kind=triage"
MOST_FLAGS = 2
"""Flags put right on one message: more would take more than six keys, and a second look later."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One item as it was answered."""

    message_id: int
    told: Told
    flags: frozenset[str]
    keys: tuple[str, ...]
    seconds: float

    @property
    def accepted(self) -> bool:
        """Whether the machine's guess was accepted."""
        return self.keys == ("a",)


def fill(house, right: int = 30, wrong: int = 10) -> dict[int, Told]:
    """Have messages come in until so many wait that were guessed rightly and so many wrongly; return those by number."""
    wanted, found = {True: right, False: wrong}, {}
    for told in messages():
        if not any(wanted.values()):
            break
        if told.verdict.route == "triage" and wanted[told.right]:
            number = come(house, told)
            if waits := _waiting(house, number, told):
                wanted[waits.right] -= 1
                found[number] = waits
    assert not any(wanted.values()), f"too few unsure messages in the corpus: {wanted}"
    return found


def _waiting(house, number: int, told: Told) -> Told | None:
    """Return the message as the machine read it out of its mail, if that is unsure too."""
    with house.store.glance() as glance:
        (kept,) = glance.find(Verdicting, message_id=number)
        tasks = glance.find(Task, message_id=number, kind="triage")
    judged = replace(told.verdict, category=Category(kept.category), flags=tuple(Flag(flag) for flag in kept.flags))
    return replace(told, verdict=judged) if tasks else None


def keys_for(told: Told) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the keys that put a message right, and the flags it has then."""
    judged = {str(flag) for flag in told.verdict.flags}
    if told.right:
        return ("a",), frozenset(judged)
    changed = sorted(judged ^ set(told.flags))[:MOST_FLAGS]
    letters = {str(flag): letter for letter, flag in zip(LETTERS, Flag, strict=False)}
    keys = [key for flag in changed for key in ("f", letters[flag])]
    if told.category == Category.OUT_OF_SCOPE:
        keys += ["o", str([str(reason) for reason in words.REASONS].index(str(told.reason)) + 1)]
    else:
        keys.append(words.CATEGORY_KEYS[Category(told.category)])
    return tuple(keys), frozenset(judged ^ set(changed))


def run(house, window: Window, whole: dict[int, Told]) -> list[Answered]:
    """Answer everything in the list, from its first item to the page that says there are no more."""
    with house.store.glance() as glance:
        whose = {task.id: task.message_id for task in glance.find(Task, kind="triage")}
    page = window.open(LIST)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    answered = []
    while "/tasks/" in page.url:
        here, began = page.url, time.monotonic()
        message_id = whose[int(here.split("/tasks/")[1].split("?")[0])]
        keys, flags = keys_for(whole[message_id])
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(lambda url, here=here: url != here and "/next" not in url, wait_until="load")
        seconds = time.monotonic() - began
        answered.append(Answered(message_id=message_id, told=whole[message_id], flags=flags, keys=keys, seconds=seconds))
    return answered


def table(answered: list[Answered]) -> str:
    """Return what it took, as Markdown."""
    lines = ["| | items | keys, least | median | most | seconds, least | median | most |", "| --- " * 8 + "|"]
    for name, some in (
        ("accepted", [each for each in answered if each.accepted]),
        ("changed", [each for each in answered if not each.accepted]),
    ):
        keys, seconds = [len(each.keys) for each in some], [each.seconds for each in some]
        numbers = [min(keys), statistics.median(keys), max(keys)]
        times = [min(seconds), statistics.median(seconds), max(seconds)]
        cells = [name, str(len(some)), *(f"{number:g}" for number in numbers), *(f"{second:.2f}" for second in times)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Do the whole run and print its table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/intake.db"
        migrate(url)
        house = house_in(Path(folder), url, classifier=classifier())
        add_person(house, "olive", "officer", teams=("complaints",))
        whole = fill(house)
        app = application(Desk(house=house))
        cookie = sign_in(house, client_of(house, app), "olive").cookies["intake-desk"]
        with served(app) as origin, Browser.running() as browser, browser.window(origin, cookie) as window:
            answered = run(house, window, whole)
        house.store.close()
    sys.stdout.write(f"{table(answered)}\n\n")
    for each in answered:
        flags = f" {sorted(each.flags)}" if each.flags else ""
        said = f"{each.told.verdict.category} -> {each.told.category}{flags}"
        sys.stdout.write(f"{each.seconds:5.2f} s  {' '.join(each.keys):12} {said}\n")


if __name__ == "__main__":
    main()
