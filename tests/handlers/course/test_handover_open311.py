"""Open311: a request is posted once, has a number, and its status comes back; each error of the specification is heard."""

import asyncio
from datetime import timedelta

import pytest
from handover_house import events, given, house_with, rows, sent, waiting
from handover_house import request as request_of

from desk.config import Settings
from desk.handover_wiring import sending_of
from handlers.case_acts import Refused
from handlers.handover import giving
from handlers.handover.news import ask_after
from handlers.handover.sending import LEASE
from handlers.handover.summary import Asked
from houses import Postbag, house_of
from intake import open311
from intake.open311_xml import rows_of
from standins.loopback import Said
from standins.open311 import KEY, PLACE, GeoReport
from store.errors import StoreUnavailable
from store.handover_models import Handover, HandoverNews
from store.models import Case, CaseStatus, Task

__all__ = ["house_of"]

LAMP = Asked(what="The lamp by the gate is out. Ask Ada Resident.", where="By the gate of the park")


@pytest.fixture
def there():
    standin = GeoReport()
    standin.open()
    yield standin
    standin.close()


@pytest.fixture(params=["json", "xml"])
def partner(there, tmp_path, request):
    key = tmp_path / "open311.key"
    key.write_text(f"{KEY}\n")
    told = {"key": "streets", "name": "Street team", "way": "open311", "url": f"{there.url}/v2/", "publishes": True}
    there.speaks = {request.param}
    told["format"] = request.param
    return told | {"api_key_file": key, "jurisdiction_id": PLACE, "services": {"service_request": "LAMP"}}


@pytest.fixture
def house(house_of, partner):
    return house_with(house_of, partner)


@pytest.fixture
def case(house):
    return request_of(house, "service_request! The lamp is out.")


def over(house, case):
    return given(house, case, "streets", LAMP)


def row(house):
    return rows(house, Handover)[-1]


def later(house, **how):
    house.clock.at += timedelta(**how)
    sent(house)


def test_it_is_posted_once_with_what_and_where_and_nobodys_name(house, case, there):
    kept = over(house, case)
    sent(house)
    sent(house)
    (made,) = there.requests.values()
    assert made["address_string"] == "By the gate of the park"
    assert f"[{kept.key}]" in made["description"]
    assert "The lamp by the gate is out." in made["description"]
    assert "Ada" not in made["description"]
    assert (row(house).state, row(house).external_id) == ("with_partner", "R1")
    assert events(house, case) == ["handed_over", "handover_sent", "handover_numbered"]


def test_a_token_is_asked_for_until_it_has_a_number(house, case, there):
    there.tokens = True
    over(house, case)
    sent(house)
    assert (row(house).state, row(house).token) == ("waits_for_id", "TR1")
    later(house, minutes=1)
    assert (row(house).state, row(house).external_id) == ("waits_for_id", None)
    there.give_numbers()
    later(house, minutes=1)
    assert (row(house).state, row(house).external_id, len(there.requests)) == ("with_partner", "R1", 1)


def test_a_token_that_never_has_a_number_is_a_task(house, case, there):
    there.tokens = True
    over(house, case)
    sent(house)
    house.clock.at += timedelta(days=5)
    assert ask_after(house.course) == 1
    assert waiting(house, case) == ["handover_silent"]


def test_their_status_comes_back_once_each_and_closed_is_a_persons_to_check(house, case, there):
    over(house, case)
    sent(house)
    for _ in range(3):
        later(house, hours=1)
    assert [one.status for one in rows(house, HandoverNews)] == ["taken_on"]
    there.close_request("R1", "A new bulb")
    for _ in range(3):
        later(house, days=1)
    assert [(one.status, one.words) for one in rows(house, HandoverNews)] == [("taken_on", ""), ("done", "A new bulb")]
    assert waiting(house, case) == ["handover_check"]
    assert rows(house, Case)[0].status is CaseStatus.OPEN
    giving.checked(house.course, case.id, "olive", row(house).id, "saw it shine", over="yes")
    asked = len(there.asked)
    later(house, days=9)
    assert len(there.asked) == asked


@pytest.mark.parametrize(
    ("change", "told"),
    [({"services": {"service_request": "NONE"}}, "service_code"), ({"jurisdiction_id": "elsewhere"}, "jurisdiction_id")],
)
def test_what_they_will_never_take_is_a_persons_at_once_in_their_own_words(house_of, partner, there, change, told):
    house = house_with(house_of, partner | change)
    case = request_of(house, "service_request! The lamp is out.")
    over(house, case)
    sent(house)
    assert (row(house).state, told in row(house).error) == ("failed", True)
    assert (waiting(house, case), there.requests) == (["handover_silent"], {})


def test_a_key_that_they_refuse_is_mended_and_then_it_goes(house, case, there, partner):
    partner["api_key_file"].write_text("wrong")
    over(house, case)
    sent(house)
    assert (row(house).state, "api_key was invalid" in row(house).error) == ("due", True)
    partner["api_key_file"].write_text(KEY)
    later(house, hours=1)
    assert (row(house).state, row(house).error) == ("with_partner", None)


@pytest.mark.parametrize("fault", [Said(503), Said(429), Said(500, [{"code": 500, "description": "down"}])])
def test_a_system_that_is_busy_is_tried_again(house, case, there, fault):
    there.faults = [fault]
    over(house, case)
    sent(house)
    assert (row(house).state, there.requests) == ("due", {})
    later(house, hours=1)
    assert (row(house).state, len(there.requests)) == ("with_partner", 1)


