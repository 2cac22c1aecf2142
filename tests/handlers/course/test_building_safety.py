"""Building safety: a register with both tests of height, any person, risk before age, seven years, and what came before (s.93)."""

from datetime import timedelta

import pytest
from hazard_house import BY, rows, told, waiting

from chats import update, updates
from classifiers.taxonomy import Category, Flag
from desk.config import Mistake
from desks import add_person, signed_in
from handlers.case_acts import Refused
from handlers.hazards.building_words import limbs_of
from handlers.hazards.buildings import BadRegister, Building, Buildings, read_buildings
from handlers.hazards.concerns import take_for_building_safety, take_off
from handlers.letters import LetterBook
from houses import NOON, house_of
from store.hazard_models import BuildingConcern
from store.models import Case, CaseEvent, OutboxEntry, Task, Verdicting
from store.queue_rows import Wanted, queue_page
from tests.handlers.landlords import northmere
from tests.handlers.letter_cases import cases

__all__ = ["house_of"]

REGISTER = """name,addresses,storeys,height_m,homes
Kestrel Tower,"1-60 Kestrel Tower; Larkspur Road",7,17,60
Heron Point,Heron Pt,6,18,40
Low House,,6,17.9,20
Lone Tower,,12,40,1
"""
FIRE = "complaint! The fire doors in Kestrel Tower do not shut."


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "buildings.csv"
    path.write_text(REGISTER)
    return path


@pytest.fixture
def house(house_of, register):
    opened = house_of(building_safety={"buildings": register})
    add_person(opened, BY, "officer", teams=("complaints",))
    return opened


def now_of(house, case):
    return rows(house, Case, id=case.id)[0]


def flagged(house, case, **changes):
    said = {"building": "Kestrel Tower", "limb": "fire", "risk": "high", "why": "the doors do not shut"} | changes
    return take_for_building_safety(house.course, case.id, BY, house.buildings, **said)


def off(house, case, why="The building has four floors."):
    return take_off(house.course, case.id, BY, building_words="Low House", why=why)


# --- the register ---


@pytest.mark.parametrize(
    ("storeys", "height", "homes", "higher"),
    [(7, 17.0, 2, True), (6, 18.0, 2, True), (6, 17.9, 2, False), (7, 18.0, 1, False), (20, 60.0, 200, True)],
)
def test_either_test_of_height_and_two_homes_make_a_higher_risk_building(storeys, height, homes, higher):
    assert Building(name="A", addresses=(), storeys=storeys, height_m=height, homes=homes).higher_risk is higher


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the lift in KESTREL TOWER", ["Kestrel Tower"]),
        ("I live on Larkspur Rd", ["Kestrel Tower"]),
        ("Kestrel Tower's doors, and heron pt", ["Kestrel Tower", "Heron Point"]),
        ("the kestrel on the tower", []),
        ("Kestrel Towers", []),
        ("", []),
    ],
)
def test_a_building_is_known_by_its_name_and_its_addresses(register, words, names):
    assert [building.name for building in read_buildings(register).named(words)] == names


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("name,storeys\nA,7\n", "line 1"),
        ("name,addresses,storeys,height_m,homes\nA,,seven,17,60\n", "line 2: storeys 'seven' is no number"),
        ("name,addresses,storeys,height_m,homes\nA,,7,-17,60\n", "line 2: height_m"),
        ("name,addresses,storeys,height_m,homes\nA,,7\n", "line 2: write 5 cells"),
        ("name,addresses,storeys,height_m,homes\nA,,7,17,60,9\n", "line 2: write 5 cells"),
        ("name,addresses,storeys,height_m,homes\n,,7,17,60\n", "line 2: give the building's name"),
        ("name,addresses,storeys,height_m,homes\nA,,nan,17,60\n", "line 2: storeys"),
    ],
)
def test_a_register_with_a_mistake_is_refused_with_its_line(tmp_path, text, mend):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(BadRegister, match=mend):
        read_buildings(path)


def test_a_register_that_is_not_there_stops_the_start(house_of, tmp_path):
    house = house_of(building_safety={"buildings": tmp_path / "none.csv"})
    with pytest.raises(Mistake, match=r"building_safety\.buildings"):
        _ = house.buildings


def test_without_a_register_no_building_is_known():
    assert Buildings().named("Kestrel Tower") == ()


# --- the flag ---


