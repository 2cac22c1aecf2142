"""Time on the desk: more time asked and agreed, updates written, missed dates explained, each from the page of its case."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, sign_in, signed_in
from handlers.course.stages import set_deadline
from houses import Postbag, arrive, house_of, mail, settle
from store.course_models import Breach, Extension, ProgressUpdate
from store.desk_models import StaffSession
from store.models import Case, Deadline, OutboxEntry, Task

__all__ = ["house_of"]
PANEL = "section[aria-labelledby=panel-time]"
WORDS = "complaint! The lift has been broken for three weeks and nobody tells us anything.\n\nPlease mend it."


@pytest.fixture
def desk(house_of):
    house = house_of()
    client = signed_in(house)
    add_person(house, "mona", "manager", teams=("complaints",))
    arrive(house, mail(WORDS))
    settle(house)
    leave(house)
    return house, client, rows(house, Case)[0]


def leave(house):
    asyncio.run(house.outbox(Postbag()).once(500))


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        return glance.find(table, **wanted)


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def words_of(tree, selector="main"):
    return " ".join(tree.css_first(selector).text(separator=" ").split())


def a_date(name, day):
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def ask(client, case, day=date(2026, 12, 14), **more):
    form = a_date("new_on", day) | {"reason": "We wait for the report.", "every_days": "7", "can_say": "", "second_reason": ""}
    return client.post(f"/cases/{case.reference}/acts/more-time", data=form | more)


def day(house, when):
    """Let it be a later day, on which everybody has signed in again."""
    house.clock.at = datetime(when.year, when.month, when.day, 9, tzinfo=UTC)
    with house.store.unit("desk") as unit:
        unit.update_many(
            StaffSession,
            [{"id": row.id, "started_at": house.clock.at, "seen_at": house.clock.at} for row in unit.find(StaffSession)],
        )
        unit.commit()
    house.sweep().once()
    leave(house)


def test_more_time_is_taken_on_a_form_that_knows_the_dates(desk):
    house, client, case = desk
    form = words_of(shown(client, f"/cases/{case.reference}/acts/more-time"))
    assert "owed by Monday 7 December 2026" in form
    assert "Not after Monday 21 December 2026 without a second reason" in form
    assert ask(client, case).status_code == 303
    leave(house)
    panel = words_of(shown(client, f"/cases/{case.reference}"), PANEL)
    assert "Answer moved from Monday 7 December 2026 to Monday 14 December 2026" in panel
    assert "told in time" in panel
    assert "Next update to the resident by Monday 30 November 2026" in panel


def test_what_is_wrong_is_said_at_its_field_with_all_that_was_typed(desk):
    _house, client, case = desk
    answer = ask(client, case, date(2026, 12, 12))
    tree = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert tree.css_first(".govuk-error-summary a").attributes["href"] == "#new_on"
    assert "must be a working day" in words_of(tree)
    assert "We wait for the report." in words_of(tree)
    assert ask(client, case, every_days="x").status_code == 422
    assert ask(client, case, reason="").status_code == 422
    assert rows(_house, Extension) == []


def test_a_manager_agrees_on_a_form_of_their_own_and_an_officer_cannot(desk):
    house, client, case = desk
    assert ask(client, case, date(2027, 1, 6), second_reason="The part comes from abroad.").status_code == 303
    page = shown(client, f"/cases/{case.reference}")
    assert "waits for a manager" in words_of(page, PANEL)
    (extension,) = rows(house, Extension)
    address = f"/cases/{case.reference}/acts/more-time-answer"
    assert "never whoever proposed it" in words_of(shown(client, address))
    assert client.post(address, data={"of": str(extension.id), "word": "agree", "why": ""}).status_code == 422
    mona = sign_in(house, client_of(house), "mona")
    (task,) = rows(house, Task, kind="extension_approval", closed_at=None)
    assert f"more-time-answer?of={task.id}" in mona.get(f"/cases/{case.reference}").text
    told = words_of(shown(mona, f"{address}?of={task.id}"))
    assert "Second reason: The part comes from abroad." in told
    assert mona.post(address, data={"of": str(extension.id), "word": "", "why": ""}).status_code == 422
    assert mona.post(address, data={"of": str(extension.id), "word": "back", "why": ""}).status_code == 422
    assert mona.post(address, data={"of": str(extension.id), "word": "agree", "why": ""}).status_code == 303
    assert rows(house, Extension)[0].approved_by == "mona"
    assert mona.post(address, data={"of": str(extension.id), "word": "agree", "why": ""}).status_code == 409


def test_a_date_that_ended_has_no_form_but_the_reason(desk):
    house, client, case = desk
    day(house, date(2026, 12, 8))
    said = words_of(shown(client, f"/cases/{case.reference}/acts/more-time"))
    assert "This cannot be done now." in said
    assert "nothing is extended after its date (Code 6.4)" in said


def test_a_missed_date_is_explained_from_its_task_and_from_the_panel(desk):
    house, client, case = desk
    day(house, date(2026, 12, 8))
    (task,) = rows(house, Task, kind="breach_cause", closed_at=None)
    page = client.get(f"/cases/{case.reference}").text
    assert f"missed-date?of={task.id}" in page
    assert "Missed: to answer a stage 1 complaint in full, by Monday 7 December 2026" in words_of(LexborHTMLParser(page), PANEL)
    form = shown(client, f"/cases/{case.reference}/acts/missed-date?of={task.id}")
    of = form.css_first("input[name=of]").attributes["value"]
    (breach,) = rows(house, Breach)
    assert of == str(breach.id)
    sent = {"of": of, "kind": "contractor", "cause": "The lift firm came late."}
    assert client.post(f"/cases/{case.reference}/acts/missed-date", data=sent | {"kind": ""}).status_code == 422
    assert client.post(f"/cases/{case.reference}/acts/missed-date", data=sent).status_code == 303
    assert "The lift firm came late. (Olive)" in words_of(shown(client, f"/cases/{case.reference}"), PANEL)


def test_the_task_of_one_missed_date_never_opens_the_form_of_another(desk):
    house, client, case = desk
    day(house, date(2026, 12, 8))
    with house.course.acts.on(case.id, "olive") as act:
        from handlers.deadlines import by_rule

        set_deadline(act, by_rule("hazard_investigate", date(2026, 11, 23), house.calendar), "a hazard beside it")
        act.done("set")
    house.sweep().once()
    for task in rows(house, Task, kind="breach_cause"):
        form = shown(client, f"/cases/{case.reference}/acts/missed-date?of={task.id}")
        (breach,) = rows(house, Breach, task_id=task.id)
        assert form.css_first("input[name=of]").attributes["value"] == str(breach.id)
        again = shown(client, f"/cases/{case.reference}/acts/missed-date?missed={breach.id}")
        assert again.css_first("input[name=of]").attributes["value"] == str(breach.id)


def test_an_update_is_written_from_the_case_and_the_next_one_is_shown(desk):
    house, client, case = desk
    assert "write a reply instead" in words_of(shown(client, f"/cases/{case.reference}/acts/progress"))
    ask(client, case)
    leave(house)
    day(house, date(2026, 11, 30))
    assert "promised by Monday 30 November 2026" in words_of(shown(client, f"/cases/{case.reference}/acts/progress"))
    assert client.post(f"/cases/{case.reference}/acts/progress", data={"words": " "}).status_code == 422
    assert client.post(f"/cases/{case.reference}/acts/progress", data={"words": "The engineer came."}).status_code == 303
    leave(house)
    assert [row.due_on for row in rows(house, ProgressUpdate, sent_at=None)] == [date(2026, 12, 7)]
    assert "Next update to the resident by Monday 7 December 2026" in words_of(shown(client, f"/cases/{case.reference}"), PANEL)
    (letter,) = [row for row in rows(house, OutboxEntry) if row.kind.startswith("progress_update")]
    assert letter.sent_at is not None


def test_the_residents_own_page_says_when_they_hear_from_us_next(desk):
    house, client, case = desk
    ask(client, case)
    leave(house)
    with house.store.glance() as glance:
        from handlers.resident_page_facts import laid
        from handlers.resident_pages import _kept
        from store.models import Party

        (party,) = glance.find(Party, case_id=case.id, role="resident")
        told = laid(_kept(glance, glance.get(Case, case.id), party, None, None), "link", house.landlord)
    found = {owed.what: owed.on for owed in told.dates}
    assert found["Write to you how it stands"] == date(2026, 11, 30)
    assert found["Send you our full answer, at the latest"] == date(2026, 12, 14)


def test_a_service_request_shows_no_panel_about_time(desk):
    house, client, _case = desk
    arrive(house, mail("service_request! mend the tap", sender="bo@resident.example"), sender="bo@resident.example")
    settle(house)
    other = rows(house, Case)[-1]
    tree = shown(client, f"/cases/{other.reference}")
    assert tree.css_first("#panel-time") is None
    for name in ("more-time", "more-time-answer", "progress", "missed-date"):
        assert "This cannot be done now." in words_of(shown(client, f"/cases/{other.reference}/acts/{name}"))


def test_the_panel_asks_the_store_one_question(desk):
    from sqlalchemy import event

    from desk.web.case_panels import Seen
    from desk.web.panel_time import panel

    house, _client, case = desk
    asked = []
    listen = event.listens_for(house.store._reading, "before_cursor_execute")
    listen(lambda *given: asked.append(given[2]))
    with house.store.glance() as glance:
        panel(Seen(glance=glance, case=case, person=None, now=house.clock.at, acts=True))
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 1
    assert rows(house, Deadline, rule="respond_1")
