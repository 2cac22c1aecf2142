"""The whole file of a case is a manager's and an auditor's to take, and the case keeps that they did."""

import io
import zipfile

import pytest

from desks import add_person, client_of, sign_in
from houses import arrive, house_of, mail, settle
from store.models import Case, CaseEvent

__all__ = ["house_of"]


@pytest.fixture
def case(house_of):
    house = house_of()
    arrive(house, mail("complaint! Nobody came for the boiler."))
    settle(house)
    for username, role in (("mina", "manager"), ("audrey", "auditor"), ("olive", "officer"), ("adam", "administrator")):
        add_person(house, username, role)
    with house.store.glance() as glance:
        return house, glance.find(Case)[0].reference


@pytest.mark.parametrize("username", ["mina", "audrey"])
def test_it_is_taken_whole_and_the_case_keeps_by_whom(case, username):
    house, reference = case
    client = sign_in(house, client_of(house), username)
    assert f'href="/cases/{reference}/file"' in client.get(f"/cases/{reference}").text
    answer = client.get(f"/cases/{reference}/file")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert f'filename="{reference}.zip"' in answer.headers["content-disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"timeline.html", "case.json", "manifest.json", "originals/message-1.eml"} <= set(names)
    with house.store.glance() as glance:
        assert [event.by for event in glance.find(CaseEvent, kind="file_taken")] == [username]


@pytest.mark.parametrize("username", ["olive", "adam"])
def test_nobody_else_takes_it(case, username):
    house, reference = case
    client = sign_in(house, client_of(house), username)
    assert client.get(f"/cases/{reference}/file").status_code == 403
    assert "/file" not in client.get(f"/cases/{reference}").text


def test_no_case_is_no_file(case):
    house, _reference = case
    assert sign_in(house, client_of(house), "mina").get("/cases/LBL-26-7H2K4M-9P/file").status_code == 404
