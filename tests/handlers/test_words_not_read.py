"""A message whose words nobody has read is answered by nobody on its subject alone: a person reads it."""

from __future__ import annotations

import pytest

from houses import arrive, settle
from promises.looking import everything
from store.models import Case, OutboxEntry, Task

HEAD = b"From: Ada <ada@resident.example>\r\nTo: housing@landlord.example\r\nMessage-ID: <1@resident.example>\r\nMIME-Version: 1.0\r\n"
UNREAD = {
    "encrypted": b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\n\x30\x80\x06\x09",
    "encrypted by PGP": b"Content-Type: text/plain\r\n\r\nservice_request! here:\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n",
    "Outlook's own": b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\x01",
    "Outlook's own, not called so": b"Content-Type: application/octet-stream; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\x01",
    "in an attached mail": b"Content-Type: message/rfc822\r\n\r\nFrom: x@resident.example\r\n\r\nThe roof is gone.",
    "in a document": b"Content-Type: application/pdf; name=letter.pdf\r\n\r\n%PDF-1.4",
}


@pytest.mark.parametrize("kind", UNREAD)
def test_words_that_were_not_read_are_a_persons(house_of, kind):
    house = house_of()
    arrive(house, HEAD + b"Subject: service_request! My tap\r\n" + UNREAD[kind])
    settle(house)
    (case,) = everything(house, Case)
    assert (str(case.status), case.category) == ("triage", None)
    (task,) = everything(house, Task, kind="triage")
    assert task.why.startswith("not all was read: ")
    assert [entry.template.partition("@")[0] for entry in everything(house, OutboxEntry)] == ["receipt"]


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: image/jpeg; name=tap.jpg\r\n\r\nx",
        b"Content-Type: text/plain\r\n\r\nservice_request! It drips.",
        b"Content-Type: text/markdown\r\n\r\nservice_request! It drips.",
        b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nservice_request! It drips.",
    ],
)
def test_what_was_read_and_what_is_a_picture_is_settled_as_before(house_of, body):
    house = house_of()
    arrive(house, HEAD + b"Subject: service_request! My tap\r\n" + body)
    settle(house)
    (case,) = everything(house, Case)
    assert (str(case.status), str(case.category)) == ("open", "service_request")
