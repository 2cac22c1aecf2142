"""The queue as an officer sees it: order, groups, filters in the address, pages by key, and what stays hidden."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from desk.places import DeskSettings
from desk.web.queue import QueueQuery, cursor, place_of
from desks import client_of, officer, signed_in
from houses import NOON, arrive, house_of, mail, settle
from store.desk_models import CaseStaff
from store.models import Case, Task
from store.queue_rows import Place

__all__ = ["house_of", "officer"]


def add_tasks(house, *rows):
    now = house.clock.now()
    full = [{"kind": "triage", "team": "complaints", "why": "unsure", "opened_at": now, "due_at": now, **row} for row in rows]
    with house.store.unit("T6") as unit:
        ids = unit.insert(Task, full)
        unit.commit()
    return ids


def shown(text):
    return [int(number) for number in re.findall(r'href="/tasks/(\d+)\?', text)]


def groups(text):
    found = re.findall(r'id="group-(\w+)">([^<]+)<span class="desk-count">(\d+)', text)
    return [(key, int(number)) for key, _title, number in found]


def test_nobody_sees_the_queue_without_signing_in(house_of):
    answer = client_of(house_of()).get("/queue?view=team")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back=/queue%3Fview%3Dteam"


def test_danger_stands_first_then_what_is_overdue_then_the_nearest_dates(officer):
    house, client = officer
    day = timedelta(days=1)
    later, week, today, late, danger = add_tasks(
        house,
        {"due_at": NOON + 20 * day},
        {"due_at": NOON + 3 * day},
        {"due_at": NOON + timedelta(hours=2)},
        {"due_at": NOON - day},
        {"due_at": NOON + 2 * day, "danger": True, "kind": "emergency"},
    )
    answer = client.get("/queue?view=all")
    assert shown(answer.text) == [danger, late, today, week, later]
    assert groups(answer.text) == [("danger", 1), ("overdue", 1), ("today", 1), ("week", 1), ("later", 1)]


def test_the_week_ends_on_sunday_in_london_time(house_of):
    """The last second of Sunday, summer time: 22:59:59 UTC."""
    friday = datetime(2026, 7, 3, 9, 0, tzinfo=UTC)
    house = house_of(at=friday)
    client = signed_in(house)
    end = datetime(2026, 7, 5, 22, 59, 58, tzinfo=UTC)
    add_tasks(house, {"due_at": end}, {"due_at": end + timedelta(seconds=2)})
    assert groups(client.get("/queue").text) == [("week", 1), ("later", 1)]


def test_real_mail_waits_with_its_subject_its_reason_and_the_machines_guess(officer):
    house, client = officer
    arrive(house, mail("service_request? the lift is out and nobody answers", subject="The lift <b>again</b>"))
    settle(house)
    text = client.get("/queue").text
    assert "The lift &lt;b&gt;again&lt;/b&gt;" in text
    assert "unsure: too near a complaint" in text
    assert "Service request 50%" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=triage", [0]),
        ("kind=triage&kind=reply", [0, 1, 3]),
        ("team=repairs", [1]),
        ("only=danger", [2]),
        ("only=unassigned", [0, 1, 2]),
        ("view=mine", [3]),
        ("kind=nothing-of-the-kind", []),
        ("team=complaints&kind=reply", [3]),
    ],
)
def test_filters_live_in_the_address(officer, query, expected):
    house, client = officer
    ids = add_tasks(
        house,
        {},
        {"kind": "reply", "team": "repairs"},
        {"kind": "emergency", "team": "asb", "danger": True},
        {"kind": "reply", "assigned_to": "olive"},
    )
    assert sorted(shown(client.get(f"/queue?{query}").text)) == [ids[number] for number in expected]


def test_a_case_given_to_somebody_brings_its_tasks_among_theirs(officer):
    house, client = officer
    arrive(house, mail("complaint! the roof leaks"))
    settle(house)
    with house.store.unit("T6") as unit:
        (case,) = unit.find(Case)
        unit.update(Case, case.id, assigned_to="olive")
        unit.commit()
    assert len(shown(client.get("/queue?view=mine").text)) == 1


@pytest.mark.parametrize(("given", "view"), [({}, "all"), ({"team": "repairs"}, "team"), ({"assigned_to": "olive"}, "mine")])
def test_the_first_page_is_the_nearest_work_there_is(house_of, given, view):
    house = house_of()
    client = signed_in(house, teams=("repairs",))
    add_tasks(house, given)
    assert client.get("/").headers["location"] == f"/queue?view={view}"
    assert client.get("/?told=saved").headers["location"] == f"/queue?view={view}&told=saved"


def test_a_message_without_a_subject_shows_how_it_begins(officer):
    house, client = officer
    arrive(house, mail("service_request? the tap drips all night", subject=""))
    settle(house)
    assert ">service_request? the tap drips all night</a>" in client.get("/queue").text


def test_tasks_of_one_case_stand_together_under_its_name(officer):
    house, client = officer
    arrive(house, mail("asb_report! [emergency] [safeguarding] he is at the door with a knife", subject="Knife"))
    settle(house)
    text = client.get("/queue?only=danger").text
    assert text.count(">Knife</a>") == 1
    assert "Same case: safeguarding" in text


def test_the_teams_view_is_of_ones_own_teams(house_of):
    house = house_of()
    client = signed_in(house, "rita", teams=("repairs",))
    _, mine = add_tasks(house, {}, {"team": "repairs"})
    assert shown(client.get("/queue?view=team").text) == [mine]


def test_somebody_without_a_team_sees_none_and_not_all(officer):
    house, client = officer
    add_tasks(house, {})
    assert shown(client.get("/queue?view=team").text) == []


def test_pages_follow_each_other_without_gap_or_repeat_though_items_go_in_between(officer):
    house, client = officer
    ids = add_tasks(house, *({"due_at": NOON + timedelta(minutes=number // 7)} for number in range(120)))
    seen, address = [], "/queue?view=all"
    while address:
        text = client.get(address).text
        seen += shown(text)
        if len(seen) == 50:
            with house.store.unit("T6") as unit:  # the first page is worked off meanwhile
                unit.update_many(Task, [{"id": id_, "closed_at": NOON} for id_ in seen])
                unit.commit()
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else None
    assert seen == ids


@pytest.mark.parametrize("after", ["", "x", "1.2", "9.9.9.9", "1.99999999999999999999999.1", "0.-5.3", "٣.٣.٣"])
def test_a_place_that_nobody_made_is_the_beginning_or_empty_and_never_an_error(officer, after):
    _house, client = officer
    assert client.get("/queue", params={"after": after}).status_code == 200


def test_a_place_survives_the_address():
    place = Place(danger=True, due_at=NOON + timedelta(microseconds=123457), id=42)
    assert place_of(cursor(place)) == place


def test_a_query_survives_the_address():
    asked = QueueQuery(view="team", kind=("triage", "reply"), only=("danger",))
    assert QueueQuery.read(asked.string()) == asked
    assert QueueQuery.read("view=nobody&kind=a&more=1") == QueueQuery(kind=("a",))


def test_an_item_of_a_restricted_case_is_hidden_and_not_counted_unless_one_is_let_in(house_of):
    house = house_of()
    olive, max_ = signed_in(house), signed_in(house, "max", "manager")
    arrive(house, mail("service_request? about your caretaker", subject="A secret"))
    settle(house)
    with house.store.unit("T6") as unit:
        (case,) = unit.find(Case)
        unit.update(Case, case.id, restricted=True)
        unit.commit()
    assert "A secret" not in (text := olive.get("/queue").text)
    assert groups(text) == []
    assert "A secret" in max_.get("/queue").text
    with house.store.unit("T6") as unit:
        row = {"case_id": case.id, "username": "olive", "relation": "let_in", "at": NOON, "by": "max", "why": "her case"}
        unit.insert(CaseStaff, [row])
        unit.commit()
    assert "A secret" in olive.get("/queue").text


def test_a_closed_task_is_gone(officer):
    house, client = officer
    add_tasks(house, {"closed_at": NOON})
    assert shown(client.get("/queue").text) == []


def test_what_is_long_overdue_says_so(officer):
    house, client = officer
    add_tasks(house, {"due_at": NOON - timedelta(days=9)}, {"due_at": NOON - timedelta(days=2)})
    text = client.get("/queue").text
    assert "very overdue: Sat 14 Nov" in text
    assert ">overdue: Sat 21 Nov" in text


def test_a_view_is_kept_under_its_name_for_its_owner_alone_and_can_be_removed(house_of):
    house = house_of()
    olive, max_ = signed_in(house), signed_in(house, "max", "manager")
    assert olive.post("/views", data={"query": "kind=triage&junk=1", "name": " Doubts "}).status_code == 303
    assert olive.post("/views", data={"query": "view=team&kind=reply", "name": "Doubts"}).status_code == 303
    text = olive.get("/queue").text
    assert re.findall(r'href="/queue\?([^"]+)">Doubts', text) == ["view=team&amp;kind=reply"]
    assert "Doubts" not in max_.get("/queue").text
    (number,) = re.findall(r"/views/(\d+)/remove", olive.get("/views").text)
    max_.post(f"/views/{number}/remove")
    assert "Doubts" in olive.get("/queue").text
    olive.post(f"/views/{number}/remove")
    assert "Doubts" not in olive.get("/queue").text


def test_an_auditor_sees_the_queue_but_no_buttons(house_of):
    house = house_of()
    client = signed_in(house, "al", "auditor")
    add_tasks(house, {})
    text = client.get("/queue").text
    assert len(shown(text)) == 1
    assert 'name="task"' not in text and 'value="accept"' not in text


def test_an_administrator_who_is_nothing_else_sees_no_residents(house_of):
    assert signed_in(house_of(), "ada", "administrator").get("/queue").status_code == 403


def test_the_clock_moves_items_between_groups(officer):
    house, client = officer
    add_tasks(house, {"due_at": NOON + timedelta(minutes=30)})
    assert groups(client.get("/queue").text) == [("today", 1)]
    house.clock.at = NOON + timedelta(minutes=31)
    assert groups(client.get("/queue").text) == [("overdue", 1)]


def test_flags_that_the_landlord_names_close_a_case_from_the_start(house_of):
    house = house_of(desk=DeskSettings(restricted_flags=("staff_conduct",)).model_dump())
    client = signed_in(house)
    arrive(house, mail("complaint! [staff_conduct] your officer shouted at me", subject="His manner"))
    arrive(house, mail("complaint! the lift is out", subject="The lift", sender="ben@resident.example"))
    settle(house)
    text = client.get("/queue").text
    assert "The lift" in text
    assert "His manner" not in text
