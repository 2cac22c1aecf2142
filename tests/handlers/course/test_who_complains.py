"""Who complains and how it is weighed: assessed, of whatever kind, by name or without, with or without somebody who speaks."""

from __future__ import annotations

import json
from datetime import date

import pytest
from desk_house import came, must_stand, open_tasks, rows, running, send

from chatting import Chat, chat_in
from classifiers.taxonomy import Flag
from desks import add_person, assessed
from handlers import task_acts
from handlers.case_acts import Refused
from handlers.closing import OUTCOMES, close, obstacles
from handlers.course import assessing, complainants, corrections
from handlers.course.complainants import Lived
from handlers.course.representatives import Finding, settle
from handlers.course.speaking import not_to_be_told
from handlers.parties import Named, add_party
from handlers.reply_ways import answerable, ways_of
from handlers.resident_links import ResidentLinks
from handlers.resident_pages import ResidentPages
from promises.looking import later
from store.models import Case, CaseEvent, Deadline, OutboxEntry, Party, Task
from store.people_models import Authority
from store.queue_rows import Wanted, queue_page

DAMP = "complaint! Damp in the bedroom since March, and nobody came to look at it. Please send a surveyor this week."
FOR_MUM = f"complaint! [representative] {DAMP[11:]}"
ADA, MUM = "ada@resident.example", "mum@resident.example"
SAID = {"complexity": "ordinary", "vulnerability": "some", "risk": "high"}


@pytest.fixture
def house(house_of):
    house = house_of()
    for name in ("olive", "omar"):
        add_person(house, name, "officer")
    return house


def case_of(house, number=1):
    return rows(house, Case, id=number)[0]


def found(state, **more):
    return Finding(**({"address": ADA, "kind": "representative", "state": state, "evidence": "her letter of 3 May"} | more))


# --- Code 6.1 ---


@pytest.mark.parametrize("left_out", ["complexity", "vulnerability", "risk"])
def test_a_complaint_is_given_to_nobody_while_one_of_the_three_is_missing(house, left_out):
    came(house, DAMP)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, **{name: value for name, value in SAID.items() if name != left_out})
        unit.commit()
    with pytest.raises(Refused, match=r"Code 6\.1"):
        task_acts.give_case(house.acts, 1, "omar", "olive")
    task = rows(house, Task, kind="confirm_definition")[0]
    with pytest.raises(Refused, match=r"Code 6\.1"):
        task_acts.give(house.acts, task.id, "omar", "olive", whole_case=True)
    assert case_of(house).assigned_to is None
    task_acts.give(house.acts, task.id, "omar", "olive")
    task_acts.take(house.acts, task.id, "olive", was="omar")
    assert rows(house, Task, id=task.id)[0].assigned_to == "olive", "a task alone asks for nothing"


def test_an_assessed_complaint_is_given_and_a_request_needs_no_assessment(house):
    came(house, DAMP)
    assessing.assess(house.acts, 1, "olive", SAID)
    task_acts.give_case(house.acts, 1, "omar", "olive")
    assert case_of(house).assigned_to == "omar"
    came(house, "service_request! A tap.", sender="bo@else.example")
    task_acts.give_case(house.acts, 2, "omar", "olive")


@pytest.mark.parametrize("name", ["complexity", "vulnerability", "risk"])
@pytest.mark.parametrize("value", ["", "enormous", None])
def test_each_of_the_three_is_said_and_the_event_keeps_it(house, name, value):
    came(house, DAMP)
    with pytest.raises(Refused) as refused:
        assessing.assess(house.acts, 1, "olive", SAID | {name: value})
    assert refused.value.field == name
    assessing.assess(house.acts, 1, "olive", SAID)
    (event,) = rows(house, CaseEvent, kind="assessed")
    assert json.loads(event.details)["after"] == SAID


