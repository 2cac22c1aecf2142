"""An emergency calls the duty officer at once, and the next name after some minutes, until somebody says that they have it."""

import asyncio
import threading
from datetime import timedelta

import pytest
from hazard_house import BY, GAS, MOULD, assessed, events, rows, told
from pydantic import ValidationError

from classifiers.taxonomy import Category, Flag
from desk.duty_settings import DutySettings
from desk.duty_wiring import call_duty, paging_of
from desks import add_person, signed_in
from handlers.case_acts import Refused
from handlers.hazards.calls import place_of
from handlers.hazards.taken import i_have_it
from houses import NOON, Postbag, arrive, house_of, mail, settle
from intake.channel import PermanentFailure, TemporaryFailure
from standins.loopback import Said
from standins.oncall import TOKEN, OnCall
from store.hazard_models import Page
from store.models import Case, CaseEvent, CaseStatus, Message, OutboxEntry, Task

__all__ = ["house_of"]

WAIT = timedelta(minutes=10)
TEXT, MAIL = "07700900123@text.example", "duty.manager@landlord.example"
LIST = [{"name": "Out of hours", "text": TEXT}, {"name": "Manager", "mail": MAIL}]


@pytest.fixture
def oncall():
    service = OnCall()
    service.open()
    yield service
    service.close()


@pytest.fixture
def house(house_of):
    opened = house_of(duty={"officers": LIST, "wait_minutes": 10})
    add_person(opened, BY, "officer", teams=("repairs",))
    return opened


def round_(house, bag):
    return asyncio.run(paging_of(house, bag).once())


def test_an_emergency_is_called_at_once_and_nothing_else_is(house):
    told(house)
    told(house, "complaint! [hazard] the stairs are broken")
    case = told(house, GAS)
    bag = Postbag()
    assert round_(house, bag) == 1
    (call,) = bag.sent
    assert (call.recipient, call.subject) == (TEXT, f"EMERGENCY {case.reference}")
    assert call.text.startswith(f"EMERGENCY. {case.reference}")
    assert len(call.text) <= 160
    assert call.text.endswith(f"/cases/{case.reference}")
    assert round_(house, bag) == 0


def test_a_call_says_the_reference_the_danger_and_the_street_and_nothing_of_anybody(house):
    words = (
        "complaint? [emergency] I am Ada Resident, 07700 900999, ada@resident.example, flat 7 at 12 Rose Lane SE6 4RU. "
        "My son Mary Hill has asthma. Gas!"
    )
    told(house, words)
    bag = Postbag()
    round_(house, bag)
    house.clock.at += WAIT
    round_(house, bag)
    for call in bag.sent:
        said = f"{call.subject} {call.text}"
        assert "Rose Lane SE6" in said
        for private in ("Ada", "ada@", "07700", "flat 7", "12 Rose", "4RU", "Mary", "asthma"):
            assert private not in said.replace(rows(house, Case)[0].reference, "")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("I live at 12 Rose Lane, SE6 4RU and there is gas", "Rose Lane SE6"),
        ("my neighbour Mary Hill shouts", ""),
        ("Gas in the Kestrel Tower", "Kestrel Tower"),
        ("at home in bed", ""),
        ("", ""),
    ],
)
def test_a_place_is_a_street_or_a_building_without_its_number(words, place):
    assert place_of(words) == place


def test_the_next_name_is_called_after_the_wait_and_then_the_first_again(house):
    told(house, GAS)
    bag = Postbag()
    for _ in range(3):
        round_(house, bag)
        house.clock.at += WAIT - timedelta(seconds=1)
        assert round_(house, bag) == 0
        house.clock.at += timedelta(seconds=1)
    assert [call.recipient for call in bag.sent] == [TEXT, MAIL, TEXT]
    assert len({call.message_id for call in bag.sent}) == 3