@pytest.mark.parametrize(
    ("words", "limb"),
    [
        ("The cladding is coming off", "fire"),
        ("Somebody locked the fire exit", "fire"),
        ("e-bike batteries are charging on the landing", "fire"),
        ("A big crack has opened in the wall", "structure"),
        ("concrete fell from above", "structure"),
        ("the balcony is loose", "structure"),
        ("You have not shown us the fire risk assessment", "person"),
        ("Who is the accountable person?", "person"),
    ],
)
def test_both_limbs_are_heard_in_what_people_say(words, limb):
    assert limb in limbs_of(words)


@pytest.mark.parametrize("words", ["The tap drips", "My neighbour shouts", "The lift is broken", "the rent is wrong"])
def test_other_matters_are_not_heard_as_building_safety(words):
    assert limbs_of(words) == ()


def test_the_machine_flags_what_speaks_so_and_names_a_high_building(house):
    case = told(house, FIRE)
    assert (case.flags, case.retention) == (["building_safety"], "building_safety_7y")
    task = waiting(house, case)["building_safety"]
    assert task.danger
    (concern,) = rows(house, BuildingConcern)
    assert (concern.building, concern.limb, concern.by) == ("Kestrel Tower", "fire", "machine")
    assert "Building Safety Regulator" in rows(house, OutboxEntry)[0].text


@pytest.mark.parametrize("words", ["The fire doors in Low House do not shut.", "The tap in Kestrel Tower drips.", "Fire door!"])
def test_a_lower_building_another_matter_or_no_building_is_not_flagged(house, words):
    case = told(house, f"complaint! {words}")
    assert (case.flags, case.retention, rows(house, BuildingConcern)) == ([], None, [])


def test_by_chat_it_is_flagged_too_and_the_classifiers_own_flag_needs_no_register(house, house_of):
    updates(house, update(house, 1, text=FIRE))
    assert rows(house, Case)[0].flags == ["building_safety"]
    case = told(house, "complaint! [building_safety] It is not safe.", sender="bo@else.example")
    assert (case.flags, case.retention) == (["building_safety"], "building_safety_7y")


def test_any_person_may_raise_it_whoever_they_are(house):
    case = told(house, FIRE, sender="passer.by@somewhere.example")
    assert case.logged_at is not None
    assert waiting(house, case).keys() >= {"building_safety"}
    flagged(house, case)
    assert now_of(house, case).complainant_kind is None


def test_a_person_sets_the_flag_with_building_limb_and_risk(house):
    case = told(house, "complaint! It is not safe here.")
    flagged(house, case, limb="structure")
    now = now_of(house, case)
    assert (now.flags, now.risk, now.retention) == (["building_safety"], "high", "building_safety_7y")
    assert [(row.building, row.limb, row.by) for row in rows(house, BuildingConcern)] == [("Kestrel Tower", "structure", BY)]
    assert rows(house, CaseEvent, case_id=case.id)[-1].kind == "building_safety_set"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"limb": "gas"}, "limb"), ({"risk": ""}, "risk"), ({"building": "Nowhere"}, "building"), ({"why": " "}, "why")],
)
def test_what_is_not_said_whole_is_refused(house, changes, field):
    case = told(house, FIRE)
    with pytest.raises(Refused) as refused:
        flagged(house, case, **changes)
    assert refused.value.field == field


def test_no_machine_sets_it_by_an_act_or_takes_it_off(house):
    case = told(house, FIRE)
    with pytest.raises(Refused, match="person"):
        take_off(house.course, case.id, "machine", building_words="", why="x")
    with pytest.raises(Refused, match="person"):
        take_for_building_safety(house.course, case.id, "sweep", house.buildings, building="", limb="fire", risk="low", why="x")


# --- the queue goes by risk ---


def test_the_queue_has_the_dangerous_before_the_old(house):
    cases_ = []
    for number, risk in enumerate(("low", "medium", "high")):
        cases_.append(told(house, "complaint! It is not safe.", sender=f"r{number}@x.example"))
        house.clock.at += timedelta(hours=1)
        flagged(house, cases_[-1], risk=risk)
    with house.store.glance() as glance:
        page = queue_page(glance, Wanted(username=BY, kinds=("building_safety",)), None, 10)
    assert [task.case_id for task in page] == [case.id for case in reversed(cases_)]
    assert [task.danger for task in page] == [True, False, False]


# --- taken off ---