@pytest.mark.parametrize("name", ["vulnerability", "risk"])
def test_who_could_be_harmed_by_waiting_stands_first_in_the_queue_until_it_is_weighed_anew(house, name):
    low = {"complexity": "ordinary", "vulnerability": "some", "risk": "medium"}
    came(house, DAMP.replace("Damp", "Noise"))
    later(house, days=1)
    came(house, DAMP, sender="bo@else.example")
    before = rows(house, Deadline)
    assert first_in_queue(house) == 1, "the older one"
    assessing.assess(house.acts, 2, "olive", low)
    assert first_in_queue(house) == 1
    assessing.assess(house.acts, 2, "olive", low | {name: "high"})
    assert first_in_queue(house) == 2
    assessing.assess(house.acts, 2, "olive", low | {name: "high", "complexity": "early"})
    assert len(rows(house, Task, kind="care_first")) == 1, "it stands there already"
    assert rows(house, Deadline) == before
    assessing.assess(house.acts, 2, "olive", low)
    assert first_in_queue(house) == 1
    (task,) = rows(house, Task, kind="care_first")
    assert task.closed_by == "olive"
    must_stand(house)


def first_in_queue(house):
    with house.store.glance() as glance:
        return queue_page(glance, Wanted(username="olive"), None, 1)[0].case_id


def test_a_request_is_not_assessed_as_a_complaint(house):
    came(house, "service_request! A tap.")
    with pytest.raises(Refused, match="Only a complaint"):
        assessing.assess(house.acts, 1, "olive", SAID)


# --- what they are to us ---


@pytest.mark.parametrize("kind", sorted(complainants.KINDS))
def test_whatever_they_are_to_us_the_complaint_and_its_dates_stand(house, kind):
    came(house, DAMP)
    before = rows(house, Deadline)
    complainants.say_complainant(house.acts, 1, "olive", kind, "from 2019 to 2024; the leak was in 2023")
    case = case_of(house)
    assert (case.complainant_kind, case.status, case.category) == (kind, "open", "complaint")
    assert rows(house, Deadline) == before
    assert ("ask_who" in open_tasks(house)) is (kind == "unknown" or kind in complainants.FORMER), "no day was given"
    must_stand(house)


@pytest.mark.parametrize("kind", sorted(complainants.FORMER | complainants.DISCRETION))
def test_of_those_who_left_and_those_at_our_discretion_it_is_said_when_and_why(house, kind):
    came(house, DAMP)
    with pytest.raises(Refused) as refused:
        complainants.say_complainant(house.acts, 1, "olive", kind, " ")
    assert refused.value.field == ("lived_until" if kind in complainants.FORMER else "note")
    assert case_of(house).complainant_kind is None


LEFT, BEFORE, AFTER = date(2024, 5, 31), date(2024, 5, 31), date(2024, 6, 1)


@pytest.mark.parametrize("kind", sorted(complainants.FORMER))
@pytest.mark.parametrize(
    ("until", "on", "asks"), [(LEFT, BEFORE, ""), (LEFT, AFTER, "1 June 2024"), (LEFT, None, ""), (None, AFTER, "until when")]
)
def test_when_somebody_lived_there_is_compared_with_the_matter_asked_about_and_no_bar(house, kind, until, on, asks):
    came(house, DAMP)
    before = rows(house, Deadline)
    complainants.say_complainant(house.acts, 1, "olive", kind, "she told us", there=Lived(until=until, matter_on=on))
    case = case_of(house)
    assert (case.lived_until, case.matter_on, case.status, rows(house, Deadline)) == (until, on, "open", before)
    told = json.loads(rows(house, CaseEvent, kind="complainant_said")[0].details)["after"]
    days = {name: on and on.isoformat() for name, on in (("lived_until", until), ("matter_on", on))}
    assert told == {"complainant": kind} | days
    waiting = [task.why for task in rows(house, Task, kind="ask_who", closed_at=None)]
    assert bool(waiting) is bool(asks)
    assert all(asks in why and "go on with the complaint" in why for why in waiting)
    complainants.say_complainant(house.acts, 1, "olive", "tenant", "she lives there still")
    assert (case_of(house).lived_until, case_of(house).matter_on) == (None, None)
    assert not rows(house, Task, kind="ask_who", closed_at=None)


@pytest.mark.parametrize("field", ["until", "matter_on"])
def test_a_day_that_has_not_come_is_asked_for_again(house, field):
    came(house, DAMP)
    with pytest.raises(Refused) as refused:
        complainants.say_complainant(house.acts, 1, "olive", "former_tenant", "x", there=Lived(**{field: date(2030, 1, 1)}))
    assert refused.value.field == ("lived_until" if field == "until" else field)
    assert case_of(house).complainant_kind is None


