"""Webhooks: the raw body reaches the account's channel as it came, and nothing but its answer goes back."""

from __future__ import annotations

import logging

import pytest
from open_door import client_of, door_of

from intake.channel import InboxUnavailable, WebhookAnswer
from intake.public.door import Limits


class Hook:
    """A channel that notes what it is asked, and answers what it was told to."""

    account = "page-1"

    def __init__(self, answer=None):
        self.asked, self._answer = [], answer or WebhookAnswer(status=200, body="EVENT_RECEIVED")

    def answer(self, request):
        self.asked.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def told(hook, **more):
    return client_of(door_of(webhooks={hook.account: hook}, **more))


def test_the_body_reaches_the_channel_byte_for_byte_with_its_headers():
    hook, body = Hook(), b'{"text":"caf\\u00e9",  "x":\xff\x00}\n'
    headers = {"X-Hub-Signature-256": "sha256=ab", "Content-Type": "application/json"}
    response = told(hook).post("/hooks/page-1?a=1&a=2", content=body, headers=headers)
    (request,) = hook.asked
    assert (request.method, request.body, request.query) == ("POST", body, (("a", "1"), ("a", "2")))
    assert request.header("x-hub-signature-256") == "sha256=ab"
    assert (response.status_code, response.text) == (200, "EVENT_RECEIVED")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_no_form_is_made_of_a_body(kind):
    hook = Hook()
    told(hook).post("/hooks/page-1", content=b"a=1&b=2", headers={"content-type": kind})
    assert hook.asked[0].body == b"a=1&b=2"


def test_a_challenge_is_answered_as_plain_text_that_no_browser_takes_for_a_page():
    hook = Hook(WebhookAnswer(status=200, body="<script>1158201444</script>"))
    response = told(hook).get("/hooks/page-1?hub.mode=subscribe&hub.challenge=x&hub.verify_token=y")
    assert response.text == "<script>1158201444</script>"
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert hook.asked[0].query == (("hub.mode", "subscribe"), ("hub.challenge", "x"), ("hub.verify_token", "y"))


@pytest.mark.parametrize("status", [200, 202, 401, 403, 500])
def test_the_channels_status_is_the_answer(status):
    assert told(Hook(WebhookAnswer(status=status, body="x"))).post("/hooks/page-1", content=b"{}").status_code == status


@pytest.mark.parametrize("path", ["/hooks/other", "/hooks/PAGE-1", "/hooks/page-1/", "/hooks/", "/hooks", "/hooks/a/b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_account_that_is_not_there_is_not_found_and_nobody_is_sent_elsewhere(path, method):
    hook = Hook()
    assert told(hook).request(method, path, content=b"{}").status_code == 404
    assert not hook.asked


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_else_can_be_asked_of_a_webhook(method):
    hook = Hook()
    assert told(hook).request(method, "/hooks/page-1").status_code == 405
    assert not hook.asked


@pytest.mark.parametrize(
    ("fault", "level"),
    [(InboxUnavailable("away"), "WARNING"), (RuntimeError("The resident wrote: my secret"), "ERROR")],
    ids=["the store is away", "our own fault"],
)
def test_what_could_not_be_kept_is_to_be_told_again_and_no_words_are_logged(fault, level, caplog):
    with caplog.at_level(logging.DEBUG):
        response = told(Hook(fault)).post("/hooks/page-1", content=b"my secret")
    assert (response.status_code, response.text) == (503, "not now\n")
    assert "my secret" not in caplog.text
    assert [record.levelname for record in caplog.records if record.name == "intake.public.webhooks"] == [level]


def test_a_body_over_the_limit_is_refused_and_the_channel_not_asked():
    hook = Hook()
    client = told(hook, limits=Limits(webhook_bytes=1_000))
    assert client.post("/hooks/page-1", content=b"x" * 1_001).status_code == 413
    assert not hook.asked
    assert client.post("/hooks/page-1", content=b"x" * 1_000).status_code == 200


def test_platforms_name_no_origin_and_are_not_held_up_by_one():
    assert told(Hook()).post("/hooks/page-1", content=b"{}", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_no_session_is_begun_and_no_answer_is_kept_anywhere():
    headers = told(Hook()).post("/hooks/page-1", content=b"{}").headers
    assert "set-cookie" not in headers
    assert headers["cache-control"] == "no-store"