def test_i_have_it_ends_the_calls_and_stands_on_the_case(house):
    case = told(house, GAS)
    bag = Postbag()
    round_(house, bag)
    i_have_it(house.acts, case.id, BY)
    house.clock.at += 3 * WAIT
    assert round_(house, bag) == 0
    (page,) = rows(house, Page)
    assert (page.taken_by, page.attempts) == (BY, 1)
    assert [kind for kind in events(house, case) if kind.startswith("duty")] == ["duty_called", "duty_taken"]
    with pytest.raises(Refused, match="Somebody has it already"):
        i_have_it(house.acts, case.id, BY)
    with pytest.raises(Refused, match="person"):
        i_have_it(house.acts, case.id, "machine")


def test_the_desk_has_a_button_for_it(house):
    case = told(house, GAS)
    client = signed_in(house, "ben")
    assert "nobody has said that they have it" in client.get(f"/cases/{case.reference}").text
    assert client.post(f"/cases/{case.reference}/acts/i-have-it", data={}).status_code == 303
    assert "Ben has it since" in client.get(f"/cases/{case.reference}").text


def test_whoever_assesses_the_hazard_has_it(house):
    case = told(house, GAS)
    assessed(house, case, level="emergency", kind="uncombusted_gas")
    assert round_(house, Postbag()) == 0
    assert rows(house, Page)[0].taken_by == BY


def test_a_closed_case_calls_nobody(house):
    case = told(house, GAS)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, status=CaseStatus.CLOSED)
        unit.commit()
    assert round_(house, Postbag()) == 0


def test_the_same_message_calls_once_and_each_further_case_too(house):
    arrive(house, mail(GAS))
    arrive(house, mail(GAS))
    settle(house)
    told(house, GAS, sender="bo@else.example")
    assert len(rows(house, Page)) == 2


@pytest.mark.parametrize("failure", [TemporaryFailure("451"), PermanentFailure("550"), RuntimeError("broken")])
def test_a_call_that_fails_is_told_and_the_next_name_is_called_within_the_minute(house, failure):
    case = told(house, GAS)

    def fail(reply):
        if reply.recipient == TEXT:
            raise failure

    bag = Postbag(fail)
    round_(house, bag)
    assert bag.sent == []
    assert events(house, case)[-1] == "duty_not_reached"
    house.clock.at += timedelta(minutes=1)
    round_(house, bag)
    assert [call.recipient for call in bag.sent] == [MAIL]


def test_a_caller_that_dies_between_the_claim_and_the_keeping_is_followed_by_another(house):
    told(house, GAS)
    dead = paging_of(house, Postbag())
    assert len(dead._claim("dead")) == 1
    bag = Postbag()
    assert round_(house, bag) == 0
    house.clock.at += timedelta(minutes=2)
    assert round_(house, bag) == 1
    assert len(bag.sent) == 1