def test_once_it_is_known_nobody_asks_any_more(house):
    came(house, DAMP)
    complainants.say_complainant(house.acts, 1, "olive", "unknown")
    complainants.say_complainant(house.acts, 1, "olive", "tenant")
    assert "ask_who" not in open_tasks(house)
    with pytest.raises(Refused, match="Choose what they are"):
        complainants.say_complainant(house.acts, 1, "olive", "nobody")


def test_who_gives_no_name_by_chat_is_logged_asked_once_and_passed_on_at_once(house_of, tmp_path):
    chat = Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)
    chat.say(f"complaint! [anonymous] [safeguarding] {DAMP[11:]}")
    (case,) = chat.all(Case)
    assert (case.category, case.status) == ("complaint", "open")
    assert {"acknowledge_1", "respond_1"} <= {line.rule for line in chat.all(Deadline)}
    (letter,) = chat.all(OutboxEntry)
    assert letter.short.count("name and address") == 1
    (danger,) = chat.all(Task, kind="safeguarding")
    assert danger.danger
    assert danger.opened_at == case.opened_at
    chat.say("service_request? I will not say who I am")
    assert [one.kind for one in chat.all(OutboxEntry)] == ["complaint_acknowledged"], "asked once, and never again"


def test_no_case_ends_because_nobody_gave_a_name(house):
    came(house, f"complaint! [anonymous] {DAMP[11:]}")
    assert not any("name" in words or "anonymous" in words for words in OUTCOMES.values())
    for outcome in OUTCOMES:
        with pytest.raises(Refused):
            close(house.acts, 1, "olive", outcome, "gives no name")
    assert case_of(house).status == "open"


# --- who speaks for whom ---


def best_way(house):
    with house.store.glance() as glance:
        case = case_of(house)
        return ways_of(glance, case, answerable(glance, 1)[-1], house.own, house.clock.now())


def test_a_writer_who_may_speak_for_another_is_logged_at_once_and_a_person_is_asked(house):
    came(house, FOR_MUM)
    (task,) = rows(house, Task, kind="representative")
    assert task.closed_at is None
    line = rows(house, Deadline, rule="acknowledge_1")[0]
    assert line.counted_from == case_of(house).received_at.date(), "the clock runs from receipt and not from authority"
    with pytest.raises(Refused, match="asks a question"):
        task_acts.done(house.acts, task.id, "olive", "seen")


def test_until_somebody_says_who_speaks_no_letter_of_substance_goes_there(house):
    came(house, FOR_MUM)
    send(house)
    corrections.ask(house.course, 1, "olive", version=0, question="Which room is it?")
    (letter,) = rows(house, OutboxEntry, kind="definition_question-1")
    assert (letter.state, letter.recipient) == ("suppressed", None)
    assert "letter_by_hand" in open_tasks(house)
    assert all(not route.works for route in best_way(house) if route.to == ADA)


def test_asking_goes_to_them_alone_and_says_nothing_of_the_case(house):
    came(house, FOR_MUM)
    send(house)
    later(house, days=1)
    settle(house.course, 1, "olive", found("asked", evidence="", resident_name="May Resident", resident_address=MUM))
    (letter,) = rows(house, OutboxEntry, kind="authority_wanted-1")
    assert (letter.recipient, letter.state) == (ADA, "due")
    for words in ("Damp", "damp", "bedroom", "surveyor", "May Resident", MUM, "/case/"):
        assert words not in letter.text
        assert words not in (letter.html or "")
    (row,) = rows(house, Authority)
    assert (row.state, row.asked_at) == ("asked", house.clock.now())
    assert {"authority"} <= set(open_tasks(house))
    assert "representative" not in open_tasks(house)
    case = case_of(house)
    assert (case.resident_name, case.resident_address) == ("May Resident", MUM)
    roles = {party.address: party.role for party in rows(house, Party)}
    assert (roles[ADA], roles[MUM]) == ("representative", "resident")
    must_stand(house)


def test_the_letter_that_asks_does_not_say_of_how_many_points_the_complaint_is_or_whose_they_are(house):
    came(house, FOR_MUM)
    with house.store.unit("T6") as unit:
        points = [
            {"words": "The bins.", "responsibility": "not_ours", "who": "Waste"},
            {"words": "x", "responsibility": "ours", "who": None},
        ]
        unit.update(Case, 1, definition={"points": points, "outcomes": ["x"], "question": None}, flags=["building_safety"])
        unit.commit()
    settle(house.course, 1, "olive", found("asked", evidence=""))
    (letter,) = rows(house, OutboxEntry, kind="authority_wanted-1")
    for words in ("Point", "point", "Waste", "safety of your building", "Building Safety"):
        assert words not in letter.text


