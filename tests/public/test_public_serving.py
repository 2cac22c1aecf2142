"""The public door behind a real server and a real socket: what is too large is answered, not cut off."""

from __future__ import annotations

import contextlib
import http.client
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from open_door import ListInbox, StillClock, door_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pages"))

from serving import served

from intake.channel import WebhookAnswer
from intake.public.app import application
from intake.public.door import MEGABYTE, Limits

EDGE = "------------------edge"


class Hook:
    """A webhook that takes anything."""

    account = "page-1"

    def answer(self, request):
        return WebhookAnswer(status=200, body=str(len(request.body)))


@pytest.fixture
def front():
    limits = Limits(bytes_of_files=MEGABYTE, webhook_bytes=MEGABYTE)
    door = door_of(inbox=ListInbox(), clock=StillClock(), limits=limits, webhooks={"page-1": Hook()})
    with served(application(door)) as address:
        yield urlsplit(address).netloc


def asked(front, path, body, kind):
    """Send a body as a browser does, all of it before it reads the answer."""
    connection = http.client.HTTPConnection(front, timeout=60)
    connection.request("POST", path, body=body, headers={"Content-Type": kind})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def form(words: str, megabytes: int) -> bytes:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="words"\r\n\r\n{words}\r\n--{EDGE}\r\n'
    head += 'Content-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
    return head.encode() + bytes(megabytes * MEGABYTE) + f"\r\n--{EDGE}--\r\n".encode()


@pytest.mark.parametrize("megabytes", [4, 40])
def test_a_browser_that_sends_too_much_is_shown_its_words_again(front, megabytes):
    status, text = asked(front, "/form", form("The roof leaks.", megabytes), f"multipart/form-data; boundary={EDGE}")
    assert status == 413
    assert "The roof leaks." in text
    assert "Your words are still here" in text


@pytest.mark.slow
def test_somebody_on_a_slow_line_who_sends_too_much_is_shown_their_words_too(front):
    body, most = form("The roof leaks.", 8), 10 * MEGABYTE // 3
    with contextlib.closing(http.client.HTTPConnection(front, timeout=60)) as connection:
        connection.putrequest("POST", "/form")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={EDGE}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[: most - 1000])
        time.sleep(1)
        # What is too much comes by itself, and after it nothing for longer than a server keeps an idle line, as in a cellar.
        connection.send(body[most - 1000 : most + 1000])
        time.sleep(7)
        connection.send(body[most + 1000 :])
        response = connection.getresponse()
        assert response.status == 413
        assert "The roof leaks." in response.read().decode()


def test_a_webhook_takes_what_fits_and_refuses_the_rest(front):
    assert asked(front, "/hooks/page-1", bytes(MEGABYTE), "application/json") == (200, str(MEGABYTE))
    assert asked(front, "/hooks/page-1", bytes(MEGABYTE + 1), "application/json")[0] == 413


def test_somebody_who_goes_away_in_the_middle_of_a_form_leaves_nothing_behind(front, caplog):
    connection = http.client.HTTPConnection(front, timeout=60)
    connection.putrequest("POST", "/form")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={EDGE}")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(form("The roof", 0)[:60])
    connection.close()
    status, _ = asked(front, "/form", form("", 0), f"multipart/form-data; boundary={EDGE}")
    assert status == 422
    assert "a public page failed" not in caplog.text