def test_an_answer_that_comes_too_late_is_looked_for_in_their_list_before_it_is_posted_again(house, case, there, monkeypatch):
    there.answer, real = _taken_and_unsaid(there), there.answer
    over(house, case)
    sent(house)
    assert (row(house).state, row(house).unsure, len(there.requests)) == ("due", 1, 1)
    there.answer = real
    later(house, hours=1)
    assert (row(house).state, row(house).external_id, len(there.requests)) == ("with_partner", "R1", 1)


def _taken_and_unsaid(there):
    real = there.answer

    def answer(asked):
        real(asked)
        return Said(200, b"<html>a page of some other machine</html>")

    return answer


def test_killed_after_the_post_it_is_found_by_its_key_and_not_posted_again(house, case, there):
    over(house, case)
    sending = sending_of(house, Postbag())

    def dies(*_given):
        raise StoreUnavailable("the process dies here")

    sending._write_down = dies
    with pytest.raises(StoreUnavailable):
        asyncio.run(sending.once())
    assert len(there.requests) == 1
    house.clock.at += LEASE
    sent(house)
    assert (row(house).state, row(house).external_id, len(there.requests)) == ("with_partner", "R1", 1)


def test_a_system_that_is_gone_while_it_has_the_case_loses_nothing(house, case, there):
    over(house, case)
    sent(house)
    there.faults = [Said(503)] * 20
    for _ in range(20):
        later(house, hours=5)
    assert row(house).state == "with_partner"
    there.close_request("R1", "done")
    later(house, hours=5)
    assert row(house).status == "done"


@pytest.mark.parametrize("body", [b"", b"not json", b"{}", b"[1]", b"[]", b"[" * 100_000])
def test_an_answer_that_is_none_is_never_taken_for_a_number(house, case, there, body):
    there.faults = [Said(200, body)]
    over(house, case)
    sent(house)
    assert (row(house).state, row(house).external_id) == ("due", None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": None}, "url must say where"),
        ({"url": "http://elsewhere.example/v2"}, "https"),
        ({"services": {}}, "services must give"),
    ],
)
def test_settings_of_an_endpoint_that_cannot_work_are_refused(house, partner, change, told):
    with pytest.raises(ValueError, match=told):
        Settings(**(house.settings.model_dump() | {"partners": [partner | change]}))


def test_a_number_that_would_lead_elsewhere_stays_a_name(there):
    client = open311.Open311(f"{there.url}/v2", jurisdiction_id=PLACE)
    with pytest.raises(open311.Open311Error, match="404"):
        asyncio.run(client.request("../tokens/T?x=1"))
    assert there.asked[-1].path.startswith("/v2/requests/")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r><request><service_request_id>&b;</service_request_id></request></r>',
        b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><r><request><service_request_id>&f;</service_request_id></request></r>',
        b'<!DOCTYPE r SYSTEM "http://elsewhere.example/r.dtd"><r><request><service_request_id>R9</service_request_id></request></r>',
        b"<r><request><service_request_id>R9</service_request_id></request>",
        b"<r>" * 1_000,
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_xml_that_brings_anything_of_its_own_or_is_broken_is_read_as_nothing(body):
    assert rows_of(body) is None


def test_fields_of_xml_are_plain_words_and_empty_ones_are_left_out():
    body = (
        "<?xml version='1.0' encoding='utf-8'?><service_requests><request><service_request_id> R1 </service_request_id>"
        "<status>open</status><status_notes/><extended><one>x</one></extended><address>Café &amp; Co</address></request></service_requests>"
    )
    assert rows_of(body.encode()) == [{"service_request_id": "R1", "status": "open", "address": "Café & Co"}]
    assert rows_of(b"<service_requests/>") == []


def test_an_answer_without_end_is_not_read_to_its_end(house, case, there, monkeypatch):
    monkeypatch.setattr(open311, "MOST_BYTES", 100)
    there.faults = [Said(200, b" " * 200 + b'[{"service_request_id": "R9"}]')]
    over(house, case)
    sent(house)
    assert (row(house).state, row(house).external_id) == ("due", None)


def test_words_that_no_store_can_keep_are_kept_without_what_it_cannot(house, case, there, partner):
    over(house, case)
    sent(house)
    there.close_request("R1", "mended\x00 today")
    later(house, hours=1)
    if partner["format"] == "xml":  # no such character can stand in XML: the answer is none, and they are asked again
        assert (rows(house, HandoverNews), row(house).state) == ([], "with_partner")
        return
    (news,) = rows(house, HandoverNews)
    assert (news.status, "\x00" in news.words, news.words.startswith("mended")) == ("done", False, True)


def test_one_that_is_taken_back_is_a_persons_to_ring_with_the_number_that_they_gave(house_of, there, partner):
    house = house_with(house_of, partner | {"phone": "020 7946 0000"})
    case = request_of(house, "service_request! The lamp is out.")
    kept = over(house, case)
    sent(house)
    giving.take_back(house.course, case.id, "olive", kept.id, "a mistake")
    asked = len(there.asked)
    later(house, days=2)
    (task,) = rows(house, Task, case_id=case.id, kind="handover_tell")
    assert (row(house).state, len(there.asked)) == ("taken_back", asked)
    for words in ("ring Street team (020 7946 0000)", "R1", kept.key):
        assert words in task.why


def test_what_their_description_cannot_hold_is_refused_and_never_cut_off(house, case):
    with pytest.raises(Refused, match="Make it shorter"):
        given(house, case, "streets", Asked(what="x" * 3_000, where="the park", access="y" * 1_000))