def test_who_speaks_without_authority_makes_it_a_complaint_and_is_told_none_of_the_residents_words(house):
    came(house, "service_request! My bathroom is full of black mould.", message_id="<1@r.example>")
    add_party(house.acts, 1, "olive", Named(address="son@else.example", name="Son", role="representative"), "he rang")
    letter = rows(house, OutboxEntry)[0]
    came(house, "complaint! This is a complaint for my mother.", sender="son@else.example", In_Reply_To=letter.header_id)
    (told,) = rows(house, OutboxEntry, kind="complaint_acknowledged")
    assert told.recipient == "son@else.example"
    assert "mould" not in told.text
    assert case_of(house).category == "complaint", "the complaint is taken, and its clock runs"
    assert "mould" in str(case_of(house).definition)


def test_the_own_page_of_who_speaks_without_authority_shows_what_they_wrote_alone(house):
    came(house, "service_request! My bathroom is full of black mould.", message_id="<1@r.example>")
    add_party(house.acts, 1, "olive", Named(address="son@else.example", name="Son", role="representative"), "he rang")
    came(
        house,
        "complaint! This is a complaint for my mother.",
        sender="son@else.example",
        In_Reply_To=rows(house, OutboxEntry)[0].header_id,
    )
    pages = pages_of(house)
    page = pages.page(pages.links.page(1, "son@else.example"))
    assert page.points == ()
    assert [one.words for one in page.wrote] == ["complaint! This is a complaint for my mother."]
    settle(house.course, 1, "olive", found("held", address="son@else.example"))
    assert pages.page(pages.links.page(1, "son@else.example")).points != ()


def pages_of(house):
    links = ResidentLinks(key=house.key, old_keys=house.old_keys)
    return ResidentPages(store=house.store, clock=house.clock, links=links, landlord=house.landlord)


def test_while_it_is_asked_for_the_answer_goes_to_the_resident(house):
    came(house, FOR_MUM)
    settle(house.course, 1, "olive", found("asked", resident_address=MUM))
    corrections.ask(house.course, 1, "olive", version=0, question="Which room is it?")
    (letter,) = rows(house, OutboxEntry, kind="definition_question-1")
    assert (letter.recipient, letter.state) == (MUM, "due")


def test_authority_that_is_held_needs_what_shows_it_and_opens_the_way(house):
    came(house, FOR_MUM)
    with pytest.raises(Refused) as refused:
        settle(house.course, 1, "olive", found("held", evidence=" "))
    assert refused.value.field == "evidence"
    settle(house.course, 1, "olive", found("held"))
    (row,) = rows(house, Authority)
    assert (row.state, row.evidence, row.settled_at) == ("held", "her letter of 3 May", house.clock.now())
    corrections.ask(house.course, 1, "olive", version=0, question="Which room is it?")
    assert rows(house, OutboxEntry, kind="definition_question-1")[0].recipient == ADA
    assert not {"representative", "authority"} & set(open_tasks(house))


def test_nobody_rings_whoever_speaks_as_if_it_were_the_resident(house):
    came(house, FOR_MUM)
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, resident_phone="020 7946 0000")
        unit.commit()
    settle(house.course, 1, "olive", found("held", resident_name="May Resident"))
    assert (case_of(house).resident_name, case_of(house).resident_phone) == ("May Resident", None)


def test_who_may_not_speak_is_told_nothing_and_the_complaint_goes_on(house):
    came(house, FOR_MUM)
    before = rows(house, Deadline)
    settle(house.course, 1, "olive", found("refused", evidence="her daughter says no"))
    assert rows(house, Deadline) == before
    assert case_of(house).status == "open"
    with house.store.glance() as glance:
        assert ADA in not_to_be_told(glance, 1)


def test_who_speaks_for_themselves_is_the_resident(house):
    came(house, FOR_MUM)
    settle(house.course, 1, "olive", found("self", evidence="it is her own flat"))
    assert best_way(house)[0].to == ADA
    assert rows(house, Party)[0].role == "resident"
    assert case_of(house).resident_address == ADA


