"""One mail that always kills whoever reads it, among a hundred: the others are cases at once, and it is a person's."""

from __future__ import annotations

import pytest

from desks import signed_in
from houses import arrive, mail, settle
from intake.contained import ContainedReader
from killing_reader import DOES
from promises.looking import everything
from store.models import Case, Message, MessageState, OutboxEntry, Task


@pytest.fixture
def killed(house_of):
    house = house_of()
    house.__dict__["reader"] = reader = ContainedReader(seconds=2.0, program=DOES)
    yield house
    reader.close()


@pytest.mark.parametrize(("word", "how"), [("DIE", "signal"), ("HANG", "time"), ("MUCH", "signal")])
def test_ninety_nine_are_cases_at_once_and_the_one_waits_for_a_person_with_its_reason(killed, word, how):
    house = killed
    for number in range(100):
        words = word if number == 40 else f"The roof over number {number} leaks."
        arrive(
            house,
            mail(f"complaint! {words}", sender=f"tenant{number}@resident.example"),
            sender=f"tenant{number}@resident.example",
        )
    settle(house)
    # The clock has not moved, and no attempt was used up.
    assert len([case for case in everything(house, Case) if case.logged_at]) == 99
    (dead,) = [message for message in everything(house, Message) if message.state is MessageState.SHUNTED]
    assert (dead.problem, dead.attempts, dead.sender_address) == (f"reader_died:{how}", 1, "tenant40@resident.example")
    assert "quarantine" in [task.kind for task in everything(house, Task, message_id=dead.id)]
    assert len(everything(house, OutboxEntry)) == 100
    client = signed_in(house)
    (case,) = [case for case in everything(house, Case) if case.id == dead.case_id]
    page = client.get(f"/cases/{case.reference}")
    assert page.status_code == 200
    assert "took more time or memory" in page.text
    assert f"/messages/{dead.id}/" in page.text
