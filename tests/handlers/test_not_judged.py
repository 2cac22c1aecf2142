"""What was not understood is called a complaint only for want of better: no letter says so, and no reply becomes a case by it."""

from dataclasses import replace

import pytest
from desk_house import came, open_tasks, rows

from classifiers.taxonomy import Category
from houses import Judge, arrive, mail, settle
from store.models import Case, Message, OutboxEntry, Task

LANGUAGE = "language: seems to be written in 'pl', and only English is understood"
REASONS = {"PL": LANGUAGE, "FEW": "few_words: fewer than 3 words", "NONE": "no_words: holds no words"}


class Listener(Judge):
    """Judges as the text says, but does not judge what holds one of ``REASONS``; ``also`` in braces is a second category."""

    def classify(self, text):
        verdict = super().classify(text)
        also = tuple(one for one in Category if f"{{{one}}}" in text.text)
        why = next((why for word, why in REASONS.items() if word in text.text), verdict.why)
        if why is verdict.why:
            return replace(verdict, also=also)
        even = dict.fromkeys(Category, 0.25)
        return replace(verdict, category=Category.COMPLAINT, reason=None, confidence=0.25, scores=even, route="triage", why=why)


@pytest.fixture
def house(house_of):
    return house_of(classifier=Listener())


@pytest.mark.parametrize("word", REASONS)
def test_a_receipt_names_no_category_for_what_was_not_judged(house, word):
    came(house, f"{word} Cieknie rura.")
    (letter,) = rows(house, OutboxEntry)
    assert letter.kind == "receipt"
    assert "From a first look" not in letter.text and "From a first look" not in (letter.html or "")


def test_a_receipt_names_the_likeliest_category_of_what_was_judged(house):
    came(house, "complaint? Nobody came.")
    (letter,) = rows(house, OutboxEntry)
    assert "From a first look, we think it is a complaint" in letter.text


@pytest.mark.parametrize(("flag", "danger"), [("", False), ("[emergency] ", True)])
def test_a_reply_in_a_language_that_is_not_understood_joins_the_case_with_a_task(house, flag, danger):
    came(house, "service_request! My bath is cracked.")
    (letter,) = rows(house, OutboxEntry)
    arrive(house, mail(f"PL {flag}Czekam.", In_Reply_To=letter.header_id))
    settle(house)
    (case,) = rows(house, Case)
    assert case.category == "service_request"
    assert [message.case_id for message in rows(house, Message)] == [case.id, case.id]
    (reply,) = rows(house, Task, kind="reply")
    assert (reply.danger, reply.case_id) == (danger, case.id)


def test_a_new_grievance_in_english_still_opens_a_case_of_its_own(house):
    came(house, "service_request! My bath is cracked.")
    (letter,) = rows(house, OutboxEntry)
    arrive(house, mail("complaint? Nobody came.", In_Reply_To=letter.header_id))
    settle(house)
    assert len(rows(house, Case)) == 2


@pytest.mark.parametrize("first", ["complaint", "service_request", "asb_report"])
def test_what_a_letter_says_that_a_person_will_look_at_too_is_a_task(house, first):
    came(house, f"{first}! My council tax is wrong too. {{out_of_scope}}")
    (letter,) = rows(house, OutboxEntry)
    assert "A person will look at that too." in letter.text
    assert "also_out_of_scope" in open_tasks(house)


def test_a_message_for_others_that_holds_more_by_a_persons_word_is_a_task_too(house):
    number = came(house, "out_of_scope? My bin was not emptied. {service_request}")
    house.deciding().decide(number, Category.OUT_OF_SCOPE, "olive", "bins and a tap", also={Category.SERVICE_REQUEST})
    assert "also_service_request" in open_tasks(house)
