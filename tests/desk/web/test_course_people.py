"""The desk's forms for adjustments, restrictions, calls and letters that people carry; and where each is shown."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from desks import add_person, client_of, officer, sign_in, signed_in
from houses import NOON, arrive, house_of, mail, settle
from store.chain import verify_chain
from store.models import Case, Deadline, Message, OutboxEntry, OutboxState, Task
from store.people_models import Adjustment, Restriction

__all__ = ["house_of", "officer"]

WORDS = "complaint! [adjustment] The lift is broken. Please write in large print, I cannot see well."
REASONS = {"reasons": "You shouted at Sam on 5 May.", "proportion": "Two warnings did not help.", "equality": "We asked; none."}


def case_of(house, words=WORDS, sender="ada@resident.example"):
    arrive(house, mail(words, sender=sender), sender=sender)
    settle(house)
    return rows(house, Case)[-1]


def rows(house, table, **wanted):
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
        return glance.find(table, **wanted)


def form_of(client, case, act):
    """Return what the form of an act would send as it stands."""
    answer = client.get(f"/cases/{case.reference}/acts/{act}")
    assert answer.status_code == 200
    found = {}
    for node in LexborHTMLParser(answer.text).css("#form input[name], #form textarea[name]"):
        kind, value = node.attributes.get("type"), node.attributes.get("value") or ""
        if kind in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        found[node.attributes["name"]] = node.text().removeprefix("\n") if node.tag == "textarea" else value
    return found


def do(client, case, act, status=303, **changes):
    """Fill the form of an act in, and send it."""
    address = f"/cases/{case.reference}/acts/{act}"
    answer = client.post(address, data=form_of(client, case, act) | changes)
    assert answer.status_code == status, words_of(answer.text)
    return answer


def page(client, case):
    answer = client.get(f"/cases/{case.reference}")
    assert answer.status_code == 200
    return answer.text


def words_of(text, selector="main"):
    return " ".join(LexborHTMLParser(text).css_first(selector).text(separator=" ").split())


def panel(text):
    found = LexborHTMLParser(text).css_first("section[aria-labelledby=panel-people]")
    return " ".join(found.text(separator=" ").split()) if found else ""


def agree(client, case, kind="large_print", **more):
    return do(client, case, "adjust", kind=kind, words="24 point", **more)


def manager_of(house, name="mona"):
    add_person(house, name, "manager", teams=("complaints",))
    return sign_in(house, client_of(house), name)


# --- adjustments ---


def test_the_task_leads_to_a_form_with_the_messages_words_and_agreeing_ends_it(officer):
    house, client = officer
    case = case_of(house)
    (task,) = rows(house, Task, case_id=case.id, kind="adjustment")
    tree = LexborHTMLParser(page(client, case))
    (lead,) = [link for link in tree.css(f"#task-{task.id} a") if link.text() == "Keep what was agreed"]
    assert lead.attributes["href"] == f"/cases/{case.reference}/acts/adjust?message={task.message_id}"
    assert "I cannot see well" in client.get(lead.attributes["href"]).text
    assert "Keep what was agreed" in client.get(f"/tasks/{task.id}").text
    agree(client, case)
    assert rows(house, Task, case_id=case.id, kind="adjustment", closed_at=None) == []
    (row,) = rows(house, Adjustment)
    assert (row.kind, row.words, row.message_id, row.by) == ("large_print", "24 point", task.message_id, "olive")
    assert row.review_on == (NOON + timedelta(days=182)).date()


def test_what_is_wrong_is_asked_again_with_all_that_was_typed(officer):
    house, client = officer
    case = case_of(house)
    answer = do(client, case, "adjust", status=422, kind="audio", words="", disability="I am blind")
    assert "Say what was agreed" in answer.text
    assert "I am blind" in answer.text
    assert rows(house, Adjustment) == []


def test_a_message_of_another_case_is_never_quoted_or_kept(officer):
    house, client = officer
    other = case_of(house, "complaint! A secret of Bo's.", sender="bo@resident.example")
    (message,) = rows(house, Message, case_id=other.id)
    case = case_of(house)
    form = client.get(f"/cases/{case.reference}/acts/adjust?message={message.id}")
    assert "A secret of Bo" not in form.text
    agree(client, case, message=str(message.id))
    assert rows(house, Adjustment)[0].message_id is None


def test_it_is_shown_first_on_every_case_of_the_person_on_cards_in_replies_and_in_print(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case)
    second, stranger = case_of(house, "complaint? The bins."), case_of(house, "complaint! Door.", sender="bo@resident.example")
    assert "Large print: 24 point" in panel(page(client, case))
    assert "Large print: 24 point" in panel(page(client, second))
    assert "24 point" not in page(client, stranger)
    first = LexborHTMLParser(page(client, second)).css_first("section[aria-labelledby^=panel-]")
    assert first.attributes["aria-labelledby"] == "panel-people"
    (task,) = rows(house, Task, case_id=second.id, kind="triage")
    assert "Large print: 24 point" in client.get(f"/tasks/{task.id}").text
    assert "Large print: 24 point" in client.get(f"/cases/{case.reference}/replies").text
    (letter,) = rows(house, OutboxEntry, case_id=second.id)
    assert "Large print: 24 point" in client.get(f"/letters-sent/{letter.id}/print").text


def test_it_is_looked_at_again_kept_or_ended(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case)
    (row,) = rows(house, Adjustment)
    do(client, case, f"adjust-review?of={row.id}", status=422, outcome="keep")
    do(client, case, f"adjust-review?of={row.id}", status=422, why="no choice made")
    do(client, case, f"adjust-review?of={row.id}", outcome="keep", why="still helps", words="28 point")
    assert rows(house, Adjustment)[0].words == "28 point"
    do(client, case, f"adjust-review?of={row.id}", outcome="end", why="new glasses")
    assert "28 point" not in panel(page(client, case))
    assert "cannot be done now" in client.get(f"/cases/{case.reference}/acts/adjust-review?of={row.id}").text


def test_a_late_review_is_said(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case)
    assert "review late" not in page(client, case)
    house.clock.at += timedelta(days=183)
    assert "review late" in panel(page(signed_in(house, "ben"), case))


def test_a_disability_is_shown_to_whoever_works_on_the_case_alone_and_in_no_list(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case, disability="glaucoma")
    manager, ben = manager_of(house), signed_in(house, "ben", teams=("complaints",))
    auditor = signed_in(house, "audrey", "auditor")
    assert "glaucoma" in page(client, case), "she wrote it down"
    assert "glaucoma" in page(manager, case)
    for other in (ben, auditor):
        assert "glaucoma" not in page(other, case)
        assert "Large print: 24 point" in panel(page(other, case))
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, assigned_to="ben")
        unit.commit()
    assert "glaucoma" in page(ben, case)
    assert "glaucoma" not in page(auditor, case)
    assert "glaucoma" not in ben.get("/queue").text
    assert case.reference not in ben.get("/search?q=glaucoma").text
    for address in (f"/cases/{case.reference}/replies", f"/cases/{case.reference}/acts/adjust"):
        assert "glaucoma" not in ben.get(address).text


def test_no_telephone_takes_the_telephone_out_of_the_reply_form(officer):
    house, client = officer
    case = case_of(house)
    assert 'value="telephone"' in client.get(f"/cases/{case.reference}/replies").text
    agree(client, case, kind="no_telephone")
    form = client.get(f"/cases/{case.reference}/replies").text
    assert 'value="telephone"' not in form
    assert 'value="post"' in form


def test_a_reply_that_was_previewed_before_something_was_agreed_does_not_go_the_other_way(officer):
    house, client = officer
    case = case_of(house)
    address = f"/cases/{case.reference}/replies"
    form = LexborHTMLParser(client.get(address).text)
    message = form.css_first("input[name=message]").attributes["value"]
    told = {
        "message": message,
        "version": "0",
        "route": "mail:ada@resident.example",
        "subject": "Lift",
        "body": "We come on Friday.",
    }
    draft = client.post(address, data=told | {"press": "preview"}).headers["location"]
    seen = LexborHTMLParser(client.get(draft).text)
    sent = {name: seen.css_first(f"input[name={name}]").attributes["value"] for name in ("version", "seal")} | {
        "checked": "yes"
    }
    agree(client, case, kind="braille")
    refused = client.post(draft.replace("/preview", "/send"), data=sent)
    assert refused.status_code in (409, 422)
    assert not [letter for letter in rows(house, OutboxEntry) if letter.kind.startswith("officer_reply")]
    assert "Choose another" in client.get(draft).text


def test_a_reply_in_large_print_goes_and_prints_in_large_print(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case)
    address = f"/cases/{case.reference}/replies"
    message = LexborHTMLParser(client.get(address).text).css_first("input[name=message]").attributes["value"]
    told = {
        "message": message,
        "version": "0",
        "route": "mail:ada@resident.example",
        "subject": "Lift",
        "body": "We come on Friday.",
    }
    draft = client.post(address, data=told | {"press": "preview"}).headers["location"]
    assert "font-size:24px" in client.get(draft.replace("/preview", "/letter")).text
    assert "desk-print--large" in client.get(draft.replace("/preview", "/print")).text
    seen = LexborHTMLParser(client.get(draft).text)
    sent = {name: seen.css_first(f"input[name={name}]").attributes["value"] for name in ("version", "seal")} | {
        "checked": "yes"
    }
    assert client.post(draft.replace("/preview", "/send"), data=sent).status_code == 303
    assert "font-size:24px" in rows(house, OutboxEntry)[-1].html


# --- letters that people carry ---


def test_a_kept_letter_is_printed_from_its_case_and_said_to_have_gone(officer):
    house, client = officer
    agree(client, case_of(house), kind="post_only")
    case = case_of(house, "complaint! The boiler is cold.")
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    text = page(client, case)
    assert f'href="/letters-sent/{letter.id}/print"' in text
    (task,) = rows(house, Task, case_id=case.id, kind="letter_by_hand")
    assert f'href="/cases/{case.reference}?show=letters"' in text
    assert (
        f'href="/cases/{case.reference}/acts/posted?of={letter.id}"' in client.get(f"/cases/{case.reference}?show=letters").text
    )
    printed = client.get(f"/letters-sent/{letter.id}/print")
    tree = LexborHTMLParser(printed.text)
    assert tree.css_first("title").text().startswith(" ".join(tree.css_first("h1").text().split()))
    assert len(tree.css("h1")) == 1
    assert "Agreed with the resident: letters by post" in words_of(printed.text)
    assert case.reference in words_of(printed.text)
    do(client, case, f"posted?of={letter.id}", status=422)
    do(client, case, f"posted?of={letter.id}", to="1 Larch House")
    assert rows(house, OutboxEntry, id=letter.id)[0].state is OutboxState.SENT
    assert rows(house, Case, id=case.id)[0].acknowledged_at is not None
    assert rows(house, Deadline, case_id=case.id, rule="acknowledge_1")[0].met_at is not None
    assert rows(house, Task, id=task.id)[0].closed_at is not None
    assert f'href="/letters-sent/{letter.id}/print"' not in page(client, case)
    assert "cannot be done now" in client.get(f"/cases/{case.reference}/acts/posted?of={letter.id}").text


def test_a_letter_of_a_case_closed_to_somebody_is_not_printed_by_them(officer):
    house, client = officer
    case = case_of(house)
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    ben = signed_in(house, "ben")
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, restricted=True)
        unit.commit()
    assert ben.get(f"/letters-sent/{letter.id}/print").status_code in (403, 404)
    assert client.get("/letters-sent/999999/print").status_code == 404


# --- calls ---


def test_a_call_is_noted_from_its_task(officer):
    house, client = officer
    case = case_of(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, resident_phone="020 7946 0000", acknowledged_at=NOON)
        letter = unit.find(OutboxEntry, case_id=case.id)[0]
        unit.update(OutboxEntry, letter.id, state=OutboxState.SENT, sent_at=NOON)
        unit.commit()
    house.sweep().once()
    (task,) = rows(house, Task, case_id=case.id, kind="call_resident")
    assert f'href="/cases/{case.reference}/acts/rang"' in page(client, case)
    assert "020 7946 0000" in client.get(f"/cases/{case.reference}/acts/rang").text
    do(client, case, "rang", status=422)
    do(client, case, "rang", outcome="spoke", words="She is in on Friday")
    assert rows(house, Task, id=task.id)[0].outcome == "I spoke with them"
    assert "She is in on Friday" in page(client, case)


# --- restrictions ---


def test_a_restriction_is_proposed_checked_by_another_and_shown_on_every_case_of_theirs(officer):
    house, client = officer
    case = case_of(house)
    agree(client, case)
    (message,) = rows(house, Message, case_id=case.id)
    form = client.get(f"/cases/{case.reference}/acts/limit").text
    assert "large print (24 point)" in form, "known adjustments stand beside the question"
    do(client, case, "limit", status=422, kind="one_contact", **REASONS)
    do(client, case, "limit", kind="one_contact", incidents=str(message.id), others="5 May, at the desk", **REASONS)
    (row,) = rows(house, Restriction)
    assert [one.get("message") for one in row.incidents] == [message.id, None]
    assert "It binds nobody yet" in panel(page(client, case))
    asked = f"limit-check?of={row.id}"
    assert "cannot be done now" in client.get(f"/cases/{case.reference}/acts/{asked}").text, "an officer checks none"
    manager = manager_of(house)
    assert "You shouted at Sam" in manager.get(f"/cases/{case.reference}/acts/{asked}").text
    do(manager, case, asked, status=422)
    do(manager, case, asked, outcome="approve", why="in proportion")
    second = case_of(house, "complaint! Bins.")
    for one in (case, second):
        assert "One named person to be in touch with" in panel(page(client, one))
        assert "All that they send is read and logged as ever" in panel(page(client, one))
    notice = next(letter for letter in rows(house, OutboxEntry) if letter.kind == f"restriction_notice-{row.id}")
    assert "You shouted at Sam on 5 May." in notice.text
    assert "font-size:24px" in notice.html


def test_a_restriction_is_reviewed_and_lifted_by_a_manager(officer):
    house, client = officer
    case = case_of(house)
    do(client, case, "limit", kind="set_times", others="5 May, at the desk", **REASONS)
    (row,) = rows(house, Restriction)
    manager = manager_of(house)
    do(manager, case, f"limit-check?of={row.id}", outcome="approve", why="in proportion")
    asked = f"limit-review?of={row.id}"
    assert "cannot be done now" in client.get(f"/cases/{case.reference}/acts/{asked}").text
    do(manager, case, asked, status=422, why="no choice")
    do(manager, case, asked, outcome="keep", why="still needed")
    do(manager, case, asked, outcome="lift", why="she apologised")
    assert rows(house, Restriction)[0].state == "lifted"
    assert "set times" not in panel(page(manager, case))


def test_a_proposed_restriction_can_be_sent_back(officer):
    house, client = officer
    case = case_of(house)
    do(client, case, "limit", kind="in_writing", others="5 May", **REASONS)
    (row,) = rows(house, Restriction)
    do(manager_of(house), case, f"limit-check?of={row.id}", outcome="back", why="speak with her first")
    assert rows(house, Restriction)[0].state == "sent_back"
    assert "In writing only" not in panel(page(client, case))


def test_the_panel_offers_an_auditor_nothing_and_says_nothing_where_nothing_is_agreed(officer):
    house, client = officer
    case = case_of(house)
    assert "Agree an adjustment" in panel(page(client, case))
    assert panel(page(signed_in(house, "audrey", "auditor"), case)) == ""


@pytest.mark.parametrize("act", ["adjust-review", "limit-check", "limit-review", "posted"])
@pytest.mark.parametrize("of", ["", "0", "999", "x", "-1", "99999999999999999999"])
def test_an_act_about_something_that_there_is_not_says_so(officer, act, of):
    house, client = officer
    case = case_of(house)
    assert "cannot be done now" in client.get(f"/cases/{case.reference}/acts/{act}?of={of}").text
    answer = client.post(f"/cases/{case.reference}/acts/{act}", data={"of": of, "outcome": "end", "why": "x"})
    assert answer.status_code == 422
