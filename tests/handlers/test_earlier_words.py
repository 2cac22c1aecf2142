"""Of an answer to a case only what is new is judged, also where our letter stands in it without quote marks."""

from __future__ import annotations

import json

import pytest
from desk_house import came, must_stand, rows

from desk.web.mail_words import problem_in_words
from handlers.earlier_words import LEFT_OUT
from store.models import CaseEvent, Message, OutboxEntry, Verdicting

ADA, EVE = "ada@resident.example", "eve@elsewhere.example"
OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}
DAMP = "complaint! The damp in my son's bedroom is black by now and he coughs all night."
WET = "service_request! Still wet."


@pytest.fixture
def house(house_of):
    return house_of(mail=OURS)


def letter_of(house):
    came(house, DAMP, message_id="<1@r.example>")
    (letter,) = rows(house, OutboxEntry)
    return letter


def answer(house, words, **headers):
    number = came(house, words, message_id="<2@r.example>", **headers)
    (message,) = rows(house, Message, id=number)
    return message


def test_a_letter_quoted_without_marks_is_not_judged_as_the_residents_words(house):
    letter = letter_of(house)
    message = answer(house, f"{WET}\n\n{letter.text}", In_Reply_To=letter.header_id)
    assert (message.case_id, message.new_text) == (1, WET)
    assert LEFT_OUT in message.reading_problems
    assert problem_in_words(LEFT_OUT)
    (judged,) = rows(house, Verdicting, message_id=message.id)
    assert judged.category == "service_request", "the letter has the word complaint in it"
    must_stand(house)


def test_the_case_keeps_where_the_words_stood_that_were_left_out(house):
    letter = letter_of(house)
    words = f"{WET}\n\n{letter.text}"
    answer(house, words, In_Reply_To=letter.header_id)
    (event,) = rows(house, CaseEvent, case_id=1, kind="reply_received")
    ((start, end),) = json.loads(event.details)["left_out"]
    assert words[start:end].split() == letter.text.split()


def test_what_answers_with_the_address_that_only_we_make_is_compared_too(house_of):
    house = house_of(mail=OURS | {"reply_domain": "re.landlord.example"})
    letter = letter_of(house)
    to = house.reply_addresses.address_for(1, ADA)
    assert answer(house, f"{WET}\n\n{letter.text}", to=to).new_text == WET


STRANGERS = {
    "a stranger who holds our letter": {"sender": EVE},
    "somebody who forged the name": {"Authentication_Results": "border.example; dmarc=fail header.from=resident.example"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=list(STRANGERS))
def test_nobody_learns_from_what_is_left_out_what_a_case_holds(house, headers):
    letter = letter_of(house)
    message = answer(house, f"{WET}\n\n{letter.text}", In_Reply_To=letter.header_id, **headers)
    assert message.case_id == 2
    assert LEFT_OUT not in message.reading_problems
    assert letter.text.split()[-5:] == message.new_text.split()[-5:]


def test_a_mail_that_names_its_case_only_in_our_words_still_joins_it(house):
    letter = letter_of(house)
    passed = {"Authentication_Results": "border.example; dmarc=pass header.from=resident.example"}
    message = answer(house, f"{WET}\n\n{letter.text}", subject="Something else", **passed)
    assert message.case_id == 1


def test_a_letter_of_another_case_of_theirs_is_not_compared(house):
    letter = letter_of(house)
    other = came(house, "service_request! The kitchen tap drips all day and all night.", message_id="<3@r.example>")
    (second,) = [one for one in rows(house, OutboxEntry) if one.message_id == other]
    message = answer(house, f"{WET}\n\nIt is {DAMP[11:]}\n\n{letter.text}", In_Reply_To=second.header_id)
    assert "coughs all night" in message.new_text