def test_taking_it_off_tells_the_resident_that_the_general_policy_has_it_and_why(house):
    case = told(house, FIRE)
    off(house, case)
    now = now_of(house, case)
    assert (now.flags, now.retention, now.status) == ([], None, "open")
    assert "building_safety" not in waiting(house, case)
    letter = rows(house, OutboxEntry, case_id=case.id)[-1]
    for words in ("handled under our general policy", "The building has four floors.", "Low House", "0300 790 6787"):
        assert words in letter.text
    assert "general policy" in letter.short if letter.short else True
    assert [row.ended_at is not None for row in rows(house, BuildingConcern)] == [True]


def test_what_was_taken_off_does_not_come_back_with_the_next_decision(house):
    case = told(house, FIRE)
    off(house, case)
    message = rows(house, Verdicting, case_id=case.id)[0].message_id
    assert Flag.BUILDING_SAFETY not in rows(house, Verdicting, message_id=message)[-1].flags
    house.deciding().decide(message, Category.SERVICE_REQUEST, BY, "it asks for a repair")
    assert now_of(house, case).flags == []


def test_it_may_be_taken_off_set_and_taken_off_again_and_only_what_is_set_is_taken_off(house):
    case = told(house, FIRE)
    off(house, case)
    with pytest.raises(Refused, match="not taken for building safety"):
        off(house, case)
    flagged(house, case)
    off(house, case, why="It was measured again.")
    assert [letter.kind for letter in rows(house, OutboxEntry, case_id=case.id)][1:] == ["general_policy-1", "general_policy-2"]


# --- what came before ---


def test_earlier_cases_of_the_building_are_shown_the_same_issue_named_so(house):
    first = told(house, FIRE)
    second = told(house, "complaint! A crack in the wall of Kestrel Tower grows.", sender="bo@x.example")
    told(house, "complaint! The fire doors in Heron Point are broken.", sender="di@x.example")
    house.clock.at = NOON + timedelta(days=30)
    now = told(house, "complaint! Kestrel Tower again: fire doors open.", sender="cy@x.example")
    text = " ".join(signed_in(house, "ben").get(f"/cases/{now.reference}").text.split())
    panel = text[text.index('id="panel-hazards"') : text.index("</section>", text.index('id="panel-hazards"'))]
    assert first.reference in panel
    assert second.reference in panel
    assert panel.count("Came before") == 2
    assert "Same issue" in panel
    assert "Same building" in panel


def test_no_limb_is_guessed_where_no_words_tell_it_and_two_such_cases_are_not_one_issue(house):
    first = told(house, "complaint! [building_safety] Kestrel Tower is not safe.")
    second = told(house, "complaint! [building_safety] I do not feel safe in Kestrel Tower.", sender="bo@x.example")
    assert {(row.building, row.limb) for row in rows(house, BuildingConcern)} == {("Kestrel Tower", "")}
    text = signed_in(house, "ben").get(f"/cases/{second.reference}").text
    panel = text[text.index('id="panel-hazards"') : text.index("</section>", text.index('id="panel-hazards"'))]
    assert first.reference in panel
    assert "A person says what it is about" in panel
    assert "Same issue" not in panel
    flagged(house, second)
    standing = rows(house, BuildingConcern, case_id=second.id, ended_at=None)
    assert [row.limb for row in standing] == ["fire"], "what a person said takes the place of what nobody knew"


def test_an_earlier_case_that_is_closed_to_somebody_is_not_shown_to_them(house):
    first = told(house, FIRE)
    now = told(house, FIRE.replace("not shut", "stick"), sender="cy@x.example")
    with house.store.unit("T6") as unit:
        unit.update(Case, first.id, restricted=True)
        unit.commit()
    text = signed_in(house, "ben").get(f"/cases/{now.reference}").text
    assert first.reference not in text[text.index('id="panel-hazards"') :].split("</section>")[0]


# --- the letters ---


def test_every_letter_about_building_safety_says_how_to_go_to_the_regulator():
    book = LetterBook(northmere())
    regulator = northmere().building_safety_regulator
    for name, kind, facts in cases():
        # The question whether somebody may speak for a resident says nothing of the matter itself (Code 3.6).
        if Flag.BUILDING_SAFETY in facts.flags and kind != "authority_wanted":
            made = book.draft(kind, facts)
            for words in (made.text, made.html):
                assert regulator.name in words, name
                assert (regulator.phone or "") in words, name


def test_a_task_that_somebody_finished_is_made_again_when_a_person_sees_danger(house):
    case = told(house, "complaint! It is not safe.")
    flagged(house, case, risk="low")
    assert len(rows(house, Task, case_id=case.id, kind="building_safety")) == 1
