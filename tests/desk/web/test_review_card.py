"""The review card as an officer uses it: what it shows, one key to answer, the next item, undo, correction any time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from review_desk import UNSURE, at_desk, came, decide, rows, said, send, several, task_of, words_of

from desks import client_of, officer, signed_in
from houses import house_of
from store.desk_models import CaseStaff, Looking
from store.models import Case, CaseEvent, Message, MessageState, OutboxEntry, OutboxState, Task, Verdicting

__all__ = ["house_of", "officer"]


def test_the_card_shows_the_words_the_verdict_the_deadline_and_why_it_came_here(officer):
    house, client = officer
    came(house, UNSURE)
    page = client.get(f"/tasks/{task_of(house).id}")
    told = words_of(page)
    for words in (
        "Nobody came to mend the boiler.",
        "Why it is here: unsure: too near a complaint",
        "Complaint 50%",
        "Model judge-1",
        "by 30 November 2026, in 7 days",
        "which is day 0. Working days: 1 Tue 24 Nov 2026",
        "1 of 1",
        rows(house, Case)[0].reference,
        "Ada Resident",
    ):
        assert words in told, words
    assert '<button class="govuk-button desk-decide__accept" type="submit" name="as" value="accept" data-key="a">' in page.text


def test_danger_flags_stand_in_words_before_the_residents_words(officer):
    house, client = officer
    came(house, "complaint? [emergency] gas")
    page = client.get(f"/tasks/{task_of(house).id}").text
    tag = page.index('<strong class="govuk-tag govuk-tag--red desk-tag">emergency</strong>')
    assert tag < page.index('<div class="desk-message__words"')


def test_accepting_is_one_button_and_leads_to_the_next_item_where_it_is_said(officer):
    house, client = officer
    several(house, UNSURE, UNSURE + " Twice.")
    first, second = rows(house, Task, kind="triage")
    answer = decide(client, first.id, "?view=all&kind=triage", **{"as": "accept"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/tasks/next?view=all&kind=triage&after=")
    on = client.get(answer.headers["location"])
    assert on.headers["location"] == f"/tasks/{second.id}?view=all&kind=triage&done=1"
    page = client.get(on.headers["location"])
    assert said(page) == f"{rows(house, Case)[0].reference}: complaint."
    assert 'action="/acts/1/undo"' in page.text
    assert (rows(house, Case)[0].category, rows(house, Verdicting)[-1].by) == ("complaint", "olive")


def test_after_the_last_item_the_list_says_so_and_the_last_act_can_still_be_undone(officer):
    house, client = officer
    came(house, UNSURE)
    answer = decide(client, task_of(house).id, "?kind=triage", **{"as": "accept"})
    answer = client.get(answer.headers["location"])
    assert answer.headers["location"] == "/queue?view=all&kind=triage&told=end&done=1"
    page = client.get(answer.headers["location"])
    assert said(page).endswith(": complaint. That was the last item in this list.")
    assert 'action="/acts/1/undo"' in page.text


def test_the_next_item_stays_in_the_filters_and_marks_nobodys_presence(officer):
    house, client = officer
    several(house, "asb_report? noise", UNSURE, UNSURE + " Again.")
    with house.store.unit("desk") as unit:
        unit.update(Task, rows(house, Task)[1].id, kind="spot_check")
        unit.commit()
    answer = decide(client, rows(house, Task)[0].id, "?kind=triage", **{"as": "accept"})
    before = rows(house, Looking)
    on = client.get(answer.headers["location"])
    assert on.headers["location"].startswith(f"/tasks/{rows(house, Task)[2].id}?")
    assert rows(house, Looking) == before


def test_a_team_view_without_a_team_has_no_next_item(house_of):
    house = house_of()
    came(house, UNSURE)
    client = signed_in(house, "noor")
    assert client.get("/tasks/next?view=team").headers["location"] == "/queue?view=team&told=end"


def test_flags_further_categories_and_why_ride_along_with_any_button(officer):
    house, client = officer
    came(house, "complaint? [vulnerable] words")
    chosen = {"as": "asb_report", "flag": ["safeguarding", "group"], "also": ["service_request"], "why": "rang her"}
    decide(client, task_of(house).id, **chosen)
    (case,) = rows(house, Case)
    assert (case.category, case.flags, case.also) == ("asb_report", ["safeguarding", "group"], ["service_request"])
    assert rows(house, Verdicting)[-1].why == "rang her"


def test_accepting_keeps_the_flags_that_were_ticked_on_the_card(officer):
    house, client = officer
    came(house, "complaint? [vulnerable] [group] words")
    decide(client, task_of(house).id, **{"as": "accept", "flag": ["group"]})
    assert rows(house, Case)[0].flags == ["group"]


def test_out_of_scope_is_chosen_with_where_it_belongs(officer):
    house, client = officer
    came(house, UNSURE)
    decide(client, task_of(house).id, **{"as": "out_of_scope:petition"})
    assert (rows(house, Case)[0].category, rows(house, Case)[0].reason) == ("out_of_scope", "petition")


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "Choose what it is"),
        ({"as": "nonsense"}, "Choose what it is"),
        ({"as": "out_of_scope"}, "Choose where it belongs"),
        ({"as": "out_of_scope:nonsense"}, "Choose where it belongs"),
        ({"as": "complaint", "why": "x" * 501}, "500 characters or fewer; it has 501"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(officer, sent, problem):
    house, client = officer
    came(house, UNSURE)
    answer = decide(client, task_of(house).id, flag=["hazard"], **({"why": "because"} | sent))
    assert answer.status_code == 422
    assert problem in words_of(answer)
    assert "<title>Error: " in " ".join(answer.text.split())
    assert 'id="flag-hazard" data-flag="e" data-name="hazard" checked' in answer.text
    assert sent.get("why", "because") in answer.text
    assert len(rows(house, Verdicting)) == 1


def test_without_a_judgement_there_is_nothing_to_accept_but_every_category_to_choose(officer):
    house, client = officer
    came(house, UNSURE)
    with house.store.unit("desk") as unit:
        unit.update(Verdicting, 1, undone_at=house.clock.now())
        unit.commit()
    page = client.get(f"/tasks/{task_of(house).id}")
    assert 'value="accept"' not in page.text
    assert decide(client, task_of(house).id, **{"as": "accept"}).status_code == 422
    assert decide(client, task_of(house).id, **{"as": "complaint"}).status_code == 303


def test_the_decision_is_kept_before_the_answer_goes_out_so_a_closed_tab_loses_nothing(officer):
    house, client = officer
    came(house, UNSURE)
    decide(client, task_of(house).id, **{"as": "accept"})  # the answer is thrown away, as by a closed tab
    assert rows(house, Case)[0].category == "complaint"


def test_the_same_answer_sent_twice_acts_once_and_goes_on(officer):
    house, client = officer
    came(house, UNSURE)
    page = client.get(f"/tasks/{task_of(house).id}")
    task = task_of(house).id
    first, again = (send(client, page, f"/tasks/{task}/decide", **{"as": "accept"}) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert len(rows(house, Verdicting)) == 2


def test_the_letter_waits_for_the_seconds_of_undo_and_undoing_shows_the_item_again(officer):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    answer = decide(client, task.id, "?kind=triage", **{"as": "accept"})
    letter = rows(house, OutboxEntry)[-1]
    assert letter.next_at == house.clock.now() + timedelta(seconds=house.settings.desk.undo_seconds)
    page = client.get(client.get(answer.headers["location"]).headers["location"])
    back = client.post("/acts/1/undo", headers={"referer": str(page.url)})
    assert back.headers["location"] == f"/tasks/{task.id}?view=all&kind=triage&done=2"
    assert said(client.get(back.headers["location"])) == f"Undone. {rows(house, Case)[0].reference} is as it was before."
    assert (rows(house, Case)[0].status, rows(house, OutboxEntry)[-1].state) == ("triage", OutboxState.SUPPRESSED)


def test_what_can_no_more_be_undone_says_why(officer):
    house, client = officer
    came(house, UNSURE)
    decide(client, task_of(house).id, **{"as": "accept"})
    house.clock.at += timedelta(seconds=house.settings.desk.undo_seconds)
    answer = client.post("/acts/1/undo")
    assert answer.status_code == 409
    assert "It is too late to undo this" in words_of(answer)
    assert rows(house, Case)[0].category == "complaint"


def test_nobody_undoes_what_a_colleague_did(officer):
    house, client = officer
    came(house, UNSURE)
    decide(client, task_of(house).id, **{"as": "accept"})
    other = at_desk(house, "omar")
    assert other.post("/acts/1/undo").status_code == 409
    assert rows(house, Case)[0].category == "complaint"


def test_f24_two_officers_on_one_item_the_second_sees_both_versions_and_keeps_what_they_typed(officer):
    house, olive = officer
    omar = at_desk(house, "omar")
    came(house, UNSURE)
    task = task_of(house)
    hers, his = olive.get(f"/tasks/{task.id}"), omar.get(f"/tasks/{task.id}")
    assert "Olive is looking at this too." in words_of(his)
    send(olive, hers, f"/tasks/{task.id}/decide", **{"as": "accept", "why": "plain"})
    events = rows(house, CaseEvent)
    answer = send(
        omar, his, f"/tasks/{task.id}/decide", **{"as": "asb_report", "flag": ["group"], "why": "it is the neighbour"}
    )
    assert answer.status_code == 409
    told = words_of(answer)
    assert "What you saw, by the machine It is Complaint" in told
    assert "What stands now, by Olive It is Complaint Flags none Also none Why plain" in told
    assert "What you chose It is ASB report Flags several residents Also none Why it is the neighbour" in told
    assert rows(house, CaseEvent) == events
    on_top = send(omar, answer, "/messages/1/decide", **{"as": "asb_report", "why": "it is the neighbour"})
    assert on_top.status_code == 303
    assert on_top.headers["location"].startswith("/tasks/next?")
    (case,) = rows(house, Case)
    assert (case.category, case.flags, case.looked_by) == ("asb_report", ["group"], "omar")


def test_a_card_whose_task_was_finished_otherwise_is_a_conflict_too(officer):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    page = client.get(f"/tasks/{task.id}")
    with house.store.unit("desk") as unit:
        unit.update(Task, task.id, closed_at=house.clock.now(), closed_by="omar", outcome="seen on the telephone")
        unit.commit()
    answer = send(client, page, f"/tasks/{task.id}/decide", **{"as": "accept"})
    assert answer.status_code == 409
    assert "omar finished the task on 23 November 2026 at 12:00pm: seen on the telephone" in words_of(answer)
    assert rows(house, Case)[0].status == "triage"


def test_a_correction_is_possible_at_any_time_and_leads_back_to_the_case(officer):
    house, client = officer
    came(house, "service_request! A tap.")
    page = client.get("/messages/1/review")
    assert page.status_code == 200
    answer = send(client, page, "/messages/1/decide", **{"as": "complaint"})
    reference = rows(house, Case)[0].reference
    assert answer.headers["location"] == f"/cases/{reference}?done=1"
    assert rows(house, Case)[0].category == "complaint"


def test_a_finished_item_says_who_finished_it_and_asks_nothing(officer):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    decide(client, task.id, **{"as": "accept", "why": "plain"})
    page = client.get(f"/tasks/{task.id}")
    assert "Olive finished this on 23 November 2026 at 12:00pm: plain." in words_of(page)
    assert 'name="as"' not in page.text
    assert 'href="/messages/1/review"' in page.text


def test_an_auditor_reads_the_card_and_answers_nothing(house_of):
    house = house_of()
    came(house, UNSURE)
    client = at_desk(house, "audrey", "auditor")
    page = client.get(f"/tasks/{task_of(house).id}")
    assert page.status_code == 200
    assert 'name="as"' not in page.text
    for address in ("/tasks/1/decide", "/messages/1/decide", "/tasks/1/done", "/tasks/bulk", "/acts/1/undo"):
        assert client.post(address, data={"as": "complaint", "seen": "1"}).status_code == 403


def test_a_restricted_case_is_as_if_it_were_not_there(officer):
    house, client = officer
    came(house, UNSURE)
    task = task_of(house)
    page = client.get(f"/tasks/{task.id}")
    with house.store.unit("desk") as unit:
        unit.update(Case, 1, restricted=True)
        unit.commit()
    assert client.get(f"/tasks/{task.id}").status_code == 404
    assert client.get("/messages/1/review").status_code == 404
    assert send(client, page, f"/tasks/{task.id}/decide", **{"as": "accept"}).status_code == 404
    assert client.post(f"/tasks/{task.id}/take").status_code == 404
    assert rows(house, Case)[0].status == "triage"


@pytest.mark.parametrize("address", ["/tasks/999", "/tasks/99999999999999999999", "/tasks/0", "/messages/999/review"])
def test_what_is_not_there_is_not_found(officer, address):
    _house, client = officer
    assert client.get(address).status_code in {404, 422}


def test_somebody_barred_is_told_so_and_decides_nothing(officer):
    house, client = officer
    came(house, UNSURE)
    with house.store.unit("desk") as unit:
        row = {"case_id": 1, "username": "olive", "relation": "barred", "at": house.clock.now(), "by": "mina", "why": "named"}
        unit.insert(CaseStaff, [row])
        unit.commit()
    answer = decide(client, task_of(house).id, **{"as": "accept"})
    assert answer.status_code == 422
    assert "You were named as somebody who must not handle this case" in words_of(answer)
    assert rows(house, Case)[0].status == "triage"


def test_a_message_that_is_being_read_is_not_decided(officer):
    house, client = officer
    came(house, UNSURE)
    page = client.get("/messages/1/review")
    with house.store.unit("desk") as unit:
        unit.update(Message, 1, state=MessageState.WAITING)
        unit.commit()
    answer = send(client, page, "/messages/1/decide", **{"as": "complaint"})
    assert answer.status_code == 422
    assert "has not been read yet" in words_of(answer)


def test_a_form_of_another_site_decides_nothing(officer):
    house, client = officer
    came(house, UNSURE)
    forged = client.post(
        f"/tasks/{task_of(house).id}/decide", data={"as": "complaint"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert forged.status_code == 403
    assert rows(house, Case)[0].status == "triage"


def test_the_residents_words_are_never_html_on_the_card_nor_in_a_conflict(officer):
    house, client = officer
    came(house, "complaint? <script>alert(1)</script>", subject="<b>bold</b>")
    page = client.get(f"/tasks/{task_of(house).id}")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<b>bold" not in page.text


def test_nobody_who_is_signed_out_sees_or_decides_anything(house_of):
    house = house_of()
    came(house, UNSURE)
    client = client_of(house)
    assert client.get("/tasks/1").headers["location"].startswith("/sign-in")
    assert client.post("/tasks/1/decide", data={"as": "complaint"}).headers["location"].startswith("/sign-in")
    assert rows(house, Case)[0].status == "triage"


@pytest.mark.parametrize("after", ["x", "1.2", "0.1.99999999999999999999", "1.99999999999999999999999.1", "0.0.-1"])
def test_a_place_in_the_list_that_nobody_made_is_its_beginning(officer, after):
    house, client = officer
    came(house, UNSURE)
    assert client.get(f"/tasks/next?after={after}").headers["location"].startswith(f"/tasks/{task_of(house).id}?")
