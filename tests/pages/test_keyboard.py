"""Forty unsure messages are answered with the keyboard alone, in few keystrokes, and every decision is kept."""

import shutil

import keyboard_run
import pytest
from inbox import classifier
from serving import served

from desk.web.app import application
from desk.web.desk import Desk
from desks import add_person, client_of, sign_in
from houses import house_in
from store.models import Task, Verdicting

pytestmark = pytest.mark.real("chromium")


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = tmp_path_factory.mktemp("forty")
    shutil.copyfile(migrated_sqlite, folder / "intake.db")
    made = house_in(folder, f"sqlite:///{folder}/intake.db", classifier=classifier())
    add_person(made, "olive", "officer", teams=("complaints",))
    yield made
    made.store.close()


def test_forty_items_take_at_most_two_keys_to_accept_and_six_to_change(house, browser):
    messages = keyboard_run.fill(house)
    app = application(Desk(house=house))
    cookie = sign_in(house, client_of(house, app), "olive").cookies["intake-desk"]
    with served(app) as origin, browser.window(origin, cookie) as window:
        answered = keyboard_run.run(house, window, messages)
        assert window.page.locator("h1").is_visible()
        assert window.complaints == []
    assert len(answered) == 40
    assert max(len(each.keys) for each in answered if each.accepted) <= 2
    changed = [each for each in answered if not each.accepted]
    assert len(changed) == 10
    assert max(len(each.keys) for each in changed) <= 6
    assert any("f" in each.keys for each in changed)
    assert any("o" in each.keys for each in changed)
    with house.store.glance() as glance:
        kept = {row.message_id: row for row in glance.find(Verdicting, by="olive")}
        waiting = glance.find(Task, kind="triage", closed_at=None)
    assert not waiting
    wanted = {each.message_id: (each.told.category, each.flags) for each in answered}
    assert {id_: (row.category, frozenset(row.flags)) for id_, row in kept.items()} == wanted
    reasons = {each.message_id: each.told.reason for each in answered if "o" in each.keys}
    assert {id_: kept[id_].reason for id_ in reasons} == reasons