@pytest.mark.parametrize(
    ("kind", "setting", "fine"),
    [("councillor", False, True), ("councillor", True, False), ("representative", False, False)],
)
def test_only_members_with_a_constituents_matter_need_none_and_only_where_the_landlord_says_so(house_of, kind, setting, fine):
    house = house_of()
    house.__dict__["landlord"] = house.landlord.__class__(
        **{name: getattr(house.landlord, name) for name in house.landlord.__slots__} | {"members_need_authority": setting}
    )
    add_person(house, "olive", "officer")
    came(house, DAMP)
    add_party(house.acts, 1, "olive", Named(address="cllr@council.example", name="Cllr", role="councillor"), "she asked")
    wanted = found("not_needed", address="cllr@council.example", kind=kind, evidence="a constituent's own matter")
    if fine:
        settle(house.course, 1, "olive", wanted)
        with house.store.glance() as glance:
            assert "cllr@council.example" not in not_to_be_told(glance, 1)
        return
    with pytest.raises(Refused) as refused:
        settle(house.course, 1, "olive", wanted)
    assert refused.value.field == "state"


def test_a_representative_whom_a_colleague_added_is_told_nothing_before_authority_is_held(house):
    came(house, DAMP)
    add_party(house.acts, 1, "olive", Named(address="son@else.example", name="Son", role="representative"), "he rang")
    with house.store.glance() as glance:
        assert list(not_to_be_told(glance, 1)) == ["son@else.example"]
    settle(house.course, 1, "olive", found("held", address="son@else.example"))
    with house.store.glance() as glance:
        assert not not_to_be_told(glance, 1)


def test_the_event_of_an_authority_names_nobody(house):
    came(house, FOR_MUM)
    settle(house.course, 1, "olive", found("asked", evidence="", resident_name="May Resident", resident_address=MUM))
    told = " ".join(event.details + event.why for event in rows(house, CaseEvent, by="olive"))
    assert "May Resident" not in told
    assert MUM not in told
    assert ADA not in told


# --- Code 1.5 ---


def test_a_request_that_became_a_complaint_keeps_its_date_and_its_work_outlives_the_complaint(house):
    came(house, "service_request! The tap drips in the kitchen.", message_id="<1@r.example>")
    letter = rows(house, OutboxEntry)[0]
    received = case_of(house).received_at
    later(house, days=1)
    came(house, "complaint! This is a complaint.", message_id="<2@r.example>", In_Reply_To=letter.header_id)
    case = case_of(house)
    assert (case.category, case.received_at) == ("complaint", received)
    assert "service_request" in open_tasks(house), "the work goes on"
    with house.store.unit("T6") as unit:
        for line in unit.find(Deadline):
            unit.update(Deadline, line.id, met_at=house.clock.now())
        for task in unit.find(Task, closed_at=None):
            if task.kind != "service_request":
                unit.update(Task, task.id, closed_at=house.clock.now(), closed_by="olive", outcome="done")
        unit.commit()
    with house.store.glance() as glance:
        against = obstacles(case_of(house), glance.find(Deadline), glance.find(Task))
    assert len(against) == 1
    assert "Finish this task first" in against[0]
    task = rows(house, Task, kind="service_request")[0]
    task_acts.done(house.acts, task.id, "olive", "mended")
    assert case_of(house).status == "open", "and the work's end is not the complaint's"


def test_a_grievance_about_a_request_is_a_case_beside_it_and_the_end_of_one_is_not_the_others(house):
    came(house, "service_request! The tap drips in the kitchen.", message_id="<1@r.example>")
    letter = rows(house, OutboxEntry)[0]
    came(
        house,
        "complaint! Nobody came and nobody rang, for the third time.",
        message_id="<2@r.example>",
        In_Reply_To=letter.header_id,
    )
    assert [case.category for case in rows(house, Case)] == ["service_request", "complaint"]
    assert rows(house, Case)[1].related_case_id == 1
    close(house.acts, 1, "olive", "done", "mended")
    assert [case.status for case in rows(house, Case)] == ["closed", "open"]
    assert {"acknowledge_1", "respond_1"} <= set(running(house, 2))


def test_every_flag_that_asks_about_people_opens_its_task(house):
    came(house, f"complaint! [{Flag.GROUP}] {DAMP[11:]}")
    assert "group" in open_tasks(house)
    assessed(house, 1)
