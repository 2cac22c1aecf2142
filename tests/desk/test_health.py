"""What ``intake status`` calls a trouble of a door, and what it only counts."""

from datetime import timedelta

import pytest

from desk.health import look

MINUTE = timedelta(minutes=1)
PAGE = ("messenger", "page")


@pytest.fixture
def house(house_of, tmp_path):
    """Return a house with doors of several kinds; those that speak have just spoken."""
    secrets = {f"{name}_file": tmp_path / name for name in ("app_secret", "verify_token", "access_token")}
    channels = (
        {"kind": "webform", "account": "web"},
        {"kind": "folder", "account": "scans", "path": tmp_path, "poll": 900},
        {"kind": "messenger", "account": "page", "page_id": "1", **secrets},
        {"kind": "signed_json", "account": "app", "secret_file": tmp_path / "s", "base_url": "https://app.example"},
    )
    made = house_of(channels=channels)
    for kind, account in (("webform", "web"), ("folder", "scans"), PAGE):
        made.reception.heard(kind, account)
    return made


def after(house, minutes):
    house.clock.at += minutes * MINUTE
    return look(house).troubles


def test_doors_that_have_just_spoken_are_no_trouble_and_one_that_waits_for_messages_may_never_have(house):
    assert after(house, 10) == []


def test_a_door_that_says_nothing_any_more_is_a_trouble_though_it_told_of_no_error(house):
    assert after(house, 11) == ["webform web has not been heard for over 10 minutes: is `intake serve` running?"]
    house.reception.heard("webform", "web")
    assert after(house, 5) == []


def test_a_door_that_looks_seldom_may_be_still_for_longer(house):
    house.clock.at += 39 * MINUTE
    house.reception.heard("webform", "web")
    assert after(house, 1) == []
    house.reception.heard("webform", "web")
    assert after(house, 1) == ["folder scans has not been heard for over 40 minutes: is `intake serve` running?"]


def test_a_door_that_was_set_up_and_never_opened_is_a_trouble_once_anything_runs(house_of):
    house = house_of(channels=({"kind": "webform", "account": "web"}, {"kind": "webchat", "account": "chat"}))
    house.reception.heard("folder", "an import")
    assert look(house).troubles == []
    house.reception.heard("webform", "web")
    assert look(house).troubles == ["webchat chat was never heard: is `intake serve` running?"]


def test_a_door_says_itself_why_it_hears_nothing(house):
    house.clock.at += 11 * MINUTE
    house.reception.heard("webform", "web", "the disk is full")
    assert look(house).troubles == ["webform web has not been heard for over 10 minutes: the disk is full"]


def test_forged_requests_are_a_figure_and_no_trouble_and_hide_none(house):
    house.reception.stands(*PAGE, "upkeep", "Graph API v26.0 ends soon")
    for _ in range(6):
        house.reception.refused(*PAGE)
    house.reception.refusals.write()
    found = look(house)
    assert found.figures["refused_requests"] == {"messenger page": 6}
    assert found.troubles == ["messenger page: Graph API v26.0 ends soon"]


def test_what_must_be_mended_stands_though_messages_come_in_and_ends_with_the_channel(house, house_of):
    house.reception.stands(*PAGE, "sending", "letters do not go out")
    house.reception.heard(*PAGE)
    assert look(house).troubles == ["messenger page: letters do not go out"]
    assert look(house_of(channels=())).troubles == []
    house.reception.stands(*PAGE, "sending", None)
    assert look(house).troubles == []
