"""What the tests of the review card share: messages that wait, the forms on a page, and who stands at the desk."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, sign_in
from houses import arrive, mail, settle
from store.models import Task

UNSURE = "complaint? Nobody came to mend the boiler."


def rows(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def came(house, words, **headers):
    number = arrive(house, mail(words, **headers))
    settle(house)
    return number


def several(house, *words):
    """Let several mails come in from different people; return the messages' numbers."""
    return [came(house, each, sender=f"r{n}@x.example", message_id=f"<{n}@x.example>") for n, each in enumerate(words)]


def task_of(house, kind="triage", **equals):
    return rows(house, Task, kind=kind, closed_at=None, **equals)[0]


def at_desk(house, username, *roles, **more):
    """Return the client of somebody new who is signed in."""
    add_person(house, username, *(roles or ("officer",)), teams=("complaints",), **more)
    return sign_in(house, client_of(house), username)


def fields(answer, action):
    """Return what the form at this address would send untouched: its hidden fields and ticked boxes, lists where several."""
    tree = LexborHTMLParser(answer.text)
    form = next(form for form in tree.css("form") if (form.attributes.get("action") or "").startswith(action))
    sent: dict[str, list[str]] = {}
    for field in form.css("input[type=hidden], input[type=checkbox][checked]"):
        sent.setdefault(field.attributes["name"], []).append(field.attributes.get("value") or "")
    return {"_to": form.attributes["action"], **sent}


def send(client, answer, action, **chosen):
    """Send the form at this address as it stands on a page, with these fields chosen on top."""
    sent = fields(answer, action)
    return client.post(sent.pop("_to"), data=sent | chosen)


def decide(client, task_id, query="", **chosen):
    """Open a card and send its answer."""
    return send(client, client.get(f"/tasks/{task_id}{query}"), f"/tasks/{task_id}/decide", **chosen)


def words_of(answer):
    """Return the words of a page's main part, with single blanks."""
    return " ".join(LexborHTMLParser(answer.text).css_first("main").text(separator=" ").split())


def said(answer):
    """Return the notice on top of a page."""
    found = LexborHTMLParser(answer.text).css_first(".moj-alert__content")
    return found.text().strip() if found else None
