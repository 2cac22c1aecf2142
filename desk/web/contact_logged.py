"""What became of a logged contact: the reference as it is read out on the telephone, the dates, what is still to be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk.web.access import may_open, opened
from desk.web.contact_draft import NAME
from desk.web.desk import Desk
from desk.web.rights import Person
from desk.web.spelling import groups, spoken
from handlers.logging_contacts import NAMED
from intake.contact import ACCOUNT
from intake.contact_facts import WAYS
from intake.message import CONTACT
from intake.reading import read
from store.contact_rows import logged_contact
from store.models import Case, CaseEvent, Deadline, Message, OutboxEntry, OutboxState, Task
from store.overview import raw_of

LOOKS_AGAIN_FOR = timedelta(minutes=1)
"""How long a page that waits for its case asks again by itself; after that a person does."""


def kept(desk: Desk, contact_id: str) -> Message | None:
    """Return the message of a contact that was logged before, if it was."""
    if not NAME.fullmatch(contact_id):
        return None
    with desk.glance() as glance:
        return logged_contact(glance, WAYS, ACCOUNT, contact_id)


def words_of(desk: Desk, message: Message) -> str:
    """Return the words of a contact as they were logged, whether or not anybody has read them yet."""
    with desk.glance() as glance:
        raw = raw_of(glance, message.id or 0)
    return read(raw or b"", CONTACT).new_text


def answer(request: Request, desk: Desk, person: Person, contact_id: str) -> Response:
    """Show the settled contact, or that it is safe and its case is being opened; 404 where there is none."""
    message = kept(desk, contact_id)
    if message is None:
        raise HTTPException(404)
    if message.case_id is None:
        return _waiting(request, desk, message)
    with desk.glance() as glance:
        case = glance.get(Case, message.case_id)
        if case is None:
            raise HTTPException(404)
        events = glance.find(CaseEvent, case_id=case.id, kind="contact_logged")
        deadlines = [due for due in glance.find(Deadline, case_id=case.id) if due.met_at is None and due.superseded_at is None]
        tasks = [task for task in glance.find(Task, case_id=case.id) if task.closed_at is None]
        letters = glance.find(OutboxEntry, case_id=case.id, message_id=message.id)
        open_to_them = person.reads and may_open(glance, case, person)
    if open_to_them:
        opened(desk, person, case)
    elif person.username not in {event.by for event in events}:
        raise HTTPException(404)  # whoever logged it may read its reference out, though the case is closed to them now
    return desk.pages.page(
        request,
        "contact_logged.html",
        case=case,
        message=message,
        named=NAMED.get(message.channel, "a contact"),
        groups=groups(case.reference),
        spoken=spoken(case.reference),
        deadlines=sorted(deadlines, key=lambda due: due.due_at),
        tasks=[task for task in tasks if task.message_id == message.id and (task.danger or task.kind == "unsent_letter")],
        letter=next((letter for letter in letters if letter.state is not OutboxState.SUPPRESSED), None),
        open_to_them=open_to_them,
        now=desk.now(),
    )


def _waiting(request: Request, desk: Desk, message: Message) -> Response:
    page = desk.pages.page(request, "contact_waiting.html", message=message, parked=message.disposition is not None)
    if message.disposition is None and _young(message.accepted_at, desk.now()):
        # The header asks again where no script does; as an element in the page it would count as a trap (WCAG 2.2.1).
        page.headers["Refresh"] = "1"
    return page


def _young(at: datetime, now: datetime) -> bool:
    return now - at < LOOKS_AGAIN_FOR