def test_two_callers_at_once_place_one_call(house):
    told(house, GAS)
    bag, barrier = Postbag(), threading.Barrier(2)
    made = []

    def once():
        barrier.wait()
        made.append(round_(house, bag))

    threads = [threading.Thread(target=once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(made), len(bag.sent)) == ([0, 1], 1)


def test_who_sets_up_a_list_first_is_not_called_about_last_week(house):
    told(house, GAS)
    house.clock.at += timedelta(hours=49)
    assert round_(house, Postbag()) == 0


def test_without_a_list_nobody_is_called_and_the_case_says_so(house_of):
    house = house_of()
    case = told(house, GAS)
    assert paging_of(house, Postbag()) is None
    asyncio.run(asyncio.wait_for(call_duty(house, Postbag()), 5))
    assert "Nobody has been called yet" in signed_in(house).get(f"/cases/{case.reference}").text


def test_the_page_is_written_with_the_case_or_not_at_all(house):
    told(house, GAS)
    (page,) = rows(house, Page)
    (case,) = rows(house, Case)
    assert (page.case_id, page.made_at, page.due_at) == (case.id, NOON, NOON)


# --- a webhook ---


@pytest.fixture
def hooked(house_of, oncall, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    officers = [{"name": "On call", "webhook": f"{oncall.url}/hooks/housing"}]
    return house_of(duty={"officers": officers, "token_file": tmp_path / "token"})


def test_a_webhook_is_told_with_the_token_and_a_key_for_each_call(hooked, oncall):
    case = told(hooked, GAS)
    round_(hooked, Postbag())
    ((key, call),) = oncall.taken.items()
    assert call["reference"] == case.reference
    assert call["words"].startswith("EMERGENCY")
    assert call["page"].endswith(f"/cases/{case.reference}")
    hooked.clock.at += WAIT
    round_(hooked, Postbag())
    assert len(oncall.taken) == 2
    assert key in oncall.taken


@pytest.mark.parametrize("fault", [Said(500), Said(401), Said(302, headers={"Location": "/elsewhere"}), Said(404)])
def test_a_webhook_that_does_not_take_it_is_tried_again_within_minutes(hooked, oncall, fault):
    case = told(hooked, GAS)
    oncall.faults.append(fault)
    round_(hooked, Postbag())
    assert (oncall.taken, events(hooked, case)[-1]) == ({}, "duty_not_reached")
    hooked.clock.at += timedelta(minutes=1)
    round_(hooked, Postbag())
    assert len(oncall.taken) == 1


def test_a_webhook_that_is_away_or_without_its_token_is_no_call(hooked, oncall, tmp_path):
    case = told(hooked, GAS)
    (tmp_path / "token").unlink()
    round_(hooked, Postbag())
    oncall.close()
    (tmp_path / "token").write_text(TOKEN)
    hooked.clock.at += timedelta(minutes=1)
    round_(hooked, Postbag())
    why = [event.why for event in rows(hooked, CaseEvent, case_id=case.id) if event.kind == "duty_not_reached"]
    assert len(why) == 2
    assert TOKEN not in " ".join(why)


# --- the settings ---


@pytest.mark.parametrize(
    "officers",
    [
        [],
        [{"name": "A"}],
        [{"name": "A", "mail": "a@b.example", "text": "c@d.example"}],
        [{"name": "A", "mail": "nobody"}],
        [{"name": "A", "webhook": "http://oncall.example/hooks"}],
        [{"name": "A", "webhook": "ftp://oncall.example"}],
    ],
)
def test_a_list_that_could_not_call_anybody_is_refused(officers):
    with pytest.raises(ValidationError):
        DutySettings(officers=officers)


def test_a_damp_wall_calls_nobody_and_a_reply_of_an_emergency_does(house):
    case = told(house, MOULD)
    assert rows(house, Page) == []
    asyncio.run(house.outbox(Postbag()).once())
    header = rows(house, OutboxEntry, case_id=case.id)[0].header_id
    arrive(house, mail("service_request! [emergency] the ceiling fell on us", In_Reply_To=header))
    settle(house)
    assert [page.case_id for page in rows(house, Page)] == [case.id]


def decided(house, flags):
    """Let a person judge the message's danger."""
    message = rows(house, Message)[0].id
    house.deciding().decide(message, Category.SERVICE_REQUEST, BY, "rang her", flags=flags)


@pytest.mark.parametrize(("flags", "waits"), [((), False), ((Flag.DAMP_MOULD,), True)])
def test_an_emergency_that_a_person_finds_to_be_none_is_called_about_no_more(house, flags, waits):
    told(house, GAS)
    decided(house, flags)
    assert round_(house, Postbag()) == 0
    open_ = [task for task in rows(house, Task, kind="hazard_assess") if task.closed_at is None]
    assert [(task.danger, task.due_at > task.opened_at) for task in open_] == ([(False, True)] if waits else [])


def test_a_danger_that_only_a_person_sees_is_called_about_too(house):
    told(house, MOULD)
    decided(house, (Flag.EMERGENCY, Flag.DAMP_MOULD))
    _earlier, task = rows(house, Task, kind="hazard_assess")
    assert (task.danger, task.due_at) == (True, task.opened_at)
    assert round_(house, Postbag()) == 1


def test_what_comes_late_calls_nobody_unless_it_is_an_emergency_of_these_days(house):
    arrive(house, mail("complaint! [hazard] the stairs are broken"))
    arrive(house, mail(GAS, sender="bo@else.example"), sender="bo@else.example")
    house.clock.at += timedelta(days=3)
    settle(house)
    assert rows(house, Page) == []
    assert len(rows(house, Task, kind="hazard_assess")) == 2
