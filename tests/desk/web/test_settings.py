"""The settings in view: teams with their people and work, who is away, and what is said of the rules."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from desk.web.settings_absence import dates_of
from desks import add_person, client_of, sign_in, signed_in
from handlers.allocation import ANY, may_be_given
from handlers.clock import FixedClock
from houses import NOON, arrive, mail, settle
from store.desk_models import Staff
from store.models import Case, Task

TODAY = date(2026, 11, 23)


@pytest.fixture
def house(house_of):
    house = house_of()
    house.clock = FixedClock(NOON)
    return house


@pytest.fixture
def manager(house):
    return signed_in(house, "mina", "manager", teams=("complaints",))


def staff_of(house, username):
    with house.store.glance() as glance:
        return glance.find(Staff, username=username)[0]


def section(page, name):
    """Return the part of the page about one team, as plain words."""
    part = re.search(rf'aria-labelledby="team-{name}">(.*?)</section>', page, re.DOTALL).group(1)
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def typed(first="", last="", seen="/"):
    names = ("day", "month", "year")
    parts = {
        f"{name}_{part}": value
        for name, told in (("first", first), ("last", last))
        for part, value in zip(names, told.split() or ["", "", ""], strict=True)
    }
    return parts | {"seen": seen}


def test_each_team_is_shown_with_its_people_and_what_is_open_there(house, manager):
    add_person(house, "bob", "officer", teams=("complaints", "repairs"))
    add_person(house, "ann", "auditor", teams=("complaints",))
    add_person(house, "gone", "officer", teams=("complaints",), disabled_at=NOON)
    add_person(house, "lone", "officer")
    for number in range(3):
        arrive(house, mail(f"complaint! the roof leaks {number}", sender=f"r{number}@resident.example"))
    settle(house)
    with house.store.unit("desk") as unit:
        first, second, third = unit.find(Task)
        unit.update(Task, first.id, assigned_to="bob")
        unit.update(Case, second.case_id, assigned_to="bob")
        unit.update(Case, third.case_id, assigned_to="bob")
        unit.update(Task, third.id, assigned_to="mina")
        unit.commit()
    page = manager.get("/settings").text
    complaints = section(page, "complaints")
    assert complaints.startswith("Housing Complaints and Feedback team 3 open items")
    assert "Bob 2 No" in complaints and "Mina 1 No" in complaints
    assert "Ann" not in complaints and "Gone" not in complaints, "who works on no case is given none"
    assert "Bob 2 No" in section(page, "repairs") and "0 open items" in section(page, "repairs")
    assert "Lone 0 No" in section(page, "none") and "Nobody is in this team yet" in section(page, "asb")


def test_closed_work_is_not_counted_and_work_of_a_vanished_team_is_named(house, manager):
    arrive(house, mail("complaint! the roof leaks"))
    arrive(house, mail("complaint! the door sticks", sender="b@resident.example"))
    settle(house)
    with house.store.unit("desk") as unit:
        first, second = unit.find(Task)
        unit.update(Task, first.id, closed_at=NOON)
        unit.update(Task, second.id, team="lettings")
        unit.commit()
    page = manager.get("/settings").text
    assert "0 open items" in section(page, "complaints") and "lettings (1)" in page


def test_the_page_says_what_the_configuration_says_and_which_key_changes_it(house_of):
    house = house_of(
        desk={"spot_check_percent": 12.5, "restricted_flags": ["staff_conduct"], "undo_seconds": 7, "idle_minutes": 33},
        acknowledgement={"mode": "after_confirmation"},
        calendar={"closed_days": ["2026-12-24"], "extra_holidays": ["2027-05-03"]},
        sweep={"working_days_before": 2},
    )
    page = " ".join(re.sub(r"<[^>]+>", " ", signed_in(house).get("/settings").text).split())
    for said in (
        "Complaint Housing Complaints and Feedback team [routing] complaint",
        "Report of antisocial behaviour Antisocial behaviour and tenancy team [routing] asb_report",
        "What the machine was unsure of Housing Complaints and Feedback team [routing] triage",
        "A receipt at once; the acknowledgement when an officer confirms",
        "2 working days before the deadline",
        "12.5% of the messages",
        "about our staff [desk] restricted_flags",
        "7 seconds",
        "33 minutes without use",
        "24 December 2026",
        "3 May 2027 [calendar] extra_holidays",
        f"to {house.calendar.reach()[1].day} December {house.calendar.reach()[1].year}",
    ):
        assert said in page, said


def test_everybody_may_look_and_only_managers_are_offered_a_change(house):
    bob = add_person(house, "bob", "officer", teams=("repairs",))
    for role in ("officer", "manager", "administrator", "auditor"):
        page = signed_in(house, f"a-{role}", role).get("/settings")
        assert page.status_code == 200
        assert (f"/settings/absence/{bob}" in page.text) is (role == "manager")
        assert ("/settings/health" in page.text) is (role == "administrator")


# ---- Absence


def test_an_absence_is_kept_shown_and_minded_by_the_rules_of_allocation(house, manager):
    bob = add_person(house, "bob", "officer", teams=("repairs",))
    assert manager.post(f"/settings/absence/{bob}", data=typed("23 11 2026", "4 12 2026")).status_code == 303
    kept = staff_of(house, "bob")
    assert (kept.away_from, kept.away_until) == (TODAY, date(2026, 12, 4))
    assert "Bob 0 Away until 4 December 2026" in section(manager.get("/settings").text, "repairs")
    assert "away" in may_be_given(kept, ANY, date(2026, 12, 4)) and may_be_given(kept, ANY, date(2026, 12, 5)) is None
    assert kept.preferences["changes"][-1] | {"at": ""} == {"at": "", "by": "mina", "what": "away: 2026-11-23 to 2026-12-04"}
    house.clock.at = NOON + timedelta(days=12)
    assert "Bob 0 No" in section(manager_again(house).get("/settings").text, "repairs")


def manager_again(house):
    """Return a manager who has just signed in, as the clock has moved on."""
    return signed_in(house, "moira", "manager")


def test_an_absence_to_come_and_one_without_an_end_are_shown_as_such(house, manager):
    bob, cyd = add_person(house, "bob", "officer", teams=("repairs",)), add_person(house, "cyd", "officer", teams=("asb",))
    manager.post(f"/settings/absence/{bob}", data=typed("24 12 2026", "2 1 2027"))
    manager.post(f"/settings/absence/{cyd}", data=typed("20 11 2026"))
    page = manager.get("/settings").text
    assert "from 24 December 2026 to 2 January 2027" in section(page, "repairs")
    assert "Away until further notice" in section(page, "asb")


def test_whoever_is_back_is_no_longer_away(house, manager):
    bob = add_person(house, "bob", "officer", teams=("repairs",), away_from=TODAY, away_until=TODAY)
    assert 'value="23"' in manager.get(f"/settings/absence/{bob}").text
    manager.post(f"/settings/absence/{bob}", data=typed(seen="2026-11-23/2026-11-23"))
    assert staff_of(house, "bob").away_from is None and "Bob 0 No" in section(manager.get("/settings").text, "repairs")


def test_an_absence_that_came_second_is_refused_with_both_shown(house, manager):
    bob = add_person(house, "bob", "officer")
    manager.post(f"/settings/absence/{bob}", data=typed("1 12 2026", "2 12 2026"))
    refused = manager.post(f"/settings/absence/{bob}", data=typed("7 12 2026", "9 12 2026"))
    assert refused.status_code == 409 and "away from 1 December 2026 to 2 December 2026" in refused.text
    assert 'value="7"' in refused.text and 'value="9"' in refused.text
    again = re.search(r'name="seen" value="([^"]*)"', refused.text).group(1)
    assert manager.post(f"/settings/absence/{bob}", data=typed("7 12 2026", "9 12 2026", seen=again)).status_code == 303
    assert staff_of(house, "bob").away_from == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (("31", "11", "2026"), ("", "", ""), "first"),
        (("1", "13", "2026"), ("", "", ""), "first"),
        (("1", "12", ""), ("", "", ""), "first"),
        (("1", "December", "2026"), ("", "", ""), "first"),
        (("1", "12", "26"), ("", "", ""), "first"),
        (("1", "12", "2062"), ("", "", ""), "first"),
        (("0", "12", "2026"), ("", "", ""), "first"),
        (("-1", "12", "2026"), ("", "", ""), "first"),
        (("١", "12", "2026"), ("", "", ""), "first"),
        (("1", "12", "99999999999999999999"), ("", "", ""), "first"),
        (("", "", ""), ("1", "12", "2026"), "first"),
        (("2", "12", "2026"), ("1", "12", "2026"), "last"),
        (("2", "12", "2026"), ("x", "", ""), "last"),
    ],
)
def test_days_that_cannot_be_are_refused_by_their_field(first, last, field):
    _days, errors = dates_of({"first": first, "last": last}, TODAY)
    assert list(errors) == [field]


def test_a_day_that_cannot_be_leaves_everything_as_it_was_and_what_was_typed_in_place(house, manager):
    bob = add_person(house, "bob", "officer")
    refused = manager.post(f"/settings/absence/{bob}", data=typed("30 2 2027", "4 12 2026"))
    assert refused.status_code == 422 and 'href="#first"' in refused.text and 'id="first"' in refused.text
    assert 'value="30"' in refused.text and 'value="4"' in refused.text and staff_of(house, "bob").away_from is None


def test_there_is_no_absence_of_nobody_or_of_a_closed_account(house, manager):
    gone = add_person(house, "gone", "officer", disabled_at=NOON)
    for number in (gone, 999, "99999999999999999999"):
        assert manager.get(f"/settings/absence/{number}").status_code in (404, 422)
        assert manager.post(f"/settings/absence/{number}", data=typed()).status_code in (404, 422)


# ---- Health


def test_an_administrator_sees_what_the_status_command_says(house):
    arrive(house, mail("complaint! the roof leaks"))
    client = signed_in(house, "adam", "administrator")
    page = " ".join(client.get("/settings/health").text.split())
    assert "1 arrivals = 1 waiting + 0 quarantined" in page and "Nothing needs anybody" in page
    house.clock.at = NOON + timedelta(minutes=30)
    assert "messages wait too long to be understood" in client.get("/settings/health").text


def test_the_health_page_says_what_is_worth_knowing(house, monkeypatch):
    client = signed_in(house, "adam", "administrator")
    assert "Worth knowing" not in client.get("/settings/health").text
    monkeypatch.setattr("desk.health._other_model", lambda *_: ["the model installed here is <new>"])
    assert "<li>the model installed here is &lt;new&gt;</li>" in client.get("/settings/health").text


def test_the_health_page_loads_no_classifier(house):
    del house.__dict__["classifier"]
    client = sign_in(house, client_of(house), "adam") if add_person(house, "adam", "administrator") else None
    assert client.get("/settings/health").status_code == 200 and "classifier" not in house.__dict__
