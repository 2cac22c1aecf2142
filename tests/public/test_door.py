"""The public door as a whole: its pages, its headers, and what it says when something is not there or goes wrong."""

from __future__ import annotations

import logging
import re

import pytest
from open_door import LANDLORD, ORIGIN, StillClock, client_of, door_of

from intake.public.app import ROUTERS, application
from intake.public.throttling import Throttle
from intake.throttling import network

PAGES = ("/", "/form", "/accessibility", "/privacy")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_who_it_is_and_whom_to_ring(path):
    response = client_of(door_of()).get(path)
    assert response.status_code == 200
    assert LANDLORD.phone in response.text
    assert LANDLORD.service_name in response.text


@pytest.mark.parametrize("path", ["/", "/form"])
def test_somebody_in_danger_is_told_whom_to_ring_before_all_else(path):
    text = client_of(door_of()).get(path).text
    assert LANDLORD.emergency_phone in text
    assert text.index("999") < text.index("Other ways" if path == "/" else "<form")


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/health", "/brand.css"])
def test_every_answer_is_strict_with_browsers(path):
    headers = client_of(door_of()).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_only_a_door_by_https_asks_browsers_to_stay_with_it():
    assert "strict-transport-security" not in client_of(door_of()).get("/").headers
    assert client_of(door_of(url="https://home.harbour.example")).get("/").headers["strict-transport-security"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anybody_else_for_anything(path):
    text = client_of(door_of()).get(path).text
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text)
    assert loaded
    assert all(address.startswith("/") for address in loaded)


def test_the_house_of_government_is_nowhere_to_be_seen():
    css = client_of(door_of()).get("/static/public.css").text
    assert not re.search(r"GDS Transport|crest|@font-face", css)
    assert "crown" not in client_of(door_of()).get("/").text.lower()


def test_health_is_two_letters():
    response = client_of(door_of()).get("/health")
    assert (response.status_code, response.text) == (200, "ok")


def test_the_councils_own_colour_is_the_doors():
    from dataclasses import replace

    door = door_of(landlord=replace(LANDLORD, brand_colour="#7b1fa2"))
    assert "#7b1fa2" in client_of(door).get("/brand.css").text


def test_static_files_are_kept_for_ever_by_their_content():
    client = client_of(door_of())
    address = re.search(r'href="(/static/public\.css\?[0-9a-f]{12})"', client.get("/").text)[1]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/public.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_nobody_is_shown_how_the_door_is_made():
    client = client_of(door_of())
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert client.get(path).status_code == 404
    assert {"/", "/form", "/sent/{token}", "/hooks/{account}"} <= set(client.app.openapi()["paths"])


def test_a_page_that_fails_says_so_kindly_and_logs_no_words(caplog):
    class Broken:
        def posted(self, *_):
            raise RuntimeError("the words of a resident")

    door = door_of(residents=Broken())
    path = f"/sent/{door.signer.sealed('sent', 'abc')}"
    with caplog.at_level(logging.DEBUG):
        response = client_of(door, raise_server_exceptions=False).get(path)
    assert response.status_code == 500
    assert LANDLORD.phone in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "the words of a resident" not in response.text + caplog.text


def test_what_is_not_there_is_not_found_whoever_asks_and_however():
    client = client_of(door_of())
    for path in ("/nowhere", "/form/", "/case", "/sent", "/sent/"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert "location" not in response.headers


def test_all_four_doors_are_open():
    assert len(ROUTERS) == len(set(map(id, ROUTERS))) >= 5
    assert application(door_of())


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
        ("x" * 200, "x" * 64),
    ],
)
def test_a_household_is_an_address_or_the_first_half_of_one(address, household):
    assert network(address) == household


def test_each_count_is_apart_and_its_wait_ends():
    class From:
        def __init__(self, host):
            self.client = type("Peer", (), {"host": host})

    throttle = Throttle(StillClock(), posts=1, lines=1, looks=1, refusals=2, minutes=10)
    assert throttle.waiting(From("192.0.2.1")) == 0
    assert 0 < throttle.waiting(From("192.0.2.1")) <= 600
    assert (
        throttle.speaking(From("192.0.2.1")) == throttle.looking(From("192.0.2.1")) == throttle.refused(From("192.0.2.1")) == 0
    )
    assert throttle.waiting(From("192.0.2.2")) == 0


def test_the_address_of_the_door_has_no_part_that_another_site_could_take():
    client = client_of(door_of(url="https://home.harbour.example"))
    refused = client.post("/form", data={"words": "x"}, headers={"origin": "https://home.harbour.example.evil.example"})
    assert refused.status_code == 403
    taken = client.post("/form", data={"words": "x"}, headers={"origin": "https://home.harbour.example"})
    assert taken.status_code == 303
    assert client.post("/form", data={"words": "x"}, headers={"origin": ORIGIN}).status_code == 403
