"""What the public door may tell a resident: asked by nobody but whoever proved that it is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_house import came, rows, send

from handlers.resident_links import ResidentLinks
from handlers.resident_next import next_steps
from handlers.resident_pages import ResidentPages
from houses import arrive, house_of, mail, settle
from intake.webchat.document import Said, of_chat
from store.chain import verify_chain
from store.errors import StoreUnavailable
from store.models import Case, CaseEvent, CaseStatus, Message, OutboxEntry, Stage
from store.resident_rows import letters_delivered

__all__ = ["house_of"]

ADA = "ada@resident.example"
COMPLAINT = "complaint! The lift in our block is broken. Please repair it."


@pytest.fixture
def house(house_of):
    return house_of()


@pytest.fixture
def residents(house):
    return ResidentPages(store=house.store, clock=house.clock, links=ResidentLinks(key=house.key), landlord=house.landlord)


def say(house, chat, words, once="1"):
    house.reception.put([of_chat(Said(once=once, at=house.clock.now(), words=words), chat.identity, timedelta(0))])


def test_a_chat_has_its_lines_its_cases_and_a_stamp_that_changes_with_them(house, residents):
    chat = residents.new_chat("chat")
    empty = residents.stamp(chat)
    say(house, chat, COMPLAINT)
    said = residents.stamp(chat)
    assert [(line.ours, line.words) for line in residents.talk(chat).lines] == [(False, COMPLAINT)]
    house.clock.at += timedelta(seconds=30)
    settle(house)
    logged = residents.stamp(chat)
    ((reference, link),) = residents.talk(chat).cases
    assert residents.page(link).reference == reference
    send(house)
    sent = residents.stamp(chat)
    assert len({empty, said, logged, sent}) == 4
    first, second = residents.talk(chat).lines
    assert (first.ours, second.ours, second.automatic) == (False, True, True)
    assert reference in second.words


def test_a_letter_is_delivered_once_and_only_to_whom_it_was_written(house, residents):
    chat, other = residents.new_chat("chat"), residents.new_chat("chat")
    say(house, chat, COMPLAINT)
    house.clock.at += timedelta(seconds=30)
    settle(house)
    send(house)
    (letter,) = rows(house, OutboxEntry)
    residents.shown(other, (letter.id,))
    assert rows(house, OutboxEntry)[0].progress is None
    residents.shown(chat, ())
    residents.shown(chat, (letter.id, letter.id + 1))
    first = house.clock.now()
    house.clock.at += timedelta(hours=1)
    residents.shown(chat, (letter.id,))
    (letter,) = rows(house, OutboxEntry)
    assert (letter.progress, letter.progress_at) == ("delivered", first)


def test_what_is_known_to_be_read_stays_read(house, residents):
    chat = residents.new_chat("chat")
    say(house, chat, COMPLAINT)
    house.clock.at += timedelta(seconds=30)
    settle(house)
    (letter,) = rows(house, OutboxEntry)
    with house.store.unit("T5") as unit:
        unit.update(OutboxEntry, letter.id, progress="read")
        assert letters_delivered(unit, str(chat.identity), [letter.id], house.clock.now()) == 0
        unit.commit()


def test_a_chat_is_that_of_one_account_and_of_one_kind_of_link(residents):
    chat = residents.new_chat("chat")
    assert residents.chat("chat", chat.cookie) == chat
    assert residents.chat_again("chat", chat.back) == chat
    assert residents.chat("chat", chat.back) is None
    assert residents.chat_again("chat", chat.cookie) is None
    assert residents.chat("other", chat.cookie).identity != chat.identity


def test_the_page_is_that_of_its_party(house, residents):
    came(house, COMPLAINT, Cc="ben@neighbour.example")
    send(house)
    (case,) = rows(house, Case)
    links = residents.links
    page = residents.page(links.page(case.id, ADA))
    assert (page.party, page.kind, page.stage, page.status) == (ADA, "a complaint about us", 1, "open")
    assert [point.words for point in page.points] == ["complaint! The lift in our block is broken. Please repair it."]
    assert page.outcomes == ("Please repair it.",)
    assert [letter.subject for letter in page.letters] == [letter.subject for letter in rows(house, OutboxEntry)]
    assert [one.words for one in page.wrote] == [COMPLAINT]
    assert page.offers == {"words", "definition", "stage2", "person"}
    other = residents.page(links.page(case.id, "ben@neighbour.example"))
    assert (other.points, other.letters, other.wrote, other.offers) == ((), (), (), {"words", "person"})
    assert residents.page(links.page(case.id, "carl@stranger.example")) is None
    assert residents.page(links.page(case.id + 1, ADA)) is None


def test_while_nobody_has_said_what_it_is_a_complaints_clock_is_called_one(house, residents):
    came(house, "complaint? The lift again.")
    (case,) = rows(house, Case)
    page = residents.page(residents.links.page(case.id, ADA))
    assert (page.status, page.kind) == ("triage", None)
    assert [owed.what for owed in page.dates] == ["Tell you what we will look into, if it is a complaint"]
    assert page.offers == {"words", "complaint", "person"}


def test_that_a_page_was_opened_is_an_event_in_the_chain_once_on_a_london_day(house, residents):
    came(house, COMPLAINT)
    (case,) = rows(house, Case)
    page = residents.page(residents.links.page(case.id, ADA))
    for hours in (0, 1, 11, 0, 12):  # from noon: 1pm, midnight, and noon of the next day
        house.clock.at += timedelta(hours=hours)
        residents.opened(page)
    found = rows(house, CaseEvent, case_id=case.id, kind="page_opened")
    assert [event.at.hour for event in found] == [12, 0]
    with house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_of_two_who_open_a_page_at_the_same_moment_one_is_noted(house, residents):
    came(house, COMPLAINT)
    (case,) = rows(house, Case)
    proven = residents.links.page_link(residents.links.page(case.id, ADA))
    for _ in range(2):  # both have looked already, and found nothing noted
        residents._tell(proven, ADA)
    assert len(rows(house, CaseEvent, case_id=case.id, kind="page_opened")) == 1


def test_a_store_that_is_away_keeps_nobody_from_reading(house, residents):
    came(house, COMPLAINT)
    (case,) = rows(house, Case)
    page = residents.page(residents.links.page(case.id, ADA))
    chat = residents.new_chat("chat")

    class Away:
        def unit(self, border=""):
            raise StoreUnavailable("away")

        glance = unit

    away = ResidentPages(store=Away(), clock=house.clock, links=residents.links, landlord=house.landlord)
    away.opened(page)
    away.shown(chat, (1,))


def test_what_became_of_a_message_is_told_by_its_own_name(house, residents):
    number = arrive(house, mail(COMPLAINT))
    (message,) = rows(house, Message, id=number)
    name = message.channel, message.account, message.external_id
    assert residents.posted("smtp", "test", "no such message") is None
    waiting = residents.posted(*name)
    assert (waiting.reference, waiting.own_page, waiting.for_a_person) == (None, None, False)
    settle(house)
    found = residents.posted(*name)
    (case,) = rows(house, Case)
    assert found.reference == case.reference
    assert residents.page(found.own_page.removeprefix("/case/")).reference == case.reference


def test_whoever_repeats_the_words_of_another_is_not_led_to_their_page(house, residents):
    came(house, COMPLAINT)
    number = came(house, COMPLAINT, message_id="<again@resident.example>")
    (message,) = rows(house, Message, id=number)
    assert message.disposition == "repeat"
    found = residents.posted(message.channel, message.account, message.external_id)
    assert found.reference == rows(house, Case)[0].reference
    assert found.own_page is None


def test_what_waits_for_a_person_says_so(house, residents):
    number = arrive(house, b"\x00\x01\x02" * 400)
    settle(house)
    (message,) = rows(house, Message, id=number)
    assert residents.posted(message.channel, message.account, message.external_id).for_a_person


@pytest.mark.parametrize(
    ("status", "category", "stage", "begins"),
    [
        ("triage", None, None, "A person will read what you wrote"),
        ("open", "complaint", "1", "The Housing team looks into your complaint"),
        ("open", "complaint", "2", "Somebody who did not deal with it at stage 1"),
        ("open", "service_request", None, "The Housing team deals with it"),
        ("signposted", "out_of_scope", None, "We told you in our letter"),
        ("closed", "service_request", None, "We have closed this case"),
        ("closed", "complaint", "1", "We have closed this case"),
        ("closed", "complaint", "2", "We have given our final answer"),
    ],
)
def test_what_happens_next_is_said_for_every_way_a_case_can_stand(house, status, category, stage, begins):
    came(house, COMPLAINT)
    (case,) = rows(house, Case)
    case.status, case.category, case.stage = CaseStatus(status), category, Stage(stage) if stage else None
    steps = next_steps(case, "Housing team")
    assert steps[0].startswith(begins)
    assert all("{" not in step for step in steps)
