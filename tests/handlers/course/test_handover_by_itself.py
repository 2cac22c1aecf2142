"""The sweep hands plain work over where the settings say so, and whatever is more than plain stays with people."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from handover_house import REPAIRS, STREETS, events, given, house_with, request, rows, sent, waiting

from classifiers.taxonomy import Category
from desk.config import Settings
from handlers.handover import by_itself, giving
from handlers.handover.by_itself import WAIT, hand_over_what_is_plain
from handlers.handover.summary import LONGEST
from handlers.rows import SWEEP
from handlers.undoing import CannotUndo
from houses import arrive, house_of, mail, settle
from store.handover_models import Handover
from store.models import Case, CaseEvent, CaseStatus, Message, OutboxEntry, Stage, Task, Verdicting
from store.people_models import Adjustment

__all__ = ["house_of"]

ALONE = REPAIRS | {"automatic": True}
HOME = "12 Rose Lane, London N1 1AA"
TAP = "service_request! The kitchen tap drips."


@pytest.fixture
def house(house_of):
    return house_with(house_of, ALONE, STREETS)


def changed(house, table, number, **values):
    """Change a row as an act would have, outside all acts."""
    with house.store.unit("T6") as unit:
        unit.update(table, number, **values)
        unit.commit()


def at_home(house, words=TAP, sender="ada@resident.example", **values):
    """Let a request of somebody whose home is known come in; return its case."""
    case = request(house, words, sender)
    changed(house, Case, case.id, **({"home": HOME} | values))
    return rows(house, Case, id=case.id)[0]


def swept(house, wait=WAIT):
    """Let time pass, and the sweep hand over what is plain; return how many cases it did something with."""
    house.clock.at += wait
    return hand_over_what_is_plain(house.course)


def kinds(house, case):
    return sorted(task.kind for task in rows(house, Task, case_id=case.id, closed_at=None))


# --- what goes ---


@pytest.mark.parametrize("words", [TAP, "asb_report! Loud music every night."])
def test_plain_work_goes_to_the_one_who_takes_it_with_the_same_rows_as_a_persons(house, words):
    case, by_olive = at_home(house, words), at_home(house, words + " And the other one.", "bo@else.example")
    asked = by_itself._asking(by_olive, rows(house, Message, case_id=by_olive.id)[0])
    given(house, by_olive, asked=asked)
    assert (swept(house), swept(house)) == (1, 0)
    (mine,), (hers,) = (rows(house, Handover, case_id=one.id) for one in (case, by_olive))
    assert (mine.by, hers.by) == (SWEEP, "olive")
    assert mine.summary.keys() == hers.summary.keys()
    assert (mine.summary["what"], mine.summary["where"]) == (words, HOME)
    assert (mine.state, mine.partner, mine.way) == (hers.state, hers.partner, hers.way)
    (told,), (said,) = (rows(house, CaseEvent, case_id=one.id, kind="handed_over") for one in (case, by_olive))
    assert (told.by, told.why) == (SWEEP, said.why)
    assert rows(house, Case, id=case.id)[0].status is CaseStatus.OPEN
    assert kinds(house, case) == [case.category]
    assert all(HOME in letter.text for letter in sent(house).sent)
    (hears,) = [one for one in rows(house, OutboxEntry, case_id=case.id) if one.kind.startswith("handed_over")]
    assert "Repairs team" in hears.text
    assert hears.automatic


def test_the_sweep_itself_hands_over_and_the_partner_is_told_once(house):
    case = at_home(house)
    house.clock.at += WAIT
    for _ in range(3):
        house.sweep().once()
    assert len(sent(house).sent) == 1
    assert sent(house).sent == []
    assert events(house, case) == ["handed_over", "handover_sent"]


def test_nothing_goes_by_itself_where_the_settings_do_not_say_so(house_of):
    house = house_with(house_of)
    at_home(house)
    assert (swept(house), rows(house, Handover)) == (0, [])


def test_what_a_person_decided_goes_too_but_not_while_it_can_be_undone(house):
    case = at_home(house, "service_request? The light.")
    assert swept(house) == 0
    hold = timedelta(minutes=1)
    done = house.deciding().decide(1, Category.SERVICE_REQUEST, "olive", "a request", hold=hold)
    assert swept(house, hold - timedelta(seconds=1)) == 0
    assert swept(house, timedelta(seconds=1)) == 1
    with pytest.raises(CannotUndo):
        house.undoing.undo(done.act_id, "olive")
    assert events(house, case) == ["handed_over"]


def test_a_new_case_waits_until_its_resident_can_have_said_that_it_is_something_else(house):
    at_home(house)
    assert swept(house, WAIT - timedelta(seconds=1)) == 0
    assert swept(house, timedelta(seconds=1)) == 1


# --- what stays with people ---


@pytest.mark.parametrize(
    "words",
    [
        "complaint! You never mend anything.",
        "service_request? The light.",
        "out_of_scope! The bins of the street.",
        *(
            f"service_request! [{flag}] the tap"
            for flag in ("emergency", "hazard", "safeguarding", "staff_conduct", "adjustment")
        ),
        *(f"service_request! [{flag}] the tap" for flag in ("anonymous", "vulnerable", "prior_request", "representative")),
    ],
)
def test_what_holds_a_doubt_a_danger_or_a_complaint_is_a_persons(house, words):
    case = at_home(house, words)
    before = kinds(house, case)
    assert (swept(house), rows(house, Handover), kinds(house, case)) == (0, [], before)


@pytest.mark.parametrize(
    "values",
    [
        {"restricted": True},
        {"also": ["complaint"]},
        {"also": ["asb_report"]},
        {"flags": ["hazard"]},
        {"status": CaseStatus.CLOSED},
        {"status": CaseStatus.TRIAGE},
        {"stage": Stage.ONE},
        {"category": "complaint"},
        {"category": "asb_report"},
    ],
)
def test_a_case_that_is_more_than_plain_stays(house, values):
    case = at_home(house, **values)
    assert (swept(house), rows(house, Handover, case_id=case.id)) == (0, [])


@pytest.mark.parametrize(
    ("by", "route", "goes"),
    [("machine", "auto", 1), ("machine", "triage", 0), ("olive", "triage", 1), ("resident", "auto", 0), ("sweep", "auto", 0)],
)
def test_only_a_sure_machine_or_a_person_has_said_what_it_is(house, by, route, goes):
    at_home(house)
    changed(house, Verdicting, rows(house, Verdicting)[0].id, by=by, route=route)
    assert swept(house) == goes


def test_an_open_task_of_any_other_kind_or_of_danger_comes_first(house):
    case = at_home(house)
    own = rows(house, Task, case_id=case.id)[0]
    changed(house, Task, own.id, danger=True)
    assert swept(house) == 0
    changed(house, Task, own.id, danger=False, kind="reply")
    assert swept(house) == 0
    changed(house, Task, own.id, closed_at=house.clock.now())
    assert swept(house) == 1


def test_whoever_asked_for_a_person_is_handed_on_by_a_person(house):
    case = at_home(house)
    own = rows(house, Task, case_id=case.id)[0]
    changed(house, Task, own.id, kind="wants_person", closed_at=house.clock.now())
    assert swept(house) == 0


def test_whoever_wrote_again_or_took_their_words_back_is_read_by_a_person(house):
    case = at_home(house)
    (first,) = rows(house, Message)
    changed(house, Message, first.id, withdrawn_at=house.clock.now())
    assert swept(house) == 0
    changed(house, Message, first.id, withdrawn_at=None, trust="failed")
    assert swept(house) == 0
    changed(house, Message, first.id, trust="passed")
    arrive(house, mail("service_request! never mind", sender="bo@else.example"), sender="bo@else.example")
    settle(house)
    changed(house, Message, rows(house, Message)[-1].id, case_id=case.id, disposition="follow_up")
    assert swept(house) == 0
    changed(house, Message, rows(house, Message)[-1].id, disposition="duplicate")
    assert swept(house) == 1


@pytest.mark.parametrize("address", ["ada@resident.example", "other@resident.example"])
def test_what_was_agreed_with_the_resident_is_minded_by_a_person(house, address):
    case = at_home(house)
    today = date(2026, 11, 23)
    agreed = {
        "kind": "large_print",
        "words": "big",
        "agreed_on": today,
        "agreed_with": "Ada",
        "by": "olive",
        "review_on": today,
    }
    with house.store.unit("T6") as unit:
        unit.insert(Adjustment, [agreed | {"address": address, "case_id": case.id, "at": house.clock.now()}])
        unit.commit()
    assert swept(house) == 0
    changed(house, Adjustment, 1, ended_at=house.clock.now())
    assert swept(house) == 1


def test_what_was_handed_over_ever_is_not_handed_over_again_by_itself(house):
    case = at_home(house)
    row = given(house, case)
    giving.take_back(house.course, case.id, "olive", row.id, "not theirs")
    assert (swept(house), len(rows(house, Handover))) == (0, 1)


# --- what is missing ---


@pytest.mark.parametrize(
    ("words", "values", "told"),
    [
        (TAP, {"home": None}, "say where it is"),
        (TAP, {"resident_address": None}, "reach nobody"),
        (TAP, {"resident_address": "telegram:7"}, "reach nobody"),
        (TAP + " I have complained before.", {}, "may tell of a complaint"),
        ("service_request! " + "drip " * (LONGEST // 5), {}, "say in short"),
    ],
)
def test_what_is_missing_is_a_persons_task_once_and_keeps_nobody_waiting(house, words, values, told):
    case, other = at_home(house, words, **values), at_home(house, TAP + " Mine too.", "bo@else.example")
    assert (swept(house), swept(house)) == (2, 0)
    assert [row.case_id for row in rows(house, Handover)] == [other.id]
    (task,) = rows(house, Task, case_id=case.id, kind="handover_by_hand")
    assert told in task.why
    assert "Repairs team" in task.why
    assert (task.team, task.danger, events(house, case)) == (case.team, False, ["handover_by_hand"])
    changed(house, Task, task.id, closed_at=house.clock.now())
    changed(house, Case, case.id, home=HOME, resident_phone="07700 900123")
    assert (swept(house), len(rows(house, Handover))) == (0, 1)


def test_the_task_ends_when_a_person_hands_it_over(house):
    case = at_home(house, home=None)
    swept(house)
    assert waiting(house, case) == ["handover_by_hand"]
    given(house, case)
    assert waiting(house, case) == []


def test_one_that_breaks_keeps_no_other_waiting(house, monkeypatch):
    case, other = at_home(house), at_home(house, TAP + " Mine too.", "bo@else.example")
    give = by_itself.give

    def breaks(course, act, partner, asked):
        if act.case_id == case.id:
            raise ValueError("something that nobody thought of")
        return give(course, act, partner, asked)

    with monkeypatch.context() as patch:
        patch.setattr(by_itself, "give", breaks)
        assert swept(house) == 1
    assert [row.case_id for row in rows(house, Handover)] == [other.id]
    assert swept(house) == 1


def test_those_that_stay_with_people_do_not_keep_the_page_full(house, monkeypatch):
    monkeypatch.setattr(by_itself, "AT_ONCE", 1)
    for number in range(3):
        at_home(house, TAP + f" {number}", f"r{number}@else.example")
    changed(house, Verdicting, rows(house, Verdicting)[0].id, route="triage")
    assert swept(house) == 2


# --- once ---


class _Dies(Exception):
    """The process is killed."""


@pytest.mark.parametrize("before", [True, False])
def test_killed_anywhere_it_is_handed_over_once(house, before):
    case = at_home(house)
    house.clock.at += WAIT
    store = house.store

    class Dying:
        def unit(self, border):
            unit = store.unit(border)
            enter = unit.__enter__

            class Once:
                def __enter__(self):
                    inner = enter()
                    commit = inner.commit

                    def dies():
                        if not before:
                            commit()
                        raise _Dies

                    inner.commit = dies
                    return inner

                def __exit__(self, *told):
                    return unit.__exit__(*told)

            return Once()

        def glance(self):
            return store.glance()

    course = replace(house.course, acts=replace(house.course.acts, store=Dying()))
    hand_over_what_is_plain(course)
    assert len(rows(house, Handover)) == (0 if before else 1)
    assert hand_over_what_is_plain(house.course) == (1 if before else 0)
    assert (len(rows(house, Handover)), events(house, case)) == (1, ["handed_over"])


def test_two_sweeps_at_once_hand_over_once(house):
    at_home(house)
    house.clock.at += WAIT

    async def both():
        tried = (asyncio.to_thread(hand_over_what_is_plain, house.course) for _ in range(2))
        return await asyncio.gather(*tried)

    assert sum(asyncio.run(both())) == 1
    assert len(rows(house, Handover)) == 1


def test_what_changed_between_the_look_and_the_act_is_seen(house):
    case = at_home(house)
    house.clock.at += WAIT
    takers = by_itself._takers(house.course)
    changed(house, Case, case.id, flags=["hazard"])
    assert by_itself._given(house.course, takers, case.id) == 0
    assert by_itself._asked(house.course, takers, case.id, "what") == 0
    assert rows(house, Handover) == []


# --- beside a complaint, and afterwards ---


def test_a_complaint_beside_it_leaves_it_out_and_a_persons_word_takes_it_back(house):
    case = at_home(house)
    swept(house)
    sent(house)
    request(house, "complaint! Nobody answers the telephone.", "ada@resident.example")
    assert [row.state for row in rows(house, Handover)] == ["with_partner"]
    house.deciding().decide(1, Category.COMPLAINT, "olive", "she is unhappy with us")
    (now,) = rows(house, Case, id=case.id)
    assert (now.category, now.also) == ("complaint", ["service_request"])
    assert [row.state for row in rows(house, Handover)] == ["with_partner"]
    giving.take_back(house.course, case.id, "olive", rows(house, Handover)[0].id, "no request at all")
    assert [row.state for row in rows(house, Handover)] == ["telling_back"]


# --- settings ---


@pytest.mark.parametrize(
    ("partners", "told"),
    [
        ([STREETS | {"automatic": True}], "publishes is true, so automatic must be false"),
        ([REPAIRS | {"takes": ["out_of_scope"], "automatic": True}], "automatic needs service_request or asb_report in takes"),
        ([ALONE, ALONE | {"key": "other", "name": "Other team"}], "Repairs team and Other team take service_request"),
    ],
)
def test_settings_that_cannot_work_alone_are_refused_with_the_mend(house, partners, told):
    with pytest.raises(ValueError, match=told):
        Settings(**(house.settings.model_dump() | {"partners": partners}))


def test_two_takers_or_one_who_publishes_are_nobody(house):
    case = at_home(house)
    (one, street) = house.course.partners.values()
    house.clock.at += WAIT
    for partners in ({"a": one, "b": replace(one, key="b")}, {"s": replace(street, automatic=True)}):
        assert hand_over_what_is_plain(replace(house.course, partners=partners)) == 0
    beside = replace(one, key="b", automatic=False)
    assert hand_over_what_is_plain(replace(house.course, partners={one.key: one, "b": beside})) == 1
    assert events(house, case) == ["handed_over"]
