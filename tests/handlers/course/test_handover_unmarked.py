"""Whoever does the work learns nothing of a complaint beside it, by whatever way they are told (Code 5.1)."""

import json
from email import message_from_bytes
from email.policy import default

import pytest
from handover_house import REPAIRS, given, house_with, request, rows, sent

from handlers.case_acts import Refused
from handlers.handover.summary import Asked
from houses import Postbag, arrive, house_of, mail, settle
from standins.open311 import KEY, PLACE, GeoReport
from store.handover_models import Handover
from store.models import Case

__all__ = ["house_of"]

BOTH = "complaint! [also:service_request] I complain: the tap drips since March, and nobody came. This is my complaint."
MARKS = ("complain", "ombuds", "stage", "grievance", "dissatisf", "escalat")
PLAIN = Asked(what="Mend the kitchen tap.", where="12 Rose Lane", access="after four")


@pytest.fixture
def there():
    standin = GeoReport()
    standin.open()
    yield standin
    standin.close()


def partner_of(way, there, tmp_path):
    if way == "mail":
        return REPAIRS
    told = {"key": "repairs", "name": "Repairs team", "way": way}
    if way == "csv":
        return told | {"folder": tmp_path}
    key = tmp_path / "key"
    key.write_text(KEY)
    services = {"service_request": "LAMP"}
    return told | {"url": f"{there.url}/v2", "api_key_file": key, "jurisdiction_id": PLACE, "services": services}


def complaint(house):
    """Return a complaint that holds a request for work too, with a file whose name tells of it."""
    case = request(house, BOTH)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, also=["service_request"])
        unit.commit()
    return rows(house, Case)[-1]


@pytest.mark.parametrize("way", ["mail", "csv", "open311"])
def test_a_summary_bears_no_mark_of_the_complaint_beside_it(house_of, there, tmp_path, way):
    house = house_with(house_of, partner_of(way, there, tmp_path))
    case = complaint(house)
    assert case.category == "complaint"
    given(house, case, asked=PLAIN)
    bag = sent(house)
    told = [letter.subject + letter.text for letter in bag.sent]
    told += [path.read_text() for path in tmp_path.glob("*.csv")]
    told += [asked.body.decode() + json.dumps(asked.query) for asked in there.asked]
    assert any("tap" in one for one in told)
    assert [(mark, one) for one in told for mark in MARKS if mark in one.lower()] == []


@pytest.mark.parametrize("name", ["what", "where", "access"])
@pytest.mark.parametrize("words", ["She complains of it", "as the Ombudsman ordered", "Stage 2", "a grievance", "dissatisfied"])
def test_an_officers_words_that_tell_of_the_complaint_are_refused_at_their_field(house_of, name, words):
    house = house_with(house_of)
    case = complaint(house)
    told = {"what": "Mend it", "where": "12 Rose Lane", "access": "after four"} | {name: words}
    with pytest.raises(Refused, match="Leave out") as refused:
        given(house, case, asked=Asked(**told))
    assert (refused.value.field, rows(house, Handover)) == (name, [])


def test_files_of_a_complaint_are_not_named_and_those_of_a_request_are(house_of):
    house = house_with(house_of)
    named = {}
    for kind, sender in (("complaint", "ada@resident.example"), ("service_request", "bo@else.example")):
        made = message_from_bytes(mail(f"{kind}! the tap drips", sender=sender), policy=default)
        made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="my complaint.pdf")
        arrive(house, made.as_bytes(), sender=sender)
        settle(house)
        case = rows(house, Case)[-1]
        if kind == "complaint":
            with house.store.unit("T6") as unit:
                unit.update(Case, case.id, also=["service_request"])
                unit.commit()
        named[kind] = given(house, case, asked=PLAIN).summary["files"]
    assert named == {"complaint": [], "service_request": ["my complaint.pdf"]}


def test_a_plain_request_may_say_that_it_is_no_complaint(house_of):
    house = house_with(house_of)
    case = request(house)
    assert given(house, case, asked=Asked(what="This is no complaint, the tap drips", where="12 Rose Lane"))
    assert len(sent(house, Postbag()).sent) == 1
